// Names of hosts and what they may write into DNS: their own, in time, and nothing of anybody else's.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HostNamed } from "../../../core/host-name.ts";
import { sweepRecords } from "../../../functions/dns/records.ts";
import { type TestControl, testControl } from "../../support/control.ts";
import { createZone } from "../../support/dns.ts";
import { enrolEdge, newKey, type SignedEdge } from "../../support/signed-edge.ts";

const { zone, records, control: provider, changes } = createZone();
const labelOf = ({ id }: { id: string }): string => id.slice(4).toLowerCase();
const own = (edge: { id: string }): string => `${labelOf(edge)}.hosts.sip.example`;
const wildcard = "_acme-challenge.sip.example";
const value = (n: number): string => String(n).padStart(43, "v");

let control: TestControl;
let edge: SignedEdge;
beforeAll(async () => {
  control = await testControl({ zone });
  edge = await enrolEdge(control);
});
afterAll(() => control.stop());

const named = async (of: SignedEdge, ...addresses: string[]): Promise<HostNamed> => {
  const { status, body, text } = await of.request("POST", "names", { addresses });
  if (status !== 200) throw new Error(text);
  return body as unknown as HostNamed;
};
const challenge = (of: SignedEdge, name: string, n = 1) => of.request("POST", "challenges", { name, value: value(n) });
const unchallenge = (of: SignedEdge, name: string, n = 1) =>
  of.request("DELETE", `challenges?name=${encodeURIComponent(name)}&value=${value(n)}`);
/** The sweep, as if it were so much later. */
const sweepIn = (hours: number) =>
  sweepRecords({ ...control.ctx, now: () => new Date(Date.now() + hours * 3_600_000) });

