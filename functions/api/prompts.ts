// A prompt's audio: uploaded as it is, or by a URL where it is large; heard by a URL.
import { hash } from "node:crypto";
import { z } from "zod";
import { contentTypes, kindOfAudio } from "../../core/audio/kind.ts";
import { kindOf } from "../../core/registry.ts";
import { prompt } from "../../core/resources/prompt.ts";
import { presentWith } from "../document/present.ts";
import { objects, urlSeconds } from "../media/media.ts";
import { notFound, Problem } from "../problem.ts";
import { parse } from "./body.ts";
import { into } from "./into.ts";
import { changing, find, type Sort, writeOne } from "./resources.ts";
import { ok, type Request, type Route } from "./route.ts";
import { answerOf } from "./schema.ts";

const kind = kindOf("prompt");
/** What an HTTP API and a Lambda pass on of a file, which travels in base64. */
const directBytes = 4 * 1024 * 1024;
/** By URL; as the schema of a prompt has it. */
const urlBytes = 50_000_000;

const incoming = z.strictObject({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be SHA-256 in 64 hex digits")
    .describe("Of the file, in hex"),
  bytes: z.int().min(1).max(urlBytes),
  contentType: z.enum(contentTypes),
});
const upload = z.object({
  url: z.string().describe("PUT the file here, with these headers"),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
});
const download = z.object({ url: z.string(), expiresAt: z.iso.datetime(), contentType: z.string(), bytes: z.int() });

export const promptRoutes = (): Route[] => (["tenant", "account"] as const).flatMap(routesOf);

function routesOf(sort: Sort): Route[] {
  const path = `/v1/${sort}s/{${sort}}/prompts/{id}/audio`;
  const expiry = (request: Request): string => new Date(request.ctx.now().getTime() + urlSeconds * 1000).toISOString();

  return [
    {
      method: "put",
      path,
      tag: "prompts",
      summary: "Upload the audio of a prompt, at most 4 MiB; larger files go by URL (POST)",
      scope: "prompts:write",
      upload: { types: contentTypes, limit: directBytes },
      answers: { 200: { about: "The prompt with its new audio", schema: answerOf(kind) } },
      async handle(request) {
        const access = await into(request, sort);
        const { id, body } = await find(request.ctx, access, kind, request.params.id ?? "");
        const audio = audioOf(request.file);
        await request.ctx.media.put(objects.prompt(access.owner, audio.sha256), request.file.bytes, audio.contentType);
        const what = { edits: changing(request, kind, id, { audio }), summary: `upload audio of prompt ${body.name}` };
        return writeOne(request, access, what, async (outcome) => {
          const resource = outcome.draft.changes[0]?.after ?? (await find(request.ctx, access, kind, id));
          const shown = await presentWith(request.ctx, outcome.head, kind, resource, []);
          return ok(shown, resource.version);
        });
      },
    },
    {
      method: "post",
      path,
      tag: "prompts",
      summary:
        "A URL to upload the audio of a prompt by, at most 50 MB; afterwards PATCH the prompt's `audio` with this same body",
      scope: "prompts:write",
      body: incoming,
      example: { sha256: "0".repeat(64), bytes: 48_044, contentType: "audio/wav" },
      answers: { 201: { about: "Where to PUT the file", schema: upload } },
      async handle(request) {
        const access = await into(request, sort);
        const { id } = await find(request.ctx, access, kind, request.params.id ?? "");
        const file = parse(incoming, request.body);
        const made = await request.ctx.media.uploadUrl(objects.prompt(access.owner, file.sha256), file, urlSeconds);
        const answer = { status: 201, body: { ...made, expiresAt: expiry(request) } };
        const target = { kind: kind.kind, id };
        await request.ctx.store.transact(request.record({ head: access.head, target }, answer));
        return answer;
      },
    },
    {
      method: "get",
      path,
      tag: "prompts",
      summary: "A URL by which the audio of a prompt can be heard, for five minutes",
      scope: "prompts:read",
      answers: { 200: { about: "Where to GET the file", schema: download } },
      async handle(request) {
        const access = await into(request, sort);
        const { body } = await find(request.ctx, access, kind, request.params.id ?? "");
        const { audio } = prompt.schema.parse(body);
        if (!audio) throw notFound("audio of prompt", String(body.name));
        const url = await request.ctx.media.downloadUrl(objects.prompt(access.owner, audio.sha256), urlSeconds);
        return ok({ url, expiresAt: expiry(request), contentType: audio.contentType, bytes: audio.bytes });
      },
    },
  ];
}

/** By the bytes, which must be what the request says of them. Throws `invalid`. */
function audioOf({ bytes, contentType }: Request["file"]) {
  const found = kindOfAudio(bytes);
  const detail =
    "flaw" in found ? found.flaw : found.contentType === contentType ? undefined : `it is ${found.contentType}`;
  if (detail !== undefined)
    throw new Problem("invalid", `The file is no ${contentType} that can be used: ${detail}.`, {
      errors: [{ pointer: "", detail }],
    });
  return { sha256: hash("sha256", bytes), bytes: bytes.length, contentType };
}
