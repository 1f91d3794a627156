// `npm run model`: writes docs/operate/scale.md: how long a change takes to the hosts, and what a day and an outage of a large installation come to.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stackFile } from "../cost/page.ts";
import { type Heats, measure } from "../cost/paths.ts";
import { use } from "../cost/usage.ts";
import { busiestHour, day, full, heatOf, partitionLimit, ratesAt } from "./load.ts";
import { outage } from "./outage.ts";
import { page } from "./page.ts";
import { parts, propagation } from "./propagation.ts";
import { seeded } from "./random.ts";

const seed = 20_261_127;
const { memoryMb, throttle } = JSON.parse(readFileSync(stackFile, "utf8"));
const heats: Heats = {};
const measured = await measure(memoryMb, heats);
const rates = ratesAt(busiestHour, full);
const batch = measured["25 phones register again"];
const awayHours = 2;
const eventsPerSecond = (4 * (rates["a call"] ?? 0) + (full.tenants * use.phones) / use.renewSeconds) / full.hosts;
const text = page({
  scale: full,
  rates,
  parts: parts(),
  live: propagation(seeded(seed)),
  hot: heatOf(heats, rates, full),
  limit: partitionLimit,
  day: day(measured, full, seeded(seed)),
  outage: {
    hours: awayHours,
    eventsPerSecond,
    batchWrites: batch.writeUnits,
    ...outage(seeded(seed), {
      hosts: full.hosts,
      outageSeconds: awayHours * 3600,
      eventsPerSecond,
      api: throttle,
      answerMs: batch.lambdaGbSeconds * 1000,
    }),
  },
});
writeFileSync(fileURLToPath(new URL("../../docs/operate/scale.md", import.meta.url)), text);
console.log(text);
