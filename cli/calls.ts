// Calls that were and that come, events, ways that a call would go, and edges.
import { setTimeout } from "node:timers/promises";
import type { Operations } from "../client/operations.ts";
import { type Command, type Option, owner, type Run, text } from "./command.ts";
import { Usage } from "./exit.ts";
import { inert, json, shown, table } from "./output.ts";
import { placeOf } from "./place.ts";

type Event = Operations["GET /v1/events"]["answer"]["data"][number];
type Members = Record<string, unknown>;

const pollMs = 1000;
const tenant = { tenant: owner.tenant as Option };
const tailing: Record<string, Option> = {
  count: { type: "string", short: "n", value: "N", about: "End after so many" },
  since: { type: "string", value: "EVENT", about: "Begin after the event with this id, instead of now" },
};

/** Events as they come, until ^C or `--count`. Waits for the next by asking once a second. */
async function* tail(run: Run, type: string | undefined): AsyncGenerator<Event> {
  const count = Number(text(run.values, "count") ?? Number.POSITIVE_INFINITY);
  if (!(count >= 1)) throw new Usage("--count is a number from 1.");
  const whose = await ofWhom(run);
  const client = run.client();
  const ask = (query: object) =>
    client.call("GET /v1/events", { query: { ...whose, limit: 100, ...query }, signal: run.signal });
  let last = text(run.values, "since") ?? (await ask({ order: "newest", limit: 1 })).data[0]?.id;
  for (let told = 0; !run.signal.aborted; ) {
    const { data } = await ask({ ...(type !== undefined && { type }), ...(last !== undefined && { "id[gt]": last }) });
    for (const event of data) {
      yield event;
      last = event.id;
      if (++told >= count) return;
    }
    if (data.length < 100) await pause(run.signal);
  }
}

const pause = (signal: AbortSignal): Promise<unknown> =>
  setTimeout(pollMs, undefined, { signal }).catch(() => undefined);

/** A tenant or an account where one is named; else all that the key sees. */
async function ofWhom(run: Run): Promise<{ tenantId?: string; accountId?: string }> {
  const named = text(run.values, "tenant") ?? text(run.values, "account") ?? run.env.DIALPLANE_TENANT;
  if (named === undefined) return {};
  const { sort, id } = await placeOf(run);
  return sort === "tenant" ? { tenantId: id } : { accountId: id };
}

const party = (value: unknown): string => {
  const { number, extension, name } = (value ?? {}) as Members;
  return shown(number ?? name ?? extension);
};

function callLine({ output }: Run, call: Members): void {
  const outcome = String(call.outcome ?? "");
  const style = outcome === "answered" ? "green" : "red";
  output.line(
    `${shown(call.startedAt)}  ${shown(call.direction).padEnd(8)}  ${party(call.from)} → ${party(call.to)}  ${output.paint(style, inert(outcome))}  ${shown(call.durationSeconds)} s`,
  );
}

