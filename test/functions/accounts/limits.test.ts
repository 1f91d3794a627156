// Limits and plans in the API: who sets them, which hold, that they are kept whatever way more comes by, and that of two who race for the last one, one wins.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
type Account = { id: string; path: string; key: string };
type Tenant = Account;

const keyOf = async (owner: Record<string, string>): Promise<string> =>
  String((await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"], ...owner })).body.key);
const account = async (name: string, accountId?: string): Promise<Account> => {
  const id = String((await control.call("POST", "/v1/accounts", { name, ...(accountId && { accountId }) })).body.id);
  return { id, path: `/v1/accounts/${id}`, key: await keyOf({ accountId: id }) };
};
const tenant = async (name: string, accountId: string): Promise<Tenant> => {
  const made = await newTenant(control, { name, accountId });
  return { ...made, key: await keyOf({ tenantId: made.id }) };
};
const set = (path: string, limits: Record<string, unknown>, key?: string) =>
  control.call("PUT", `${path}/limits`, limits, key === undefined ? {} : { key });
type Shown = Record<string, { value: unknown; left: number | null; from: Record<string, unknown>[] } | null>;
const limitsOf = async (path: string, key?: string): Promise<Shown> =>
  (await control.call("GET", `${path}/limits`, undefined, key === undefined ? {} : { key })).body
    .limits as unknown as Shown;
const extension = (path: string, number: number | string) =>
  control.call("POST", `${path}/extensions`, { number: String(number) });
const told = ({ status, body }: Reply) => [status, body.code];
const reached = [422, "limit_reached"];
let numbers = 5_550_000;
const phoneNumber = () => ({ number: `+1202${++numbers}` });

let reseller: Account;
let under: Account;
let deep: Tenant;
beforeAll(async () => {
  control = await testControl();
  reseller = await account("Reseller");
  under = await account("Under", reseller.id);
  deep = await tenant("Deep", under.id);
});
afterAll(() => control.stop());

describe("who sets limits", () => {
  test("each account above sets its own, nobody changes another's, and the tightest counts", async () => {
    expect((await set(deep.path, { extensions: 5 }, reseller.key)).status).toBe(200);
    expect((await set(deep.path, { extensions: 9 }, under.key)).status).toBe(200);
    expect((await set(deep.path, { extensions: 1000 }, deep.key)).status).toBe(200);
    expect((await limitsOf(deep.path)).extensions).toEqual({
      value: 5,
      left: 5,
      from: [
        { tenantId: deep.id, by: deep.id, planId: null, value: 1000, used: 0 },
        { tenantId: deep.id, by: under.id, planId: null, value: 9, used: 0 },
        { tenantId: deep.id, by: reseller.id, planId: null, value: 5, used: 0 },
      ],
    });
    // the tenant lifts its own alone
    await control.call("DELETE", `${deep.path}/limits`, undefined, { key: deep.key });
    expect((await limitsOf(deep.path)).extensions).toMatchObject({ value: 5 });
    for (const key of [under.key, reseller.key])
      await control.call("DELETE", `${deep.path}/limits`, undefined, { key });
    expect((await limitsOf(deep.path)).extensions).toBeNull();
  });

  test("neither apply nor a rollback touches them, and no export has them", async () => {
    const { revision } = (await control.call("GET", deep.path)).body;
    await set(deep.path, { extensions: 3 }, under.key);
    expect(told(await control.call("POST", `${deep.path}/apply`, { limits: [] }))).toEqual([422, "invalid"]);
    expect((await control.call("POST", `${deep.path}/rollback`, { revision })).status).toBe(200);
    expect((await limitsOf(deep.path)).extensions).toMatchObject({ value: 3 });
    expect((await control.call("GET", `${deep.path}/export`)).body).not.toHaveProperty("limits");
    await control.call("DELETE", `${deep.path}/limits`, undefined, { key: under.key });
  });

  test("what an account set that is no longer above counts no more", async () => {
    const moving = await tenant("Moving", under.id);
    await set(moving.path, { extensions: 1 }, under.key);
    await extension(moving.path, 1001);
    expect(told(await extension(moving.path, 1002))).toEqual(reached);
    expect((await control.call("POST", `${moving.path}/move`, { accountId: reseller.id })).status).toBe(200);
    expect((await extension(moving.path, 1002)).status).toBe(201);
  });

  test("countries are those that all lists have; bad ones are named", async () => {
    await set(deep.path, { countries: ["US", "DE", "FR"] }, reseller.key);
    await set(under.path, { countries: ["DE", "FR", "GB"] }, reseller.key);
    expect((await limitsOf(deep.path)).countries?.value).toEqual(["DE", "FR"]);
    const bad = await set(deep.path, { countries: ["XX"], extensions: -1, nothing: 1 });
    expect(told(bad)).toEqual([422, "invalid"]);
    expect(JSON.stringify(bad.body.errors)).toContain("/countries/0");
    for (const path of [deep.path, under.path]) await control.call("DELETE", `${path}/limits`, undefined, reseller);
  });
});

describe("plans", () => {
  test("a tenant is made with one; what it says bounds the tenant, changes with it, and it stays while somebody has it", async () => {
    const plan = await control.call("POST", `${reseller.path}/plans`, { name: "Basic", extensions: 2 });
    const made = await control.call(
      "POST",
      "/v1/tenants",
      { name: "Planned", accountId: under.id, plan: "Basic" },
      reseller,
    );
    expect(made.status).toBe(201);
    const path = `/v1/tenants/${made.body.id}`;
    expect((await limitsOf(path)).extensions?.from).toEqual([
      { tenantId: made.body.id, by: reseller.id, planId: plan.body.id, value: 2, used: 0 },
    ]);
    for (const number of [1001, 1002]) expect((await extension(path, number)).status).toBe(201);
    const refused = await extension(path, 1003);
    expect(refused.body.limit).toEqual({
      ...{ name: "extensions", value: 2, used: 2, tenantId: made.body.id, by: reseller.id, planId: plan.body.id },
    });
    expect(refused.body.detail).toContain(`set by account ${reseller.id}`);
    await control.call("PATCH", `${reseller.path}/plans/Basic`, { extensions: 3 });
    expect((await extension(path, 1003)).status).toBe(201);
    const gone = await control.call("DELETE", `${reseller.path}/plans/Basic`);
    expect([...told(gone), String(gone.body.detail).includes(String(made.body.id))]).toEqual([409, "in_use", true]);
    await set(path, {}, reseller.key);
    expect((await control.call("DELETE", `${reseller.path}/plans/Basic`)).status).toBe(204);
  });

  test("a plan is found in the key's own account and above it, not below and not beside", async () => {
    await control.call("POST", `${under.path}/plans`, { name: "Under's" });
    expect(told(await set(deep.path, { plan: "Under's" }, reseller.key))).toEqual([422, "reference_not_found"]);
    expect((await set(deep.path, { plan: "Under's" }, under.key)).status).toBe(200);
    await set(deep.path, {}, under.key);
    const refused = await control.call("POST", "/v1/tenants", { name: "N", accountId: under.id, plan: "no such" });
    expect([...told(refused), (refused.body.errors as unknown as { pointer: string }[])[0]?.pointer]).toEqual([
      ...[422, "reference_not_found", "/plan"],
    ]);
  });
});

test("an account's limit on requests holds for all keys at and below it together, beside each key's own", async () => {
  const top = await account("Asking");
  const { key } = await tenant("T", top.id);
  await set(top.path, { apiRequestsPerMinute: 3 });
  const ask = (by: string) => control.call("GET", "/v1/me", undefined, { key: by });
  const replies = [await ask(key), await ask(top.key), await ask(key), await ask(top.key), await ask(key)];
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
  expect(replies[2]?.headers.get("ratelimit")).toMatch(/"account";r=0;t=\d+$/);
  expect(replies[4]?.body).toMatchObject({
    ...{ code: "rate_limited", limit: { name: "apiRequestsPerMinute", value: 3, accountId: top.id } },
  });
  expect(Number(replies[4]?.headers.get("retry-after"))).toBeGreaterThan(0);
  // who stands above is not held to it
  await set(top.path, {});
  expect((await ask(key)).status).toBe(200);
});

describe("what is counted", () => {
  test("an account's limit bounds all below it together, whatever was there before it was set", async () => {
    const top = await account("Top");
    const below = await account("Below", top.id);
    const [a, b] = [await tenant("A", top.id), await tenant("B", below.id)];
    for (const number of [1001, 1002]) await extension(a.path, number);
    await extension(b.path, 1001);
    await set(top.path, { extensions: 4 });
    expect((await limitsOf(b.path)).extensions?.from[0]).toMatchObject({ accountId: top.id, value: 4, used: 3 });
    // what its siblings have is not a tenant's to see
    expect((await limitsOf(b.path, b.key)).extensions?.from[0]).toMatchObject({ value: 4, used: null });
    expect((await extension(b.path, 1002)).status).toBe(201);
    expect(told(await extension(a.path, 1003))).toEqual(reached);
    // what goes makes room, and so does a tenant that goes
    await control.call("DELETE", `${b.path}/extensions/1002`);
    expect((await extension(a.path, 1003)).status).toBe(201);
    await control.call("DELETE", b.path);
    expect((await limitsOf(top.path)).extensions?.from[0]).toMatchObject({ used: 3 });
    // of a tenant that comes, all counts
    const c = await tenant("C", reseller.id);
    for (const number of [1001, 1002]) await extension(c.path, number);
    const move = () => control.call("POST", `${c.path}/move`, { accountId: below.id });
    expect(told(await move())).toEqual(reached);
    await control.call("DELETE", `${c.path}/extensions/1002`);
    expect((await move()).status).toBe(200);
    expect((await limitsOf(top.path)).extensions?.from[0]).toMatchObject({ used: 4 });
    await control.call("POST", `${c.path}/move`, { accountId: reseller.id });
    expect((await limitsOf(top.path)).extensions?.from[0]).toMatchObject({ used: 3 });
  });

  test("what is restored needs room, as what is made does, and of an account all that fits comes back", async () => {
    const top = await account("Restores");
    const mid = await account("Mid", top.id);
    const [a, b] = [await tenant("A", mid.id), await tenant("B", mid.id)];
    for (const { path } of [a, b]) for (const number of [1001, 1002]) await extension(path, number);
    const other = await tenant("Other", top.id);
    await set(top.path, { extensions: 4 });
    const used = async () => (await limitsOf(top.path)).extensions?.from[0]?.used;
    await control.call("DELETE", a.path);
    expect(await used()).toBe(2);
    for (const number of [1001, 1002]) expect((await extension(other.path, number)).status).toBe(201);
    const refused = await control.call("POST", `${a.path}/restore`);
    expect(told(refused)).toEqual(reached);
    expect(refused.body.limit).toMatchObject({ name: "extensions", value: 4, used: 4, accountId: top.id });
    expect([(await control.call("GET", a.path)).status, await used()]).toEqual([404, 4]);
    await control.call("DELETE", `${other.path}/extensions/1002`);
    expect(told(await control.call("POST", `${a.path}/restore`))).toEqual(reached);
    // with its account, one of two fits
    await control.call("DELETE", `${mid.path}?cascade=true`);
    await expect.poll(used).toBe(1);
    await set(top.path, { extensions: 3 });
    await control.call("DELETE", `${other.path}/extensions/1001`);
    await control.call("POST", `${mid.path}/restore`);
    await expect.poll(used).toBe(2);
    expect([(await control.call("GET", a.path)).status, (await control.call("GET", b.path)).status]).toEqual([
      404, 200,
    ]);
    await set(top.path, { extensions: 4 });
    expect((await control.call("POST", `${a.path}/restore`)).status).toBe(200);
    expect(await used()).toBe(4);
    // of two that race for the room of one, one comes back
    for (const { path } of [a, b]) await control.call("DELETE", path);
    await set(top.path, { extensions: 2 });
    const both = await Promise.all([a, b].map(({ path }) => control.call("POST", `${path}/restore`)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
    expect(await used()).toBe(2);
  });

  test("an apply, a rollback and a dry run are held to it too, and change nothing", async () => {
    const at = await tenant("Applied", reseller.id);
    await extension(at.path, 1001);
    const full = (await control.call("GET", at.path)).body.revision;
    await control.call("DELETE", `${at.path}/extensions/1001`);
    await set(at.path, { extensions: 1 });
    const two = { extensions: [{ number: "2001" }, { number: "2002" }] };
    for (const query of ["", "?dryRun=true"])
      expect(told(await control.call("POST", `${at.path}/apply${query}`, two))).toEqual(reached);
    await extension(at.path, 2001);
    expect(told(await control.call("POST", `${at.path}/rollback`, { revision: full }))).toEqual([200, undefined]);
    await set(at.path, { extensions: 0 });
    await control.call("DELETE", `${at.path}/extensions/1001`);
    expect(told(await control.call("POST", `${at.path}/rollback`, { revision: full }))).toEqual(reached);
    expect((await control.call("GET", `${at.path}/extensions`)).body.data).toEqual([]);
    // who has more than he may changes and deletes as he likes
    await set(at.path, { extensions: 5 });
    for (const number of [1, 2]) await extension(at.path, 3000 + number);
    await set(at.path, { extensions: 1 });
    expect((await control.call("PATCH", `${at.path}/extensions/3001`, { displayName: "Ada" })).status).toBe(200);
    expect((await control.call("DELETE", `${at.path}/extensions/3002`)).status).toBe(204);
  });

  test("a change larger than a transaction is held to it like any other, whatever others make meanwhile", async () => {
    const top = await account("Large");
    const [a, b] = [await tenant("A", top.id), await tenant("B", top.id)];
    await set(top.path, { extensions: 62 });
    const many = (from: number) => ({
      extensions: Array.from({ length: 60 }, (_, n) => ({ number: String(from + n) })),
    });
    const [large, ...small] = await Promise.all([
      control.call("POST", `${a.path}/apply`, many(2000)),
      ...[1, 2, 3].map((n) => extension(b.path, 1000 + n)),
    ]);
    // all of it and two of the others', or the three others' and none of it
    const made = small.filter(({ status }) => status === 201).length;
    expect(large?.status === 200 ? [made] : [made, large?.body.code]).toEqual(
      large?.status === 200 ? [2] : [3, "limit_reached"],
    );
    expect(told(await control.call("POST", `${a.path}/apply`, many(3000)))).toEqual(reached);
    expect((await limitsOf(top.path)).extensions?.from[0]).toMatchObject({ used: large?.status === 200 ? 62 : 3 });
  });

  test("phone numbers count in tenants and in an account's inventory", async () => {
    const top = await account("Numbers");
    const a = await tenant("A", top.id);
    await set(top.path, { phoneNumbers: 2 });
    for (const path of [top.path, a.path])
      expect((await control.call("POST", `${path}/phone-numbers`, phoneNumber())).status).toBe(201);
    for (const path of [top.path, a.path])
      expect(told(await control.call("POST", `${path}/phone-numbers`, phoneNumber()))).toEqual(reached);
  });

  test("whoever writes at once, in one tenant and in several, gets exactly as many as there may be", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 6 }), fc.boolean(), async (room, late) => {
        const top = await account("Race");
        const tenants = await Promise.all([1, 2, 3].map((n) => tenant(`R${n}`, top.id)));
        const limit = () => set(top.path, { extensions: room });
        if (!late) await limit();
        const writers = tenants.flatMap(({ path }) => [1, 2, 3].map((n) => extension(path, 1000 + n)));
        // set while they write, it counts what was before it
        if (late) await limit();
        const statuses = (await Promise.all(writers)).map(({ status }) => status);
        const made = statuses.filter((status) => status === 201).length;
        const used = (await limitsOf(top.path)).extensions?.from[0]?.used;
        const lists = await Promise.all(tenants.map(({ path }) => control.call("GET", `${path}/extensions`)));
        expect([used, lists.flatMap(({ body }) => body.data as unknown as unknown[]).length]).toEqual([made, made]);
        if (!late) expect(made).toBe(room);
        expect(statuses.every((status) => status === 201 || status === 422)).toBe(true);
      }),
      { numRuns: 3 },
    );
  });
});
