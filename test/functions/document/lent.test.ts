// What an account has and those below it refer to can't be taken from under them, whoever is first.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { accountOwner, type Owner, tenantOwner } from "../../../core/owner.ts";
import { openView } from "../../../functions/document/view.ts";
import { allItems, type Key, type Operation, type Store } from "../../../functions/store/store.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
let reseller: string;
let under: string;
/** What happens once, just before a transaction that notes a loan, or that deletes what may be lent. */
let between: { what: "put" | "delete"; act: () => Promise<unknown> } | undefined;

const interrupted = (store: Store): Store => ({
  ...store,
  async transact(operations) {
    const now = between;
    const fits = (one: Operation): boolean =>
      now?.what === "put" ? "put" in one && isNote(one.put) : "delete" in one && isNote(one.delete);
    if (now && operations.some(fits)) {
      between = undefined;
      await now.act();
    }
    await store.transact(operations);
  },
});
const isNote = ({ sk }: Key): boolean => sk.startsWith("LENDING#");

beforeAll(async () => {
  control = await testControl({ store: interrupted });
  reseller = String((await control.call("POST", "/v1/accounts", { name: "Reseller" })).body.id);
  under = String((await control.call("POST", "/v1/accounts", { name: "Under", accountId: reseller })).body.id);
});
afterAll(() => control.stop());

let count = 0;
async function trunk(): Promise<{ name: string; path: string }> {
  const name = `shared ${++count}`;
  const { body, status } = await control.call("POST", `/v1/accounts/${reseller}/trunks`, { name, host: "s.example" });
  expect(status).toBe(201);
  return { name, path: `/v1/accounts/${reseller}/trunks/${body.id}` };
}
const routeOver = (trunkName: string) => ({ name: "all", patterns: ["+"], trunks: [trunkName] });
const remove = (path: string): Promise<Reply> => control.call("DELETE", path);
async function notes(owner: Owner): Promise<string[]> {
  const found = [];
  for await (const { sk } of allItems((query) => control.ctx.store.query(query), { pk: owner })) found.push(sk);
  return found.filter((sk) => /^(LENT|BORROWED)#/.test(sk));
}

test("an account's trunk is not deleted while a tenant below uses it, and is when nobody does any more", async () => {
  const { name, path } = await trunk();
  const tenant = await newTenant(control, { accountId: under });
  const made = await control.call("POST", `${tenant.path}/outbound-routes`, routeOver(name));
  const refused = await remove(path);
  expect([refused.status, refused.body.code, refused.body.users], refused.text).toEqual([
    409,
    "in_use",
    [{ tenantId: tenant.id, kind: "outbound-route", id: made.body.id, key: "all", pointer: "/trunks/0" }],
  ]);
  expect(refused.body.detail).toContain(`outbound-route all of the tenant ${tenant.id}`);
  const dry = await control.call("POST", `/v1/accounts/${reseller}/rollback?dryRun=true`, { revision: 0 });
  expect([dry.status, dry.body.code]).toEqual([409, "in_use"]);
  expect((await control.call("DELETE", `${tenant.path}/outbound-routes/all`)).status).toBe(204);
  expect((await remove(path)).status).toBe(204);
});

test("who is made with it or was deleted and may be restored uses it too; who was purged leaves no note of it", async () => {
  const { name, path } = await trunk();
  const document = { "outbound-routes": [routeOver(name)] };
  const made = await control.call("POST", "/v1/tenants", { name: "Founded", accountId: under, document });
  expect(made.status, made.text).toBe(201);
  const at = `/v1/tenants/${made.body.id}`;
  expect((await remove(path)).status).toBe(409);
  expect((await remove(at)).status).toBe(204);
  expect((await remove(path)).status).toBe(409);
  expect((await control.call("POST", `${at}/restore`)).status).toBe(200);
  expect((await remove(`${at}?purge=now`)).status).toBe(204);
  await vi.waitFor(async () =>
    expect((await notes(accountOwner(reseller))).filter((sk) => sk.includes(String(made.body.id)))).toEqual([]),
  );
  expect((await remove(path)).status).toBe(204);
});

test("of one who begins to use it and one who deletes it at the same moment never both succeed", async () => {
  const outcomes = new Set<string>();
  const tenants = await Promise.all(Array.from({ length: 12 }, () => newTenant(control, { accountId: under })));
  for (const [index, tenant] of tenants.entries()) {
    const { name, path } = await trunk();
    const use = () => control.call("POST", `${tenant.path}/outbound-routes`, routeOver(name));
    // either may be a little later
    const [made, removed] = await Promise.all(index % 2 ? [use(), remove(path)] : [remove(path), use()].reverse());
    outcomes.add(`${made?.status} ${removed?.status}`);
    const view = openView(control.ctx.store, tenantOwner(tenant.id));
    const route = (await view.all()).find(({ kind }) => kind === "outbound-route");
    expect(route !== undefined).toBe(made?.status === 201);
    if (route) expect((await control.call("GET", path)).status).toBe(200);
  }
  for (const outcome of outcomes) expect(["201 409", "422 204"]).toContain(outcome);
});

test("whoever comes between another's look and his write is seen by him: who uses it first keeps it, who deletes it first is rid of it", async () => {
  for (const [what, ends] of [
    ["delete", [201, 409]],
    ["put", [422, 204]],
  ] as const) {
    const [{ name, path }, tenant] = [await trunk(), await newTenant(control, { accountId: under })];
    const use = () => control.call("POST", `${tenant.path}/outbound-routes`, routeOver(name));
    const [first, second] = what === "delete" ? [use, () => remove(path)] : [() => remove(path), use];
    let early: Reply | undefined;
    between = {
      what,
      act: async () => {
        early = await first();
      },
    };
    const late = await second();
    expect(what === "delete" ? [early?.status, late.status] : [late.status, early?.status]).toEqual(ends);
    expect((await control.call("GET", path)).status).toBe(what === "delete" ? 200 : 404);
    expect((await control.call("GET", `${tenant.path}/outbound-routes`)).body.data).toHaveLength(
      what === "delete" ? 1 : 0,
    );
  }
});
