// How often a key may ask.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RateLimiter } from "../../../functions/access/rate-limit.ts";
import { type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
const start = Date.now();
beforeAll(async () => {
  control = await testControl({ rateLimit: { quota: 3, windowSeconds: 60 } });
  control.ctx.now = () => new Date(start);
});
afterAll(() => control.stop());

test("a key is told where it stands, refused beyond, and let in again as time goes by; another is not touched", async () => {
  const ask = async (key = control.key, path = "/v1/me") => {
    const { status, headers } = await control.call("GET", path, undefined, { key });
    return [status, headers.get("ratelimit"), headers.get("retry-after")];
  };
  const made = await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["sync:read"] });
  expect(made.headers.get("ratelimit-policy")).toBe('"key";q=3;w=60');
  expect(made.headers.get("ratelimit")).toBe('"key";r=2;t=20');
  expect(await ask()).toEqual([200, '"key";r=1;t=40', null]);
  expect(await ask()).toEqual([200, '"key";r=0;t=60', null]);
  expect(await ask()).toEqual([429, '"key";r=0;t=60', "20"]);
  const other = String(made.body.key);
  expect(await ask(other)).toEqual([200, '"key";r=2;t=20', null]);
  expect(await ask(other, "/v1/tenants")).toEqual([403, '"key";r=1;t=40', null]);
  control.ctx.now = () => new Date(start + 19_000);
  expect(await ask()).toEqual([429, '"key";r=0;t=41', "1"]);
  control.ctx.now = () => new Date(start + 20_000);
  expect(await ask()).toEqual([200, '"key";r=0;t=60', null]);
  expect((await control.call("GET", "/v1/me", undefined, { key: null })).headers.get("ratelimit")).toBeNull();
});

test("however requests come, no stretch of time sees more than the quota and what refilled in it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.nat({ max: 20_000 }), { maxLength: 200 }),
      (quota, gaps) => {
        const limiter = new RateLimiter({ quota, windowSeconds: 60 });
        let now = 0;
        const granted: number[] = [];
        for (const gap of gaps) {
          now += gap;
          const taken = limiter.take("key", now);
          if (taken?.retrySeconds === 0) granted.push(now);
        }
        for (const [index, from] of granted.entries())
          for (const [more, to] of granted.slice(index).entries())
            expect(more + 1).toBeLessThanOrEqual(quota + ((to - from) * quota) / 60_000 + 1e-6);
      },
    ),
  );
});
