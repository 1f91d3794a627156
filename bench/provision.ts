// A reseller's script: tenants of 20 extensions, a ring group, a menu, a schedule and a phone number from a template, by one request each; what the API takes
// for one, when few tenants are there and when many are.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exchange } from "./exchange.ts";
import { type Line, ms, serve, show } from "./measure.ts";
import type { Asked } from "./provision-process.ts";

const [few = 10, many = 10_000] = (process.env.TENANTS ?? "10,10000").split(",").map(Number);
const tenants = Number(process.env.PROVISION ?? 1000);
/** Until what is measured has been compiled. */
const warmUp = 200;
const together = 4;

type Side = { url: string; key: string; ask(asked: Asked): Promise<number>; stop(): Promise<void> };
type Sums = { cpuMs: number; seconds: number; times: number[] };

export async function* run(): AsyncGenerator<Line> {
  const sides = [await started(few), await started(many)];
  const sums = sides.map((): Sums => ({ cpuMs: 0, seconds: 0, times: [] }));
  try {
    // in turns, so that what else the machine does falls on both alike; short ones, so that no server ends a connection meanwhile
    const round = 20;
    for (let done = -warmUp; done < tenants; done += round)
      for (const [index, side] of sides.entries()) {
        const made = await provision(side, done + warmUp, round);
        if (done >= 0) add(sums[index], made);
      }
    const costs = sums.map(({ cpuMs, times }) => cpuMs / times.length);
    for (const [index, { seconds, times }] of sums.entries())
      yield {
        what: `a tenant from a template, ${[few, many][index]} there before`,
        figures: `${(times.length / seconds).toFixed(0)}/s, API CPU ${ms(costs[index] ?? Number.NaN)}, ${show(times)}`,
      };
    const [at = Number.NaN, against = Number.NaN] = [costs[1], costs[0]];
    yield {
      what: `API CPU for a tenant, ${many} there against ${few}`,
      figures: `${ms(at)} against ${ms(against)}`,
      ratio: at / against,
      limit: { atMost: 1.2 },
    };
  } finally {
    for (const { stop } of sides) await stop();
  }
}

function add(to: Sums | undefined, more: Sums): void {
  if (!to) return;
  to.cpuMs += more.cpuMs;
  to.seconds += more.seconds;
  to.times.push(...more.times);
}

async function started(before: number): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-bench-"));
  const { ready, child, stop } = await serve<{ url: string; key: string }>("provision-process.ts", [folder]);
  const ask = async (asked: Asked): Promise<number> => {
    child.send(asked);
    const [{ cpuMs }] = (await once(child, "message")) as [{ cpuMs: number }];
    return cpuMs;
  };
  await ask({ fill: before });
  return {
    ...{ ...ready, ask },
    async stop() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The next `count` customers, some at a time. */
async function provision({ url, key, ask }: Side, from: number, count: number): Promise<Sums> {
  const cpuBefore = await ask({ cpu: true });
  const begun = performance.now();
  const times: number[] = [];
  let next = from;
  const script = async (): Promise<void> => {
    while (next < from + count) {
      const n = next++;
      const sent = performance.now();
      const body = JSON.stringify({
        ...{ name: `Customer ${n}`, template: "office" },
        document: {
          extensions: [{ number: "1001", displayName: `Boss ${n}` }],
          "phone-numbers": [{ number: `+1555${1_000_000 + n}`, destination: { kind: "schedule", ref: "office" } }],
        },
      });
      const { id } = JSON.parse(await exchange(url, { method: "POST", path: "/v1/tenants", key, body }));
      if (typeof id !== "string") throw new Error("no tenant was made");
      times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: together }, script));
  const seconds = (performance.now() - begun) / 1000;
  return { cpuMs: (await ask({ cpu: true })) - cpuBefore, seconds, times };
}
