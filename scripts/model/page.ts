// docs/operate/scale.md, made of what the models say.
import { answerMs } from "../cost/meter.ts";
import type { Day, Hot, Rates, Scale } from "./load.ts";
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

/** Units of one event in one log: its head and itself, of one and of two kilobytes, in a transaction. */
const eventWrites = 6;
const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
const figures = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 4 });
const table = (head: string[], rows: string[][]): string =>
  [head, head.map((_, column) => (column === 0 ? "---" : "--:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

/** How many tenants one installation carries with that partition under its limit. */
const carried = (hot: Hot, tenants: number, limit: number): number => (tenants * limit) / hot.writes;

export function page({ scale, rates, parts, live, hot, limit, day, outage }: Modelled): string {
  const over = hot.filter(({ writes }) => writes > limit.writes);
  const worst = over[0];
  const oneMs = answerMs.read + answerMs.write;
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

${
  worst
    ? `What is over its limit: ${over.map(({ partition }) => `\`${partition}\``).join(", ")}. That is the log of events of the account above all others, which has all that happens below it in one
order. It bounds what one stack carries: about ${whole(carried(worst, scale.tenants, limit.writes))} tenants of this use by its units. Beyond, tenants are spread over several stacks
(cells: \`docs/deploy.md\`), each with an operator of its own. Its events wait for one
another besides, as each moves the log's head: in ${oneMs} ms, about ${whole((scale.tenants * 1000) / oneMs / (worst.writes / eventWrites))} tenants until they come late in the busiest hour. None is lost: they stand
in the table until they are in the log.`
    : "No partition is over its limit."
}

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
