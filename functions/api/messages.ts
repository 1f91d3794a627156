// The messages of a voicemail box. FreeSWITCH at the tenant's home has them; here is the list that its edge tells, with the audio that it brought. What
// is asked for here is a command to that edge, whose answer changes the list.
import { z } from "zod";
import { omit } from "zod/mini";
import { kindOf } from "../../core/registry.ts";
import { voicemailMessage } from "../../core/wire-events.ts";
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
const shown = omit(voicemailMessage, { tenant: true, box: true });
const state = z.strictObject({ read: z.boolean() });
export const download = z.object({ url: z.string(), expiresAt: z.iso.datetime() });

export type Box = { access: Access; box: string };
/** A place of the API that has a box's messages. `of`: the box that a request is about. */
type Place = { base: string; tag: string; what: string; of(request: Request): Promise<Box> };

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

export const messageRoutes = (): Route[] =>
  messagesAt({
    base: "/v1/tenants/{tenant}/voicemail-boxes/{id}/messages",
    tag: "voicemail-boxes",
    what: "voicemail-boxes",
    async of(request) {
      const access = await into(request, "tenant");
      return { access, box: (await find(request.ctx, access, kind, request.params.id ?? "")).id };
    },
  });

/** What can be done with a box's messages there. `what` is what the scopes are of. */
export const messagesAt = ({ base, tag, what, of }: Place): Route[] => [
  {
    method: "get",
    path: base,
    tag,
    summary: "The messages of a box, newest first",
    scope: `${what}:read`,
    query: { ...paging, read: "Only those that were heard (true) or not (false)" },
    answers: { 200: { about: "A page", schema: listOf(shown) } },
    async handle(request) {
      const { access, box } = await of(request);
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
    path: `${base}/{message}/audio`,
    tag,
    summary: "A URL by which a message can be heard, for five minutes",
    scope: `${what}:read`,
    answers: { 200: { about: "Where to GET the file, a WAV", schema: download } },
    async handle(request) {
      const item = await messageOf(request, await of(request));
      const url = await request.ctx.media.downloadUrl(
        objects.message(String(item.tenant), String(item.id)),
        urlSeconds,
      );
      return ok({ url, expiresAt: new Date(request.ctx.now().getTime() + urlSeconds * 1000).toISOString() });
    },
  },
  {
    method: "patch",
    path: `${base}/{message}`,
    tag,
    summary: "Mark a message as heard or not; the phone's lamp follows",
    scope: `${what}:write`,
    body: state,
    example: { read: true },
    answers: { 202: { about: "The command, on its way to the edge", schema: shownCommand } },
    async handle(request) {
      const box = await of(request);
      return change(request, box, "voicemail.read", parse(state, request.body));
    },
  },
  {
    method: "delete",
    path: `${base}/{message}`,
    tag,
    summary: "Delete a message, with its audio",
    scope: `${what}:write`,
    answers: { 202: { about: "The command, on its way to the edge", schema: shownCommand } },
    handle: async (request) => change(request, await of(request), "voicemail.delete", {}),
  },
];
