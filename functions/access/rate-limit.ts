// How often a key may ask: a bucket per key that refills evenly, and one for each limit on all keys below an account. Each process counts for itself; in the cloud API Gateway holds the installation's own limit
// besides.
import { changed, number, optional } from "../environment.ts";

/** `quota` requests at once, and as many again evenly spread over `windowSeconds`. A quota of 0 is no limit. */
export type RateLimit = { quota: number; windowSeconds: number };
/** `remaining`: requests that may be sent now; `resetSeconds`: until the bucket is full again; `retrySeconds`: until one may be sent, 0 where one may. */
export type Taken = { limit: RateLimit; remaining: number; resetSeconds: number; retrySeconds: number };

/** 100 requests a second on the long run, a minute's worth at once. */
export const defaultRateLimit: RateLimit = { quota: 6000, windowSeconds: 60 };
export const noRateLimit: RateLimit = { quota: 0, windowSeconds: 60 };
/** Requests a minute of each key, as a setting; 0: as many as it likes. */
export const perMinute = changed(
  optional(number(0, 1_000_000), defaultRateLimit.quota),
  (quota): RateLimit => ({ quota, windowSeconds: 60 }),
);
const maxBuckets = 10_000;

export class RateLimiter {
  readonly #limit: RateLimit;
  /** By key, when its bucket will be full again, in milliseconds since 1970; those that are full are not held. */
  readonly #fullAt = new Map<string, number>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Takes one request from a bucket at the time `now` (milliseconds since 1970), if there is one. Undefined where there is no limit. */
  take(id: string, now: number, limit = this.#limit): Taken | undefined {
    const { quota, windowSeconds } = limit;
    if (quota === 0) return undefined;
    const each = (windowSeconds * 1000) / quota;
    const before = Math.max(this.#fullAt.get(id) ?? 0, now);
    const spent = before - now;
    const room = windowSeconds * 1000 - spent;
    const granted = room >= each;
    const fullAt = granted ? before + each : before;
    this.#keep(id, fullAt, now);
    return {
      limit,
      remaining: Math.max(0, Math.floor((windowSeconds * 1000 - (fullAt - now)) / each)),
      resetSeconds: Math.ceil((fullAt - now) / 1000),
      retrySeconds: granted ? 0 : Math.max(1, Math.ceil((each - room) / 1000)),
    };
  }

  #keep(id: string, fullAt: number, now: number): void {
    if (this.#fullAt.size >= maxBuckets && !this.#fullAt.has(id))
      for (const [other, at] of this.#fullAt) if (at <= now) this.#fullAt.delete(other);
    this.#fullAt.set(id, fullAt);
  }
}

/** The fields of draft-ietf-httpapi-ratelimit-headers, of each policy by its name. */
export const rateLimitHeaders = (taken: [policy: string, Taken][]): Record<string, string> => ({
  "RateLimit-Policy": taken
    .map(([policy, { limit }]) => `"${policy}";q=${limit.quota};w=${limit.windowSeconds}`)
    .join(", "),
  RateLimit: taken
    .map(([policy, { remaining, resetSeconds }]) => `"${policy}";r=${remaining};t=${resetSeconds}`)
    .join(", "),
});
