// docs/cost.md, made of what was counted: nothing in it is typed in but words.
import { fileURLToPath } from "node:url";
import { phonesEach } from "../../functions/live/stream.ts";
import { hostMonth, hostPrices, stackMonth, thousandMinutes, usualStack } from "./hosts.ts";
import { answerMs } from "./meter.ts";
import { type Measured, pathNames } from "./paths.ts";
import { type Counts, dollars, prices, standing, type Unit, unitNames } from "./prices.ts";
import type { Stack } from "./template.ts";
import {
  agentRhythm,
  bill,
  byUnit,
  type Line,
  largestOf,
  type Rhythm,
  type Size,
  shareOf,
  sizes,
  totalOf,
  use,
} from "./usage.ts";

const places = (value: number): number => (value >= 1000 ? 3 : 2);
/** Two or three figures that count. */
const figures = (value: number): string => rounded(Number(value.toPrecision(places(value))));
const rounded = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 6 });
const money = (value: number): string => (value < 0.005 ? "–" : `$${figures(value)}`);
const count = (value: number): string => (Math.abs(value) < 1e-9 ? "–" : figures(value));
const whole = (value: number): string => value.toLocaleString("en-US");

const table = (head: string[], rows: string[][]): string =>
  [head, head.map((_, column) => (column === 0 ? "---" : "--:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

const sizeName = ({ tenants }: Size): string => `${whole(tenants)} tenants`;

export const pageFile = fileURLToPath(new URL("../../docs/cost.md", import.meta.url));
/** Beside the page goes what of the template costs, so that it can be checked without making the template. */
export const stackFile = fileURLToPath(new URL("stack.json", import.meta.url));

/** The page. `measured`: paths.ts; `stack`: template.ts. */
export function page(measured: Measured, stack: Stack): string {
  const month = (rhythm: Rhythm): Line[][] => sizes.map((size) => bill(measured, stack, rhythm, size));
  const now = month(agentRhythm);
  const alone = month({ ...agentRhythm, togetherAtMost: 1 });
  const [, , large = []] = now;
  const before = alone.at(-1) ?? [];
  const names = large.map(({ what }) => what);
  const lineOf = (lines: Line[], what: string): number => lines.find((line) => line.what === what)?.dollars ?? 0;
  const total = ["**together**", ...now.map((lines) => `**${money(totalOf(lines))}**`)];
  const perTenant = ["a tenant", ...now.map((lines, index) => money(totalOf(lines) / (sizes[index] as Size).tenants))];
  const units = byUnit(large)
    .map(([unit]) => unit)
    .filter((unit) => now.some((lines) => (byUnit(lines).find(([name]) => name === unit)?.[1] ?? 0) >= 0.005));
  const paid = (lines: Line[], unit: Unit): number => byUnit(lines).find(([name]) => name === unit)?.[1] ?? 0;
  const largest = largestOf(large);
  const apiMb = stack.memoryMb.api ?? 1024;
  const last = sizes.at(-1) as Size;
  const waiting = last.tenants * use.liveMinutes * 60 * (apiMb / 1024) * prices.lambdaGbSeconds.dollars;

  return `# What the cloud costs

\`npm run cost\` computes this page. It runs the control plane's own handlers (\`scripts/cost/cloud.ts\`) on a meter: a store that counts request units by the sizes
of the items that are really read and written, as DynamoDB does, and queues, keys, audio, mail and requests that count themselves. The table's stream and the
clocks are fed as \`infra/\` feeds them; memory of functions, and what stands in the account, are read from the template of the stage \`prod\`. List prices of
us-east-1 without free tiers and discounts. How long a Lambda runs is bounded, not measured: its own work, and an answer's usual time for whatever it waits
for, one after another. A test (\`test/scripts/cost.test.ts\`) counts again and fails where a path asks for more than this page says, so that nobody makes it
dearer without noticing; \`npm run cost\` then writes the page anew.

## A month

${table(
  ["", ...sizes.map(sizeName)],
  [...names.map((what) => [what, ...now.map((lines) => money(lineOf(lines, what)))]), total, perTenant],
)}

The same by what is paid for:

${table(
  ["", ...sizes.map(sizeName)],
  units.map((unit) => [prices[unit].of, ...now.map((lines) => money(paid(lines, unit)))]),
)}

## The largest lines, and what was done about them

At ${sizeName(last)} the largest line is **${largest.what}**: ${money(largest.dollars)} of ${money(totalOf(large))}.

- **Registrations** were the largest of what hosts report: ${money(lineOf(before, "registrations"))} of ${money(totalOf(before))}, with a request of its own for
  each time a phone renews its registration. Nobody waits for that, as the cloud knows for how long it counts: renewals wait in the spool for up to
  ${agentRhythm.patienceSeconds} seconds and go ${agentRhythm.togetherAtMost} at a time, or along with whatever is reported meanwhile (\`edge-agent/renewal.ts\`). They come
  to ${money(lineOf(large, "registrations"))} now. What is new, moved or ended is told at once as before.
- **Live views** were larger still: a Lambda waited while somebody watched, which at ${whole(apiMb)} MB comes to ${money(waiting)} at ${sizeName(last)}, and an HTTP API
  hands on nothing before its end anyway. Now a function of their own streams them (\`infra/live.ts\`), with ${whole(stack.memoryMb.live ?? 0)} MB and reading calls and queues each second, phones each
  ${phonesEach} (\`functions/live/stream.ts\`): ${money(lineOf(large, "live views"))}, ${money(dollars(measured["a minute of a live view"]) * 60 * 8)} for a wallboard's working day of eight hours. Asked for every two seconds
  instead, with a change seen after two and not one, it is ${money(dollars(measured["a minute of a live view, asked for"]) * 60 * 8)}: requests to the API, to CloudFront and its firewall in the place of waiting. So streams are
  the default where an account has room for them.
- **Calls** were 56 write units each and $27,900 at 100,000 tenants. The end of a call waits a moment for its record, so that both are one request; what is
  said once is packed in the logs of the tenant and of each account above; and a put alone with a condition, as a request's number and a batch's are, is no transaction. Now one is
  ${figures(measured["a call"].writeUnits)} write units, a thousand ${money(dollars(measured["a call"]) * 1000)}. Renewals of registrations, ${figures(measured["25 phones register again"].writeUnits)} units for ${agentRhythm.togetherAtMost} in the place of 54, are put one by one as well.

## What each thing costs

On an installation with a pool of two hosts, a reseller between operator and tenant, and ${use.phones} extensions; caches warm. What follows from a
request (telling hosts, the log of events) is in it. Transactions count double, as DynamoDB does, a condition's item like a write; a put alone with a condition counts once.

${table(
  ["", "write units", "read units", "Lambda runs", "GB-s", "SQS", "dollars per million"],
  pathNames.map((name) => {
    const counts: Counts = measured[name];
    const { writeUnits, readUnits, lambdaRequests, lambdaGbSeconds, sqsRequests, fairSqsRequests } = counts;
    const cells = [writeUnits, readUnits, lambdaRequests, lambdaGbSeconds, sqsRequests + fairSqsRequests];
    return [name, ...cells.map(count), money(dollars(counts) * 1_000_000)];
  }),
)}

A change of configuration costs a PATCH, and for each host of the pool more a message and everywhere an acknowledgement: ${sizes
    .map((size) => `${money(shareOf(measured, size.hostsPerPool) * 1000)} a thousand with ${size.hostsPerPool} hosts`)
    .filter((text, index, all) => all.indexOf(text) === index)
    .join(", ")}.

## The use that is assumed

Of a tenant in a month: ${use.phones} phones that each make ${use.callsPerPhoneAndDay} calls a working day, are switched on once a day, and renew their registration every ${use.renewSeconds}
seconds; ${use.changes} changes of configuration and ${use.applies} imports; ${use.reads} reads of one thing and ${use.lists} lists by API; ${use.voicemails} voicemail messages of half a minute, mailed, and
kept for ${use.voicemailMonths} months; ${use.signIns} sign-ins, ${use.pages} pages of the console, and ${use.liveMinutes / 60} hours of a live view. One tenant in ten has a webhook for its calls, and one
in twenty is new. Everything is kept; the installation is a year old.

Hosts: ${sizes.map((size) => `${size.pools === 1 ? "one pool" : `${size.pools} pools`} of ${size.hostsPerPool} for ${sizeName(size)}`).join(", ")}. Each says that it lives every ${agentRhythm.heartbeatSeconds} seconds, compares every
${agentRhythm.compareSeconds}, waits at its queue ${agentRhythm.pollSeconds} seconds at a time, and has its credentials renewed every ${agentRhythm.queueSeconds / 60} minutes.

An answer takes, in milliseconds: ${Object.entries(answerMs)
    .map(([what, ms]) => `${what} ${ms}`)
    .join(", ")}.

## Hosts in an account of your own

What the [template of hosts](guides/edge-host.md) costs there, a month of 730 hours, without traffic:

${table(
  ["", "dollars a month"],
  [
    ["a FreeSWITCH host, with its address, disk and metrics", money(hostMonth("freeswitch"))],
    ["a Kamailio host, the same", money(hostMonth("kamailio"))],
    [
      `the stack as it is by default: ${usualStack.kamailio} and ${usualStack.freeswitch}, ${usualStack.addresses} addresses`,
      money(stackMonth()),
    ],
    ["a thousand minutes of calls with two legs, G.711, out to the internet", money(thousandMinutes())],
  ],
)}

${table(
  ["", "dollars", "compare at", "as of"],
  Object.values(hostPrices).map(({ of, dollars: price, source, asOf }) => [of, rounded(price), source, asOf]),
)}

## Prices

${table(
  ["", "dollars", "compare at", "as of"],
  [
    ...unitNames.map((unit) => {
      const { of, dollars: price, source, asOf } = prices[unit];
      const per = price < 0.001 ? `${rounded(price * 1_000_000)} a million` : rounded(price);
      return [of, per, source, asOf];
    }),
    ...Object.entries(standing).map(([type, { dollars: price, what }]) => [
      `${what}, a month (there are ${stack.types[type] ?? 0})`,
      figures(price),
      "https://aws.amazon.com/pricing/",
      "2025-07",
    ]),
  ],
)}

Not counted: support, taxes, domains, recordings of calls (an hour at 16 bits and 8 kHz is 115 MB), the hosts themselves where they are elsewhere, and cold starts. DynamoDB charges nothing for reading its stream with Lambda, and STS nothing at all.
`;
}
