// The agent with 200,000 extensions on its disk: how long until it answers a lookup, and what memory it takes over an agent with nothing.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fill } from "./fill.ts";
import { type Line, ms, p50, serve } from "./measure.ts";
import { dialplanBody, directoryBody } from "./requests.ts";

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

export async function* run(): AsyncGenerator<Line> {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-bench-"));
  try {
    fill(join(folder, "full.db"), 10_000);
    fill(join(folder, "empty.db"), 0);
    const times = { full: [] as number[], empty: [] as number[] };
    const memory = { full: [] as number[], empty: [] as number[] };
    for (let round = 0; round < 5; round++) {
      for (const name of ["empty", "full"] as const) {
        const started = performance.now();
        const server = await serve<{ port: number }>("lookup-server.ts", [join(folder, `${name}.db`)]);
        const first = await ask(server.ready.port, directoryBody(10_000));
        times[name].push(performance.now() - started);
        if (name === "full" && first.includes("not found")) throw new Error("the first lookup found nothing");
        for (let n = 0; n < 4000; n++)
          await ask(server.ready.port, n % 2 ? directoryBody(10_000) : dialplanBody(10_000));
        memory[name].push(rss(server.child.pid ?? 0));
        await server.stop();
      }
    }
    yield {
      what: "until the first answer, 200,000 extensions",
      figures: `${ms(p50(times.full))}, empty ${ms(p50(times.empty))}`,
      ratio: p50(times.full) / p50(times.empty),
      limit: { atMost: 1.5 },
    };
    const over = p50(memory.full) - p50(memory.empty);
    yield {
      what: "memory after 4,000 lookups",
      figures: `${mebibytes(p50(memory.full))}, empty ${mebibytes(p50(memory.empty))}, over it ${mebibytes(over)} of 150 MiB`,
      ratio: over / (150 * 2 ** 20),
      limit: { atMost: 1 },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ask = async (port: number, body: string): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body })).text();
const rss = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