/** A host of a pool of a reseller's own. */
async function resellersEdge(sip: object | null = null) {
  const { id: accountId } = (await control.call("POST", "/v1/accounts", { name: "Voice" })).body;
  const { key } = (await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"], accountId })).body;
  const call: TestControl["call"] = (method, path, body, more) =>
    control.call(method, path, body, { key: String(key), ...more });
  const pool = await call("POST", "/v1/pools", { name: "theirs", sip });
  return {
    pool: { id: String(pool.body.id) },
    edge: await enrolEdge({ call, ctx: control.ctx }, String(pool.body.id)),
  };
}

test("a host has a name of its own, which leads to its address and to no other; and proves it by a record of its own", async () => {
  const answer = await named(edge, "198.51.100.7", "2001:db8::7");
  expect(answer).toEqual({
    directory: "https://ca.example/directory",
    names: [
      { name: own(edge), record: `_acme-challenge.${own(edge)}`, delegated: false },
      { name: "*.sip.example", record: wildcard, delegated: false },
    ],
  });
  expect([records.get(`A ${own(edge)}`), records.get(`AAAA ${own(edge)}`)]).toEqual([
    ["198.51.100.7"],
    ["2001:db8::7"],
  ]);
  const before = changes();
  await named(edge, "198.51.100.7", "2001:db8::7");
  expect(changes()).toBe(before);
  await named(edge, "198.51.100.8");
  expect(records.get(`A ${own(edge)}`)).toEqual(["198.51.100.8"]);
  for (const none of ["127.0.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1", "::ffff:198.51.100.9"])
    await named(edge, none);
  expect(records.get(`A ${own(edge)}`)).toEqual(["198.51.100.8"]);
});

test("who has a pool of its own shows no name of the operator's tenants, and its pool's name where the challenge is delegated", async () => {
  const { edge: theirs, pool } = await resellersEdge({ server: "SIP.voice.example", port: 5061, transport: "tls" });
  const { names } = await named(theirs);
  expect(names).toEqual([
    { name: own(theirs), record: `_acme-challenge.${own(theirs)}`, delegated: false },
    { name: "sip.voice.example", record: `_acme-challenge.${labelOf(pool)}.pools.sip.example`, delegated: true },
  ]);
  expect((await challenge(theirs, wildcard)).status).toBe(403);
  expect((await challenge(theirs, names[1]?.record ?? "")).status).toBe(200);
  expect((await challenge(edge, names[1]?.record ?? "")).status).toBe(403);
});

test("a name in the zone that a reseller's pool is given is proven by delegation like any other", async () => {
  const { edge: theirs } = await resellersEdge({ server: "acme.sip.example", port: 5061, transport: "tls" });
  expect((await named(theirs)).names.map(({ name, delegated }) => [name, delegated])).toEqual([
    [own(theirs), false],
    ["acme.sip.example", true],
  ]);
});

describe("a challenge", () => {
  test("is put into DNS, is told when it can be seen, and is taken out", async () => {
    const record = `_acme-challenge.${own(edge)}`;
    expect((await challenge(edge, record)).body).toEqual({ visible: false });
    const written = changes();
    expect((await challenge(edge, record)).body).toEqual({ visible: true });
    expect([changes(), records.get(`TXT ${record}`)]).toEqual([written, [value(1)]]);
    expect((await unchallenge(edge, record)).status).toBe(204);
    expect(records.has(`TXT ${record}`)).toBe(false);
    expect((await unchallenge(edge, record)).status).toBe(204);
  });

  test("of a name that is not the host's is refused, whatever name that is", async () => {
    const other = await enrolEdge(control);
    const before = new Map(records);
    for (const name of [
      `_acme-challenge.${own(other)}`,
      own(edge),
      `_acme-challenge.x.${own(edge)}`,
      `_acme-challenge.${own(edge)}.`,
      `_ACME-challenge.${own(edge)}`,
      "_acme-challenge.acme.sip.example",
      "sip.example",
      "_dmarc.sip.example",
      "",
    ]) {
      for (const ask of [challenge, unchallenge]) {
        const reply = await ask(edge, name);
        expect([reply.status, reply.body.code], name).toEqual([403, "forbidden"]);
      }
    }
    expect(records).toEqual(before);
  });

  test("that is none is refused with what it must be", async () => {
    for (const bad of [value(1).slice(1), `${value(1)}x`, `"${value(1).slice(2)}"`, ""]) {
      const reply = await edge.request("POST", "challenges", { name: wildcard, value: bad });
      expect([reply.status, reply.headers.get("content-type")]).toEqual([422, "application/problem+json"]);
    }
  });

  test("signed by anybody else is refused", async () => {
    const stranger = { key: newKey().privateKey };
    const other = await enrolEdge(control);
    for (const what of ["challenges", "names"]) {
      const body = what === "names" ? { addresses: ["192.0.2.66"] } : { name: wildcard, value: value(66) };
      expect((await edge.request("POST", what, body, stranger)).status).toBe(401);
      const path = `/v1/edges/${edge.id}/${what}`;
      expect((await other.request("POST", what, body, { path, sentPath: path })).status).toBe(401);
      expect((await control.call("POST", path, body)).status).toBe(401);
    }
    expect(JSON.stringify([...records])).not.toMatch(/192\.0\.2\.66|v66/);
  });

  test("stands beside those of other hosts: of those that write and take out at once none loses another's", async () => {
    const hosts = await Promise.all(Array.from({ length: 5 }, () => enrolEdge(control)));
    provider.slowMs = 20;
    await Promise.all(hosts.map((host, n) => challenge(host, wildcard, 100 + n)));
    expect(records.get(`TXT ${wildcard}`)).toEqual([100, 101, 102, 103, 104].map(value));
    await Promise.all(
      hosts.map((host, n) => (n < 3 ? unchallenge(host, wildcard, 100 + n) : challenge(host, wildcard, 200 + n))),
    );
    expect(records.get(`TXT ${wildcard}`)).toEqual([103, 104, 203, 204].map(value));
    // and nobody takes out another's
    await unchallenge(hosts[0] as SignedEdge, wildcard, 103);
    expect(records.get(`TXT ${wildcard}`)).toContain(value(103));
    provider.slowMs = 0;
  });

  test("whose writing was cut off is written when it is asked for again", async () => {
    provider.isAway = true;
    expect((await challenge(edge, wildcard, 300)).status).toBe(500);
    provider.isAway = false;
    expect((await challenge(edge, wildcard, 300)).body).toEqual({ visible: false });
    expect(records.get(`TXT ${wildcard}`)).toContain(value(300));
  });

  test("is one of at most ten of a host", async () => {
    const host = await enrolEdge(control);
    for (let n = 0; n < 10; n++) expect((await challenge(host, wildcard, 400 + n)).status).toBe(200);
    const reply = await challenge(host, wildcard, 410);
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "3600"]);
    expect((await challenge(host, wildcard, 409)).status).toBe(200);
  });

  test("that a host forgot goes after an hour, and is not there before", async () => {
    const host = await enrolEdge(control);
    const record = `_acme-challenge.${own(host)}`;
    await challenge(host, record, 500);
    await sweepIn(0.9);
    expect(records.get(`TXT ${record}`)).toEqual([value(500)]);
    await sweepIn(1.1);
    expect(records.has(`TXT ${record}`)).toBe(false);
    expect(await sweepIn(1.2)).toBe(0);
  });
});

