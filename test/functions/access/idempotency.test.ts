// An idempotency key: the work is done once, whatever happens to the answer, and the same answer comes again.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import type { Operation, Store } from "../../../functions/store/store.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { reckon } from "../../support/reckoning.ts";

/** Stands between the API and the store for one transaction that fits. */
let fault: { fits(operations: Operation[]): boolean; when: "before" | "after" | "hold" } | undefined;
let held: { entered: () => void; go: Promise<void> } | undefined;
let control: TestControl;
let tenant: { id: string; path: string };
let count = 0;

function withFaults(store: Store): Store {
  return {
    ...store,
    async transact(operations) {
      const now = fault?.fits(operations) ? fault : undefined;
      if (now) fault = undefined;
      if (now?.when === "before") throw new Error("the store is gone (injected)");
      if (now?.when === "hold" && held) {
        held.entered();
        await held.go;
      }
      await store.transact(operations);
      if (now?.when === "after") throw new Error("the connection was lost (injected)");
    },
  };
}

/** The transaction that does the work: it moves the document's head. */
const work = (operations: Operation[]): boolean =>
  operations.length > 2 && operations.some((operation) => "put" in operation && operation.put.sk === "HEAD");

beforeAll(async () => {
  control = await testControl({ store: withFaults });
});
afterAll(() => control.stop());
beforeEach(async () => {
  fault = undefined;
  tenant = await newTenant(control);
});

const newKey = (): string => `key-${++count}`;
const post = (path: string, body: unknown, key: string, more: { key?: string } = {}): Promise<Reply> =>
  control.call("POST", path, body, { ...more, headers: { "idempotency-key": key } });
const extensions = (): string => `${tenant.path}/extensions`;
const revision = async (): Promise<number> => (await reckon(control.ctx.store, tenantOwner(tenant.id))).head.revision;
const passwordOf = (reply: Reply | undefined): string =>
  String((reply?.body as { sip?: { password?: string } } | undefined)?.sip?.password);
const withoutRequestId = ({ requestId: _, ...body }: Record<string, unknown>) => body;

describe("the same key and body", () => {
  test("get the same answer again, with the password that is shown once, and make one revision", async () => {
    const key = newKey();
    const first = await post(extensions(), { number: "1001" }, key);
    const again = await post(extensions(), { number: "1001" }, key);
    expect(first.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(passwordOf(first)).toMatch(/^.{20}$/);
    expect([again.status, again.headers.get("etag"), again.headers.get("location")]).toEqual([
      201,
      '"1"',
      first.headers.get("location"),
    ]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await revision()).toBe(1);
  });

  test.for([
    ["/v1/tenants", { name: "Once" }],
    ["/v1/accounts", { name: "Once" }],
    ["/v1/api-keys", { name: "once", scopes: ["*:read"] }],
    ["/v1/pools", { name: "once", default: false }],
    ["/v1/edges", {}],
  ] as const)("count once for POST %s too", async ([path, body]) => {
    const key = newKey();
    const [first, again] = [await post(path, body, key), await post(path, body, key)];
    expect(first.status, first.text).toBe(201);
    expect(again.text).toBe(first.text);
  });

  test("get the 4xx again that they got", async () => {
    const key = newKey();
    const refused = await post(extensions(), { number: "x" }, key);
    const again = await post(extensions(), { number: "x" }, key);
    expect([refused.status, again.status]).toEqual([422, 422]);
    expect(again.text).toBe(refused.text);
    const taken = newKey();
    await control.call("POST", extensions(), { number: "1001" });
    expect((await post(extensions(), { number: "1001" }, taken)).status).toBe(409);
    await control.call("DELETE", `${extensions()}/1001`);
    expect((await post(extensions(), { number: "1001" }, taken)).status).toBe(409);
  });

  test("do nothing while the first runs: 409 with Retry-After, and then the first's answer", async () => {
    const key = newKey();
    let entered = (): void => {};
    let go = (): void => {};
    const inside = new Promise<void>((resolve) => (entered = resolve));
    held = { entered, go: new Promise((resolve) => (go = resolve)) };
    fault = { fits: work, when: "hold" };
    const first = post(extensions(), { number: "1001" }, key);
    await inside;
    const second = await post(extensions(), { number: "1001" }, key);
    expect([second.status, second.body.code, second.headers.get("retry-after")]).toEqual([
      409,
      "idempotency_running",
      "1",
    ]);
    go();
    expect((await first).status).toBe(201);
    expect((await post(extensions(), { number: "1001" }, key)).text).toBe((await first).text);
  });

  test("sent by 20 at once are done once", async () => {
    const key = newKey();
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(extensions(), { number: "1001" }, key)));
    for (const reply of replies)
      expect(reply.status === 201 || reply.body.code === "idempotency_running", reply.text).toBe(true);
    expect(new Set(replies.filter(({ status }) => status === 201).map(({ text }) => text)).size).toBe(1);
    expect(await revision()).toBe(1);
  });
});

