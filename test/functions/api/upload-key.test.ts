// An idempotency key of a request that uploads a file stands for that very file.
import { Hono } from "hono";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noRateLimit, RateLimiter } from "../../../functions/access/rate-limit.ts";
import { addRoute, type Route, type Variables } from "../../../functions/api/route.ts";
import { Problem } from "../../../functions/problem.ts";
import { type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
beforeAll(async () => {
  control = await testControl();
});
afterAll(() => control.stop());

test("the same file gets the same answer, another one is refused", async () => {
  const app = new Hono<{ Variables: Variables }>();
  let handled = 0;
  const route: Route = {
    ...{ method: "post", path: "/files", tag: "files", summary: "Upload", scope: null, answers: {} },
    upload: { types: ["audio/wav"], limit: 100 },
    handle: async ({ file }) => ({ status: 201, body: { bytes: file.bytes.length, handled: ++handled } }),
  };
  addRoute(app, control.ctx, { ...route, load: async () => route }, new RateLimiter(noRateLimit));
  app.onError((error, c) => c.text("", error instanceof Problem ? (error.status as 422) : 500));
  const upload = async (body: string) => {
    const headers = { authorization: `Bearer ${control.key}`, "content-type": "audio/wav", "idempotency-key": "one" };
    const answer = await app.request("/files", { method: "POST", headers, body });
    return [answer.status, await answer.text()];
  };
  const first = await upload("RIFF-1");
  expect(first).toEqual([201, '{"bytes":6,"handled":1}']);
  expect(await upload("RIFF-1")).toEqual(first);
  expect((await upload("RIFF-2"))[0]).toBe(422);
  expect(handled).toBe(1);
});
