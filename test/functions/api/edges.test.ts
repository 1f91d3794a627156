// A pool's hosts as operators see and drain them, and what their tenants' phones are told.
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Roster, roster as rosterMessage } from "../../../core/wire.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

let control: TestControl;
let pool: string;
let edges: SignedEdge[];
const address = (n: number) => ({ server: `192.0.2.${n}`, port: 5060, transport: "udp" });

beforeAll(async () => {
  control = await testControl();
  pool = await newPool("hosts");
  edges = [await enrolEdge(control, pool, { name: "one", sip: address(1) })];
  edges.push(await enrolEdge(control, pool, { name: "two", sip: address(2) }));
});
afterAll(() => control.stop());

async function newPool(name: string, sip: object | null = null): Promise<string> {
  return String((await control.call("POST", "/v1/pools", { name, sip })).body.id);
}

const shown = async (id = "") => (await control.call("GET", `/v1/edges/${id}`)).body;
const ids = () => edges.map(({ id }) => id);
const beat = async (edge: SignedEdge | undefined, liveCalls: number, more: Record<string, unknown> = {}) => {
  const engine = { connected: true, version: null };
  const reply = await edge?.request("POST", "heartbeat", { version: "1", engine, liveCalls, ...more });
  expect(reply?.status).toBe(200);
  return reply?.body.roster as Roster | undefined;
};

async function serversOf(path: string): Promise<unknown> {
  return ((await control.call("GET", `${path}/extensions/1001`)).body.sip as unknown as { servers: unknown }).servers;
}
async function tenantWithPhone(poolId: string) {
  const document = { extensions: [{ number: "1001" }] };
  return newTenant(control, { poolId, document });
}
const placementOf = async (path: string) => {
  const { body } = await control.call("GET", `${path}/changes?limit=50`);
  const changes = body.data as unknown as { revision: number; actor: { type: string } }[];
  const found = [];
  for (const { revision, actor } of changes) {
    const { diff } = (await control.call("GET", `${path}/changes/${revision}`)).body as unknown as {
      diff: { kind: string; after: { home: string; standby: string } }[];
    };
    for (const { kind, after } of diff) if (kind === "placement") found.push({ ...after, by: actor.type });
  }
  return found;
};

test("phones are told of their tenant's home and its standby, in this order; of the front's hosts where there is one; of one address where the operator chose it", async () => {
  const { path } = await tenantWithPhone(pool);
  const [placed] = await placementOf(path);
  const order = [placed?.home, placed?.standby].map((id) => address(ids().indexOf(String(id)) + 1));
  expect(await serversOf(path)).toEqual(order);
  const extension = (await control.call("GET", `${path}/extensions/1001`)).body;
  expect(extension.sip).toMatchObject(order[0] ?? {});

  const chosen = await newPool("chosen", address(9));
  await enrolEdge(control, chosen, { sip: address(10) });
  const other = await tenantWithPhone(chosen);
  expect(await serversOf(other.path)).toEqual([address(9)]);
  const front = await newPool("front");
  await enrolEdge(control, front, { sip: address(11) });
  await enrolEdge(control, front, { sip: address(12), engine: "kamailio" });
  expect(await serversOf((await tenantWithPhone(front)).path)).toEqual([address(12)]);
});

test("an edge shows its slot and state, is drained and resumed with an audit record, and the hosts are told what changed", async () => {
  const [one, two] = edges;
  expect(await shown(one?.id)).toMatchObject({ slot: 1, state: "up", front: null, drain: null });
  const front = { address: "192.0.2.1", port: 5062 };
  const before = rosterMessage.parse(await beat(one, 0, { front, roster: null }));
  expect(before.hosts).toMatchObject([
    { id: one?.id, name: "one", slot: 1, front, state: "up" },
    { id: two?.id, name: "two", slot: 2, front: null, state: "up" },
  ]);
  expect(await beat(one, 3, { front, roster: before.version })).toBeUndefined();

  const drained = await control.call("POST", `/v1/edges/${one?.id}/drain`, undefined, {
    headers: { "idempotency-key": "d" },
  });
  expect(drained.status).toBe(200);
  expect(drained.body).toMatchObject({ id: one?.id, state: "draining", drain: { state: "draining", callsLeft: 3 } });
  const again = await control.call("POST", `/v1/edges/${one?.id}/drain`, undefined, {
    headers: { "idempotency-key": "d" },
  });
  expect(again.body).toEqual(drained.body);
  expect((await control.call("POST", `/v1/edges/${one?.id}/drain`)).body.drain).toMatchObject({ state: "draining" });
  await vi.waitFor(async () => expect(await shown(one?.id)).toMatchObject({ drain: { tenantsLeft: 0, callsLeft: 3 } }));
  expect((await beat(two, 0, { roster: before.version }))?.hosts).toMatchObject([
    { state: "draining" },
    { state: "up" },
  ]);
  await beat(one, 0, { front, roster: before.version });
  await vi.waitFor(async () =>
    expect(await shown(one?.id)).toMatchObject({ drain: { state: "drained", callsLeft: 0 } }),
  );
  await vi.waitFor(async () => {
    const events = (await control.call("GET", "/v1/events?type=edge.drained")).body.data;
    expect(events).toMatchObject([{ type: "edge.drained", tenantId: null, data: { id: one?.id, name: "one", pool } }]);
  });

  expect((await control.call("POST", `/v1/edges/${one?.id}/resume`)).body).toMatchObject({ state: "up", drain: null });
  const audit = (await control.call("GET", "/v1/audit")).body.data as unknown as {
    route: string;
    target: { id: string };
  }[];
  const routes = audit.filter(({ target }) => target?.id === one?.id).map(({ route }) => route);
  expect(routes.filter((route) => /drain|resume/.test(route))).toEqual([
    "/v1/edges/{id}/resume",
    "/v1/edges/{id}/drain",
  ]);
});

