// Deleting with a grace period: at once for callers, keys and edges, and all of it back when it is restored.
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { accountOwner, type Owner, tenantOwner } from "../../../core/owner.ts";
import { sweepDeletions } from "../../../functions/deletion/sweep.ts";
import { readTombstone } from "../../../functions/document/head.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

const day = 86_400_000;
let control: TestControl;
let edge: SignedEdge;
let reseller: { id: string; path: string; key: string };

beforeAll(async () => {
  control = await testControl();
  edge = await enrolEdge(control);
  reseller = await account("Reseller");
});
afterAll(() => control.stop());

async function made(path: string, body: unknown, key?: string): Promise<Record<string, unknown>> {
  const reply = await control.call("POST", path, body, key === undefined ? {} : { key });
  if (reply.status >= 300) throw new Error(`${path}: ${reply.text}`);
  return reply.body;
}
const keyOf = async (owner: Record<string, string>): Promise<string> =>
  String((await made("/v1/api-keys", { name: "k", scopes: ["*"], ...owner })).key);
async function account(name: string, above: Record<string, unknown> = {}) {
  const id = String((await made("/v1/accounts", { name, ...above })).id);
  return { id, path: `/v1/accounts/${id}`, key: await keyOf({ accountId: id }) };
}
const status = async (method: string, path: string, key?: string, body?: unknown): Promise<number> =>
  (await control.call(method, path, body, key === undefined ? {} : { key })).status;
const listed = async (path: string, key = reseller.key): Promise<Record<string, unknown>[]> =>
  (await control.call("GET", path, undefined, { key })).body.data as unknown as Record<string, unknown>[];
/** What an edge is told at its comparison. */
async function told(owner: Owner): Promise<Record<string, unknown> | undefined> {
  const { body } = await edge.request("POST", "differences", { buckets: Array(256).fill("1".repeat(32)) });
  const buckets = body.buckets as unknown as { documents: Record<string, unknown>[] }[];
  return buckets.flatMap(({ documents }) => documents).find((one) => one.owner === owner);
}

it("a deleted tenant is gone at once for callers, its keys and its edges, but its names are still taken", async () => {
  const { id, path, domain } = await newTenant(control, { name: "Gone", accountId: reseller.id });
  const number = "+12025550190";
  await made(`${path}/phone-numbers`, { number });
  const own = await keyOf({ tenantId: id });
  expect(await status("GET", "/v1/me", own)).toBe(200);
  expect(await status("DELETE", path, reseller.key)).toBe(204);
  expect(await status("GET", path)).toBe(404);
  expect(await status("PATCH", `${path}/extensions/1001`, undefined, {})).toBe(404);
  expect(await status("GET", "/v1/me", own)).toBe(401);
  expect(await told(tenantOwner(id))).toMatchObject({ revision: 2, deleted: true, restorable: true });
  const query = `snapshot?owner=${encodeURIComponent(tenantOwner(id))}`;
  expect((await edge.request("GET", query)).status).toBe(404);
  const other = await newTenant(control, { name: "Other" });
  expect(await status("POST", `${other.path}/phone-numbers`, undefined, { number })).toBe(409);
  expect(await status("POST", "/v1/tenants", undefined, { name: "Thief", domain })).toBe(409);
  expect(await status("DELETE", path, reseller.key)).toBe(404);
});

it("is listed as deleted, with until when, to whoever is above and nobody else; the account says how long", async () => {
  const { path } = await newTenant(control, { name: "Listed", accountId: reseller.id });
  await control.call("PATCH", reseller.path, { deletionGraceDays: 7 });
  await control.call("DELETE", path);
  await control.call("PATCH", reseller.path, { deletionGraceDays: null });
  const deleted = (await listed("/v1/tenants?deleted=true&limit=100")).filter(({ name }) => name === "Listed");
  expect(deleted).toMatchObject([{ accountId: reseller.id, deletedAt: expect.any(String) }]);
  const [one] = deleted;
  expect((Date.parse(String(one?.purgeAt)) - Date.parse(String(one?.deletedAt))) / day).toBeCloseTo(7, 3);
  const names = (list: Record<string, unknown>[]) => list.map(({ name }) => name);
  expect(names(await listed("/v1/tenants?limit=100"))).not.toContain("Listed");
  expect(names(await listed(`${reseller.path}/tenants?deleted=true`, control.key))).toContain("Listed");
  const sibling = await account("Sibling");
  expect(await listed("/v1/tenants?deleted=true", sibling.key)).toEqual([]);
  expect(await status("GET", `${reseller.path}/tenants?deleted=true`, sibling.key)).toBe(404);
  expect(await status("POST", `${path}/restore`, sibling.key)).toBe(404);
  expect(await status("GET", "/v1/tenants?deleted=yes")).toBe(400);
});

