// What is one's own: the extension of a member, its settings, calls, messages and phones. No path here names an extension or a box, so that none can be another's.
import { z } from "zod";
import { omit } from "zod/mini";
import { kindOf } from "../../core/registry.ts";
import type { Destination } from "../../core/resources/destination.ts";
import { fields } from "../../core/routing/runtime.ts";
import { callRecord, registration } from "../../core/wire-events.ts";
import type { Context } from "../context.ts";
import { fromItem, openView, type View } from "../document/view.ts";
import { edgeOfExtension, findRecord, registrations } from "../events/calls.ts";
import { type Part, partOf } from "../events/part-in-call.ts";
import * as keys from "../keys.ts";
import { notFound, Problem } from "../problem.ts";
import { say } from "../runtime/said.ts";
import { allItems } from "../store/store.ts";
import { parse } from "./body.ts";
import { filters, pageOfRecords } from "./calls.ts";
import { accepted, dialledNumber, send } from "./commands.ts";
import { paging } from "./list.ts";
import { messagesAt } from "./messages.ts";
import { type Own, own } from "./own.ts";
import { ok, type Route } from "./route.ts";
import { check, valuesOf } from "./runtime.ts";
import { listOf } from "./schema.ts";
import { lentExample, lentSchema } from "./sip-token.ts";

const tag = "me";
const base = "/v1/me";

/** What he sets of himself. A hot desk is taken at the desk, where its PIN is asked. */
const settings = z.object(fields.extension).omit({ hotDesk: true });
const settable = Object.keys(settings.shape);
const patch = settings.partial().strict();

const forward = z
  .object({ kind: z.string(), number: z.string().nullable(), name: z.string().nullable() })
  .nullable()
  .describe("Where calls go; null: nowhere else");
const shown = z.object({
  id: z.string(),
  number: z.string(),
  displayName: z.string().nullable(),
  enabled: z.boolean(),
  tenant: z.object({ id: z.string(), name: z.string(), timeZone: z.string() }),
  devices: z.array(z.object({ label: z.string(), username: z.string() })),
  voicemailBox: z.object({ id: z.string(), number: z.string() }).nullable().describe("The box whose messages are his"),
  queues: z.array(z.string()).describe("The names of the queues that offer him calls"),
  configured: z
    .object({
      doNotDisturb: z.boolean(),
      callWaiting: z.boolean(),
      followMe: z.boolean(),
      forwardAlways: forward,
      forwardBusy: forward,
      forwardNoAnswer: forward,
    })
    .describe("What counts where nothing is set (`/v1/me/settings`)"),
});
const part = z.object({
  id: z.string(),
  direction: z.enum(["in", "out"]),
  with: z.object({ number: z.string().nullable(), name: z.string().nullable() }).describe("The other end"),
  dialled: z.string().nullable(),
  outcome: z
    .enum(["missed", "elsewhere", ...callRecord.shape.outcome.options])
    .describe("What came of it at his phones; elsewhere: somebody else took it"),
  startedAt: z.iso.datetime(),
  answeredAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime(),
  talkSeconds: z.int(),
  livemode: z.boolean(),
});
const newCall = z.strictObject({ to: dialledNumber.describe("What is dialled once one of his phones is taken up") });

async function forwardTo(view: View, to: Destination | null): Promise<z.output<typeof forward>> {
  if (to === null) return null;
  if (!("ref" in to)) return { kind: to.kind, number: "number" in to ? to.number : null, name: null };
  const { number, extensionNumber, displayName, name, label } = (await view.get(to.kind, to.ref))?.body ?? {};
  const text = (...values: unknown[]): string | null =>
    (values.find((one) => typeof one === "string") as string) ?? null;
  return { kind: to.kind, number: text(number, extensionNumber), name: text(displayName, name, label) };
}

async function queuesOf({ store }: Context, { access: { owner }, extension }: Own): Promise<string[]> {
  const names: string[] = [];
  for await (const item of allItems((q) => store.query(q), { pk: owner, prefix: keys.resources("queue") })) {
    const { name, agents } = fromItem(item).body as { name: string; agents: { extension: string }[] };
    if (agents.some((agent) => agent.extension === extension.id)) names.push(name);
  }
  return names;
}

async function show(ctx: Context, mine: Own): Promise<z.output<typeof shown>> {
  const { access, extension } = mine;
  const { number, displayName, enabled, devices, voicemailBox, forward: to, followMe, ...body } = extension.body;
  const view = openView(ctx.store, access.owner);
  const tenantId = access.owner.slice(2);
  const [always, busy, noAnswer, box, settingsItem, queues] = await Promise.all([
    forwardTo(view, to.always),
    forwardTo(view, to.busy),
    forwardTo(view, to.noAnswer),
    voicemailBox === null ? undefined : view.get("voicemail-box", voicemailBox),
    ctx.store.get(keys.resource(access.owner, "tenant", tenantId)),
    queuesOf(ctx, mine),
  ]);
  const tenant = settingsItem ? fromItem(settingsItem).body : {};
  return {
    ...{ id: extension.id, number, displayName, enabled, queues },
    tenant: { id: tenantId, name: String(tenant.name ?? ""), timeZone: String(tenant.timeZone ?? "UTC") },
    devices: devices.map(({ label, username }) => ({ label, username })),
    voicemailBox: box ? { id: box.id, number: String(box.body.number) } : null,
    configured: {
      ...{ doNotDisturb: body.doNotDisturb, callWaiting: body.callWaiting, followMe: followMe.enabled },
      ...{ forwardAlways: always, forwardBusy: busy, forwardNoAnswer: noAnswer },
    },
  };
}