test("a host that tenants call their home can't be taken out before it is drained, and tells how many they are", async () => {
  const lone = await newPool("lone");
  const first = await enrolEdge(control, lone);
  const { path } = await newTenant(control, { poolId: lone });
  const second = await enrolEdge(control, lone);
  await vi.waitFor(async () =>
    expect((await placementOf(path))[0]).toMatchObject({ home: first.id, standby: second.id }),
  );
  const refused = await control.call("DELETE", `/v1/edges/${first.id}`);
  expect(refused.status).toBe(409);
  expect(refused.body).toMatchObject({ code: "in_use", tenants: 1, detail: expect.stringContaining("/drain") });
  await control.call("POST", `/v1/edges/${first.id}/drain`);
  await beat(first, 0);
  await vi.waitFor(async () => expect(await shown(first.id)).toMatchObject({ drain: { state: "drained" } }));
  expect((await control.call("DELETE", `/v1/edges/${first.id}`)).status).toBe(204);
  expect((await placementOf(path))[0]).toEqual({ home: second.id, standby: null, by: "system" });

  // the last one of its pool: nobody else could carry them
  expect((await control.call("DELETE", `/v1/edges/${second.id}`)).status).toBe(204);
  await vi.waitFor(async () => expect((await placementOf(path))[0]).toMatchObject({ home: null, standby: null }));
});

test("homes are evened out over the hosts of a pool when an operator asks", async () => {
  const uneven = await newPool("uneven");
  const first = await enrolEdge(control, uneven);
  for (let n = 0; n < 5; n++) await newTenant(control, { poolId: uneven });
  const second = await enrolEdge(control, uneven);
  const path = `/v1/pools/${uneven}/rebalance`;
  const asked = await control.call("POST", path);
  expect(asked.status).toBe(202);
  expect(asked.body.hosts).toMatchObject([
    { id: first.id, tenants: 5 },
    { id: second.id, tenants: 0 },
  ]);
  await vi.waitFor(async () => {
    const { hosts } = (await control.call("POST", path)).body as unknown as { hosts: { tenants: number }[] };
    expect(hosts.map(({ tenants }) => tenants).sort()).toEqual([2, 3]);
  });
  expect((await control.call("POST", "/v1/pools/pol_01ARZ3NDEKTSV4RRFFQ69G5FAV/rebalance")).status).toBe(404);
});

