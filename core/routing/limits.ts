// Limits on calls: how many at a time and a second, how long a day, to which numbers and countries, for how much a day, and for how long they are recorded. What is used is counted on
// the host; emergency calls go out before any of this is asked, and who called one within the hour is called back.
import { type Bound, boundsOf, boundsOn, whose } from "../limits.ts";
import type { Owner } from "../owner.ts";
import type { LimitName } from "../resources/limits.ts";
import type { Config, OwnedTrunk } from "./config.ts";
import { countryOf } from "./permission.ts";
import type { Action } from "./plan.ts";
import { type Price, priceOf } from "./rate.ts";
import type { Way } from "./way.ts";

/** How much of it is used on this host by a tenant, or by all below an account; of calls, those beside the one that asks. */
export type Used = (
  limit: "concurrentCalls" | "callsPerSecond" | "minutesPerDay" | "recordingMinutesPerMonth",
  scope: Owner,
) => number;
/** What the calls of the scope's present day have cost in this currency, those that go on up to now. */
export type Spent = (scope: Owner, currency: string) => number;
/** A limit that stops a call: whose use it bounds, and the id of who set it. */
export type Reached = { name: LimitName; scope: Owner; by: string };

/** Every limit that holds for the tenant. */
export function boundsFor(config: Config): Bound[] {
  const set = config.inherited("limits");
  if (set.length === 0) return [];
  return boundsOf([config.owner, ...config.accounts], {
    limitsOn: (owner) => set.filter((one) => one.owner === owner).map(({ body }) => body),
    plan: (owner, id) => config.inherited("plan").find((one) => one.owner === owner && one.id === id)?.body,
  });
}

const reached = (name: LimitName, { scope, by }: Bound): Reached => ({ name, scope, by });

const inWords = { concurrentCalls: "calls at a time", callsPerSecond: "calls a second" } as const;

/** The end of a call that begins at `at`, where there are as many as may be. */
export function stopLimited(way: Way, at: string): Action | undefined {
  const { config, call } = way;
  if (call.resume || call.inside || !call.used) return undefined;
  if (call.from.kind === "outside" && call.emergencyWithin?.()) return undefined;
  const bounds = boundsFor(config);
  for (const limit of ["concurrentCalls", "callsPerSecond"] as const)
    for (const { bound, value } of boundsOn(bounds, limit))
      if (call.used(limit, bound.scope) >= value)
        return way.end(
          at,
          `there are ${value} ${inWords[limit]} already, as many as may be (${whose(bound)})`,
          "congestion",
          reached(limit, bound),
        );
  for (const { bound, value } of boundsOn(bounds, "minutesPerDay"))
    if (call.used("minutesPerDay", bound.scope) >= value)
      return way.end(
        at,
        `${value} minutes were talked today, as many as may be (${whose(bound)})`,
        "rejected",
        reached("minutesPerDay", bound),
      );
  return undefined;
}

type Refusal = { why: string; limit: Reached };

/** Why no call may go to `number` (E.164), by the numbers and the countries that are allowed. */
export function numberRefused({ config, call }: Way, number: string): Refusal | undefined {
  const bounds = boundsFor(config);
  for (const { bound, value } of call.verifies ? [] : boundsOn(bounds, "onlyNumbers"))
    if (!value.includes(number)) {
      const where = value.length === 0 ? "nowhere outside" : `to ${value.join(", ")} alone`;
      return { why: `calls may go ${where} (${whose(bound)})`, limit: reached("onlyNumbers", bound) };
    }
  const country = countryOf(number);
  for (const { bound, value } of boundsOn(bounds, "countries"))
    if (country === undefined || !value.includes(country)) {
      const where = country === undefined ? "belongs to no country that is known" : `is in ${country}`;
      const why = `${number} ${where}, and calls may go to ${value.join(", ") || "none"} alone (${whose(bound)})`;
      return { why, limit: reached("countries", bound) };
    }
  return undefined;
}

/** What a call over a trunk costs, and how long it may last for that. */
export type Allowance = { price: Price | null; maxSeconds: number | null };

/** A call that has room for a day needs no end. */
const longest = 86_400;

/**
 * What may be spent on a call to `number` over the trunk. The tenant's own trunks cost what their rates say, without rates nothing; over an account's, a
 * call whose price is not known is refused while there is a cap, and so is one priced in another currency than the cap.
 */
export function allowanceFor({ config, call }: Way, trunk: OwnedTrunk, number: string): Allowance | Refusal {
  const price = priceOf(config, trunk.id, number) ?? null;
  let maxSeconds = Number.POSITIVE_INFINITY;
  for (const { bound, value: cap } of boundsOn(boundsFor(config), "dailySpend")) {
    const limit = reached("dailySpend", bound);
    const over = `the trunk ${trunk.body.name}`;
    const day = `${cap.currency} ${cap.amount} may be spent a day (${whose(bound)})`;
    if (price === null) {
      if (trunk.owner === config.owner) continue;
      return { why: `${over} has no rate for ${number}, and ${day}`, limit };
    }
    if (price.currency !== cap.currency) return { why: `${over} is priced in ${price.currency}, and ${day}`, limit };
    const left = cap.amount - (call.spent?.(bound.scope, cap.currency) ?? 0);
    const seconds = price.perMinute === 0 ? Number.POSITIVE_INFINITY : Math.floor((left / price.perMinute) * 60);
    if (seconds < 1) return { why: `of ${day} too little is left`, limit };
    maxSeconds = Math.min(maxSeconds, seconds);
  }
  return { price, maxSeconds: maxSeconds < longest ? maxSeconds : null };
}

/** Why nothing more is recorded this month. */
export function recordingRefused(config: Config, used: Used | undefined): string | undefined {
  if (!used) return undefined;
  for (const { bound, value } of boundsOn(boundsFor(config), "recordingMinutesPerMonth"))
    if (used("recordingMinutesPerMonth", bound.scope) >= value)
      return `${value} minutes were recorded this month, as many as may be (${whose(bound)})`;
  return undefined;
}
