// Calls and registrations of a tenant, the simulator, and where its document is live.
import { z } from "zod";
import { extend, omit } from "zod/mini";
import { idOf } from "../../core/owner.ts";
import { callRecord, liveCall, monitoring, pinLock, registration } from "../../core/wire-events.ts";
import { demand } from "../access/access.ts";
import { loadConfig } from "../document/config.ts";
import { withSecrets } from "../document/guess.ts";
import type { Head } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import { status } from "../edges/sync.ts";
import { findRecord, live, type Notices, notices, records, registrations } from "../events/calls.ts";
import * as keys from "../keys.ts";
import { notFound, Problem } from "../problem.ts";
import { parse } from "./body.ts";
import { into } from "./into.ts";
import { decodeCursor, encodeCursor, limitOf, paging } from "./list.ts";
import { ok, type Request, type Route } from "./route.ts";
import { listOf } from "./schema.ts";
import { simulated, simulation } from "./simulation.ts";

const base = "/v1/tenants/{tenant}";
const shownMonitoring = extend(omit(monitoring, { tenant: true }), { id: z.string(), startedAt: z.iso.datetime() });
const shownLock = extend(omit(pinLock, { tenant: true, id: true }), {
  id: z.string(),
  resource: z.string().describe("The id of the box, the conference or the extension"),
  lockedAt: z.iso.datetime(),
});
export const shownCall = extend(omit(callRecord, { seq: true, tenant: true }), {
  livemode: z.boolean().describe("false: it was made in a sandbox, by a request"),
});
const syncSchema = z.object({
  revision: z.int(),
  digest: z.string(),
  edges: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      engine: z.string(),
      offered: z.int(),
      applied: z.int().nullable(),
      appliedAt: z.iso.datetime().nullable(),
      inStep: z.boolean(),
      failures: z.array(z.unknown()),
    }),
  ),
});

/** A page may look at this many records for those that pass the filters. */
export const maxLooked = 2000;

export const filters = {
  "startedAt[gte]": "Only calls that started then or later (ISO 8601, UTC)",
  "startedAt[lte]": "Only calls that started then or earlier",
  direction: "internal, inbound or outbound",
  outcome: "answered, voicemail, no-answer, busy, rejected, failed or cancelled",
  extension: "Only calls from or to this extension, by id or number",
  number: "Only calls from or to a number that has these digits in it",
};

/** So many records are counted in one request. */
const mostCounted = 20_000;
const longestDays = { hour: 8, day: 93 };
const summary = z.object({
  timeZone: z.string().describe("The tenant's, by whose clock it is counted"),
  complete: z.boolean().describe(`false: there were more than ${mostCounted} calls, and the oldest are not counted`),
  outcomes: z.record(z.string(), z.int()).describe("How many calls ended so"),
  buckets: z.array(
    z.object({
      date: z.string().describe("2026-11-27, in the tenant's time zone"),
      hour: z.int().nullable().describe("0 to 23; null of a whole day"),
      calls: z.int(),
      answered: z.int(),
      talkSeconds: z.int(),
      waitSeconds: z.number().nullable().describe("The mean time until an answer; null where nobody answered"),
    }),
  ),
});