export const callCommands: Command[] = [
  {
    name: "calls",
    about: "Calls that were, newest first",
    usage: "[FIELD=VALUE …]",
    takes: [0, 10],
    options: {
      ...tenant,
      limit: { type: "string", value: "N", about: "So many: 1 to 100, 20 by default" },
      live: { type: "boolean", about: "Those that go on now" },
    },
    examples: ["dialplane calls --tenant acme extension=1001 outcome=answered"],
    async run(run) {
      const { path } = await placeOf(run);
      const live = run.values.live === true;
      const filters = Object.fromEntries(run.args.map((filter) => filter.split(/=(.*)/s).slice(0, 2)));
      const query = live ? {} : { limit: text(run.values, "limit"), ...filters };
      const { data } = (await run.client().send("GET", `${path}/calls${live ? "/live" : ""}`, { query })) as {
        data: Members[];
      };
      if (run.json) run.output.line(json(data));
      else if (data.length === 0) run.output.note(live ? "No call goes on." : "There were no calls.");
      else if (!live) for (const call of data) callLine(run, call);
      else
        table(
          run.output,
          ["id", "since", "from", "to", "state"],
          data.map(({ id, startedAt, from, to, state }) => [id, startedAt, party(from), party(to), state]),
        );
      return undefined;
    },
  },
  {
    name: "calls tail",
    about: "Calls as they end, until ^C",
    usage: "",
    takes: [0, 0],
    options: { ...owner, ...tailing },
    async run(run) {
      for await (const event of tail(run, "call.completed"))
        if (run.json) run.output.line(JSON.stringify(JSON.parse(json(event))));
        else callLine(run, event.data);
      return undefined;
    },
  },
  {
    name: "events tail",
    about: "Events as they come, until ^C",
    usage: "[TYPE[,TYPE …]]",
    takes: [0, 1],
    options: { ...owner, ...tailing },
    examples: ["dialplane events tail extension.*,config.failed --json"],
    async run(run) {
      for await (const event of tail(run, run.args[0])) {
        if (run.json) {
          run.output.line(JSON.stringify(JSON.parse(json(event))));
          continue;
        }
        const { key, id } = event.data;
        run.output.line(
          `${inert(event.createdAt)}  ${run.output.paint("cyan", inert(event.type))}  ${shown(event.tenantId ?? event.accountId)}  ${shown(key ?? id)}`,
        );
      }
      return undefined;
    },
  },
  {
    name: "simulate",
    about: "Which way a call would go, and why",
    usage: "FROM TO",
    takes: [2, 2],
    options: {
      ...tenant,
      at: { type: "string", value: "TIME", about: "When, as in 2026-12-24T20:00:00Z; now by default" },
      assume: { type: "string", value: "WHO=HOW", multiple: true, about: "How an attempt ends, as in 1001=busy" },
    },
    examples: ["dialplane simulate +15550123 +15550100 --tenant acme --at 2026-12-24T20:00:00Z --assume 1001=busy"],
    async run(run) {
      const [from = "", to = ""] = run.args;
      const at = text(run.values, "at");
      const assume = Array.isArray(run.values.assume) ? run.values.assume : [];
      const pairs = assume.map((one) => {
        const equals = one.lastIndexOf("=");
        if (equals < 1) throw new Usage("--assume is WHO=HOW, as in 1001=busy.");
        return [one.slice(0, equals), one.slice(equals + 1)];
      });
      const body = {
        from,
        to,
        ...(at !== undefined && { at }),
        ...(pairs.length > 0 && { assume: Object.fromEntries(pairs) }),
      };
      const { path } = await placeOf(run);
      const { outcome, steps } = (await run.client().send("POST", `${path}/simulate`, { body })) as {
        outcome: Members;
        steps: { at: string; why: string; goesTo: string }[];
      };
      if (run.json) {
        run.output.line(json({ outcome, steps }));
        return undefined;
      }
      for (const step of steps)
        run.output.line(`${run.output.paint("cyan", inert(step.at))}  ${inert(step.why)}  → ${inert(step.goesTo)}`);
      run.output.line(run.output.paint("bold", Object.values(outcome).map(shown).join(" ")));
      return undefined;
    },
  },
  {
    name: "edges",
    about: "The hosts where calls live",
    usage: "",
    takes: [0, 0],
    async run(run) {
      const { data } = await run.client().call("GET /v1/edges", {});
      if (run.json) run.output.line(json(data));
      else
        table(
          run.output,
          ["id", "name", "engine", "state", "pool", "seen"],
          data.map(({ id, name, engine, state, pool, seenAt }) => [id, name, engine, state, pool, seenAt]),
        );
      return undefined;
    },
  },
  ...(["drain", "resume"] as const).map(
    (verb): Command => ({
      name: `edges ${verb}`,
      about: verb === "drain" ? "No new calls go to a host; its tenants go elsewhere" : "A host takes calls again",
      usage: "EDGE",
      takes: [1, 1],
      async run(run) {
        const path = { id: run.args[0] ?? "" };
        const edge = await run.client().call(`POST /v1/edges/{id}/${verb}`, { path });
        const { name, state, drain } = edge;
        const left = drain === null ? "" : `: ${drain.tenantsLeft} tenants and ${drain.callsLeft} calls left`;
        run.output.line(run.json ? json(edge) : `${inert(name)} is ${state ?? "unknown"}${left}`);
        return undefined;
      },
    }),
  ),
];
