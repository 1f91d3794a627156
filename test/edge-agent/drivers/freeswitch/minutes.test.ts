// How long calls talked: counted once, from the answer of the call's own leg, kept on disk; calls that go on when it is used up are ended, emergency calls never.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMinutes } from "../../../../edge-agent/drivers/freeswitch/minutes.ts";
import type { Leg } from "../../../../edge-agent/drivers/freeswitch/report/leg.ts";
import { createPbx, idOf } from "../../../support/pbx.ts";

const pbx = createPbx();
const { acme, globex } = pbx;
const by = idOf("acc", 9);

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-03-04T12:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const leg = (uuid: string, tenant = acme, more: Partial<Leg> = {}): Leg =>
  ({
    ...{ uuid, tenant: tenant.id, domains: [], limit: null, price: null, originator: null, dialled: "1002" },
    ...{ startedUs: Date.now() * 1000, answeredUs: Date.now() * 1000, endedUs: null },
    ...more,
  }) as Leg;
const after = (one: Leg, seconds: number): Leg => ({ ...one, endedUs: (one.answeredUs ?? 0) + seconds * 1e6 });

function minutesOf() {
  const killed: string[] = [];
  const reached: unknown[] = [];
  const esl = {
    async api(command: string) {
      killed.push(command.split(" ")[1] ?? "");
      return "+OK";
    },
  };
  const tellReached = (tenant: string, limit: { name: string }) => void reached.push([tenant, limit.name]);
  const { documents } = pbx;
  const minutes = createMinutes({ documents, store: pbx.state.used, esl, tellReached, log: { warn: () => undefined } });
  return { minutes, killed, reached };
}

it("counts a call once, while it goes on and by the next agent, and nothing of who has no such limit", () => {
  acme.put("limits", "l", { by, minutesPerDay: 60 });
  const { minutes } = minutesOf();
  const one = leg("a");
  minutes.onLeg(one);
  minutes.onLeg(leg("b-leg", acme, { originator: "a" }));
  vi.advanceTimersByTime(60_000);
  expect(minutes.used(acme.owner)).toBeCloseTo(1);
  for (let told = 0; told < 3; told++) minutes.onEnded(after(one, 90));
  minutes.onEnded(after(leg("c", globex), 90));
  minutes.onEnded({ ...leg("d"), answeredUs: null, endedUs: Date.now() * 1000 });
  expect([acme, globex].map(({ owner }) => minutesOf().minutes.used(owner))).toEqual([1.5, 0]);
});

it("ends calls when the day's minutes are used up, all that share them, but no emergency call", () => {
  acme.put("limits", "l", { by, minutesPerDay: 3 });
  const { minutes, killed, reached } = minutesOf();
  // 1.5 are used: two calls have 45 seconds each
  minutes.onLeg(leg("x"));
  minutes.onLeg(leg("y"));
  minutes.onLeg(leg("sos", acme, { dialled: "911" }));
  vi.advanceTimersByTime(44_000);
  expect(killed).toEqual([]);
  vi.advanceTimersByTime(1100);
  expect([...new Set(killed)].sort()).toEqual(["x", "y"]);
  expect(reached[0]).toEqual([acme.id, "minutesPerDay"]);
  minutes.stop();
});
