// Calls made and changed from here: click to call, hanging up, sending a call elsewhere. Each is a command to the edge, answered at once with its id.
import { z } from "zod";
import { kindOf } from "../../core/registry.ts";
import { defaultCodes } from "../../core/resources/feature-code.ts";
import type { Access } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import { openView } from "../document/view.ts";
import { type Place, place, readCommand, type ShownCommand, shownCommand } from "../edges/commands.ts";
import { edgeOfCall, edgeOfExtension } from "../events/calls.ts";
import { isId } from "../id.ts";
import { notFound, Problem } from "../problem.ts";
import { parse } from "./body.ts";
import { into } from "./into.ts";
import { ok, type Request, type Route } from "./route.ts";

const base = "/v1/tenants/{tenant}";
export const dialledNumber = z
  .string()
  .min(1)
  .max(64)
  .transform((text) => text.replace(/[\s().-]/g, ""))
  .refine((text) => /^\+?[0-9*#]{1,32}$/.test(text), "must be a number as a phone dials it");

const newCall = z.strictObject({
  from: z.string().min(1).max(64).describe("The extension whose phones ring first: its number or id"),
  to: dialledNumber
    .optional()
    .describe(
      "What is dialled once a phone is taken up, as that extension dials it. Left out: a few words, then one hears oneself",
    ),
});
const newTarget = z.strictObject({ to: dialledNumber.describe("Where the caller goes, as dialled in the tenant") });
const newRecording = z.strictObject({
  action: z.enum(["start", "pause", "resume", "stop"]).describe("In a pause the recording goes on in silence"),
});

export const accepted = { 202: { about: "The command, on its way to the edge", schema: shownCommand } };

export const commandRoutes = (): Route[] => [
  {
    method: "post",
    path: `${base}/calls`,
    tag: "calls",
    summary: "Call: an extension's phones ring, and the one that is taken up dials",
    scope: "calls:write",
    body: newCall,
    example: { from: "1001", to: "+15550123" },
    answers: accepted,
    async handle(request) {
      const access = await into(request, "tenant");
      const { from, to = await echoCode(request, access) } = parse(newCall, request.body);
      const extension = await extensionOf(request, access, from);
      const edge = await edgeOfExtension(request.ctx, access.head, extension);
      return send(request, access, { name: "originate", arguments: { extension, to }, edge });
    },
  },
  {
    method: "post",
    path: `${base}/calls/live/{id}/hangup`,
    tag: "calls",
    summary: "End a call that is going on",
    scope: "calls:write",
    answers: accepted,
    async handle(request) {
      const access = await into(request, "tenant");
      const { id, edge } = await liveCall(request, access);
      return send(request, access, { name: "hangup", arguments: { call: id }, edge });
    },
  },
  {
    method: "post",
    path: `${base}/calls/live/{id}/transfer`,
    tag: "calls",
    summary: "Send the caller of a call that is going on elsewhere; whom he talked to is hung up",
    scope: "calls:write",
    body: newTarget,
    example: { to: "1001" },
    answers: accepted,
    async handle(request) {
      const access = await into(request, "tenant");
      const { to } = parse(newTarget, request.body);
      const { id, edge } = await liveCall(request, access);
      return send(request, access, { name: "transfer", arguments: { call: id, to }, edge });
    },
  },
  {
    method: "post",
    path: `${base}/calls/live/{id}/recording`,
    tag: "calls",
    summary: "Start, pause, resume or stop the recording of a call, as far as an extension on it may (recordOnDemand)",
    scope: "calls:write",
    body: newRecording,
    example: { action: "start" },
    answers: accepted,
    async handle(request) {
      const access = await into(request, "tenant");
      const { action } = parse(newRecording, request.body);
      const { id, edge } = await liveCall(request, access);
      return send(request, access, { name: "recording", arguments: { call: id, action }, edge });
    },
  },
  {
    method: "get",
    path: `${base}/commands/{id}`,
    tag: "calls",
    summary: "What became of a command",
    scope: "calls:read",
    answers: { 200: { about: "The command", schema: shownCommand } },
    async handle(request) {
      const { owner } = await into(request, "tenant");
      const id = request.params.id ?? "";
      const command = await readCommand(request.ctx, owner, id);
      if (!command) throw notFound("command", id.slice(0, 64));
      return ok(command);
    },
  },
];

export type Wanted = Pick<Place, "name" | "arguments" | "secret" | "edge" | "on">;

/** Sends it on its way. */
export async function send(request: Request, access: Access, wanted: Wanted): Promise<Answer> {
  const answer = (body: ShownCommand): Answer => ({ status: 202, body });
  const record = (shown: ShownCommand) =>
    request.record({ head: access.head, target: { kind: "command", id: shown.id } }, answer(shown));
  return answer(await place(request.ctx, access, { ...wanted, actor: request.actor, record }));
}

/** The id of an enabled extension that is named by id or number. */
async function extensionOf({ ctx }: Request, { owner }: Access, ref: string): Promise<string> {
  const view = openView(ctx.store, owner);
  const found = isId("ext", ref) ? await view.get("extension", ref) : await view.byKey(kindOf("extension"), ref);
  if (!found)
    throw new Problem("reference_not_found", `from: there is no extension ${JSON.stringify(ref)} in this tenant.`, {
      errors: [{ pointer: "/from", detail: "no such extension" }],
    });
  if (found.body.enabled === false)
    throw new Problem("conflict", `The extension ${ref} is disabled; enable it before it calls.`);
  return found.id;
}

/** What one dials to hear oneself. Throws `conflict` where the tenant has turned that off. */
async function echoCode({ ctx }: Request, { owner }: Access): Promise<string> {
  const action = "echo-test";
  const chosen = await openView(ctx.store, owner).byKey(kindOf("feature-code"), action);
  const code = chosen ? chosen.body.code : defaultCodes[action];
  if (typeof code === "string") return code;
  throw new Problem(
    "conflict",
    "The feature code echo-test is turned off; give it a code, or say whom to call in `to`.",
  );
}

async function liveCall(request: Request, { head }: Access): Promise<{ id: string; edge: string }> {
  const id = request.params.id ?? "";
  const edge = await edgeOfCall(request.ctx, head, id);
  if (edge === undefined) throw notFound("call that is going on", id.slice(0, 64));
  return { id, edge };
}
