// From a write to a live edge in the cloud: what of it was measured here, and AWS's part as it usually is, put together by chance (Monte Carlo).
import { readFileSync } from "node:fs";
import { normal, percentile } from "./random.ts";

/** In milliseconds. `share`: of all writes, those that meet it. */
export type Part = { what: string; p50: number; p99: number; share?: number; source: string };

const bench = new URL("../../docs/benchmarks.md", import.meta.url);

/** What our own code takes, by `npm run bench write-to-live`: all of it without the store's write and the queue's hop, which are AWS's here. */
function measured(): Part {
  const row = /^\| 10 \| ([\d.]+) \/ ([\d.]+) ms \| ([\d.]+) ms \| ([\d.]+) ms \|/m.exec(readFileSync(bench, "utf8"));
  const [p50 = 0, p99 = 0, write = 0, hop = 0] = (row ?? []).slice(1).map(Number);
  if (!(p50 > write + hop)) throw new Error("docs/benchmarks.md has no figures of write-to-live");
  return {
    what: "our code, API and agent",
    p50: p50 - write - hop,
    p99: p99 - write - hop,
    source: "docs/benchmarks.md",
  };
}

const aws = (page: string): string => `https://docs.aws.amazon.com/${page}`;

export const parts = (): Part[] => [
  measured(),
  {
    what: "caller to API Gateway and Lambda",
    p50: 25,
    p99: 90,
    source: aws("apigateway/latest/developerguide/http-api-vs-rest.html"),
  },
  {
    what: "a Lambda that begins",
    p50: 450,
    p99: 900,
    share: 0.01,
    source: aws("lambda/latest/dg/lambda-runtime-environment.html"),
  },
  {
    what: "reading the document",
    p50: 12,
    p99: 40,
    source: aws("amazondynamodb/latest/developerguide/Introduction.html"),
  },
  {
    what: "the transaction",
    p50: 15,
    p99: 60,
    source: aws("amazondynamodb/latest/developerguide/transaction-apis.html"),
  },
  {
    what: "sending to SQS",
    p50: 8,
    p99: 40,
    source: aws("AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html"),
  },
  {
    what: "SQS to the host that waits",
    p50: 15,
    p99: 80,
    source: aws("AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html"),
  },
  { what: "way to the host", p50: 20, p99: 80, source: "a host in the same continent" },
];

/** A time whose median and 99th percentile are these, as waits on a network are spread (log-normal). */
const draw = ({ p50, p99 }: Part, random: () => number): number =>
  p50 * Math.exp((Math.log(p99 / p50) / 2.3263) * normal(random));

export type Propagation = { p50: number; p99: number; withinSecond: number };

/** In milliseconds; `withinSecond`: the share of writes that are live within a second. */
export function propagation(random: () => number, rounds = 100_000): Propagation {
  const all = parts();
  const times = Array.from({ length: rounds }, () =>
    all.reduce((sum, part) => (part.share !== undefined && random() >= part.share ? sum : sum + draw(part, random)), 0),
  );
  return {
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    withinSecond: times.filter((time) => time <= 1000).length / rounds,
  };
}
