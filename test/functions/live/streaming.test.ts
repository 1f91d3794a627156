// Live views as the cloud streams them: the function behind its URL, fed with such a URL's events, and what it writes as it writes it.
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { frontHeaders } from "../../../functions/access/front-headers.ts";
import type { Context } from "../../../functions/context.ts";
import { createLiveApp } from "../../../functions/live/app.ts";
import { createStreamHandler, type Head } from "../../../functions/live/handler.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { functionUrlEvent } from "../../support/gateway.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";
import { mailbox, newPerson } from "../../support/visitor.ts";

const frontSecret = "s".repeat(40);
const mails = mailbox();
let control: TestControl;
let edge: SignedEdge;
let batch = 0;
beforeAll(async () => {
  control = await testControl({ mailer: mails.mailer });
  edge = await enrolEdge(control);
});
afterAll(() => control.stop());

async function call(tenant: string, id: string, state = "answered"): Promise<void> {
  const at = new Date().toISOString();
  const party = (number: string) => ({ number, name: null, extension: number });
  const data = {
    ...{ id, tenant, direction: "internal", from: party("1001"), to: party("1002"), state },
    ...{ startedAt: at, answeredAt: at },
  };
  const events = [{ id: `evt-streaming-${++batch}`, type: "call.updated", at, data }];
  const reply = await edge.request("POST", "events", { generation: "g-streaming", batch, events });
  expect(reply.status, reply.text).toBeLessThan(300);
}

type Sent = { headers?: Record<string, string>; cookies?: string[]; seconds?: number; settled?: () => Promise<void> };

/** `read()`: what was written so far; `done`: the handler returned. */
function watch(path: string, { headers = {}, cookies = [], seconds = 60, settled = async () => {} }: Sent = {}) {
  const ctx: Context = { ...control.ctx, frontSecret, live: { how: "asking", seconds } };
  const out = new PassThrough();
  let text = "";
  let head: Head | undefined;
  out.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  out.on("error", () => undefined);
  const streaming = {
    from(to: PassThrough, its: Head) {
      head = its;
      return to;
    },
  };
  const handler = createStreamHandler(createLiveApp(ctx), { streaming: streaming as never, settled, log: ctx.log });
  const sent = {
    ...{ accept: "text/event-stream", [frontHeaders.secret]: frontSecret, [frontHeaders.viewer]: "203.0.113.7" },
    ...(cookies.length === 0 && { authorization: `Bearer ${control.key}` }),
    ...headers,
  };
  let over = false;
  const done = handler(functionUrlEvent(`${path}/live`, sent, cookies), out).then(() => {
    over = true;
  });
  onTestFinished(() => void out.destroy());
  return {
    out,
    done,
    read: () => text,
    isOver: () => over,
    head: () => head,
    events: () => [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name),
  };
}

test("the first bytes come before the end, and a change within about a second, to a key and to a person", async () => {
  const { id, path } = await newTenant(control);
  const member = { email: "streaming@people.example", role: "owner", tenantId: id };
  const { who } = await newPerson(control, mails, member);
  const key = watch(path);
  const person = watch(path, {
    cookies: [`__Host-dialplane=${who.token}`],
    headers: { "sec-fetch-site": "same-origin" },
  });
  for (const { events } of [key, person]) await expect.poll(events).toEqual(["snapshot"]);
  expect(key.head()).toMatchObject({ statusCode: 200, headers: { "content-type": "text/event-stream" } });
  const begun = Date.now();
  await call(id, "cal-1");
  for (const { read } of [key, person])
    await expect.poll(read, { timeout: 5000 }).toMatch(/event: change\n.*\ndata: .*cal-1/);
  expect(Date.now() - begun).toBeLessThan(4000);
  await call(id, "cal-1", "ended");
  await expect.poll(key.read, { timeout: 5000 }).toMatch(/"id":"cal-1","item":null/);
  expect(key.isOver()).toBe(false);
});

test("it ends when its time is over, and not before the work after the answer is done", async () => {
  const { path } = await newTenant(control);
  const { promise, resolve: settle } = Promise.withResolvers<void>();
  const one = watch(path, { seconds: 0.2, settled: () => promise });
  await expect.poll(() => one.out.writableEnded).toBe(true);
  expect(one.read()).toMatch(/^retry: 1000\n\nevent: snapshot\n/);
  expect(one.isOver()).toBe(false);
  settle();
  await one.done;
});

test("a key that was revoked watches no more, and is told why", async () => {
  const { id, path } = await newTenant(control);
  const { body } = await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"], tenantId: id });
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const one = watch(path, { headers: { authorization: `Bearer ${body.key}` } });
  await vi.waitFor(() => expect(one.events()).toEqual(["snapshot"]));
  expect((await control.call("DELETE", `/v1/api-keys/${body.id}?tenantId=${id}`)).status).toBe(204);
  vi.advanceTimersByTime(15_000);
  await one.done;
  expect(one.read()).toMatch(/event: end\ndata: .*unauthenticated/);
});

test("where nobody reads any more it gives up: no timer of it runs on in the instance's next answer", async () => {
  const { path } = await newTenant(control);
  const one = watch(path);
  await expect.poll(one.events).toEqual(["snapshot"]);
  one.out.destroy();
  await one.done;
});

test.each([
  ["nothing of the front", { [frontHeaders.secret]: "" }],
  ["a guessed secret", { [frontHeaders.secret]: "x".repeat(40) }],
  ["no address", { [frontHeaders.viewer]: "<script>" }],
])("whoever does not come by the front is sent away before anything is read: %s", async (_, headers) => {
  const one = watch("/v1/tenants/ten_01ARZ3NDEKTSV4RRFFQ69G5FAV", { headers });
  await one.done;
  expect(one.head()).toMatchObject({ statusCode: 404, headers: { "content-type": "application/problem+json" } });
  expect(JSON.parse(one.read())).toMatchObject({ code: "not_found" });
});

test("what is refused to anybody is refused here, and there is nothing else", async () => {
  const strange = watch("/v1/tenants/ten_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  const nobody = watch("/v1/tenants/x", { headers: { authorization: "Bearer no" } });
  const elsewhere = watch("/v1/me");
  for (const { done } of [strange, nobody, elsewhere]) await done;
  expect([strange, nobody, elsewhere].map((one) => one.head()?.statusCode)).toEqual([404, 401, 404]);
});