export const meRoutes = (): Route[] => [
  {
    method: "get",
    path: `${base}/extension`,
    tag,
    summary: "One's own extension, and how it is set up",
    scope: "me:read",
    answers: { 200: { about: "The extension that one has as a member", schema: shown } },
    handle: async (request) => ok(await show(request.ctx, await own(request))),
  },
  {
    method: "get",
    path: `${base}/settings`,
    tag,
    summary: "What is set of one's own extension by phone, console or API",
    scope: "me:read",
    answers: { 200: { about: "Each field, null where the configuration counts", schema: settings } },
    async handle(request) {
      const { access, extension } = await own(request);
      return ok(await valuesOf(request.ctx, access.owner, { kind: "extension", id: extension.id }, settable));
    },
  },
  {
    method: "patch",
    path: `${base}/settings`,
    tag,
    summary: "Set the fields sent of one's own extension, as if by phone; null gives a field back to the configuration",
    scope: "me:write",
    body: patch,
    example: { doNotDisturb: true, callWaiting: false },
    answers: { 200: { about: "Each field, null where the configuration counts", schema: settings } },
    async handle(request) {
      const { ctx, actor } = request;
      const { access, extension } = await own(request);
      const values = parse(patch, request.body);
      await check(ctx, access, extension, values);
      const target = { kind: "extension", id: extension.id };
      await say(ctx, access.head, target, values, actor.id, request.record({ head: access.head, target }));
      return ok(await valuesOf(ctx, access.owner, target, settable));
    },
  },
  {
    method: "get",
    path: `${base}/calls`,
    tag,
    summary: "Calls that one's own extension took part in, newest first",
    scope: "me:read",
    query: {
      ...paging,
      "startedAt[gte]": filters["startedAt[gte]"],
      "startedAt[lte]": filters["startedAt[lte]"],
      missed: "true: only those that came in and nobody took",
    },
    answers: { 200: { about: "A page; of a busy tenant's it may be short and have a `next`", schema: listOf(part) } },
    async handle(request) {
      const { access, extension } = await own(request);
      const missed = request.query.missed === "true";
      return ok(
        await pageOfRecords(request, access.head, (record) => {
          const mine = partOf(record as never, extension.id);
          return mine && missed && !isMissed(mine) ? undefined : mine;
        }),
      );
    },
  },
  {
    method: "get",
    path: `${base}/calls/{id}`,
    tag,
    summary: "One of one's own calls",
    scope: "me:read",
    answers: { 200: { about: "The call", schema: part } },
    async handle(request) {
      const { access, extension } = await own(request);
      const id = request.params.id ?? "";
      const record = await findRecord(request.ctx, access.head, id);
      const mine = record && partOf(record as never, extension.id);
      if (!mine) throw notFound("call", id.slice(0, 64));
      return ok(mine);
    },
  },
  {
    method: "post",
    path: `${base}/calls`,
    tag,
    summary: "Call: one's own phones ring, and the one that is taken up dials",
    scope: "me:write",
    body: newCall,
    example: { to: "+15550123" },
    answers: accepted,
    async handle(request) {
      const { access, extension } = await own(request);
      const { to } = parse(newCall, request.body);
      if (!extension.body.enabled)
        throw new Problem("conflict", `Your extension ${extension.body.number} is disabled; ask for it to be enabled.`);
      const edge = await edgeOfExtension(request.ctx, access.head, extension.id);
      return send(request, access, { name: "originate", arguments: { extension: extension.id, to }, edge });
    },
  },
  ...messagesAt({
    ...{ base: `${base}/messages`, tag, what: "me" },
    async of(request) {
      const { access, extension } = await own(request);
      const box = extension.body.voicemailBox;
      if (box === null)
        throw new Problem("not_found", `Your extension ${extension.body.number} has no voicemail box; ask for one.`);
      return { access, box };
    },
  }),
  {
    method: "get",
    path: `${base}/registrations`,
    tag,
    summary: "One's own phones that are registered, with their expiry",
    scope: "me:read",
    answers: { 200: { about: "All of them", schema: listOf(omit(registration, { tenant: true })) } },
    async handle(request) {
      const { access, extension } = await own(request);
      const all = await registrations(request.ctx, access.head);
      return ok({ data: all.filter((phone) => phone.extension === extension.id), next: null });
    },
  },
  {
    method: "post",
    path: `${base}/sip-token`,
    tag,
    summary: "Lend one's own browser phone a SIP credential for 10 minutes; it rings beside one's other phones",
    scope: "me:write",
    answers: { 201: { about: "The credential, and where it is good", schema: lentSchema, example: lentExample } },
    async handle(request) {
      const { access, extension } = await own(request);
      const { lend } = await import("../edges/browser-phones.ts");
      const done = { head: access.head, target: { kind: kindOf("extension").kind, id: extension.id } };
      const also = (body: unknown) => request.record(done, { status: 201, body });
      return { status: 201, body: await lend(request.ctx, access, extension, request.actor.id, also) };
    },
  },
];

const isMissed = ({ direction, outcome }: Part): boolean =>
  direction === "in" && (outcome === "missed" || outcome === "voicemail");
