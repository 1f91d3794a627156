// POST /v1/tenants with a document: a tenant whole by one request, or nothing of it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import type { Operation, Store } from "../../../functions/store/store.ts";
import { type Reply, type TestControl, testControl } from "../../support/control.ts";
import { reckon } from "../../support/reckoning.ts";

let control: TestControl;
let account: string;
let count = 0;
/** What the store does with the next transaction that makes a tenant. */
let fault: "before" | "after" | undefined;

function withFaults(store: Store): Store {
  const founds = (operations: Operation[]): boolean =>
    operations.some((one) => "put" in one && one.put.sk === "HEAD" && one.put.pk.startsWith("T#"));
  return {
    ...store,
    async transact(operations) {
      const now = founds(operations) ? fault : undefined;
      if (now) fault = undefined;
      if (now === "before") throw new Error("the store is gone (injected)");
      await store.transact(operations);
      if (now === "after") throw new Error("the connection was lost (injected)");
    },
  };
}

beforeAll(async () => {
  control = await testControl({ store: withFaults });
});
afterAll(() => control.stop());
beforeEach(async () => {
  account = String((await control.call("POST", "/v1/accounts", { name: "Reseller" })).body.id);
});

const document = () => ({
  settings: { language: "fr", musicOnHold: "jazz" },
  "ring-groups": [{ name: "sales", extensionNumber: "600", members: [{ extension: "1001" }, { extension: "1002" }] }],
  extensions: [{ number: "1001", displayName: "Ada" }, { number: "1002" }],
  "phone-numbers": [
    { number: `+1555${String(3_000_000 + ++count)}`, destination: { kind: "ring-group", ref: "sales" } },
  ],
  prompts: [{ name: "jingle" }],
  "music-on-hold": [{ name: "jazz", prompts: ["jingle"] }],
});
const make = (body: object, more: { key?: string; idempotency?: string; query?: string } = {}): Promise<Reply> =>
  control.call(
    "POST",
    `/v1/tenants${more.query ?? ""}`,
    { name: "Acme", accountId: account, ...body },
    {
      ...(more.key !== undefined && { key: more.key }),
      ...(more.idempotency !== undefined && { headers: { "idempotency-key": more.idempotency } }),
    },
  );
const listed = async (path: string): Promise<unknown[]> =>
  (await control.call("GET", `/v1/accounts/${account}/${path}`)).body.data as unknown as unknown[];
const errors = ({ body }: Reply) =>
  (body.errors as unknown as { pointer: string }[] | undefined)?.map((one) => one.pointer);
/** That nothing was made in the account of the test, and that this domain is free. */
async function expectNothing(domain?: string): Promise<void> {
  expect(await listed("tenants")).toEqual([]);
  expect(await listed("phone-numbers")).toEqual([]);
  const audit = await control.call("GET", `/v1/audit?accountId=${account}`);
  expect(JSON.stringify(audit.body)).not.toContain("/v1/tenants");
  if (domain !== undefined) expect((await make({ domain })).status).toBe(201);
}

