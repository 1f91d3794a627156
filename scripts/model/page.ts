// docs/operate/scale.md, made of what the models say.
import { answerMs } from "../cost/meter.ts";
import { type Day, type Hot, logOf, type Rates, type Scale } from "./load.ts";
import type { Recovery } from "./outage.ts";
import type { Part, Propagation } from "./propagation.ts";

export type Modelled = {
  scale: Scale;
  rates: Rates;
  parts: Part[];
  live: Propagation;
  hot: Hot[];
  limit: { writes: number; reads: number };
  day: Day;
  outage: Recovery & { hours: number; eventsPerSecond: number; batchWrites: number };
};

const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
const figures = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 4 });
const table = (head: string[], rows: string[][]): string =>
  [head, head.map((_, column) => (column === 0 ? "---" : "--:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

export function page({ scale, rates, parts, live, hot, limit, day, outage }: Modelled): string {
  const over = hot.filter(({ writes }) => writes > limit.writes);
  const moveMs = answerMs.read + answerMs.write;
  const log = logOf(hot, moveMs);
  return `# How far it carries

\`npm run model\` computes this page: from requests counted on the real handlers and keys (\`scripts/cost\`), the agent's own pauses (\`edge-agent/backoff.ts\`), and
what AWS's services usually take: figures of experience, neither measured by us nor promised by the pages that are named, which tell how the services work. The same
seed gives the same page.

## From a write to a live host

${table(
  ["part", "p50 ms", "p99 ms", "of writes", "the service"],
  parts.map(({ what, p50, p99, share, source }) => [
    what,
    figures(p50),
    figures(p99),
    share === undefined ? "all" : `${share * 100} %`,
    source,
  ]),
)}

Together, by chance: **p50 ${whole(live.p50)} ms, p99 ${whole(live.p99)} ms**; ${figures(live.withinSecond * 100)} % of writes are live within a second.

## A day

${whole(scale.tenants)} tenants of ${whole(scale.resellers)} resellers on ${whole(scale.hosts)} hosts in ${whole(scale.pools)} pools, ${whole(scale.writesPerSecond)} changes of configuration a second, and the calls of offices, all in one time zone. In
the busiest hour, a second: ${Object.entries(rates)
    .map(([path, rate]) => `${figures(rate)} × ${path}`)
    .join(", ")}.

- requests in the busiest second: ${whole(day.peakRequests)}; Lambdas at once: ${whole(day.peakLambdas)}
- write units of the whole table in the busiest second: ${whole(day.peakWrites)}; a new account's table takes 40,000, and AWS raises that when asked
- messages that wait at one host: ${whole(day.deepestQueue)} at the most

Units a second on the hottest partition of each name in that hour (a partition takes ${whole(limit.writes)} writes and ${whole(limit.reads)} reads; that DynamoDB splits hot ones is left out; one tenant
has a hundred times its share):

${table(
  ["partition", "writes", "reads", ""],
  hot
    .slice(0, 16)
    .map(({ partition, writes, reads }) => [
      `\`${partition}\``,
      figures(writes),
      figures(reads),
      writes > limit.writes ? "**over**" : "",
    ]),
)}

${over.length > 0 ? `Over its limit: ${over.map(({ partition }) => `\`${partition}\``).join(", ")}.` : "No partition is over its limit."}

The account above all others has a log of all that happens below it, ${whole(log.events)} events a second here. A log gets more shards where events wait for one another, up to ${log.shards}
(\`functions/events/shards.ts\`), and is read as one, in the order in which events came. An event moves the head of its shard, which takes ${moveMs} ms: here each is on the move for ${whole(log.busy * 100)} % of
the time, and half of it at about ${whole(Math.floor((scale.tenants * 0.5) / log.busy / 10_000) * 10_000)} tenants. One that meets another is tried again, and none is lost: they stand in the table until they are in the log.

## An outage of ${outage.hours} hours

The region is away; hosts go on with what they have, and each has ${figures(outage.eventsPerSecond)} events a second to report. When it is back:

- requests in its first second: ${whole(outage.firstSecond)}; in the busiest: ${whole(outage.peakRequests)}, of which API Gateway's limit of the stage refuses ${whole(outage.refused)} in all
- hosts that are back in the same second: ${whole(outage.atOnce)} at the most
- batches in the busiest second: ${whole(outage.peakBatches)}, which is ${whole(outage.peakBatches * outage.batchWrites)} write units spread over ${whole(scale.hosts)} hosts and their tenants
- every host has told all that piled up after ${whole(outage.recoverySeconds / 60)} minutes: ${whole(outage.taken)} events of ${whole(outage.reported)}, ${whole(outage.left)} of them on their way that moment, none lost

Hosts that come back after they were refused send what piled up at a measured pace (\`catchUpSeconds\` of \`edge-agent/deliver.ts\`), and their pauses differ by chance, so that
there is no herd.
`;
}
