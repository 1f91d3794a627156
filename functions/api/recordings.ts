// Recordings of a tenant's calls. They are kept until they are deleted here, or for as long as the tenant says (retention/).
import { z } from "zod";
import { omit } from "zod/mini";
import { recording } from "../../core/wire-events.ts";
import type { Access } from "../access/access.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import { objects, urlSeconds } from "../media/media.ts";
import { notFound } from "../problem.ts";
import type { Item } from "../store/store.ts";
import { into } from "./into.ts";
import { page, paging } from "./list.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf } from "./schema.ts";

const base = "/v1/tenants/{tenant}/recordings";
const shown = omit(recording, { tenant: true });
const download = z.object({ url: z.string(), expiresAt: z.iso.datetime() });

async function recordingOf(request: Request, { owner }: Access): Promise<Item> {
  const id = request.params.id ?? "";
  const item = isId("rec", id) ? await request.ctx.store.get(keys.recording(owner, id)) : undefined;
  if (!item) throw notFound("recording", id.slice(0, 64));
  return item;
}

export const recordingRoutes = (): Route[] => [
  {
    method: "get",
    path: base,
    tag: "recordings",
    summary: "Recordings of calls, newest first",
    scope: "recordings:read",
    query: { ...paging, call: "Only those of the call with this id" },
    answers: { 200: { about: "A page", schema: listOf(shown) } },
    async handle(request) {
      const { owner } = await into(request, "tenant");
      const { call } = request.query;
      const range = { pk: owner, prefix: keys.recordings, descending: true };
      return ok(
        await page(request.ctx.store, range, request.query, (item) =>
          call === undefined || item.call === call ? shown.parse(item) : undefined,
        ),
      );
    },
  },
  {
    method: "get",
    path: `${base}/{id}/audio`,
    tag: "recordings",
    summary: "A URL by which a recording can be heard, for five minutes: the caller left, who was called right",
    scope: "recordings:read",
    answers: { 200: { about: "Where to GET the file, a WAV", schema: download } },
    async handle(request) {
      const item = await recordingOf(request, await into(request, "tenant"));
      const key = objects.recording(String(item.tenant), String(item.id));
      const expiresAt = new Date(request.ctx.now().getTime() + urlSeconds * 1000).toISOString();
      return ok({ url: await request.ctx.media.downloadUrl(key, urlSeconds), expiresAt });
    },
  },
  {
    method: "delete",
    path: `${base}/{id}`,
    tag: "recordings",
    summary: "Delete a recording, with its audio",
    scope: "recordings:write",
    answers: { 204: { about: "Deleted" } },
    async handle(request) {
      const access = await into(request, "tenant");
      const { id, tenant } = await recordingOf(request, access);
      // the audio first: what is listed can be deleted again
      await request.ctx.media.remove(objects.recording(String(tenant), String(id)));
      await request.ctx.store.transact([
        { delete: keys.recording(access.owner, String(id)) },
        ...request.record({ head: access.head, target: { kind: "recording", id: String(id) } }),
      ]);
      return { status: 204, body: null };
    },
  },
];
