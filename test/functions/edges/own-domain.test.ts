// A tenant's own domain in the certificates of its pool's hosts: asked for by whoever has the domain's DNS, shown to nobody else's hosts, and gone with the tenant.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { HostNamed } from "../../../core/host-name.ts";
import type { Roster } from "../../../core/wire.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { createZone } from "../../support/dns.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

const { zone, records, aliases } = createZone();
const value = "v".padEnd(43, "v");
let control: TestControl;
let edge: SignedEdge;
let tenants = 0;
beforeAll(async () => {
  control = await testControl({ zone });
  edge = await enrolEdge(control);
});
afterAll(() => control.stop());
beforeEach(() => aliases.clear());

type Tenant = Awaited<ReturnType<typeof newTenant>>;
const made = (settings: Record<string, unknown> = {}): Promise<Tenant> =>
  newTenant(control, { domain: `sip${++tenants}.customer.example`, ...settings });
const recordOf = ({ id }: Tenant): string => `_acme-challenge.${id.slice(4).toLowerCase()}.tenants.sip.example`;
const prove = (tenant: Tenant): void => void aliases.set(`_acme-challenge.${tenant.domain}`, recordOf(tenant));
const see = async ({ path }: Tenant) => (await control.call("GET", `${path}/certificate`)).body;
const ask = ({ path }: Tenant): Promise<Reply> => control.call("POST", `${path}/certificate`);
const named = async (of: SignedEdge, leavesOut = true): Promise<HostNamed["names"]> =>
  ((await of.request("POST", "names", { addresses: [], leavesOut })).body as unknown as HostNamed).names;
const domainsOf = async (of: SignedEdge) =>
  (await named(of)).filter(({ record }) => record.includes(".tenants.")).map(({ name }) => name);
const challenge = (of: SignedEdge, name: string) => of.request("POST", "challenges", { name, value });

/** When names came or went last, as the hosts are told by queue and by heartbeat. */
async function toldAt(): Promise<unknown> {
  const health = { version: "1", engine: { connected: true, version: null }, liveCalls: 0, roster: 0 };
  const { body } = await edge.request("POST", "heartbeat", health);
  return (body.roster as unknown as Roster).namesAt;
}

/** The host says of its certificate what its agent would. */
async function beat(names: string[], leftOut: { name: string; problem: string }[] = [], days = 60): Promise<void> {
  const at = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString();
  const certificate = { names, leftOut, renewAt: at(days - 30), expiresAt: at(days), problem: null };
  const health = { version: "1", engine: { connected: true, version: null }, liveCalls: 0, certificate };
  expect((await edge.request("POST", "heartbeat", health)).status).toBe(200);
}

