// Call-time lookups: how near the agent comes to a bare HTTP server that answers a constant of the same size, what 10,000 tenants cost against 100, and
// every kind against plain extensions.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { everyKind, everyNumber } from "./every-kind.ts";
import { fill } from "./fill.ts";
import { type Line, p99, serve, show } from "./measure.ts";
import { dialplanBody, directoryBody, load } from "./requests.ts";

const rounds = 3;
const kinds = { directory: directoryBody, dialplan: (tenants: number) => dialplanBody(tenants) };

export async function* run(): AsyncGenerator<Line> {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-bench-"));
  try {
    for (const tenants of [100, 10_000]) fill(join(folder, `${tenants}.db`), tenants);
    for (const [kind, body] of Object.entries(kinds)) yield* lookups(folder, kind, body);
    fill(join(folder, "every.db"), 100, 20, everyKind);
    yield await besidePlain(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* lookups(folder: string, kind: string, body: (tenants: number) => string): AsyncGenerator<Line> {
  const few = await serve<{ port: number }>("lookup-server.ts", [join(folder, "100.db")]);
  const many = await serve<{ port: number }>("lookup-server.ts", [join(folder, "10000.db")]);
  const bodies = {
    100: Array.from({ length: 5000 }, () => body(100)),
    10000: Array.from({ length: 5000 }, () => body(10_000)),
  };
  const sample = await (
    await fetch(`http://127.0.0.1:${many.ready.port}/`, { method: "POST", body: bodies[10_000][0] ?? "" })
  ).text();
  if (sample.includes("not found")) throw new Error(`the ${kind} lookup found nothing: ${bodies[10_000][0]}`);
  const bare = await serve<{ port: number }>("lookup-server.ts", ["", String(sample.length)]);
  const found = (reply: string): boolean => !reply.includes("not found");
  for (const keepAlive of [false, true]) {
    const sums = { bare: 0, few: 0, many: 0 };
    const latencies = { bare: [] as number[], few: [] as number[], many: [] as number[] };
    // in turns, so that what else the machine does falls on all alike; the first round warms up
    for (let round = 0; round <= rounds; round++) {
      for (const [name, port, list] of [
        ["bare", bare.ready.port, bodies[10_000]],
        ["many", many.ready.port, bodies[10_000]],
        ["few", few.ready.port, bodies[100]],
      ] as const) {
        const result = await load(port, list, {
          workers: 4,
          durationMs: 2000,
          keepAlive,
          ...(name !== "bare" && { check: found }),
        });
        if (round === 0) continue;
        sums[name] += result.perSecond / rounds;
        latencies[name].push(...result.latencies);
      }
    }
    const how = keepAlive ? "keep-alive" : "new connection each";
    yield {
      what: `${kind}, ${how}, 10,000 × 20`,
      figures: `${sums.many.toFixed(0)}/s (bare ${sums.bare.toFixed(0)}/s), ${show(latencies.many)}`,
      ratio: sums.many / sums.bare,
      limit: { atLeast: 0.5 },
    };
    yield {
      what: `${kind}, ${how}, p99 against 100 tenants`,
      figures: `${show(latencies.many)} against ${show(latencies.few)}`,
      ratio: p99(latencies.many) / p99(latencies.few),
      limit: { atMost: 1.5 },
    };
  }
  for (const server of [few, many, bare]) await server.stop();
}

/** Calls to anything that a tenant of every kind has, against calls between the extensions of a plain one. */
async function besidePlain(folder: string): Promise<Line> {
  const servers = await Promise.all(
    ["100", "every"].map((name) => serve<{ port: number }>("lookup-server.ts", [join(folder, `${name}.db`)])),
  );
  const bodies = [undefined, everyNumber].map((numbers) =>
    Array.from({ length: 5000 }, () => dialplanBody(100, numbers)),
  );
  const rates = [0, 0];
  const latencies: number[][] = [[], []];
  for (let round = 0; round <= rounds; round++)
    for (const [index, server] of servers.entries()) {
      const options = { workers: 4, durationMs: 2000, keepAlive: false };
      const check = (reply: string): boolean => !reply.includes("not found") && !reply.includes("UNALLOCATED");
      const result = await load(server.ready.port, bodies[index] ?? [], { ...options, check });
      if (round === 0) continue;
      rates[index] = (rates[index] ?? 0) + result.perSecond / rounds;
      latencies[index]?.push(...result.latencies);
    }
  for (const server of servers) await server.stop();
  const [plain = 0, every = 0] = rates;
  return {
    what: "dialplan, a tenant that uses every kind",
    figures: `${every.toFixed(0)}/s (plain ${plain.toFixed(0)}/s), ${show(latencies[1] ?? [])}`,
    ratio: every / plain,
    limit: { atLeast: 0.7 },
  };
}
