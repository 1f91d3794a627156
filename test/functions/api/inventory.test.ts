// The number inventory: a free number of an account goes to one tenant below it and comes back, and is never held by two or by none.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { accountOwner, type Owner, tenantOwner } from "../../../core/owner.ts";
import * as keys from "../../../functions/keys.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
/** operator → reseller, with the tenants one and two; and a tenant of a sibling. */
let reseller: { id: string; path: string };
let under: { id: string; path: string };
let one: { id: string; path: string; key: string };
let two: { id: string; path: string; key: string };
let deep: { id: string; path: string; key: string };
let stranger: { id: string; path: string };
let resellerKey: string;
let count = 0;

const keyOf = async (owner: Record<string, string>): Promise<string> =>
  String((await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"], ...owner })).body.key);
const account = async (name: string, accountId?: string) => {
  const { body } = await control.call("POST", "/v1/accounts", { name, ...(accountId && { accountId }) });
  return { id: String(body.id), path: `/v1/accounts/${body.id}` };
};
const tenant = async (accountId: string) => {
  const made = await newTenant(control, { accountId });
  return { ...made, key: await keyOf({ tenantId: made.id }) };
};
/** A new number in an account's inventory. */
async function stock(path: string, number = `+1555020${String(++count).padStart(4, "0")}`): Promise<string> {
  const reply = await control.call("POST", `${path}/phone-numbers`, { number, label: "bought from X" });
  expect([reply.status, reply.body.assignedTo], reply.text).toEqual([201, null]);
  return number;
}
const assign = (of: { path: string }, number: string, tenantId: string, more = {}, key = resellerKey) =>
  control.call("POST", `${of.path}/phone-numbers/${number}/assign`, { tenantId, ...more }, { key });
const release = (of: { path: string }, number: string, key = resellerKey) =>
  control.call("POST", `${of.path}/phone-numbers/${number}/release`, undefined, { key });
const claim = (of: { path: string; key: string }, body: Record<string, unknown>) =>
  control.call("POST", `${of.path}/phone-numbers/claim`, body, { key: of.key });
const drop = (of: { path: string }, number: string) => control.call("DELETE", `${of.path}/phone-numbers/${number}`);
const has = async (of: { path: string }, number: string) =>
  (await control.call("GET", `${of.path}/phone-numbers/${number}`)).status === 200;
const assignedTo = async (of: { path: string }, number: string) =>
  (await control.call("GET", `${of.path}/phone-numbers/${number}`)).body.assignedTo;
const free = async (of: { path: string; key: string }, query = "") =>
  (
    (await control.call("GET", `${of.path}/phone-numbers/free?limit=100${query}`, undefined, { key: of.key })).body
      .data as unknown as { number: string }[]
  ).map(({ number }) => number);
const codeOf = ({ status, body }: Reply) => [status, body.code];

beforeAll(async () => {
  control = await testControl();
  reseller = await account("Reseller");
  under = await account("Under", reseller.id);
  resellerKey = await keyOf({ accountId: reseller.id });
  [one, two, deep] = [await tenant(reseller.id), await tenant(reseller.id), await tenant(under.id)];
  stranger = await newTenant(control, { accountId: (await account("Sibling")).id });
});
afterAll(() => control.stop());

describe("a free number", () => {
  test("is assigned with settings, told with whom it is, and comes back when the tenant deletes it", async () => {
    const number = await stock(reseller.path);
    await control.call("POST", `${one.path}/extensions`, { number: "1001" });
    const destination = { kind: "extension", ref: "1001" };
    const made = await assign(reseller, number, one.id, { label: "Main", destination });
    expect([made.status, made.body.number, made.body.label], made.text).toEqual([201, number, "Main"]);
    expect(made.headers.get("location")).toBe(`${one.path}/phone-numbers/${made.body.id}`);
    expect(await assignedTo(reseller, number)).toBe(one.id);
    const listed = await control.call("GET", `${reseller.path}/phone-numbers?number=${encodeURIComponent(number)}`);
    expect(listed.body.data).toEqual([
      expect.objectContaining({ id: made.body.id, accountId: reseller.id, tenantId: one.id, inventoryId: reseller.id }),
    ]);
    expect(codeOf(await drop(reseller, number))).toEqual([409, "in_use"]);
    expect(
      codeOf(await control.call("PATCH", `${reseller.path}/phone-numbers/${number}`, { number: "+15550209999" })),
    ).toEqual([409, "in_use"]);
    expect((await drop(one, number)).status).toBe(204);
    expect([await assignedTo(reseller, number), await has(one, number)]).toEqual([null, false]);
    expect((await drop(reseller, number)).status).toBe(204);
    // it is nobody's now
    expect((await control.call("POST", `${stranger.path}/phone-numbers`, { number })).status).toBe(201);
  });

  test("is claimed by a tenant's own key, by number or by how it begins, and by apply; not from next door", async () => {
    const [a, b] = [await stock(reseller.path, "+4930100001"), await stock(reseller.path, "+4930100002")];
    expect(await free(one, "&areaPrefix=%2B4930")).toEqual([a, b]);
    expect((await claim(one, { number: a, label: "Main" })).body).toMatchObject({ number: a, label: "Main" });
    expect((await claim(deep, { areaPrefix: "+4930" })).body.number).toBe(b);
    expect(await free(one, "&areaPrefix=%2B4930")).toEqual([]);
    expect(codeOf(await claim(two, { areaPrefix: "+4930" }))).toEqual([409, "taken"]);
    for (const number of [a, "+4930199999"])
      expect(codeOf(await claim(two, { number })), number).toEqual([409, "taken"]);
    expect((await release(reseller, b)).body).toMatchObject({ number: b, assignedTo: null });
    expect((await release(reseller, b)).status).toBe(200);
    expect(await has(deep, b)).toBe(false);
    expect((await control.call("POST", `${two.path}/apply`, { "phone-numbers": [{ number: b }] })).status).toBe(200);
    expect(await assignedTo(reseller, b)).toBe(two.id);
    const foreign = await control.call("POST", `${stranger.path}/phone-numbers`, {
      number: await stock(reseller.path),
    });
    expect(codeOf(foreign)).toEqual([409, "taken"]);
  });

  test("goes down through the inventory of an account between, and back the same way", async () => {
    const number = await stock(reseller.path);
    expect((await control.call("POST", `${under.path}/phone-numbers`, { number })).status).toBe(201);
    expect(await assignedTo(reseller, number)).toBe(under.id);
    expect(codeOf(await assign(reseller, number, one.id))).toEqual([409, "taken"]);
    expect((await claim(deep, { number })).status).toBe(201);
    expect(await assignedTo(under, number)).toBe(deep.id);
    expect(codeOf(await drop(under, number))).toEqual([409, "in_use"]);
    expect((await drop(deep, number)).status).toBe(204);
    expect([await assignedTo(under, number), await assignedTo(reseller, number)]).toEqual([null, under.id]);
    expect((await drop(under, number)).status).toBe(204);
    expect(await assignedTo(reseller, number)).toBeNull();
  });

  test("comes back from a tenant that is deleted, and holds one that would move away from it", async () => {
    const number = await stock(reseller.path);
    const short = await tenant(reseller.id);
    expect((await assign(reseller, number, short.id)).status).toBe(201);
    const sibling = await account("Elsewhere");
    const moved = await control.call("POST", `${short.path}/move`, { accountId: sibling.id });
    expect([moved.status, moved.body.code, moved.text.includes(number)]).toEqual([409, "in_use", true]);
    expect((await control.call("POST", `${short.path}/move`, { accountId: under.id })).status).toBe(200);
    expect((await drop(short, number)).status).toBe(204);
    expect((await assign(reseller, number, short.id)).status).toBe(201);
    expect((await control.call("DELETE", short.path)).status).toBeLessThan(300);
    // it can be restored, with its numbers
    expect(codeOf(await assign(reseller, number, one.id))).toEqual([409, "taken"]);
    expect((await control.call("DELETE", `${short.path}?purge=now`)).status).toBeLessThan(300);
    await vi.waitFor(async () => expect(await assignedTo(reseller, number)).toBeNull(), 5000);
    expect((await assign(reseller, number, one.id)).status).toBe(201);
  });

  test("is of nobody's business next door, and of no key without the scope", async () => {
    const number = await stock(reseller.path);
    expect(codeOf(await assign(reseller, number, stranger.id))).toEqual([404, "not_found"]);
    // the operator's key knows that tenant, which is not below the account all the same
    expect(codeOf(await assign(reseller, number, stranger.id, {}, control.key))).toEqual([404, "not_found"]);
    expect(codeOf(await assign(reseller, "+15550209998", one.id))).toEqual([404, "not_found"]);
    const { body } = await control.call("POST", "/v1/api-keys", {
      ...{ name: "k", scopes: ["phone-numbers:read"], tenantId: one.id },
    });
    expect(codeOf(await claim({ ...one, key: String(body.key) }, { number }))).toEqual([403, "forbidden"]);
    for (const bad of [
      {},
      { number, areaPrefix: "+1" },
      { areaPrefix: "1" },
      { areaPrefix: "+" },
      { number: "1001" },
      { number, x: 1 },
    ])
      expect(codeOf(await claim(one, bad)), JSON.stringify(bad)).toEqual([422, "invalid"]);
    for (const bad of [{ number }, { id: "x" }, { destination: { kind: "extension", ref: "none" } }])
      expect((await assign(reseller, number, one.id, bad)).status, JSON.stringify(bad)).toBe(422);
    const get = (query: string) => control.call("GET", `${one.path}/phone-numbers/free?${query}`);
    expect(codeOf(await get("areaPrefix=4930"))).toEqual([400, "bad_parameter"]);
    const cursor = Buffer.from(`acc_01ARZ3NDEKTSV4RRFFQ69G5FAV/num_01ARZ3NDEKTSV4RRFFQ69G5FAV`).toString("base64url");
    expect(codeOf(await get(`after=${cursor}`))).toEqual([400, "bad_cursor"]);
  });
});

test("of many who want it at once exactly one gets it, and the others are told", async () => {
  for (let round = 0; round < 5; round++) {
    const number = await stock(reseller.path);
    const replies = await Promise.all([
      assign(reseller, number, one.id),
      assign(reseller, number, two.id, {}, control.key),
      claim(one, { number }),
      claim(deep, { number }),
      drop(reseller, number),
    ]);
    expect(replies.filter(({ status }) => status < 300)).toHaveLength(1);
    for (const { status, body } of replies)
      if (status >= 300) expect(["taken", "in_use", "not_found"]).toContain(body.code);
  }
});

const act = fc.tuple(
  fc.constantFrom("assign", "claim", "drop", "release", "rollback", "withdraw"),
  fc.nat(2),
  fc.nat(2),
);

test("whatever is done in whatever order, also at once, each number is in one tenant at most, and its claim says the same", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(act, { minLength: 1, maxLength: 3 }), { maxLength: 8 }), async (rounds) => {
      const numbers = [await stock(reseller.path), await stock(under.path), await stock(reseller.path)];
      const tenants = [
        await newTenant(control, { accountId: reseller.id }),
        await newTenant(control, { accountId: under.id }),
      ];
      const holders = [...tenants, under].map(({ path, id }) => ({ path, id, key: control.key }));
      for (const round of rounds) {
        await Promise.all(
          round.map(([what, n, of]) => {
            const number = numbers[n] ?? "";
            const holder = holders[of] ?? under;
            if (what === "assign") return assign(n === 1 ? under : reseller, number, holder.id);
            if (what === "claim" && holder.id !== under.id) return claim({ key: control.key, ...holder }, { number });
            if (what === "claim") return control.call("POST", `${under.path}/phone-numbers`, { number });
            if (what === "rollback") return control.call("POST", `${holder.path}/rollback`, { revision: 1 });
            if (what === "withdraw") return drop(reseller, number);
            return what === "drop" ? drop(holder, number) : release(n === 1 ? under : reseller, number);
          }),
        ).then((replies) => expect(replies.filter(({ status }) => status >= 500)).toEqual([]));
        for (const number of numbers) {
          const owners: Owner[] = [
            ...tenants.map(({ id }) => tenantOwner(id)),
            accountOwner(under.id),
            accountOwner(reseller.id),
          ];
          const at = await control.ctx.store.getMany(
            owners.map((owner) => keys.claim(owner, `phone-number#${number}`)),
          );
          const those = owners.filter((_, index) => at[index] !== undefined);
          const global = await control.ctx.store.get(keys.global(null, "number", number));
          const [tenant, ...others] = those.filter((owner) => owner.startsWith("T#"));
          expect(others).toEqual([]);
          // the lowest of the documents that have it holds it; the others are the inventories that it goes back to
          expect(global?.owner).toBe(tenant ?? those[0]);
          expect(
            String(global?.from ?? "")
              .split(",")
              .filter(Boolean),
          ).toEqual(those.slice(1));
        }
      }
    }),
    { numRuns: 12 },
  );
});
