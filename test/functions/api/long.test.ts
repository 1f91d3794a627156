// Long answers: all of a large document and of a large change reaches the caller within what a Lambda may answer.
import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import { kindOf } from "../../../core/registry.ts";
import { createApp } from "../../../functions/api/app.ts";
import { parseJson } from "../../../functions/api/body.ts";
import { createHandler, type Handler } from "../../../functions/api/handler.ts";
import { sendText } from "../../../functions/api/long.ts";
import { changeItems, readChanges } from "../../../functions/document/change.ts";
import { diffOf } from "../../../functions/document/diff.ts";
import { toItem } from "../../../functions/document/view.ts";
import { newId } from "../../../functions/id.ts";
import { Problem } from "../../../functions/problem.ts";
import { cliWith } from "../../support/cli.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { gatewayEvent } from "../../support/gateway.ts";

const lambdaMost = 6 * 1024 * 1024;
let control: TestControl;
let handler: Handler;
let path: string;

const count = 64;
/** So many are longer than a Lambda may answer. */
const tables = Array.from({ length: count }, (_, n) => ({
  name: `table-${10 + n}`,
  currency: "EUR",
  rates: Array.from({ length: 2000 }, (_, row) => ({ prefix: `+${10 ** 11 + row}`, perMinute: row / (n + 0.37) })),
}));

beforeAll(async () => {
  control = await testControl();
  handler = createHandler(await createApp(control.ctx, async () => []), async () => {});
  const { id, path: at } = await newTenant(control);
  path = at;
  const trunk = await control.call("POST", `${path}/trunks`, { name: "main", host: "sip.example" });
  // put where writes would have put them, without the time that these take
  const { store } = control.ctx;
  const owner = tenantOwner(id);
  const now = new Date().toISOString();
  const its = { kind: "rate-table", version: 1, revision: 1, createdAt: now, updatedAt: now } as const;
  const stored = tables.map((body) => ({ ...its, id: newId("rat"), body: { ...body, trunk: trunk.body.id } }));
  for (const one of stored) await store.transact([{ put: toItem(owner, one) }]);
  for await (const change of readChanges(store, owner, 1))
    for (const put of changeItems(owner, {
      ...change,
      diff: [...change.diff, ...diffOf(stored.map((after) => ({ before: undefined, after })))],
    }))
      await store.transact([{ put }]);
});
afterAll(() => control.stop());

/** Through the Lambda, whose answer has to be short enough. */
async function ask(at: string, headers: Record<string, string> = {}) {
  const answer = await handler(
    gatewayEvent("GET", at, { headers: { authorization: `Bearer ${control.key}`, ...headers } }),
  );
  expect(JSON.stringify(answer).length).toBeLessThan(lambdaMost);
  const { statusCode, body = "", isBase64Encoded } = answer;
  const text = isBase64Encoded ? gunzipSync(Buffer.from(body, "base64")).toString() : body;
  return { statusCode, isBase64Encoded, encoding: answer.headers?.["content-encoding"], text };
}

test("a document longer than a Lambda may answer is exported whole to who takes gzip, and by kinds to who does not", async () => {
  const packed = await ask(`${path}/export`, { "accept-encoding": "gzip, deflate, br" });
  expect(packed).toMatchObject({ statusCode: 200, isBase64Encoded: true, encoding: "gzip" });
  expect(packed.text.length).toBeGreaterThan(lambdaMost);
  const document = JSON.parse(packed.text);
  expect(document["rate-tables"].map(({ name }: { name: string }) => name)).toEqual(tables.map(({ name }) => name));
  expect(document["rate-tables"].at(-1)).toEqual({ ...tables.at(-1), trunk: "main" });
  const refused = await ask(`${path}/export`);
  expect([refused.statusCode, JSON.parse(refused.text).code]).toEqual([406, "answer_too_large"]);
  const part = await ask(`${path}/export?kinds=trunks,extensions`);
  expect([part.statusCode, part.isBase64Encoded]).toEqual([200, false]);
  expect(JSON.parse(part.text)).toEqual({ trunks: document.trunks });
  for (const kinds of ["", "tenants", "trunks,x", "accounts"])
    expect(JSON.parse((await ask(`${path}/export?kinds=${kinds}`)).text)).toMatchObject({
      ...{ code: "bad_parameter", errors: [{ pointer: "?kinds" }] },
    });
});

