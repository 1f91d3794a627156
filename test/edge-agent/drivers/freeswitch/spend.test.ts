// What calls cost and how long they were recorded: counted once, on the right day, for the tenant and the accounts above, and still known to the next agent.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { accountOwner } from "../../../../core/owner.ts";
import { createCallCounts } from "../../../../edge-agent/drivers/freeswitch/call-counts.ts";
import type { Leg } from "../../../../edge-agent/drivers/freeswitch/report/leg.ts";
import { createSpend } from "../../../../edge-agent/drivers/freeswitch/spend.ts";
import { openState } from "../../../../edge-agent/state.ts";
import { createPbx, idOf } from "../../../support/pbx.ts";

const pbx = createPbx();
const { acme, globex } = pbx;
const reseller = accountOwner(idOf("acc", 9));
const begun = Date.parse("2026-03-04T03:00:00Z");
const log = { warn: () => undefined, error: () => undefined };

beforeEach(() => void vi.useFakeTimers({ now: begun }));
afterEach(() => void vi.useRealTimers());

/** A leg to a carrier that costs a dollar a minute, answered when it began. */
const leg = (uuid: string, tenant: string, more: Partial<Leg> = {}): Leg =>
  ({
    ...{ uuid, tenant, domains: [], limit: null, price: { currency: "USD", perMinute: 1 } },
    ...{ startedUs: Date.now() * 1000, answeredUs: Date.now() * 1000, endedUs: null },
    ...more,
  }) as Leg;
const after = (one: Leg, seconds: number): Leg => ({ ...one, endedUs: (one.answeredUs ?? 0) + seconds * 1e6 });

function spendOf(store = pbx.state.used) {
  const reported: unknown[] = [];
  const killed: string[] = [];
  const spend = createSpend({
    ...{ documents: pbx.documents, store, log },
    esl: {
      async api(command) {
        killed.push(command.split(" ")[1] ?? "");
        return "+OK";
      },
    },
    report: async (event) => void reported.push(event),
  });
  return { spend, reported, killed };
}

it("a leg counts once however often its end is told, up to now while it goes on, and for nothing unanswered", () => {
  const { spend } = spendOf();
  const one = leg("a", acme.id);
  spend.onLeg(one);
  vi.advanceTimersByTime(30_000);
  expect(spend.spent(acme.owner, "USD")).toBeCloseTo(0.5);
  for (let told = 0; told < 3; told++) spend.onEnded(after(one, 90));
  spend.onEnded(after(leg("b", globex.id), 30));
  spend.onEnded({ ...leg("c", acme.id), answeredUs: null, endedUs: Date.now() * 1000 });
  const sums = [acme.owner, globex.owner, reseller].map((owner) => spend.spent(owner, "USD"));
  expect(sums).toEqual([1.5, 0.5, 2]);
  expect(spend.spent(acme.owner, "EUR")).toBe(0);
});

it("a day is that of whose limit it is, and a call belongs to the day on which it began", () => {
  acme.settings({ timeZone: "America/New_York" });
  const { spend } = spendOf();
  const before = [acme.owner, reseller].map((owner) => spend.spent(owner, "USD"));
  // 22:00 of the day before in New York, 03:00 in UTC, of which the reseller is
  spend.onEnded(after(leg("d", acme.id), 60));
  expect([spend.spent(acme.owner, "USD") - 1, spend.spent(reseller, "USD")]).toEqual([0, (before[1] ?? 0) + 1]);
  vi.setSystemTime(begun + 3 * 3_600_000);
  expect([spend.spent(acme.owner, "USD"), spend.spent(reseller, "USD")]).toEqual([1.5, (before[1] ?? 0) + 1]);
  acme.settings();
});

it("is on disk: the next agent knows what was spent and recorded", () => {
  const dir = mkdtempSync(join(tmpdir(), "dp-used-"));
  const minutes = [1, 2].map((agent) => {
    const state = openState(join(dir, "state.db"));
    const { spend } = spendOf(state.used);
    if (agent === 1) spend.onEnded(after(leg("e", globex.id), 60));
    for (let told = 0; told < agent; told++)
      spend.recorded({ tenant: globex.id, id: `rec_${told}`, startedMs: Date.now(), seconds: 90 });
    const seen = [
      spend.spent(globex.owner, "USD"),
      spend.recordedMinutes(globex.owner),
      spend.recordedMinutes(reseller),
    ];
    state.close();
    return seen;
  });
  rmSync(dir, { recursive: true });
  expect(minutes).toEqual([
    [1, 1.5, 1.5],
    [1, 3, 3],
  ]);
});

it("calls that share what is left are cut when it is spent, and the limit is told once a day", () => {
  const tenant = pbx.tenant(4, "umbrella.test");
  tenant.settings();
  tenant.put("limits", "l", { by: tenant.id, dailySpend: { amount: 1, currency: "USD" } });
  const { spend, killed, reported } = spendOf();
  for (const uuid of ["x", "y"]) spend.onLeg(leg(uuid, tenant.id));
  vi.advanceTimersByTime(29_000);
  expect(killed).toEqual([]);
  vi.advanceTimersByTime(1100);
  expect(killed.slice(0, 2).sort()).toEqual(["x", "y"]);
  expect(reported).toEqual([
    { type: "limit.reached", data: { tenant: tenant.id, limit: "dailySpend", scope: tenant.id, by: tenant.id } },
  ]);
  spend.stop();
});

it("calls at a time are those that began and have not ended, whatever is told twice or out of order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(5), fc.constantFrom("begins", "goes on", "ends")), { maxLength: 40 }),
      (events) => {
        const counts = createCallCounts(pbx.documents);
        const model = new Set<number>();
        for (const [n, what] of events) {
          if (what === "ends") counts.ends(`u${n}`);
          else counts.begins(`u${n}`, n % 2 ? acme.id : globex.id, what === "begins");
          if (what === "ends") model.delete(n);
          else model.add(n);
        }
        const used = counts.used("none");
        const of = (odd: number) => [...model].filter((n) => n % 2 === odd).length;
        expect([acme.owner, globex.owner, reseller].map((owner) => used("concurrentCalls", owner))).toEqual([
          ...[of(1), of(0), model.size],
        ]);
        counts.keep(new Set());
        expect(used("concurrentCalls", reseller)).toBe(0);
      },
    ),
    { numRuns: 50 },
  );
});