export const callRoutes = (): Route[] => [
  {
    method: "get",
    path: `${base}/calls`,
    tag: "calls",
    summary: "Call records, newest first",
    scope: "calls:read",
    query: { ...paging, ...filters },
    answers: { 200: { about: "A page", schema: listOf(shownCall) } },
    async handle(request) {
      const { head } = await into(request, "tenant");
      return ok(await pageOfRecords(request, head, (record) => (fits(record, request.query) ? record : undefined)));
    },
  },
  {
    method: "get",
    path: `${base}/calls/live`,
    tag: "calls",
    summary: "Calls that are going on",
    scope: "calls:read",
    answers: { 200: { about: "All of them", schema: listOf(omit(liveCall, { tenant: true })) } },
    handle: async (request) => ok({ data: await live(request.ctx, (await into(request, "tenant")).head), next: null }),
  },
  {
    method: "get",
    path: `${base}/calls/summary`,
    tag: "calls",
    summary: "How many calls there were by hour or day, how many were answered, and after how long",
    scope: "calls:read",
    query: {
      ...filters,
      by: `hour (${longestDays.hour} days at the most) or day (${longestDays.day} days), day by default`,
    },
    answers: { 200: { about: "The last seven days, unless startedAt says other ones", schema: summary } },
    async handle(request) {
      const { owner, head } = await into(request, "tenant");
      const { query, ctx } = request;
      const { by = "day" } = query;
      if (by !== "hour" && by !== "day") throw badParameter("by", "must be hour or day");
      const to = instant(query, "startedAt[lte]") ?? ctx.now().toISOString();
      const week = new Date(Date.parse(to) - 7 * 86_400_000).toISOString();
      const from = instant(query, "startedAt[gte]") ?? week;
      if (Date.parse(to) - Date.parse(from) > longestDays[by] * 86_400_000)
        throw badParameter("startedAt[gte]", `by ${by} must be at most ${longestDays[by]} days before its end`);
      const settings = await ctx.store.get(keys.resource(owner, "tenant", idOf(owner)));
      const zone = String(settings ? (fromItem(settings).body.timeZone ?? "UTC") : "UTC");
      let counted = 0;
      let complete = true;
      async function* fitting() {
        for await (const { record } of records(ctx, head, { from, to })) {
          if (++counted > mostCounted) {
            complete = false;
            return;
          }
          if (fits(record, query)) yield record;
        }
      }
      const { summarize } = await import("../events/summary.ts");
      const found = await summarize(fitting(), { from: new Date(from), to: new Date(to), by, zone });
      return ok({ timeZone: zone, complete, ...found });
    },
  },
  {
    method: "get",
    path: `${base}/calls/{id}`,
    tag: "calls",
    summary: "One call record",
    scope: "calls:read",
    answers: { 200: { about: "The record", schema: shownCall } },
    async handle(request) {
      const { head } = await into(request, "tenant");
      const id = request.params.id ?? "";
      const record = await findRecord(request.ctx, head, id);
      if (!record) throw notFound("call", id.slice(0, 64));
      return ok(record);
    },
  },
  {
    method: "get",
    path: `${base}/monitorings`,
    tag: "calls",
    summary: "Who listened to whose calls, newest first",
    scope: "calls:read",
    query: paging,
    answers: { 200: { about: "A page", schema: listOf(shownMonitoring) } },
    handle: noticesOf("MONITOR#"),
  },
  {
    method: "get",
    path: `${base}/pin-locks`,
    tag: "calls",
    summary:
      "PINs that were typed wrong too often within an hour, newest first: until when no try counts on the host that says so",
    scope: "calls:read",
    query: paging,
    answers: { 200: { about: "A page", schema: listOf(shownLock) } },
    handle: noticesOf("PINLOCK#"),
  },
  {
    method: "get",
    path: `${base}/registrations`,
    tag: "calls",
    summary: "Phones that are registered, with their expiry",
    scope: "registrations:read",
    answers: { 200: { about: "All of them", schema: listOf(omit(registration, { tenant: true })) } },
    handle: async (request) =>
      ok({
        data: await registrations(request.ctx, (await into(request, "tenant")).head),
        next: null,
      }),
  },
  {
    method: "get",
    path: `${base}/sync`,
    tag: "sync",
    summary: "What of the document is live on which edge",
    scope: "sync:read",
    answers: { 200: { about: "Per edge", schema: syncSchema } },
    handle: async (request) => ok(await status(request.ctx, (await into(request, "tenant")).head)),
  },
  {
    method: "post",
    path: `${base}/simulate`,
    tag: "calls",
    summary: "Which way a call would go, and why; by the code that edges run",
    scope: "simulate:read",
    body: simulation,
    example: { from: "1001", to: "600", at: "2026-12-24T20:00:00Z", assume: { 1001: "no-answer" } },
    answers: { 200: { about: "The outcome and the steps to it", schema: simulated } },
    async handle(request) {
      const access = await into(request, "tenant");
      const input = parse(simulation, request.body);
      const { simulate } = await import("./simulate.ts");
      const document = await loadConfig(request.ctx, access.head);
      const mayTry = () => demand(request.principal, "secrets:read");
      return ok(
        await withSecrets(request.ctx, document, mayTry, (config) => simulate(config, input, request.ctx.now())),
      );
    },
  },
];

/** A page of the tenant's records, the newest first, in what `keep` makes of those that it keeps. */
export async function pageOfRecords<T>(
  { ctx, query }: Request,
  head: Head,
  keep: (record: Record<string, unknown>) => T | undefined,
): Promise<{ data: T[]; next: string | null }> {
  const limit = limitOf(query);
  const range = {
    from: instant(query, "startedAt[gte]"),
    to: instant(query, "startedAt[lte]"),
    before: query.after === undefined ? undefined : positionOf(query.after),
  };
  const data: T[] = [];
  let last = "";
  let looked = 0;
  for await (const { position, record } of records(ctx, head, range)) {
    if (data.length === limit || looked === maxLooked) return { data, next: encodeCursor(last) };
    const kept = keep(record);
    if (kept !== undefined) data.push(kept);
    last = position;
    looked++;
  }
  return { data, next: null };
}

/** A page of what is told of by time. */
function noticesOf(what: Notices): Route["handle"] {
  return async (request) => {
    const { head } = await into(request, "tenant");
    const { query, ctx } = request;
    const data = [];
    let last = "";
    const after = query.after === undefined ? undefined : positionOf(query.after);
    for await (const { position, shown } of notices(ctx, head, what, after)) {
      if (data.length === limitOf(query)) return ok({ data, next: encodeCursor(last) });
      data.push(shown);
      last = position;
    }
    return ok({ data, next: null });
  };
}

/** A time that a parameter names, in the one spelling that sorts. Throws `bad_parameter`. */
export function instant(query: Record<string, string>, name: string): string | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (!z.iso.datetime().safeParse(value).success)
    throw badParameter(name, "must be a time in ISO 8601 and UTC, as in 2026-01-31T08:00:00Z");
  return new Date(value).toISOString();
}

const badParameter = (name: string, detail: string): Problem =>
  new Problem("bad_parameter", `${name} ${detail}.`, { errors: [{ pointer: `?${name}`, detail }] });

function positionOf(cursor: string): string {
  return decodeCursor(cursor, /^\d{4}-(0\d|1[0-2])-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}Z#[\w.-]{1,80}$/);
}

export function fits(record: Record<string, unknown>, query: Record<string, string>): boolean {
  const whose = (name: "from" | "to") =>
    record[name] as { extension?: string | null; number?: string | null } | undefined;
  const is = (name: "from" | "to"): boolean => {
    const { extension, number } = whose(name) ?? {};
    return extension === query.extension || (typeof extension === "string" && number === query.extension);
  };
  if (query.direction !== undefined && record.direction !== query.direction) return false;
  if (query.outcome !== undefined && record.outcome !== query.outcome) return false;
  const digits = query.number?.replaceAll(/[^0-9*#]/g, "");
  if (digits !== undefined && !(["from", "to"] as const).some((name) => whose(name)?.number?.includes(digits)))
    return false;
  return query.extension === undefined || is("from") || is("to");
}
