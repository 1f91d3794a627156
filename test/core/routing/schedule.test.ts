import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolve } from "../../../core/routing/resolve.ts";
import { configOf, type Input } from "../../support/config.ts";

const to = (cause: string) => ({ kind: "hangup", cause });
const weekly = [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "18:00" }];
const number: Input = {
  kind: "phone-number",
  id: "num_1",
  body: { number: "+15550100", destination: { kind: "schedule", ref: "sch_1" } },
};
function ask(at: string | Date, body: Record<string, unknown>, runtime: Record<string, unknown> = {}) {
  const schedule: Input = {
    kind: "schedule",
    id: "sch_1",
    body: {
      name: "office",
      timeZone: "Europe/Paris",
      hours: weekly,
      open: to("busy"),
      closed: to("rejected"),
      ...body,
    },
  };
  const call = {
    from: { kind: "outside", number: "+15550123", name: null } as const,
    to: "+15550100",
    at: new Date(at),
  };
  const { action, steps } = resolve(configOf([number, schedule], {}, runtime), call);
  return { cause: action.do === "hangup" ? action.cause : action.do, why: steps.at(-1)?.why ?? "", path: steps };
}

describe("a schedule", () => {
  it.each([
    ["2026-11-27T16:59:00Z", "busy", "open: Friday 17:59 in Europe/Paris"],
    ["2026-11-27T17:00:00Z", "rejected", "closed: Friday 18:00 in Europe/Paris"],
    ["2026-11-28T12:00:00Z", "rejected", "closed: Saturday 13:00 in Europe/Paris"],
    // an hour earlier by UTC in summer
    ["2026-07-03T07:00:00Z", "busy", "open: Friday 09:00 in Europe/Paris"],
    ["2026-12-04T07:30:00Z", "rejected", "closed: Friday 08:30 in Europe/Paris"],
  ])("at %s sends a call where its hours say, and names the rule", (at, cause, why) => {
    expect(ask(at, {})).toMatchObject({ cause, why });
  });

  it("uses the tenant's time zone where it has none of its own", () => {
    expect(ask("2026-11-27T08:30:00Z", { timeZone: null }).why).toContain("08:30 in UTC");
  });

  it.each([
    ["fri", "2026-11-27T23:30:00Z", "busy"],
    ["before midnight", "2026-11-27T20:59:00Z", "rejected"],
    ["the morning after", "2026-11-28T03:59:00Z", "busy"],
    ["until its end", "2026-11-28T04:00:00Z", "rejected"],
    ["not the night after", "2026-11-28T23:30:00Z", "rejected"],
  ])("is open over night: %s", (_, at, cause) => {
    const hours = [{ days: ["fri"], from: "22:00", to: "05:00" }];
    expect(ask(at, { hours }).cause).toBe(cause);
  });

  it("is open all day from a time to the same time, and until 24:00", () => {
    const around = [{ days: ["fri"], from: "00:00", to: "00:00" }];
    for (const hours of [around, [{ days: ["fri"], from: "00:00", to: "24:00" }]]) {
      expect(ask("2026-11-27T22:59:00Z", { hours }).cause).toBe("busy");
      expect(ask("2026-11-27T23:00:00Z", { hours }).cause).toBe("rejected");
    }
  });

  const holidays = [
    { name: "Christmas", date: "12-25" },
    { name: "Works outing", date: "2026-09-11", destination: to("not-found") },
    { name: "Summer", date: "2026-08-03", lastDate: "2026-08-21" },
  ];
  it.each([
    ["2026-12-25T10:00:00Z", "rejected", "closed: holiday Christmas, 2026-12-25 in Europe/Paris"],
    ["2028-12-25T10:00:00Z", "rejected", "closed: holiday Christmas, 2028-12-25 in Europe/Paris"],
    // by the schedule's own calendar: 23:30 UTC is the next day in Paris
    ["2026-12-24T23:30:00Z", "rejected", "closed: holiday Christmas, 2026-12-25 in Europe/Paris"],
    ["2026-09-11T10:00:00Z", "not-found", "closed: holiday Works outing, 2026-09-11 in Europe/Paris"],
    ["2027-09-10T10:00:00Z", "busy", "open: Friday 12:00 in Europe/Paris"],
    ["2026-08-03T10:00:00Z", "rejected", "closed: holiday Summer, 2026-08-03 in Europe/Paris"],
    ["2026-08-21T10:00:00Z", "rejected", "closed: holiday Summer, 2026-08-21 in Europe/Paris"],
    ["2026-08-24T10:00:00Z", "busy", "open: Monday 12:00 in Europe/Paris"],
  ])("on %s holidays come before hours", (at, cause, why) => {
    expect(ask(at, { holidays })).toMatchObject({ cause, why });
  });

  it("is what people made it by phone, whatever the clock and the calendar say", () => {
    const runtime = (override: unknown) => ({ "sch_1/override": override });
    expect(ask("2026-12-25T10:00:00Z", { holidays }, runtime("open"))).toMatchObject({
      cause: "busy",
      why: "is open by override",
    });
    expect(ask("2026-11-27T10:00:00Z", {}, runtime("closed")).cause).toBe("rejected");
    for (const nothing of [null, "ajar"]) expect(ask("2026-11-27T10:00:00Z", {}, runtime(nothing)).cause).toBe("busy");
  });

  it("without a place to send calls to ends them", () => {
    expect(ask("2026-11-28T12:00:00Z", { closed: null }).cause).toBe("unavailable");
  });

  it("around every change of clocks agrees with the clock on the wall", () => {
    const zones = [
      "Europe/Paris",
      "America/New_York",
      "Australia/Lord_Howe",
      "America/Sao_Paulo",
      "Africa/Casablanca",
      "Asia/Kathmandu",
    ];
    const changes = [
      "2026-03-29T01:00Z",
      "2026-10-25T01:00Z",
      "2026-03-08T07:00Z",
      "2026-11-01T06:00Z",
      "2026-04-04T15:00Z",
      "2026-10-03T15:30Z",
    ];
    const clock = fc
      .integer({ min: 0, max: 24 * 4 })
      .map((n) => `${String(n >> 2).padStart(2, "0")}:${String((n % 4) * 15).padStart(2, "0")}`);
    const every = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...changes),
        fc.integer({ min: -2000, max: 2000 }),
        clock,
        clock,
        (timeZone, change, minutes, from, until) => {
          const at = new Date(Date.parse(change) + minutes * 60_000);
          // Sweden writes 2026-03-29 01:30
          const wall = at.toLocaleString("sv-SE", { timeZone }).slice(11, 16);
          const open = from < until ? from <= wall && wall < until : from <= wall || wall < until;
          expect(ask(at, { timeZone, hours: [{ days: every, from, to: until }] }).cause).toBe(
            open ? "busy" : "rejected",
          );
        },
      ),
    );
  });
});