test("a revision's diff comes whole by pages, each short enough, in order and each line once", async () => {
  const whole: { op: string; key: string; after: unknown }[] = [];
  const sizes: number[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const { statusCode, text } = await ask(`${path}/changes/1${after && `?after=${after}`}`);
    expect(statusCode).toBe(200);
    const { revision, summary, diff, next } = JSON.parse(text);
    expect([revision, summary]).toEqual([1, "create trunk main"]);
    whole.push(...diff);
    sizes.push(diff.length);
    after = next;
  }
  expect(sizes.length).toBeGreaterThan(1);
  expect(whole.map(({ op, key }) => `${op} ${key}`)).toEqual(
    ["main", ...tables.map(({ name }) => name)].map((name) => `create ${name}`),
  );
  expect(whole[40]?.after).toMatchObject({ rates: tables[39]?.rates });
  const one = JSON.parse((await ask(`${path}/changes/1?limit=1`)).text);
  const two = JSON.parse((await ask(`${path}/changes/1?limit=2&after=${one.next}`)).text);
  expect(JSON.stringify([...one.diff, ...two.diff])).toBe(JSON.stringify(whole.slice(0, 3)));
  expect(JSON.parse((await ask(`${path}/changes/0`)).text)).toMatchObject({ revision: 0, next: null });
  for (const query of ["limit=0", "limit=1001", "limit=x", "after=x", "after=MTIzNC4x"])
    expect((await ask(`${path}/changes/1?${query}`)).statusCode, query).toBe(400);
  for (const revision of ["2", "-1", "x", "1.0", "9999999999999"])
    expect((await ask(`${path}/changes/${revision}`)).statusCode, revision).toBe(404);
});

test("the command line shows a long revision whole, and writes some kinds of a document", async () => {
  const run = cliWith({ DIALPLANE_URL: control.url, DIALPLANE_API_KEY: control.key });
  const tenant = ["--tenant", path.split("/").at(-1) ?? "", "--json"];
  const shown = await run(["history", "1", ...tenant]);
  expect(JSON.parse(shown.stdout).diff).toHaveLength(count + 1);
  const document = await run(["export", "--kinds", "trunks", ...tenant]);
  expect(Object.keys(JSON.parse(document.stdout))).toEqual(["trunks"]);
});

test("what is long is packed for who takes gzip alone; what is short, never", async () => {
  const text = "a".repeat(300 * 1024);
  const app = new Hono().get("/", (c) => sendText(c, c.req.query("short") ? "short" : text, 200, "text/plain"));
  const encodings = async (at: string, ...accepted: (string | undefined)[]) => {
    const replies = accepted.map((one) =>
      app.request(at, one === undefined ? {} : { headers: { "accept-encoding": one } }),
    );
    return (await Promise.all(replies)).map(({ headers }) => headers.get("content-encoding"));
  };
  const takers = ["gzip", "br;q=1.0, GZIP;q=0.1", "x-gzip", "deflate , gzip ; q=1"];
  expect(await encodings("/", ...takers)).toEqual(takers.map(() => "gzip"));
  const others = [undefined, "", "br", "gzip;q=0", "identity", "gzip;q=0.000, br", "gzipped"];
  expect(await encodings("/", ...others)).toEqual(others.map(() => null));
  expect(await encodings("/?short=1", "gzip")).toEqual([null]);
});

test("what can't be packed enough is refused where it only tells, and told where something was changed", async () => {
  const noise = randomBytes(5 * 1024 * 1024).toString("base64");
  const app = new Hono()
    .all("/", (c) => sendText(c, noise, 200, "text/plain"))
    .onError((error, c) => c.text(error instanceof Problem ? error.code : error.message, 500));
  const sent = (method: string) => app.request("/", { method, headers: { "accept-encoding": "gzip" } });
  expect(await (await sent("GET")).text()).toBe("answer_too_large");
  expect((await sent("POST")).status).toBe(200);
});

test("a document of 10,000 extensions is read with all their fields, as an export writes them", () => {
  const one = kindOf("extension").schema.parse({
    number: "1001",
    devices: [{ username: "1001", password: "Secret-123" }],
  });
  const text = JSON.stringify({ extensions: Array.from({ length: 10_000 }, () => one) });
  expect(text.length).toBeLessThan(lambdaMost);
  expect(parseJson(text)).toHaveProperty("extensions.length", 10_000);
  expect(() => parseJson(`[${"[0,0,0,0,0,0,0,0,0],".repeat(50_000)}0]`)).toThrow("send less at once");
});
