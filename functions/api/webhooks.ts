// Webhook endpoints of accounts and tenants: setting them up, their secrets, what became of each delivery, sending again.
import { isIP } from "node:net";
import { z } from "zod";
import { idOf } from "../../core/owner.ts";
import { line } from "../../core/text.ts";
import type { Access } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import type { Done } from "../audit/record.ts";
import type { Context } from "../context.ts";
import { event, filter } from "../events/event.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import { notFound, Problem } from "../problem.ts";
import { hostOf, refusal } from "../webhooks/address.ts";
import * as Delivery from "../webhooks/delivery.ts";
import * as Endpoint from "../webhooks/endpoint.ts";
import { parse } from "./body.ts";
import { into } from "./into.ts";
import { matches, page, paging } from "./list.ts";
import type { Sort } from "./resources.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf, patchOf } from "./schema.ts";

const input = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: "must be a URL that begins with https://" }).max(2000),
  events: z
    .array(filter)
    .min(1)
    .max(50)
    .default(["*"])
    .describe("Types, all types of a subject as in extension.*, or * for all"),
  description: line(256, 0).default(""),
  enabled: z.boolean().default(true),
});
const shown = input.extend({
  id: z.string(),
  paused: z
    .object({ at: z.iso.datetime(), reason: z.string() })
    .nullable()
    .describe("When and why it was switched off because it took nothing"),
  failingSince: z.iso.datetime().nullable().describe("Since when every try has failed"),
  previousSecretUntil: z.iso.datetime().nullable().describe("So long the secret before the last rotation signs too"),
  version: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
const withSecret = shown.extend({ secret: z.string().describe("Signs what is sent; shown only in this answer") });
const longestOverlap = 7 * 86_400;
const rotation = z.strictObject({
  overlapSeconds: z
    .int()
    .min(0)
    .max(longestOverlap)
    .default(86_400)
    .describe("So long the secret as it was signs beside the new one; 0: no longer"),
});
const replay = z.strictObject({
  eventId: z.string().max(64).optional().describe("Send this event, whatever the endpoint's filters"),
  from: z.iso.datetime().optional().describe("Send the events that came since, as the endpoint's filters choose"),
  to: z.iso.datetime().optional(),
  undelivered: z.boolean().default(true).describe("Of a range only what was not accepted"),
  after: z.string().max(64).optional().describe("`next` of the answer before, for the rest of a range"),
});
const replayed = z.object({ count: z.int(), next: z.string().nullable().describe("Ask again with it as `after`") });

const read = "webhook-endpoints:read";
const change = "webhook-endpoints:write";

/** How long a name may take to be resolved; one that can't be is looked at again when something is sent. */
const resolveMs = 3000;

/** Throws `invalid` for a URL to which nothing would be sent. */
async function refuseUnsafe({ targets }: Context, text: string): Promise<void> {
  const url = new URL(text);
  const host = hostOf(url);
  const late = new Promise<string[]>((resolve) => setTimeout(resolve, resolveMs, []).unref());
  const addresses = isIP(host) ? [host] : await Promise.race([targets.resolve(host).catch(() => []), late]);
  const why = refusal(targets, url, addresses);
  if (why !== undefined) throw new Problem("invalid", `/url: ${why}.`, { errors: [{ pointer: "/url", detail: why }] });
}

async function find(request: Request, access: Access): Promise<Endpoint.Endpoint> {
  const id = request.params.id ?? "";
  const found = await Endpoint.readEndpoint(request.ctx, access.owner, id);
  if (!found) throw notFound("webhook endpoint", id.slice(0, 64));
  return found;
}

const doneTo = ({ head }: Access, { id }: Pick<Endpoint.Endpoint, "id">): Done => ({
  head,
  target: { kind: "webhook-endpoint", id },
});

async function present(ctx: Context, endpoint: Endpoint.Endpoint): Promise<Record<string, unknown>> {
  const [failingSince = null] = await Endpoint.failing(ctx, [endpoint]);
  return { ...Endpoint.present(endpoint), failingSince };
}

const shownWith = (endpoint: Endpoint.Endpoint, secret: string) => ({
  ...Endpoint.present(endpoint),
  failingSince: null,
  secret,
});

export const webhookRoutes = (): Route[] => (["tenant", "account"] as const).flatMap(routesOf);

function routesOf(sort: Sort): Route[] {
  const base = `/v1/${sort}s/{${sort}}/webhook-endpoints`;
  const one = `${base}/{id}`;
  const common = { tag: "webhook-endpoints" };
  const enter = (request: Request) => into(request, sort);
  return [
    {
      ...common,
      method: "get",
      path: base,
      summary: "List webhook endpoints",
      scope: read,
      answers: { 200: { about: "All of them", schema: listOf(shown) } },
      async handle(request) {
        const { owner } = await enter(request);
        const all = await Endpoint.listEndpoints(request.ctx, owner);
        const since = await Endpoint.failing(request.ctx, all);
        const data = all.map((each, index) => ({ ...Endpoint.present(each), failingSince: since[index] ?? null }));
        return ok({ data, next: null });
      },
    },
    {
      ...common,
      method: "post",
      path: base,
      summary: "Create a webhook endpoint: it is sent the events of the whole subtree, signed",
      scope: change,
      body: input,
      example: { url: "https://hooks.example/dialplane", events: ["call.completed", "voicemail.received"] },
      answers: { 201: { about: "Created, with its secret", schema: withSecret } },
      async handle(request) {
        const access = await enter(request);
        const { owner } = access;
        const settings = parse(input, request.body);
        await refuseUnsafe(request.ctx, settings.url);
        let answer: Answer | undefined;
        await Endpoint.createEndpoint(request.ctx, owner, settings, request.actor, (made, secret) => {
          const headers = { ETag: '"1"', Location: `/v1/${sort}s/${idOf(owner)}/webhook-endpoints/${made.id}` };
          answer = { status: 201, body: shownWith(made, secret), headers };
          return request.record(doneTo(access, made), answer);
        });
        return answer as unknown as Answer;
      },
    },
    {
      ...common,
      method: "get",
      path: one,
      summary: "Get one webhook endpoint",
      scope: read,
      answers: { 200: { about: "The endpoint", schema: shown } },
      async handle(request) {
        const endpoint = await find(request, await enter(request));
        return ok(await present(request.ctx, endpoint), endpoint.version);
      },
    },
    {
      ...common,
      method: "patch",
      path: one,
      summary: "Change a webhook endpoint; enabled: true sets one going again that was paused",
      scope: change,
      body: patchOf(input),
      example: { enabled: true, events: ["call.*"] },
      answers: { 200: { about: "Changed", schema: shown } },
      async handle(request) {
        const access = await enter(request);
        const endpoint = await find(request, access);
        const sent = parse(patchOf(input), request.body) as Record<string, unknown>;
        // null clears: the default is taken
        const patch = Object.entries(sent).map(([name, value]) => [name, value ?? undefined]);
        const also = request.record(doneTo(access, endpoint));
        const what = { told: "updated", actor: request.actor, ifVersion: request.ifVersion };
        const changed = await Endpoint.changeEndpoint(request.ctx, endpoint, what, async (before) => {
          const { url, events, description, enabled } = before;
          const settings = parse(input, { url, events, description, enabled, ...Object.fromEntries(patch) });
          if (settings.url !== url) await refuseUnsafe(request.ctx, settings.url);
          return { after: { ...before, ...settings, paused: settings.enabled ? null : before.paused }, also };
        });
        return ok(await present(request.ctx, changed), changed.version);
      },
    },
    {
      ...common,
      method: "delete",
      path: one,
      summary: "Delete a webhook endpoint; what is on its way to it is given up",
      scope: change,
      answers: { 204: { about: "Deleted" } },
      async handle(request) {
        const access = await enter(request);
        const endpoint = await find(request, access);
        const also = request.record(doneTo(access, endpoint));
        const { actor, ifVersion } = request;
        await Endpoint.deleteEndpoint(request.ctx, endpoint, { actor, ifVersion, also });
        return { status: 204, body: null };
      },
    },
    {
      ...common,
      method: "post",
      path: `${one}/rotate-secret`,
      summary: "A new secret; the one before signs beside it for a while",
      scope: change,
      body: rotation,
      example: { overlapSeconds: 3600 },
      answers: { 200: { about: "The endpoint with its new secret", schema: withSecret } },
      async handle(request) {
        const access = await enter(request);
        const endpoint = await find(request, access);
        const { overlapSeconds } = parse(rotation, request.body);
        let answer: Answer | undefined;
        await Endpoint.rotateSecret(request.ctx, endpoint, overlapSeconds, request.actor, (after, secret) => {
          answer = ok(shownWith(after, secret), after.version);
          return request.record(doneTo(access, after), answer);
        });
        return answer as unknown as Answer;
      },
    },
    {
      ...common,
      method: "post",
      path: `${one}/test`,
      summary: "Send a test event (webhook-endpoint.test) to this endpoint alone; it goes out within a minute",
      scope: change,
      answers: { 202: { about: "The event; its delivery bears the same id", schema: event } },
      async handle(request) {
        const access = await enter(request);
        const endpoint = await find(request, access);
        return testOf(request, access, endpoint);
      },
    },
    {
      ...common,
      method: "post",
      path: `${one}/replay`,
      summary: "Send events again: one, or those of a range, up to 200 at once. They keep their ids",
      scope: change,
      body: replay,
      example: { from: "2026-11-26T08:00:00Z" },
      answers: { 202: { about: "So many will be sent", schema: replayed } },
      async handle(request) {
        const access = await enter(request);
        const endpoint = await find(request, access);
        return { status: 202, body: await replayOf(request, access, endpoint, parse(replay, request.body)) };
      },
    },
    {
      ...common,
      method: "get",
      path: `${one}/deliveries`,
      summary: "What became of each event that was to be sent, newest first, of the last 30 days",
      scope: read,
      query: { ...paging, status: "waiting, delivered or failed", type: "Only events of this type" },
      answers: { 200: { about: "A page", schema: listOf(Delivery.shown) } },
      async handle(request) {
        const { owner, id } = await find(request, await enter(request));
        const range = { pk: keys.deliveriesTo(owner, id), prefix: keys.deliveries, descending: true };
        return ok(
          await page(request.ctx.store, range, request.query, (item) =>
            matches(item, ["status", "type"], request.query) ? Delivery.present(Delivery.read(item)) : undefined,
          ),
        );
      },
    },
  ];
}

async function testOf(request: Request, access: Access, endpoint: Endpoint.Endpoint): Promise<Answer> {
  const { ctx } = request;
  const { head } = access;
  const { append, levelsOf, placed } = await import("../events/log.ts");
  if (!endpoint.enabled)
    throw new Problem("conflict", "The endpoint is switched off; set enabled to true, then send the test.");
  const content = {
    type: "webhook-endpoint.test",
    createdAt: ctx.now().toISOString(),
    ...placed(head),
    livemode: head.sandbox === null,
    data: { id: endpoint.id },
  };
  const made = await append(ctx, levelsOf(head), content, (event) => [
    { put: Delivery.firstDelivery(endpoint, event, ctx.now()) },
    ...request.record(doneTo(access, endpoint), { status: 202, body: event }),
  ]);
  return { status: 202, body: made };
}

async function replayOf(
  request: Request,
  access: Access,
  endpoint: Endpoint.Endpoint,
  wanted: z.output<typeof replay>,
) {
  const { eventId, from, to, undelivered, after } = wanted;
  const also = request.record(doneTo(access, endpoint));
  const invalid = (pointer: string, detail: string) =>
    new Problem("invalid", `${pointer}: ${detail}.`, { errors: [{ pointer, detail }] });
  if ((eventId === undefined) === (from === undefined))
    throw invalid("", "send eventId for one event, or from for a range");
  if (eventId === undefined) {
    const start = new Date(from ?? "").toISOString();
    if (after !== undefined && !isId("evt", after)) throw invalid("/after", "must be what stood in next");
    const end = to && new Date(to).toISOString();
    return Delivery.replayRange(request.ctx, endpoint, { from: start, to: end, after, undelivered }, also);
  }
  const found = isId("evt", eventId) ? await Delivery.replayOne(request.ctx, endpoint, eventId, also) : undefined;
  if (!found) throw invalid("/eventId", "there is no such event here; the log holds 30 days");
  return { count: 1, next: null };
}
