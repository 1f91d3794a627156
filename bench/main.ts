// `npm run bench [name …]`: every benchmark, or the named ones. Each prints its figures and a ratio against something measured in the same run; exit code 1
// where a stated limit does not hold.
import { readdirSync } from "node:fs";
import { holds, type Line } from "./measure.ts";

const benches = [
  "lookup",
  "write-to-live",
  "api",
  "agent-start",
  "reconfigure",
  "queue",
  "provision",
  "web",
  "kamailio",
  "cold-start",
].filter((name) => readdirSync(import.meta.dirname).includes(`${name}.ts`));
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !benches.includes(name));
if (unknown !== undefined) {
  console.error(`${unknown}: no such benchmark; there are ${benches.join(", ")}`);
  process.exit(2);
}
let failed = 0;
for (const name of wanted.length > 0 ? wanted : benches) {
  const { run } = (await import(`./${name}.ts`)) as { run(): AsyncIterable<Line> };
  console.log(`\n${name}`);
  for await (const line of run()) {
    const { atLeast, atMost } = line.limit ?? {};
    const limit = atLeast !== undefined ? ` (at least ${atLeast})` : atMost !== undefined ? ` (at most ${atMost})` : "";
    const verdict =
      line.ratio === undefined ? "" : ` | ratio ${line.ratio.toFixed(2)}${limit}${holds(line) ? "" : "  MISSED"}`;
    if (!holds(line)) failed++;
    console.log(`  ${line.what.padEnd(46)} ${line.figures}${verdict}`);
  }
}
process.exit(failed > 0 ? 1 : 0);