describe("another request", () => {
  test("with the key is 422: another body or another query", async () => {
    const key = newKey();
    await post(extensions(), { number: "1001" }, key);
    const other = await post(extensions(), { number: "1002" }, key);
    expect([other.status, other.body.code]).toEqual([422, "idempotency_mismatch"]);
    const apply = newKey();
    const body = { extensions: [{ number: "1003" }] };
    expect((await post(`${tenant.path}/apply?dryRun=true`, body, apply)).body.revision).toBeNull();
    expect((await post(`${tenant.path}/apply`, body, apply)).body.code).toBe("idempotency_mismatch");
    expect(await revision()).toBe(1);
  });

  test("on another path, or of another caller, is its own", async () => {
    const key = newKey();
    const other = await newTenant(control);
    const minted = await control.call("POST", "/v1/api-keys", { name: "second", scopes: ["*"] });
    const first = await post(extensions(), { number: "1001" }, key);
    expect((await post(`${other.path}/extensions`, { number: "1001" }, key)).body.id).not.toBe(first.body.id);
    const theirs = await post(extensions(), { number: "1001" }, key, { key: String(minted.body.key) });
    expect([theirs.status, theirs.body.code]).toEqual([409, "taken"]);
  });
});

describe("a crash", () => {
  test("between commit and answer: the retry gets the first answer, and nothing is done twice", async () => {
    const key = newKey();
    fault = { fits: work, when: "after" };
    const lost = await post(extensions(), { number: "1001" }, key);
    expect([lost.status, lost.body.code]).toEqual([500, "internal"]);
    expect(lost.text).not.toContain("injected");
    const retry = await post(extensions(), { number: "1001" }, key);
    expect(retry.status, retry.text).toBe(201);
    const stored = await control.call("GET", `${extensions()}/1001`);
    expect(retry.body).toMatchObject({ id: stored.body.id, number: "1001", sip: { password: expect.any(String) } });
    expect(await revision()).toBe(1);
  });

  test("between commit and answer of a tenant: there is one tenant", async () => {
    const key = newKey();
    fault = { fits: work, when: "after" };
    expect((await post("/v1/tenants", { name: "Crash", domain: "crash.example" }, key)).status).toBe(500);
    const retry = await post("/v1/tenants", { name: "Crash", domain: "crash.example" }, key);
    expect([retry.status, retry.body.domain]).toEqual([201, "crash.example"]);
    expect((await control.call("GET", `/v1/tenants/${retry.body.id}`)).status).toBe(200);
  });

  test("before the commit leaves the key free for the retry", async () => {
    const key = newKey();
    fault = { fits: work, when: "before" };
    expect((await post(extensions(), { number: "1001" }, key)).status).toBe(500);
    const retry = await post(extensions(), { number: "1001" }, key);
    expect([retry.status, retry.headers.get("idempotent-replayed")]).toEqual([201, null]);
    expect(await revision()).toBe(1);
  });

  test("of the process: a request that never ended holds its key for a minute", async () => {
    const key = newKey();
    let go = (): void => {};
    let entered = (): void => {};
    const inside = new Promise<void>((resolve) => (entered = resolve));
    held = { entered, go: new Promise((resolve) => (go = resolve)) };
    fault = { fits: work, when: "hold" };
    const never = post(extensions(), { number: "1001" }, key);
    await inside;
    const { now } = control.ctx;
    control.ctx.now = () => new Date(Date.now() + 61_000);
    // this one's write waits for the one that hangs, as writers of one process do; the key is taken over meanwhile
    const second = post(extensions(), { number: "1001" }, key);
    await expect
      .poll(async () => (await post(extensions(), { number: "1001" }, key)).body.code)
      .toBe("idempotency_running");
    go();
    const replies = [await never, await second];
    control.ctx.now = now;
    expect(replies.map(({ status }) => status)).toEqual([409, 201]);
    expect(replies[0]?.headers.get("retry-after")).toBe("1");
    expect(await revision()).toBe(1);
  });
});

