// What an installation is asked in a month, and what that comes to. Every figure of use stands here; those of the agent and of the stack are theirs.
import { compareSeconds } from "../../edge-agent/config.ts";
import { heartbeatSeconds } from "../../edge-agent/heartbeat.ts";
import { pollSeconds } from "../../edge-agent/queue.ts";
import { batchEvents, patienceSeconds } from "../../edge-agent/spool.ts";
import { lentSeconds } from "../../functions/edges/sts.ts";

import { type Measured, type PathName, phones } from "./paths.ts";
import { plus as add, type Counts, dollars, none, prices, standing, type Unit, unitNames } from "./prices.ts";
import type { Stack } from "./template.ts";

const days = 30;
const workDays = 21;
const monthSeconds = days * 86_400;

/** What the agent does by itself: seconds between each. */
export type Rhythm = {
  heartbeatSeconds: number;
  compareSeconds: number;
  pollSeconds: number;
  /** Half of the life of what it is lent. */
  queueSeconds: number;
  /** So many renewals of registrations go to the cloud together at the most, and so long one waits for others. */
  togetherAtMost: number;
  patienceSeconds: number;
};

/** As edge hosts are. */
export const agentRhythm: Rhythm = {
  ...{ heartbeatSeconds, compareSeconds, pollSeconds, patienceSeconds },
  ...{ queueSeconds: lentSeconds / 2, togetherAtMost: batchEvents },
};

/** Of a tenant in a month. */
export const use = {
  phones,
  callsPerPhoneAndDay: 10,
  /** Between two REGISTERs of a phone: FreeSWITCH and Kamailio grant 600 seconds, and phones come back some time before. */
  renewSeconds: 450,
  signInsOfPhones: phones * workDays,
  changes: 60,
  applies: 2,
  reads: 500,
  lists: 200,
  simulated: 5,
  voicemails: 40,
  voicemailMonths: 3,
  /** Of all tenants, those whose calls a webhook wants. */
  webhookShare: 0.1,
  signIns: 20,
  pages: 400,
  liveMinutes: 20 * 60,
  /** Of all tenants, those that are new that month. */
  newShare: 0.05,
  messageBytes: 30 * 16_000,
  /** What a browser loads of the console when it begins anew: files, and bytes of them. */
  consoleFiles: 12,
  consoleBytes: 600_000,
  consoleLoads: 40,
};

export type Size = { tenants: number; pools: number; hostsPerPool: number };
export const sizes: Size[] = [
  { tenants: 10, pools: 1, hostsPerPool: 2 },
  { tenants: 1000, pools: 1, hostsPerPool: 10 },
  { tenants: 100_000, pools: 100, hostsPerPool: 10 },
];

export type Line = { what: string; counts: Counts; dollars: number };

/** The month of an installation, line by line. */
export function bill(measured: Measured, stack: Stack, rhythm: Rhythm, { tenants, pools, hostsPerPool }: Size): Line[] {
  const hosts = pools * hostsPerPool;
  const of = (...parts: [times: number, path: PathName][]): Counts =>
    parts.reduce((sum, [times, path]) => add(sum, measured[path], times), none());
  const only = (counts: Partial<Counts>): Counts => ({ ...none(), ...counts });
  const calls = tenants * use.phones * use.callsPerPhoneAndDay * workDays;
  const changes = tenants * use.changes;
  const every = (seconds: number): number => (hosts * monthSeconds) / seconds;
  const line = (what: string, counts: Counts, more = 0): Line => ({ what, counts, dollars: dollars(counts) + more });
  const gb = 1024 ** 3;
  const kept = tenants * use.voicemails * use.messageBytes * use.voicemailMonths;
  return [
    line("calls", of([calls, "a call"])),
    line("webhooks", of([calls * use.webhookShare, "a call, one more webhook"])),
    line(
      "registrations",
      of([tenants * use.signInsOfPhones, "a phone registers"], ...renewals(tenants, hosts, rhythm)),
    ),
    line(
      "changes of configuration",
      of(
        [changes, "PATCH"],
        [tenants * use.applies, "apply of 20 extensions"],
        [changes * (hostsPerPool - 2), "a change, one more host"],
        [(changes + tenants * use.applies) * hostsPerPool, "an acknowledgement"],
        [tenants * use.newShare, "a new tenant"],
      ),
    ),
    line(
      "reading by API",
      of(
        [tenants * use.reads, "GET one"],
        [tenants * use.lists, "GET a list of 20"],
        [tenants * use.simulated, "a simulated call"],
      ),
    ),
    line(
      "voicemail",
      add(of([tenants * use.voicemails, "a voicemail message by mail"]), only({ s3GbMonths: kept / gb })),
    ),
    line(
      "console",
      add(
        of([tenants * use.signIns, "a sign-in"], [tenants * use.pages, "a page of the console"]),
        only({
          cdnRequests: tenants * (use.consoleLoads * use.consoleFiles + use.pages * 3),
          wafRequests: tenants * (use.consoleLoads * use.consoleFiles + use.pages * 3),
          outGb: (tenants * use.consoleLoads * use.consoleBytes) / gb,
        }),
      ),
    ),
    line("live views", of([tenants * use.liveMinutes, "a minute of a live view"])),
    line("hosts: heartbeats", of([every(rhythm.heartbeatSeconds), "a heartbeat"])),
    line(
      "hosts: comparisons",
      of(
        [every(rhythm.compareSeconds), "a comparison"],
        [every(rhythm.compareSeconds) * Math.max(0, tenants / pools - 2), "a comparison, one more tenant"],
      ),
    ),
    line(
      "hosts: waiting at their queues",
      add(of([every(rhythm.queueSeconds), "asking for the queue"]), only({ sqsRequests: every(rhythm.pollSeconds) })),
    ),
    line("clocks", of([days * 24 * 60, "a minute of clocks"], [days * 24, "an hour of clocks"])),
    line("what stands there", none(), standingOf(stack)),
  ];
}

/** Renewals in batches of as many as come on a host within its patience. */
function renewals(tenants: number, hosts: number, { togetherAtMost, patienceSeconds }: Rhythm): [number, PathName][] {
  const all = (tenants * use.phones * monthSeconds) / use.renewSeconds;
  const inTime = (all / monthSeconds / hosts) * patienceSeconds;
  const batches = all / Math.max(1, Math.min(togetherAtMost, inTime));
  // what each costs beyond its batch, from the costs of one and of a full batch
  const full = (all - batches) / (batchEvents - 1);
  return [
    [batches - full, "a phone registers again"],
    [full, "25 phones register again"],
  ];
}

function standingOf({ types, wafRules }: Stack): number {
  const each = Object.entries(standing).map(([type, { dollars: price }]) => price * (types[type] ?? 0));
  return each.reduce((a, b) => a + b, wafRules);
}

/** Dollars of one change of configuration in a pool of so many hosts. */
export const shareOf = (measured: Measured, hosts: number): number =>
  dollars(measured.PATCH) +
  (hosts - 2) * dollars(measured["a change, one more host"]) +
  hosts * dollars(measured["an acknowledgement"]);

export const totalOf = (lines: Line[]): number => lines.reduce((sum, each) => sum + each.dollars, 0);
export const largestOf = (lines: Line[]): Line => lines.reduce((a, b) => (b.dollars > a.dollars ? b : a));

/** The same month by what is paid for. */
export function byUnit(lines: Line[]): [Unit, number][] {
  const all = lines.reduce((sum, { counts }) => add(sum, counts), none());
  return unitNames.map((unit) => [unit, all[unit] * prices[unit].dollars]);
}
