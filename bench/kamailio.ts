// Kamailio's shipped configuration against a bare one on the same Kamailio, with few credentials and with many; what a change takes to be live, what events take
// of the agent, and what more hosts carry.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKamailio } from "../edge-agent/drivers/kamailio/run.ts";
import { fill } from "./fill.ts";
import type { Changed, Used, Wish } from "./kamailio-host.ts";
import type { Load, Loaded } from "./kamailio-load.ts";
import { extensionsEach, firstAdded, placement } from "./kamailio-tenants.ts";
import { type Line, serve, show } from "./measure.ts";

const rounds = 3;
const seconds = 1;
/** Processes of Kamailio's for each transport. */
const workers = "2";
/** So many phones, spread over the credentials: as many for all, since each that registers is written down. */
const phones = 40;
const credentials = { few: 10, many: 100_000 };
/** What a stand-in for a FreeSWITCH takes, and what it is offered. */
const growth = { hosts: [1, 2, 4], perSecond: 50, offered: 1.3, seconds: 3, tenants: 12 };

type Server = { ready: { port: number }; child: ChildProcess; stop(): Promise<void> };
type Kind = keyof typeof credentials;

export async function* run(): AsyncGenerator<Line> {
  if (findKamailio() === undefined) {
    console.warn("SKIPPED: Kamailio is not installed, so nothing was measured");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "dialplane-bench-"));
  const open: { stop(): Promise<void> }[] = [];
  const keep = <T extends { stop(): Promise<void> }>(one: T): T => {
    open.push(one);
    return one;
  };
  try {
    const limits = Array<number>(Math.max(...growth.hosts)).fill(growth.perSecond);
    const hosts = keep(await serve<{ ports: number[] }>("kamailio-answering.ts", ["0", ...limits.map(String)]));
    const [unlimited = 0, ...limited] = hosts.ready.ports;
    const load = keep(await serve<unknown>("kamailio-load.ts", []));
    const startBare = async (name: string, kind: "KEEPING" | "STATELESS"): Promise<Server> =>
      keep(await serve("kamailio-bare.ts", [join(folder, name), String(unlimited), workers, kind]));
    const start = async (kind: Kind): Promise<Server> => {
      const file = join(folder, `${kind}.db`);
      fill(file, Math.ceil(credentials[kind] / extensionsEach), extensionsEach, () => [placement(0)]);
      return keep(await serve("kamailio-host.ts", [join(folder, kind), file, workers, String(unlimited)]));
    };
    const bare = await startBare("bare", "STATELESS");
    const keeping = await startBare("keeping", "KEEPING");
    const servers = { bare, keeping, few: await start("few"), many: await start("many") };
    yield* rates(servers, load.child);
    yield await told(servers.few, load.child);
    yield await deltas(servers.few, unlimited);
    yield await growing(servers.few, limited, load.child);
  } finally {
    for (const one of open.reverse()) await one.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const whats = {
  register: { title: "registrations, each asked for its digest", atLeast: 0.7 },
  again: { title: "registrations, with the nonce they have", atLeast: 0.7 },
  call: { title: "calls", atLeast: 0.8 },
} as const;
const withoutCalls = ["few", "bare", "many"] as const;
/** `keeping`: the bare one with transactions, which only calls have. */
const everyServer = [...withoutCalls, "keeping"] as const;
type Sum = { done: number; seconds: number; cpu: number; latencies: number[] };

/** In turns, so that what else the machine does falls on all alike; the first round warms up. */
async function* rates(servers: Record<"bare" | "keeping" | Kind, Server>, load: ChildProcess): AsyncGenerator<Line> {
  for (const what of ["register", "again", "call"] as const) {
    const sums = { bare: none(), keeping: none(), few: none(), many: none() };
    for (let round = 0; round <= rounds; round++)
      for (const name of what === "call" ? everyServer : withoutCalls) {
        const kind = name === "few" ? "few" : "many";
        const before = await ask<Used>(servers[name], { do: "used" });
        const asked = { server: servers[name].ready.port, what, phones, accounts: credentials[kind] };
        const loaded = await send<Loaded>(load, { ...asked, seconds } satisfies Load);
        if (Object.keys(loaded.failed).length > 0)
          throw new Error(`${what} at ${name}: ${JSON.stringify(loaded.failed)} failed, by status`);
        if (round === 0) continue;
        const after = await ask<Used>(servers[name], { do: "used" });
        add(sums[name], loaded, after.kamailio - before.kamailio);
      }
    const { title, atLeast } = whats[what];
    yield {
      what: title,
      figures: `${said(sums.few)} (bare ${said(sums.bare)}), ${show(sums.few.latencies)}`,
      ratio: rate(sums.few) / rate(sums.bare),
      limit: { atLeast },
    };
    if (what === "call")
      yield {
        what: "  against a bare one that keeps transactions",
        figures: `${said(sums.keeping)}, ${show(sums.keeping.latencies)}`,
        ratio: rate(sums.few) / rate(sums.keeping),
      };
    yield {
      what: "  with 100,000 credentials against 10",
      figures: `${said(sums.many)}, ${show(sums.many.latencies)}`,
      ratio: rate(sums.many) / rate(sums.few),
      limit: { atLeast: 0.95 },
    };
  }
}

/** Phones that come and go, as one that stays and registers over and over is hardly told of. */
async function told(server: Server, load: ChildProcess): Promise<Line> {
  const before = await ask<Used>(server, { do: "used" });
  const asked = { server: server.ready.port, what: "come-and-go" as const, phones, accounts: credentials.few };
  await send<Loaded>(load, { ...asked, seconds } satisfies Load);
  const after = await ask<Used>(server, { do: "used" });
  const perThousand = ((after.agent - before.agent) / (after.events - before.events)) * 1e6;
  return {
    what: "the agent, 1,000 registrations told",
    figures: `${perThousand.toFixed(0)} ms of a processor, ${after.events - before.events} events`,
  };
}

const none = (): Sum => ({ done: 0, seconds: 0, cpu: 0, latencies: [] });
const rate = ({ done, seconds }: Sum): number => done / seconds;
const said = (sum: Sum): string => `${rate(sum).toFixed(0)}/s, ${((sum.cpu / sum.done) * 1e6).toFixed(0)} µs each`;

function add(sum: Sum, loaded: Loaded, cpu: number): void {
  sum.done += loaded.done;
  sum.seconds += loaded.seconds;
  sum.cpu += cpu;
  sum.latencies.push(...loaded.latencies);
}

async function deltas(server: Server, host: number): Promise<Line> {
  await ask<Used>(server, { do: "place", ports: [host], tenants: 1 });
  const { latencies, failures, seconds } = await ask<Changed>(server, { do: "change", count: 2000 });
  if (failures > 0) throw new Error(`${failures} changes did not take`);
  return {
    what: "passwords changed, each live before the next",
    figures: `${(latencies.length / seconds).toFixed(0)}/s, ${show(latencies)}`,
  };
}

/** What all hosts together take of more than they can. */
async function growing(server: Server, ports: number[], load: ChildProcess): Promise<Line> {
  const taken: number[] = [];
  for (const hosts of growth.hosts) {
    await ask<Used>(server, { do: "place", ports: ports.slice(0, hosts), tenants: growth.tenants });
    const accounts = { first: firstAdded, accounts: growth.tenants * extensionsEach };
    const offer = { perSecond: growth.perSecond * growth.offered * hosts, seconds: growth.seconds };
    const asked = {
      server: server.ready.port,
      what: "call" as const,
      phones: accounts.accounts,
      ...accounts,
      ...offer,
    };
    const loaded = await send<Loaded>(load, asked satisfies Load);
    taken.push(loaded.done / loaded.seconds);
  }
  const [one = 0] = taken;
  const most = taken.at(-1) ?? 0;
  return {
    what: `calls with ${growth.hosts.join(", ")} hosts of ${growth.perSecond}/s each`,
    figures: taken.map((each) => `${each.toFixed(0)}/s`).join(", "),
    ratio: most / (one * (growth.hosts.at(-1) ?? 1)),
    limit: { atLeast: 0.9 },
  };
}

const ask = <T>(server: Pick<Server, "child">, wish: Wish): Promise<T> => send<T>(server.child, wish);

/** One answer to each message. */
async function send<T>(child: ChildProcess, message: Wish | Load): Promise<T> {
  const answered = once(child, "message") as Promise<[T]>;
  child.send(message);
  return (await answered)[0];
}