test("a host that is taken out loses its address and its challenges with the next sweep; others keep theirs", async () => {
  const host = await enrolEdge(control);
  await named(host, "198.51.100.20");
  await challenge(host, wildcard, 600);
  await challenge(edge, wildcard, 601);
  expect((await control.call("DELETE", `/v1/edges/${host.id}`)).status).toBe(204);
  await sweepIn(0);
  expect(records.has(`A ${own(host)}`)).toBe(false);
  expect(records.get(`TXT ${wildcard}`)).not.toContain(value(600));
  expect(records.get(`TXT ${wildcard}`)).toContain(value(601));
});

test("a host of which nothing was heard for a month has no address; one that says it twice a day keeps it", async () => {
  const host = await enrolEdge(control);
  await named(host, "198.51.100.30");
  await sweepIn(29 * 24);
  expect(records.get(`A ${own(host)}`)).toEqual(["198.51.100.30"]);
  await sweepIn(31 * 24);
  expect(records.has(`A ${own(host)}`)).toBe(false);
});

test("a certificate that is not renewed in half of the time for it is told as a figure, with each sign of life", async () => {
  const told: string[] = [];
  control.ctx.measure = (name) => void told.push(name);
  const day = 86_400_000;
  const beat = async (renewIn: number | null, endsIn: number | null) => {
    const at = (days: number | null) => (days === null ? null : new Date(Date.now() + days * day).toISOString());
    const certificate = { names: [own(edge)], renewAt: at(renewIn), expiresAt: at(endsIn), problem: null };
    const health = { version: "1", engine: { connected: true, version: null }, liveCalls: 0, certificate };
    expect((await edge.request("POST", "heartbeat", health)).status).toBe(200);
    expect((await control.call("GET", `/v1/edges/${edge.id}`)).body.health).toMatchObject({ certificate });
    return told.splice(0);
  };
  expect([await beat(60, 90), await beat(-14, 16), await beat(null, null)]).toEqual([[], [], []]);
  expect([await beat(-16, 14), await beat(-40, -1)]).toEqual([["CertificatesEnding"], ["CertificatesEnding"]]);
  delete control.ctx.measure;
});

test("a certificate that can't be got is told once, with why, and once that it is there again", async () => {
  const host = await enrolEdge(control);
  const day = 86_400_000;
  const beat = async (renewIn: number | null, endsIn: number | null, problem: string | null) => {
    const at = (days: number | null) => (days === null ? null : new Date(Date.now() + days * day).toISOString());
    const certificate = { names: [own(host)], renewAt: at(renewIn), expiresAt: at(endsIn), problem };
    const health = { version: "1", engine: { connected: true, version: null }, liveCalls: 0, certificate };
    expect((await host.request("POST", "heartbeat", health)).status).toBe(200);
  };
  await beat(null, null, null);
  for (const _ of [1, 2]) await beat(null, null, "no answer from the CA");
  await beat(60, 90, null);
  // a problem that it has time for
  await beat(-1, 29, "503 maintenance");
  for (const _ of [1, 2]) await beat(-16, 14, "503 maintenance");
  await beat(60, 90, null);
  const told = async () => {
    const { data } = (await control.call("GET", "/v1/events?type=edge.*&limit=100")).body as unknown as {
      data: { type: string; data: { id: string; certificate?: { problem: string | null } } }[];
    };
    return data.flatMap(({ type, data: { id, certificate } }) =>
      certificate && id === host.id ? [`${type} ${certificate.problem}`] : [],
    );
  };
  await expect.poll(async () => (await told()).length).toBe(4);
  expect((await told()).sort()).toEqual([
    "edge.certificate-failing 503 maintenance",
    "edge.certificate-failing no answer from the CA",
    "edge.certificate-renewed null",
    "edge.certificate-renewed null",
  ]);
});

test("an installation without a zone has no names, and takes no challenge", async () => {
  const bare = await testControl();
  const host = await enrolEdge(bare);
  expect(await named(host, "198.51.100.7")).toEqual({ directory: null, names: [] });
  expect((await challenge(host, wildcard)).status).toBe(409);
  await bare.stop();
});
