// The messages of a voicemail box. FreeSWITCH at the tenant's home has them; here is the list that its edge tells, with the audio that it brought. What
// is asked for here is a command to that edge, whose answer changes the list.
import { z } from "zod";
import { kindOf } from "../../core/registry.ts";
import { voicemailMessage } from "../../core/wire.ts";
import type { Access } from "../access/access.ts";
import { shownCommand } from "../edges/commands.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import { objects, urlSeconds } from "../media/media.ts";
import { notFound } from "../problem.ts";
import type { Item } from "../store/store.ts";
import { parse } from "./body.ts";
import { send } from "./commands.ts";
import { into } from "./into.ts";
import { page, paging } from "./list.ts";
import { find } from "./resources.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf } from "./schema.ts";

const kind = kindOf("voicemail-box");
const base = "/v1/tenants/{tenant}/voicemail-boxes/{id}/messages";
const one = `${base}/{message}`;
const shown = voicemailMessage.omit({ tenant: true, box: true });
const state = z.strictObject({ read: z.boolean() });
export const download = z.object({ url: z.string(), expiresAt: z.iso.datetime() });

type Box = { access: Access; box: string };
async function boxIn(request: Request, verb: "read" | "write"): Promise<Box> {
  const scope = `voicemail-boxes:${verb}`;
  const access = await into(request, "tenant", scope);
  return { access, box: (await find(request.ctx, access, kind, request.params.id ?? "")).id };
}

async function messageOf(request: Request, { access, box }: Box): Promise<Item> {
  const id = request.params.message ?? "";
  const item = isId("msg", id) ? await request.ctx.store.get(keys.message(access.owner, box, id)) : undefined;
  if (!item) throw notFound("message", id.slice(0, 64));
  return item;
}

/** `read` filters; anything but true and false is nobody's. */
const fits = (item: Item, read: string | undefined): boolean => read === undefined || String(item.read) === read;

async function change(request: Request, { access, box }: Box, name: string, given: Record<string, unknown>) {
  const { id, edge } = await messageOf(request, { access, box });
  return send(request, access, { name, arguments: { box, message: id, ...given }, edge: String(edge) });
}

export const messageRoutes = (): Route[] => [
  {
    method: "get",
    path: base,
    tag: "voicemail-boxes",
    summary: "The messages of a box, newest first",
    scope: "voicemail-boxes:read",
    query: { ...paging, read: "Only those that were heard (true) or not (false)" },
    answers: { 200: { about: "A page", schema: listOf(shown) } },
    async handle(request) {
      const { access, box } = await boxIn(request, "read");
      const range = { pk: access.owner, prefix: keys.messages(box), descending: true };
      return ok(
        await page(request.ctx.store, range, request.query, (item) =>
          fits(item, request.query.read) ? shown.parse(item) : undefined,
        ),
      );
    },
  },
  {
    method: "get",
    path: `${one}/audio`,
    tag: "voicemail-boxes",
    summary: "A URL by which a message can be heard, for five minutes",
    scope: "voicemail-boxes:read",
    answers: { 200: { about: "Where to GET the file, a WAV", schema: download } },
    async handle(request) {
      const at = await boxIn(request, "read");
      const item = await messageOf(request, at);
      const url = await request.ctx.media.downloadUrl(
        objects.message(String(item.tenant), String(item.id)),
        urlSeconds,
      );
      return ok({ url, expiresAt: new Date(request.ctx.now().getTime() + urlSeconds * 1000).toISOString() });
    },
  },
  {
    method: "patch",
    path: one,
    tag: "voicemail-boxes",
    summary: "Mark a message as heard or not; the phone's lamp follows",
    scope: "voicemail-boxes:write",
    body: state,
    example: { read: true },
    answers: { 202: { about: "The command, on its way to the edge", schema: shownCommand } },
    async handle(request) {
      const at = await boxIn(request, "write");
      return change(request, at, "voicemail.read", parse(state, request.body));
    },
  },
  {
    method: "delete",
    path: one,
    tag: "voicemail-boxes",
    summary: "Delete a message, with its audio",
    scope: "voicemail-boxes:write",
    answers: { 202: { about: "The command, on its way to the edge", schema: shownCommand } },
    handle: async (request) => change(request, await boxIn(request, "write"), "voicemail.delete", {}),
  },
];
