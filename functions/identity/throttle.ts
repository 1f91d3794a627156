// How often somebody may try what strangers may: buckets in the store, so that all processes count together. Who tries is counted by what he sends, known
// here or not, so that being held up tells nothing.
import { isIPv6 } from "node:net";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed, Conflict } from "../store/store.ts";

/** So many tries at once, and as many again evenly spread over the time. */
export type Rule = { name: string; quota: number; seconds: number };

export const rules = {
  /** From one address, whomever it is about. */
  signInFrom: { name: "sign-in-from", quota: 30, seconds: 600 },
  /** Of one account from one network: guesses elsewhere don't hold up whose it is. */
  signInNear: { name: "sign-in-near", quota: 10, seconds: 900 },
  signInOf: { name: "sign-in-of", quota: 100, seconds: 3600 },
  /** One-time and recovery codes of one account, for who has its password or its session. */
  codeNear: { name: "code-near", quota: 6, seconds: 900 },
  codeOf: { name: "code-of", quota: 30, seconds: 3600 },
  passkeyFrom: { name: "passkey-from", quota: 120, seconds: 600 },
  ssoFrom: { name: "sso-from", quota: 120, seconds: 600 },
  /** What comes of it is mail to somebody. */
  mailFrom: { name: "mail-from", quota: 20, seconds: 3600 },
  mailTo: { name: "mail-to", quota: 4, seconds: 3600 },
  /** Sign-ups out of one network, and with addresses of one domain. */
  signUpIn: { name: "sign-up-in", quota: 20, seconds: 86_400 },
  signUpAt: { name: "sign-up-at", quota: 20, seconds: 86_400 },
  /** Codes that are spoken: for one tenant, and to one number. */
  spokenOf: { name: "spoken-of", quota: 5, seconds: 86_400 },
  spokenTo: { name: "spoken-to", quota: 3, seconds: 86_400 },
  /** Links and codes that were mailed. */
  linkFrom: { name: "link-from", quota: 60, seconds: 600 },
} as const satisfies Record<string, Rule>;

/** An IPv4 address, or the /64 that an IPv6 customer has at the least. */
export function placeOf(address: string | null): string {
  if (address === null || !isIPv6(address)) return address ?? "unknown";
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [left = "", right] = address.toLowerCase().split("%")[0]?.split("::") ?? [];
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  const groups =
    right === undefined
      ? head
      : [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0"), ...tail];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}

/** The network around it: a /24, of IPv6 the /64. */
export const networkOf = (address: string | null): string => placeOf(address).replace(/\.\d+$/, ".0/24");

/** Takes one try. Throws `rate_limited` where there is none. */
export const take = (ctx: Context, rule: Rule, who: string): Promise<void> => move(ctx, rule, who, 1);

/** Gives one back: it was no guess. */
export const giveBack = (ctx: Context, rule: Rule, who: string): Promise<void> =>
  move(ctx, rule, who, -1).catch(() => undefined);

const attempts = 12;

async function move(ctx: Context, { name, quota, seconds }: Rule, who: string, tries: 1 | -1): Promise<void> {
  const key = keys.throttle(name, who);
  const each = (seconds * 1000) / quota;
  const refuse = (retrySeconds: number) =>
    new Problem("rate_limited", `That was tried too often; try again in ${retrySeconds} s.`, {
      headers: { "Retry-After": String(retrySeconds) },
    });
  for (let attempt = 0; attempt < attempts; attempt++) {
    const now = ctx.now().getTime();
    const item = await ctx.store.get(key);
    const before = Math.max(Number(item?.fullAt ?? 0), now);
    const fullAt = Math.max(now, before + tries * each);
    if (fullAt - now > seconds * 1000) throw refuse(Math.max(1, Math.ceil((fullAt - now) / 1000 - seconds)));
    const turn = Number(item?.turn ?? 0);
    const put = { ...key, fullAt, turn: turn + 1, ttl: Math.ceil(fullAt / 1000) + 60 };
    try {
      return await ctx.store.transact([{ put, if: item ? { equals: { turn } } : { absent: true } }]);
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    }
  }
  // so many at once are nobody who mistyped
  throw refuse(1);
}