test("40 writers whose transactions fail at random, before or after the commit, and who try again with their key: each is in the history once", {
  timeout: 60_000,
}, async () => {
  let seed = 7;
  const roll = (): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const again = (): void => {
    fault = {
      fits: (operations) => (roll() < 0.6 ? work(operations) : false),
      when: roll() < 0.5 ? "before" : "after",
    };
  };
  let failures = 0;
  const writers = Array.from({ length: 40 }, async (_, index) => {
    const key = newKey();
    for (;;) {
      again();
      const reply = await post(extensions(), { number: String(1000 + index) }, key);
      if (reply.status === 201) return reply;
      expect(reply.status, reply.text).toBe(500);
      failures++;
    }
  });
  const replies = await Promise.all(writers);
  expect(failures).toBeGreaterThan(10);
  const { head, changes, digest } = await reckon(control.ctx.store, tenantOwner(tenant.id));
  expect([head.revision, head.digest]).toEqual([40, digest]);
  const ids = changes.slice(1).flatMap(({ diff }) => diff.map(({ id }) => id));
  expect(ids.sort()).toEqual(replies.map(({ body }) => String(body.id)).sort());
});

test("a key is good for a day", async () => {
  const key = newKey();
  await post(extensions(), { number: "1001" }, key);
  const { now } = control.ctx;
  control.ctx.now = () => new Date(Date.now() + 24 * 3600_000 + 2000);
  const later = await post(extensions(), { number: "1001" }, key);
  control.ctx.now = now;
  expect(withoutRequestId(later.body)).toMatchObject({ code: "taken" });
});

test("no password, PIN, API key, join token or Ed25519 key stands in the store's files in the clear", async () => {
  const secrets = ["Zq7-supplied-by-caller", "Zq8-carrier-password", "918273645546"];
  const made = [
    await post(extensions(), { number: "1001" }, newKey()),
    await post(extensions(), { number: "1002", devices: [{ username: "1002", password: secrets[0] }] }, newKey()),
    await post(
      `${tenant.path}/trunks`,
      { name: "c", host: "c.example", username: "u", password: secrets[1] },
      newKey(),
    ),
    await post(`${tenant.path}/voicemail-boxes`, { number: "800", pin: secrets[2] }, newKey()),
    await post("/v1/api-keys", { name: "k", scopes: ["*:read"] }, newKey()),
    await post("/v1/edges", {}, newKey()),
  ];
  for (const { status, text } of made) expect(status, text).toBe(201);
  secrets.push(passwordOf(made[0]), String(made[4]?.body.key), String(made[5]?.body.token), control.key);
  for (const folder of [control.dataDir, join(control.dataDir, "queues")])
    for (const file of readdirSync(folder, { withFileTypes: true })) {
      if (!file.isFile() || file.name === "operator.key") continue;
      const bytes = readFileSync(join(folder, file.name));
      for (const secret of secrets)
        for (const form of [
          secret,
          Buffer.from(secret)
            .toString("base64")
            .replace(/.{2}=*$/, ""),
          Buffer.from(secret).toString("hex"),
        ])
          expect(bytes.includes(form), `${form} in ${file.name}`).toBe(false);
    }
});
