// A day of a large installation, second by second: how hot each partition of the table gets, how many Lambdas run, how many messages wait at a host.
import { compareSeconds } from "../../edge-agent/config.ts";
import { heartbeatSeconds } from "../../edge-agent/heartbeat.ts";
import { batchEvents } from "../../edge-agent/spool.ts";
import { mostShards } from "../../functions/events/shards.ts";
import { eventShards } from "../../functions/events/waiting.ts";
import type { Heats, Measured, PathName } from "../cost/paths.ts";
import { use } from "../cost/usage.ts";
import { poisson } from "./random.ts";

export type Scale = {
  tenants: number;
  resellers: number;
  pools: number;
  hosts: number;
  /** Changes of configuration. */
  writesPerSecond: number;
};
export const full: Scale = { tenants: 100_000, resellers: 1000, pools: 100, hosts: 1000, writesPerSecond: 50 };

/** What a partition takes, in units a second. */
export const partitionLimit = { writes: 1000, reads: 3000 };

/** Of a day's calls by hour, from midnight: an office's, and all of them in one time zone. */
const hourly = [0, 0, 0, 0, 0, 0, 1, 3, 8, 12, 13, 11, 8, 9, 11, 11, 8, 3, 1, 1, 0, 0, 0, 0];
const total = hourly.reduce((a, b) => a + b, 0);
export const busiestHour = hourly.indexOf(Math.max(...hourly));

export type Rates = Partial<Record<PathName, number>>;

/** How often each is asked for in a second, on average, at an hour of a working day. */
export function ratesAt(hour: number, scale: Scale): Rates {
  const { tenants, hosts, pools, writesPerSecond } = scale;
  const calls = (tenants * use.phones * use.callsPerPhoneAndDay * ((hourly[hour] ?? 0) / total)) / 3600;
  return {
    PATCH: writesPerSecond,
    "an acknowledgement": (writesPerSecond * hosts) / pools,
    "a call": calls,
    "25 phones register again": (tenants * use.phones) / use.renewSeconds / batchEvents,
    "a heartbeat": hosts / heartbeatSeconds,
    "a comparison": hosts / compareSeconds,
  };
}

export type Hot = { partition: string; writes: number; reads: number; many: boolean };

/** An event in one log: its head and itself, each of a kilobyte at the most, in a transaction. */
const eventWrites = 4;

/** The log of the account above all others: what comes there in a second, and for how much of the time the head of a shard is on the move. */
export function logOf(hot: Hot[], moveMs: number): { events: number; shards: number; busy: number } {
  const { writes = 0 } = hot.find(({ partition }) => partition.startsWith("L#A#<operator>")) ?? {};
  return {
    events: (writes / eventWrites) * mostShards,
    shards: mostShards,
    busy: ((writes / eventWrites) * moveMs) / 1000,
  };
}

/** Units a second on the one partition of each name that has the most, at these rates: one of many tenants has a hundred times its share. */
export function heatOf(heats: Heats, rates: Rates, { tenants, resellers, pools, hosts }: Scale): Hot[] {
  const shares: [string, number][] = [
    ["<tenant>", 100 / tenants],
    ["<one of many>", 100 / tenants],
    ["<reseller>", 1 / resellers],
    ["<pool>", 1 / pools],
    ["<host>", 1 / hosts],
    ["<shard>", 1 / eventShards],
    ["<log shard>", 1 / mostShards],
  ];
  const all = new Map<string, Hot>();
  for (const [path, rate] of Object.entries(rates))
    for (const [partition, { writes, reads }] of heats[path as PathName] ?? []) {
      const share = shares.find(([name]) => partition.includes(name))?.[1] ?? 1;
      const hot = all.get(partition) ?? { partition, writes: 0, reads: 0, many: share !== 1 };
      all.set(partition, {
        ...hot,
        writes: hot.writes + writes * rate * share,
        reads: hot.reads + reads * rate * share,
      });
    }
  return [...all.values()].sort((a, b) => b.writes - a.writes);
}

/** `peakWrites`: units of the whole table in the busiest second. */
export type Day = { peakRequests: number; peakLambdas: number; deepestQueue: number; peakWrites: number };

/** `receiveMs`: between two receives of a host, of ten messages each, while there are any. */
export function day(measured: Measured, scale: Scale, random: () => number, receiveMs = 60): Day {
  const result: Day = { peakRequests: 0, peakLambdas: 0, deepestQueue: 0, peakWrites: 0 };
  const asked = Object.keys(ratesAt(0, scale)) as PathName[];
  for (let second = 0; second < 86_400; second++) {
    const rates = ratesAt(Math.floor(second / 3600), scale);
    let requests = 0;
    let lambdas = 0;
    let writes = 0;
    for (const path of asked) {
      const count = poisson(rates[path] ?? 0, random);
      requests += count * measured[path].apiRequests;
      writes += count * measured[path].writeUnits;
      // at a gigabyte each, a GB-second is a second
      lambdas += count * measured[path].lambdaGbSeconds;
    }
    const messages = poisson(scale.writesPerSecond / scale.pools, random);
    const taken = Math.floor(1000 / receiveMs) * 10;
    result.deepestQueue = Math.max(result.deepestQueue, messages > taken ? messages - taken : messages);
    result.peakWrites = Math.max(result.peakWrites, writes);
    result.peakRequests = Math.max(result.peakRequests, requests);
    result.peakLambdas = Math.max(result.peakLambdas, lambdas);
  }
  return result;
}