it("comes back whole, as a new revision that edges fetch, with the same passwords, keys and what was set by phone", async () => {
  const { id, path } = await newTenant(control, { name: "Back", accountId: reseller.id });
  await made(`${path}/extensions`, { number: "1001" });
  const box = String((await made(`${path}/voicemail-boxes`, { number: "1009", pin: "90125" })).id);
  await control.call("PATCH", `${path}/extensions/1001/runtime`, { doNotDisturb: true });
  const own = await keyOf({ tenantId: id });
  const before = await edge.snapshotOf(tenantOwner(id));
  const shown = (await control.call("GET", path)).body;
  await control.call("DELETE", path);
  const revisions = Number(shown.revision) + 2;
  const restored = await control.call("POST", `${path}/restore`, undefined, { key: reseller.key });
  expect([restored.status, restored.body]).toEqual([200, { ...shown, revision: revisions }]);
  expect(await edge.snapshotOf(tenantOwner(id))).toEqual({ ...before, revision: revisions });
  expect(await told(tenantOwner(id))).toEqual({
    ...{ owner: tenantOwner(id), epoch: 1, revision: revisions, digest: before.digest },
  });
  expect(await status("GET", path, own)).toBe(200);
  expect((await control.call("GET", `${path}/voicemail-boxes/1009`)).body.id).toBe(box);
  const changes = (await control.call("GET", `${path}/changes`)).body.data as unknown as { summary: string }[];
  expect(changes.slice(0, 2).map(({ summary }) => summary)).toEqual(["restore tenant", "delete tenant"]);
  // said anew, since the edge forgot it
  await vi.waitFor(async () => {
    const { body } = await edge.request("GET", "runtime");
    const mine = (body.runtime as unknown as { owner: string; value: unknown }[]).filter((one) =>
      one.owner.endsWith(id),
    );
    expect(mine).toMatchObject([{ value: true }]);
  });
  expect((await control.call("POST", `${path}/restore`)).body.revision).toBe(revisions);
  // no purge comes of what was restored
  await sweepDeletions({ ...control.ctx, now: () => new Date(Date.now() + 40 * day) });
  expect(await status("GET", path)).toBe(200);
});

it("what happened to it stands in the log above", async () => {
  const { id, path } = await newTenant(control, { name: "Told", accountId: reseller.id });
  await made(`${path}/suspend`, { reason: "unpaid" });
  await made(`${path}/resume`, undefined);
  await control.call("DELETE", path);
  await made(`${path}/restore`, undefined);
  const other = await account("Next", { accountId: reseller.id });
  await made(`${path}/move`, { accountId: other.id }, reseller.key);
  const types = async (): Promise<[type: string, data: Record<string, unknown>][]> => {
    const { body } = await control.call("GET", `/v1/events?accountId=${reseller.id}&type=tenant.*&limit=100`);
    const all = body.data as unknown as { type: string; data: Record<string, unknown> }[];
    return all.flatMap(({ type, data }) => (data.id === id ? [[type.slice("tenant.".length), data]] : []));
  };
  await vi.waitFor(async () => {
    const told = await types();
    const whole = ["created", "suspended", "resumed", "deleted", "restored", "moved"];
    expect(told.map(([type]) => type)).toEqual(whole);
    expect(told[1]?.[1]).toMatchObject({ reason: "unpaid", actor: { type: "api-key" } });
    expect(told[3]?.[1]).toMatchObject({ object: { name: "Told" } });
    expect(told[5]?.[1]).toMatchObject({ fromAccountId: reseller.id });
  });
  await control.call("DELETE", `${path}?purge=now`);
  // of what is purged the word alone is left
  await vi.waitFor(async () => expect((await types()).map(([type]) => type)).toEqual(["purged"]));
});

it("an account is deleted with nothing in it, or with all below it where that was said; never the operator, nor one by its own key", async () => {
  const top = await account("Top", { accountId: reseller.id });
  const inner = await account("Inner", { accountId: top.id });
  const first = await newTenant(control, { name: "First", accountId: top.id });
  const deep = await newTenant(control, { name: "Deep", accountId: inner.id });
  const before = await newTenant(control, { name: "Before", accountId: inner.id });
  await control.call("DELETE", before.path);
  const refused = await control.call("DELETE", top.path);
  expect([refused.status, refused.body.code]).toEqual([409, "in_use"]);
  expect(refused.body.below).toEqual({ tenants: [first.id], accounts: [inner.id] });
  expect(await status("DELETE", `${top.path}?cascade=true`, top.key)).toBe(409);
  const operator = String((await control.call("GET", "/v1/me")).body.accountId);
  expect(await status("DELETE", `/v1/accounts/${operator}?cascade=true`)).toBe(409);
  expect(await status("DELETE", `${top.path}?cascade=true`, reseller.key)).toBe(204);
  await vi.waitFor(async () => {
    for (const { path } of [top, inner, first, deep]) expect(await status("GET", path)).toBe(404);
  });
  expect([await status("GET", "/v1/me", top.key), await status("GET", "/v1/me", inner.key)]).toEqual([401, 401]);
  expect((await control.call("POST", `${deep.path}/restore`)).body.code).toBe("conflict");
  expect(await status("POST", `${top.path}/restore`, reseller.key)).toBe(200);
  await vi.waitFor(async () => {
    for (const { path } of [top, inner, first, deep]) expect(await status("GET", path)).toBe(200);
  });
  // what was deleted before stays so
  expect(await status("GET", before.path)).toBe(404);
  expect(await status("POST", `${before.path}/restore`)).toBe(200);
  expect(await status("GET", "/v1/me", inner.key)).toBe(200);
});

it("an account is purged after all that was in it", async () => {
  const top = await account("Purged", { accountId: reseller.id });
  const inner = await account("Inner", { accountId: top.id });
  const deep = await newTenant(control, { name: "Deep", accountId: inner.id });
  expect(await status("DELETE", `${top.path}?cascade=true&purge=now`)).toBe(204);
  const { store } = control.ctx;
  await vi.waitFor(async () => {
    for (const owner of [tenantOwner(deep.id), accountOwner(inner.id), accountOwner(top.id)]) {
      const { items } = await store.query({ pk: owner });
      expect(items.filter(({ sk }) => !/^(HEAD|DELETION|[PEX]#.*)$/.test(sk))).toEqual([]);
      expect(await readTombstone(store, owner)).toMatchObject({ purgeAt: null, deletedAt: expect.any(String) });
    }
  });
});