test("a pool is renamed, told what is in it, made the default, and deleted once nothing is in it, not before", async () => {
  const id = await newPool("old name");
  const path = `/v1/pools/${id}`;
  const address = { server: "sip.acme.example", port: 5061, transport: "tls" };
  const changed = await control.call("PATCH", path, { name: "new name", sip: address });
  expect(changed.body, changed.text).toMatchObject({
    id,
    name: "new name",
    sip: address,
    iceServers: [],
    default: false,
  });
  expect((await control.call("PATCH", path, { sip: null })).body).toMatchObject({ name: "new name", sip: null });
  expect((await control.call("PATCH", path, { default: false })).status).toBe(422);
  const spare = String((await control.call("POST", "/v1/edges", { poolId: id })).body.token);

  const edge = await enrolEdge(control, id, {
    name: "in it",
    sip: { server: "192.0.2.9", port: 5060, transport: "udp" },
  });
  const tenant = await newTenant(control, { poolId: id });
  const other = await newTenant(control, { poolId: id });
  expect((await control.call("DELETE", other.path)).status).toBe(204);
  // the address that it took from its host is not one that somebody chose
  expect((await control.call("PATCH", path, { name: "again" })).body).toMatchObject({ sip: { server: "192.0.2.9" } });
  expect((await control.call("GET", path)).body).toMatchObject({
    ...{ name: "again", tenants: 1, deletedTenants: 1, default: false },
    hosts: [{ id: edge.id, name: "in it", tenants: 1 }],
  });
  const refused = async () => {
    const { status, body } = await control.call("DELETE", path);
    return [status, body.code, body.edges ?? body.tenants];
  };
  expect(await refused()).toEqual([409, "in_use", 1]);
  expect((await control.call("DELETE", `/v1/edges/${edge.id}`)).status).toBe(204);
  expect(await refused()).toEqual([409, "in_use", 1]);
  const account = String((await control.call("GET", tenant.path)).body.accountId);
  const moved = await control.call("POST", `${tenant.path}/move`, { accountId: account, poolId: pool });
  expect(moved.status, moved.text).toBe(200);
  expect(await refused()).toEqual([409, "in_use", 0]);
  expect((await control.call("POST", `${other.path}/restore`)).status).toBe(200);
  await control.call("POST", `${other.path}/move`, { accountId: account, poolId: pool });

  const pools = async () =>
    (await control.call("GET", "/v1/pools")).body.data as unknown as { id: string; default: boolean }[];
  const before = (await pools()).find((one) => one.default)?.id;
  expect((await control.call("PATCH", path, { default: true })).body.default).toBe(true);
  expect((await pools()).filter((one) => one.default).map((one) => one.id)).toEqual([id]);
  expect((await refused())[1]).toBe("conflict");
  expect((await control.call("PATCH", `/v1/pools/${before}`, { default: true })).status).toBe(200);
  expect((await control.call("DELETE", path)).status).toBe(204);
  for (const method of ["GET", "DELETE"]) expect((await control.call(method, path)).status).toBe(404);
  expect((await pools()).map((one) => one.id)).not.toContain(id);
  // a token from before leads nowhere
  const { publicKey } = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const late = { token: spare, publicKey, name: "late", engine: "freeswitch", sip: null };
  expect((await control.call("POST", "/v1/edges/enroll", late)).body).toMatchObject({
    code: "unauthenticated",
    detail: expect.stringContaining("was deleted"),
  });
});

test("no apply, export, clone or rollback knows of it; a copy and a tenant that comes to another pool are placed there", async () => {
  const { path, id } = await tenantWithPhone(pool);
  const exported = (await control.call("GET", `${path}/config`)).body;
  expect(JSON.stringify(exported)).not.toContain("edg_");
  await control.call("POST", `${path}/extensions`, { number: "1002" });
  const elsewhere = await newPool("elsewhere");
  const there = await enrolEdge(control, elsewhere);
  const { accountId } = (await control.call("GET", path)).body;
  expect((await control.call("POST", `${path}/move`, { accountId, poolId: elsewhere })).status).toBe(200);
  await vi.waitFor(async () => expect((await placementOf(path))[0]).toMatchObject({ home: there.id, standby: null }));
  expect((await control.call("POST", `${path}/rollback`, { revision: 0 })).status).toBe(200);
  expect((await placementOf(path))[0]).toMatchObject({ home: there.id });
  const copy = (await control.call("POST", `${path}/clone`, { name: "Copy" })).body;
  expect(await placementOf(`/v1/tenants/${copy.id}`)).toHaveLength(1);
  await control.call("DELETE", `${path}`);
  await control.call("POST", `${path}/restore`);
  expect(JSON.stringify(await there.snapshotOf(`T#${id}`))).toContain(there.id);
});

test("a Kamailio host's relay of media is shown as its agent says, and its going and coming back are told once each", async () => {
  const front = await enrolEdge(control, await newPool("relayed"), { engine: "kamailio" });
  const at = { address: "127.0.0.1", port: 2223 };
  for (const answers of [true, true, false, false, true]) {
    await beat(front, 0, { relay: { ...at, answers } });
    expect((await shown(front.id)).health).toMatchObject({ relay: { ...at, answers } });
  }
  await beat(front, 0, { relay: null });
  // one that never was there is gone, too
  const other = await enrolEdge(control, undefined, { engine: "kamailio" });
  await beat(other, 0, { relay: { ...at, answers: false } });
  const told = async () => {
    const { data } = (await control.call("GET", "/v1/events?type=edge.*")).body as unknown as {
      data: { type: string; data: { id: string; name: string; relay?: unknown } }[];
    };
    return data.flatMap(({ type, data: { id, relay } }) => (relay ? [{ type, id, relay }] : []));
  };
  const down = { type: "edge.relay-down", relay: at };
  await expect.poll(async () => (await told()).length).toBe(3);
  expect(await told()).toEqual(
    expect.arrayContaining([
      { ...down, id: front.id },
      { ...down, type: "edge.relay-up", id: front.id },
      { ...down, id: other.id },
    ]),
  );
});