test("a tenant is told which record its domain needs, then asks, and sees when its hosts show it", async () => {
  const tenant = await made();
  const record = { name: `_acme-challenge.${tenant.domain}`, type: "CNAME", value: recordOf(tenant) };
  expect(await see(tenant)).toMatchObject({
    ...{ domain: tenant.domain, state: "unproven", record },
    advice: `Publish the record: ${record.name} CNAME ${record.value}, then ask for the certificate.`,
  });
  const refused = await ask(tenant);
  expect([refused.status, refused.body.code, refused.body.record]).toEqual([409, "conflict", record]);
  expect(await domainsOf(edge)).toEqual([]);

  // by way of another name
  aliases.set(record.name, "acme.dns.customer.example");
  aliases.set("acme.dns.customer.example", `${record.value.toUpperCase()}.`);
  expect(await see(tenant)).toMatchObject({ state: "proven", record });
  expect((await ask(tenant)).body).toMatchObject({
    state: "asked",
    advice: expect.stringContaining("KAMAILIO_TLS_PORT"),
  });
  expect((await named(edge)).at(-1)).toEqual({ name: tenant.domain, record: record.value, delegated: true });
  const namesAt = await toldAt();
  expect(Date.now() - Date.parse(String(namesAt))).toBeLessThan(60_000);
  // an agent of before would get nothing at all if one of them can't be proven
  expect((await named(edge, false)).map(({ delegated }) => delegated)).toEqual([false, false]);
  expect((await challenge(edge, record.value)).status).toBe(200);
  expect(records.get(`TXT ${record.value}`)).toEqual([value]);

  await beat(["h.hosts.sip.example"]);
  expect(await see(tenant)).toMatchObject({
    advice: expect.stringContaining("now, or six hours after"),
    hosts: [{ problem: null }],
  });
  const problem = "the CA says: CAA forbids it";
  await beat(["h.hosts.sip.example"], [{ name: tenant.domain, problem }]);
  expect(await see(tenant)).toMatchObject({
    ...{ state: "asked", advice: problem },
    hosts: [{ edge: edge.id, shown: false, problem }],
  });
  await beat(["h.hosts.sip.example", tenant.domain]);
  expect(await see(tenant)).toMatchObject({ state: "shown", advice: null, hosts: [{ shown: true, problem: null }] });
  // over
  await beat([tenant.domain], [], -1);
  expect(await see(tenant)).toMatchObject({ state: "asked", hosts: [{ shown: false }] });
  // the record is gone: it will not be renewed
  await beat([tenant.domain]);
  aliases.clear();
  expect(await see(tenant)).toMatchObject({
    state: "unproven",
    advice: expect.stringMatching(/tenants\.sip\.example\.$/),
  });

  expect((await control.call("DELETE", `${tenant.path}/certificate`)).status).toBe(204);
  expect((await control.call("DELETE", `${tenant.path}/certificate`)).status).toBe(204);
  expect(Date.parse(String(await toldAt()))).toBeGreaterThan(Date.parse(String(namesAt)));
  expect(await domainsOf(edge)).toEqual([]);
  expect((await challenge(edge, record.value)).status).toBe(403);
  const told = (await control.call("GET", `/v1/audit?tenantId=${tenant.id}&limit=100`)).text;
  expect(told.match(/"route":"[^"]*\/certificate"/g)?.length, told).toBe(2);
});

describe("a domain", () => {
  test("is the tenant's as its settings say now, and another tenant's record proves nothing", async () => {
    const [tenant, other] = [await made(), await made()];
    aliases.set(`_acme-challenge.${tenant.domain}`, recordOf(other));
    expect((await ask(tenant)).status).toBe(409);
    prove(tenant);
    expect((await ask(tenant)).status).toBe(200);
    const domain = `later${tenant.domain}`;
    expect((await control.call("PATCH", tenant.path, { domain })).status).toBe(200);
    expect(await domainsOf(edge)).toEqual([domain]);
    expect(await see(tenant)).toMatchObject({ domain, state: "unproven" });
    await control.call("DELETE", `${tenant.path}/certificate`);
  });

  test("goes with its tenant: to another pool's hosts, and from all of them when the tenant is deleted", async () => {
    const tenant = await made();
    prove(tenant);
    await ask(tenant);
    const { body: pool } = await control.call("POST", "/v1/pools", { name: "elsewhere" });
    const there = await enrolEdge(control, String(pool.id));
    expect([await domainsOf(edge), await domainsOf(there)]).toEqual([[tenant.domain], []]);
    expect((await challenge(there, recordOf(tenant))).status).toBe(403);
    const { accountId } = (await control.call("GET", tenant.path)).body;
    const moved = await control.call("POST", `${tenant.path}/move`, { accountId, poolId: pool.id });
    expect(moved.status, moved.text).toBe(200);
    expect([await domainsOf(edge), await domainsOf(there)]).toEqual([[], [tenant.domain]]);
    expect((await challenge(edge, recordOf(tenant))).status).toBe(403);
    expect((await challenge(there, recordOf(tenant))).status).toBe(200);
    expect((await control.call("DELETE", tenant.path)).status).toBeLessThan(300);
    expect(await domainsOf(there)).toEqual([]);
  });

  test("below the zone is shown by the installation's hosts without being asked, and by nobody else's", async () => {
    const tenant = await made({ domain: "acme.sip.example" });
    expect(await see(tenant)).toMatchObject({ state: "unavailable", record: null });
    expect((await ask(tenant)).status).toBe(409);
    await beat(["*.sip.example"]);
    expect(await see(tenant)).toMatchObject({ state: "shown", advice: null, record: null });
    const deeper = await made({ domain: "a.b.sip.example" });
    expect(await see(deeper)).toMatchObject({ state: "unavailable", hosts: [{ shown: false }] });
  });

  test("of a sandbox is refused", async () => {
    const { body: sandbox } = await control.call("POST", "/v1/accounts", { name: "Try", sandbox: true });
    const tenant = await made({ accountId: sandbox.id });
    prove(tenant);
    const refused = await ask(tenant);
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining("sandbox")]);
  });

  test("is one of eighty at most of a pool", async () => {
    const { body: pool } = await control.call("POST", "/v1/pools", { name: "full" });
    const host = await enrolEdge(control, String(pool.id));
    const all = await Promise.all(Array.from({ length: 81 }, () => made({ poolId: pool.id })));
    for (const tenant of all) prove(tenant);
    const last = all.pop() ?? expect.fail();
    for (const tenant of all) expect((await ask(tenant)).status).toBe(200);
    expect((await ask(last)).body.code).toBe("limit_reached");
    expect((await ask(all[0] ?? last)).status).toBe(200);
    expect((await domainsOf(host)).length).toBe(80);
  });
});

test("an installation without a zone says so", async () => {
  const bare = await testControl();
  const { path } = await newTenant(bare, { domain: "sip.customer.example" });
  const refused = await bare.call("POST", `${path}/certificate`);
  expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining("no DNS zone")]);
  expect((await bare.call("GET", `${path}/certificate`)).body).toMatchObject({ state: "unavailable", record: null });
  await bare.stop();
});
