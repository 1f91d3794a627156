// Moving a tenant: all or nothing, by whoever stands above both accounts, and never away from what it uses.
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountOwner, tenantOwner } from "../../../core/owner.ts";
import { readHead } from "../../../functions/document/head.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge } from "../../support/signed-edge.ts";

type Account = { id: string; key: string };
let control: TestControl;
let above: Account;
let one: Account;
let other: Account;
let stranger: Account;

const keyOf = async (owner: Record<string, string>): Promise<string> =>
  String((await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"], ...owner })).body.key);
const account = async (body: Record<string, string>): Promise<Account> => {
  const id = String((await control.call("POST", "/v1/accounts", body)).body.id);
  return { id, key: await keyOf({ accountId: id }) };
};
beforeAll(async () => {
  control = await testControl();
  above = await account({ name: "Above" });
  one = await account({ name: "One", accountId: above.id });
  other = await account({ name: "Other", accountId: above.id });
  stranger = await account({ name: "Stranger" });
  for (const [{ id }, name] of [
    [one, "ones"],
    [other, "others"],
    [above, "common"],
  ] as const)
    await control.call("POST", `/v1/accounts/${id}/trunks`, { name, host: "c.example" });
});
afterAll(() => control.stop());

const tenant = async (accountId = one.id) => {
  const made = await newTenant(control, { name: "Acme", accountId });
  await control.call("POST", `${made.path}/extensions`, { number: "1001", outbound: { permission: "international" } });
  return made;
};
const move = (path: string, accountId: string, key = above.key, more: Record<string, unknown> = {}) =>
  control.call("POST", `${path}/move`, { accountId, ...more }, { key });
/** An edge of a pool of the key's account. */
const edgeOf = (pool: string, key: string) =>
  enrolEdge(
    {
      ...control,
      call: (method, path, body, more) => control.call(method, path, body, path === "/v1/edges" ? { key } : more),
    },
    pool,
  );
const listed = async ({ id }: Account): Promise<string> =>
  (await control.call("GET", `/v1/accounts/${id}/tenants?limit=100`)).text;
const trunkOf = async (path: string) => {
  const { body } = await control.call("POST", `${path}/simulate`, { from: "1001", to: "+493012345678" });
  return (body.outcome as unknown as { trunk?: string }).trunk;
};

test("a moved tenant is the new account's with all it has, and the old one's no more", async () => {
  const { id, path } = await tenant();
  const own = await keyOf({ tenantId: id });
  const before = (await control.call("GET", path)).body;
  const extensions = (await control.call("GET", `${path}/extensions`)).text;
  expect(await trunkOf(path)).toBe("ones");
  const { status, body, text } = await move(path, other.id);
  expect(status, text).toBe(200);
  expect(body).toEqual({ ...before, accountId: other.id, revision: Number(before.revision) + 1 });
  expect((await control.call("GET", `${path}/extensions`)).text).toBe(extensions);
  expect(await trunkOf(path)).toBe("others");
  expect([(await listed(one)).includes(id), (await listed(other)).includes(id)]).toEqual([false, true]);
  for (const [key, wanted] of [
    [one.key, 404],
    [other.key, 200],
    [above.key, 200],
    [own, 200],
  ] as const)
    expect((await control.call("GET", path, undefined, { key })).status).toBe(wanted);
  const [change] = (await control.call("GET", `${path}/changes`)).body.data as unknown as {
    summary: string;
    diff: [];
  }[];
  expect(change).toMatchObject({ summary: `move to account ${other.id}`, diff: [] });
});

test("an edge of its pool takes the new path with the revision, and has the documents of the new accounts", async () => {
  const pool = String((await control.call("POST", "/v1/pools", { name: "p" }, { key: above.key })).body.id);
  const edge = await edgeOf(pool, above.key);
  const { id, path } = await newTenant(control, { name: "Acme", accountId: one.id, poolId: pool });
  expect((await move(path, other.id)).body).toMatchObject({ poolId: pool });
  const head = await readHead(control.ctx.store, tenantOwner(id));
  expect(head?.path.slice(0, 2)).toEqual([other.id, above.id]);
  expect((await readHead(control.ctx.store, accountOwner(other.id)))?.pools).toContain(pool);
  const snapshot = await edge.request("GET", `snapshot?owner=${encodeURIComponent(accountOwner(other.id))}`);
  expect([snapshot.status, (snapshot.body.resources as unknown as object[]).length]).toEqual([200, 2]);
});

test("to another pool it leaves the edges of the old one, which are told so, and comes to those of the new one", async () => {
  const pool = String((await control.call("POST", "/v1/pools", { name: "q" }, { key: other.key })).body.id);
  const first = await enrolEdge(control);
  const second = await edgeOf(pool, other.key);
  const { id, path } = await tenant();
  const snapshot = `snapshot?owner=${encodeURIComponent(tenantOwner(id))}`;
  const statuses = async () => [
    (await first.request("GET", snapshot)).status,
    (await second.request("GET", snapshot)).status,
  ];
  expect(await statuses()).toEqual([200, 404]);
  expect((await move(path, other.id, above.key, { poolId: pool })).body).toMatchObject({ poolId: pool });
  expect(await statuses()).toEqual([404, 200]);
  const sums = Array(256).fill("1".repeat(32));
  const told = async (edge: typeof first) => {
    const { body } = await edge.request("POST", "differences", { buckets: sums });
    const buckets = body.buckets as unknown as { documents: { owner: string; deleted?: boolean }[] }[];
    return buckets.flatMap(({ documents }) => documents).find(({ owner }) => owner === tenantOwner(id));
  };
  expect([(await told(first))?.deleted, (await told(second))?.deleted]).toEqual([true, undefined]);
  expect((await told(second))?.owner).toBe(tenantOwner(id));
  // a pool of one account is not another's: back there, the default one is its place again
  expect((await move(path, one.id)).body.poolId).not.toBe(pool);
  expect(await statuses()).toEqual([200, 404]);
  expect((await move(path, one.id, above.key, { poolId: pool })).body.code).toBe("reference_not_found");
});

test("what only the old account has and the tenant uses holds it there, and is named", async () => {
  const { path } = await tenant();
  await control.call("POST", `${path}/outbound-routes`, { name: "r", patterns: ["+*"], trunks: ["common", "ones"] });
  const refused = await move(path, other.id);
  expect([refused.status, refused.body.code]).toEqual([409, "in_use"]);
  expect(refused.body.users).toMatchObject([{ kind: "outbound-route", key: "r", pointer: "/trunks/1" }]);
  expect((await control.call("GET", path)).body.accountId).toBe(one.id);
  await control.call("PATCH", `${path}/outbound-routes/r`, { trunks: ["common"] });
  expect((await move(path, other.id)).status).toBe(200);
  expect(await trunkOf(path)).toBe("common");
});

test("only who stands above both moves it; there already, nothing changes", async () => {
  const { id, path } = await tenant();
  const own = await keyOf({ tenantId: id });
  for (const [key, to] of [
    [one.key, other.id],
    [other.key, other.id],
    [own, other.id],
    [own, one.id],
    [above.key, stranger.id],
    [stranger.key, stranger.id],
    [above.key, "acc_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
  ] as const)
    expect((await move(path, to, key)).status).toBe(404);
  const { revision } = (await control.call("GET", path)).body;
  expect((await move(path, one.id, one.key)).body).toMatchObject({ revision, accountId: one.id });
  for (const body of [{}, { accountId: one.id, x: 1 }])
    expect((await control.call("POST", `${path}/move`, body)).status).toBe(422);
});

test("moved twice at once, and written to meanwhile, it is in one account alone and has what was written", async () => {
  const { id, path } = await tenant();
  const replies = await Promise.all([
    move(path, other.id),
    control.call("POST", `${path}/extensions`, { number: "1002" }),
    move(path, above.id),
    control.call("POST", `${path}/extensions`, { number: "1003" }),
  ]);
  expect(replies.map(({ status }) => status)).toEqual([200, 201, 200, 201]);
  const { accountId, revision } = (await control.call("GET", path)).body;
  expect(revision).toBe(5);
  const holders = [];
  for (const holder of [one, other, above]) if ((await listed(holder)).includes(id)) holders.push(holder.id);
  expect(holders).toEqual([accountId]);
});

test("a repeated request with its key gets the first answer, and moves nothing back", async () => {
  const { path } = await tenant();
  const again = () =>
    control.call(
      "POST",
      `${path}/move`,
      { accountId: other.id },
      { key: above.key, headers: { "idempotency-key": `m-${path}` } },
    );
  const first = await again();
  expect((await move(path, one.id)).status).toBe(200);
  expect((await again()).text).toBe(first.text);
  expect((await control.call("GET", path)).body.accountId).toBe(one.id);
});