describe("with a document", () => {
  test("it is there whole, at revision 0, with its secrets in this answer and in no other", async () => {
    const made = await make({ document: document(), timeZone: "Europe/Paris" });
    expect(made.status, made.text).toBe(201);
    const { id, secrets } = made.body as unknown as { id: string; secrets: { key: string; value: string }[] };
    expect(made.body).toMatchObject({ revision: 0, version: 1, language: "fr", timeZone: "Europe/Paris" });
    expect(secrets).toMatchObject([
      { kind: "extension", key: "1001", pointer: "/devices/0/password", value: expect.stringMatching(/^.{20}$/) },
      { kind: "extension", key: "1002" },
    ]);
    const { head, digest } = await reckon(control.ctx.store, tenantOwner(id));
    expect([head.revision, head.digest]).toEqual([0, digest]);
    const got = await control.call("GET", `/v1/tenants/${id}/export`);
    expect(got.body).toMatchObject({
      settings: { musicOnHold: "jazz" },
      "ring-groups": [{ members: [{ extension: "1001" }, { extension: "1002" }] }],
      "phone-numbers": [{ destination: { kind: "ring-group", ref: "sales" } }],
    });
    expect((await control.call("GET", `/v1/tenants/${id}`)).body.secrets).toBeUndefined();
    const again = await control.call("POST", `/v1/tenants/${id}/apply`, got.body);
    expect(again.body).toEqual({ revision: null, diff: [] });
  });

  test("what export tells of one makes another like it", async () => {
    const first = await make({ document: document() });
    const { body: told } = await control.call("GET", `/v1/tenants/${first.body.id}/export`);
    const { "phone-numbers": _, ...rest } = told;
    const second = await make({ name: "Twin", document: rest });
    expect(second.status, second.text).toBe(201);
    const twin = await control.call("GET", `/v1/tenants/${second.body.id}/export`);
    expect(twin.body).toEqual({ ...rest, settings: { ...(rest.settings as unknown as object), name: "Twin" } });
  });

  test.for([
    ["a field", { extensions: [{ number: "1001" }, { number: "x" }] }, 422, "/document/extensions/1/number"],
    [
      "a reference",
      { "ring-groups": [{ name: "a", members: [{ extension: "1" }] }] },
      422,
      "/document/ring-groups/0/members/0/extension",
    ],
    ["a number twice", { extensions: [{ number: "1001" }, { number: "1001" }] }, 409, "/document/extensions/1/number"],
    ["a kind", { extentions: [] }, 422, "/document/extentions"],
    [
      "an id",
      { extensions: [{ id: "ext_01ARZ3NDEKTSV4RRFFQ69G5FAV", number: "1" }] },
      422,
      "/document/extensions/0/id",
    ],
    ["no object", { extensions: ["1001"] }, 422, "/document/extensions/0"],
    ["settings", { settings: { timeZone: "Mars" } }, 422, "/document/settings/timeZone"],
    ["an unknown setting", { settings: { colour: "red" } }, 422, "/document/settings"],
    ["no settings", { settings: [] }, 422, "/document/settings"],
    [
      "a secret's name",
      {
        extensions: [
          { number: "1001", devices: [{ username: "1001", password: { secret: "sec_01ARZ3NDEKTSV4RRFFQ69G5FAV#1" } }] },
        ],
      },
      422,
      "/document/extensions/0/devices/0/password",
    ],
  ] as const)("a flaw in it (%s) is told by its place, and nothing is made", async ([, flawed, status, pointer]) => {
    const domain = `flawed${++count}.example`;
    const refused = await make({ domain, document: flawed });
    expect([refused.status, errors(refused)]).toEqual([status, [pointer]]);
    await expectNothing(domain);
  });

  test("a dry run tells what would be made, and makes nothing", async () => {
    const told = await make({ document: document() }, { query: "?dryRun=true" });
    expect(told.status, told.text).toBe(200);
    const { revision, diff, secrets } = told.body as unknown as {
      revision: null;
      diff: { op: string; kind: string }[];
      secrets?: unknown;
    };
    expect([revision, secrets]).toEqual([null, undefined]);
    expect(diff.map(({ op, kind }) => `${op} ${kind}`)).toEqual([
      ...["create tenant", "create ring-group", "create extension", "create extension"],
      ...["create phone-number", "create prompt", "create music-on-hold"],
    ]);
    await expectNothing();
  });

  test("a key needs the scope of each kind in it, and the right to its domain", async () => {
    const keyWith = async (...scopes: string[]) =>
      String((await control.call("POST", "/v1/api-keys", { name: "k", accountId: account, scopes })).body.key);
    const key = await keyWith("tenants:write", "extensions:write");
    const refused = await make({ document: document() }, { key });
    expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
    await expectNothing();
    expect((await make({ document: { extensions: [{ number: "1001" }] } }, { key })).status).toBe(201);
    const stolen = await make({ document: { settings: { domain: "theirs.test" } } }, { key });
    expect([stolen.status, stolen.body.code]).toEqual([409, "conflict"]);
  });
});

describe("an idempotency key", () => {
  test.for(["before", "after"] as const)(
    "whose first request failed %s the commit: the retry's answer is the only tenant's",
    async (when) => {
      const idempotency = `found-${++count}`;
      const body = { document: document(), domain: `once${count}.example` };
      fault = when;
      expect((await make(body, { idempotency })).status).toBe(500);
      const retried = await make(body, { idempotency });
      expect(retried.status, retried.text).toBe(201);
      expect(retried.body.secrets).toHaveLength(2);
      expect((await make(body, { idempotency })).text).toBe(retried.text);
      expect(await listed("tenants")).toHaveLength(1);
    },
  );

  test("of a document larger than a transaction too, whose answer shows each secret once", async () => {
    const extensions = Array.from({ length: 120 }, (_, n) => ({ number: String(2000 + n) }));
    const idempotency = `found-${++count}`;
    const [first, again] = [
      await make({ document: { extensions } }, { idempotency }),
      await make({ document: { extensions } }, { idempotency }),
    ];
    expect([first.status, again.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
    expect(again.text).toBe(first.text);
    expect(first.body.secrets).toHaveLength(120);
    expect(await listed("tenants")).toHaveLength(1);
  });
});
