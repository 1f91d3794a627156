import { expect, onTestFinished, test } from "vitest";
import { resolve } from "../../core/routing/resolve.ts";
import { normalAddress } from "../../edge-agent/names.ts";
import { openState } from "../../edge-agent/state.ts";
import {
  accountOf,
  createDocument,
  createTenant,
  type Document,
  extensionBody,
  tenantOf,
  ulidOf,
} from "../support/document.ts";

function open(...documents: Document[]) {
  const state = openState(":memory:");
  onTestFinished(() => state.close());
  for (const document of documents) for (const delta of document.deltas) state.apply(delta);
  return { state, documents: state.documents };
}

const trunkBody = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  enabled: true,
  host: "sip.carrier.example",
  port: null,
  transport: "udp",
  username: null,
  register: false,
  inboundAddresses: [],
  priority: 100,
  numberFormat: "e164",
  ...more,
});
const trunk = (n: number) => `trk_${ulidOf(n)}`;

test("the same extension number in two tenants is two extensions", () => {
  const { documents } = open(createTenant(1, 2), createTenant(2, 2));
  expect(documents.device(tenantOf(1), "1001")?.extension.id).toBe(`ext_${ulidOf(1000)}`);
  expect(documents.device(tenantOf(2), "1001")?.extension.id).toBe(`ext_${ulidOf(2000)}`);
  expect(documents.config(tenantOf(1))?.get("extension", `ext_${ulidOf(2000)}`)).toBeUndefined();
  expect(documents.tenantByDomain("T2.Example")).toBe(tenantOf(2));
  expect(documents.domains().sort()).toEqual(["t1.example", "t2.example"]);
});

test("a device is found by its user name, digits or not, and no longer by one it had", () => {
  const acme = createTenant(1, 1);
  const id = `ext_${ulidOf(1000)}`;
  const devices = (...names: string[]) => ({
    devices: names.map((username) => ({ label: "Phone", username, password: { secret: "sec_0#1" } })),
  });
  acme.write({ kind: "extension", id, body: extensionBody("1001", undefined, devices("1001", "desk", "1001-cell")) });
  const { state, documents } = open(acme);
  for (const name of ["1001", "desk", "1001-cell"])
    expect(documents.device(acme.owner, name)).toMatchObject({ extension: { id }, device: { username: name } });
  state.apply(acme.write({ kind: "extension", id, body: extensionBody("1001", undefined, devices("mobile")) }));
  expect(
    ["1001", "desk", "1001-cell", "mobile"].map((name) => documents.device(acme.owner, name)?.device.username),
  ).toEqual([undefined, undefined, undefined, "mobile"]);
  expect(documents.config(acme.owner)?.dialable("1001")?.id).toBe(id);
});

test("two extensions may swap their numbers in one step", () => {
  const acme = createTenant(1, 2);
  const { state, documents } = open(acme);
  const [one, two] = [`ext_${ulidOf(1000)}`, `ext_${ulidOf(1001)}`] as const;
  state.apply(
    acme.write(
      { kind: "extension", id: one, body: extensionBody("1002") },
      { kind: "extension", id: two, body: extensionBody("1001") },
    ),
  );
  expect(documents.device(acme.owner, "1001")?.extension.id).toBe(two);
  expect(documents.device(acme.owner, "1002")?.extension.id).toBe(one);
});

test("a phone number leads to its tenant, and an account's inventory to none", () => {
  const reseller = createDocument(accountOf(1));
  reseller.write({
    kind: "phone-number",
    id: `num_${ulidOf(1)}`,
    body: { number: "+15550100", label: null, destination: null },
  });
  const acme = createTenant(1, 1);
  const { state, documents } = open(reseller, acme);
  expect(documents.tenantByNumber("+15550100")).toBeUndefined();
  state.apply(
    acme.write({
      kind: "phone-number",
      id: `num_${ulidOf(1)}`,
      body: { number: "+15550100", label: null, destination: null },
    }),
  );
  expect(documents.tenantByNumber("+15550100")).toBe(acme.owner);
  expect(documents.config(acme.owner)?.first("phone-number")?.body.number).toBe("+15550100");
});

test("a phone number that goes to another tenant never leads to the one that had it once the new one is known", () => {
  const body = { number: "+15550100", label: null, destination: null };
  const [before, after] = [createTenant(1, 1), createTenant(2, 1)];
  before.write({ kind: "phone-number", id: `num_${ulidOf(1)}`, body });
  const { state, documents } = open(before, after);
  expect(documents.tenantByNumber("+15550100")).toBe(before.owner);
  // the new one's change overtakes the old one's: nobody's, until that is here too
  state.apply(after.write({ kind: "phone-number", id: `num_${ulidOf(2)}`, body }));
  expect(documents.tenantByNumber("+15550100")).toBeUndefined();
  state.apply(before.write({ kind: "phone-number", id: `num_${ulidOf(1)}`, body: undefined }));
  expect(documents.tenantByNumber("+15550100")).toBe(after.owner);
});

test("a carrier is known by its address, its network, or its host where that is an address; a disabled one is not", () => {
  const acme = createTenant(1, 0);
  acme.write(
    {
      kind: "trunk",
      id: trunk(1),
      body: trunkBody("a", { inboundAddresses: ["192.0.2.7", "198.51.100.0/24", "2001:DB8:0:0::1"] }),
    },
    { kind: "trunk", id: trunk(2), body: trunkBody("b", { host: "192.0.2.9" }) },
    { kind: "trunk", id: trunk(3), body: trunkBody("c", { host: "192.0.2.9", enabled: false }) },
  );
  const { state, documents } = open(acme);
  const from = (address: string) => documents.trunksByAddress(address).map(({ id }) => id);
  expect(from("192.0.2.7")).toEqual([trunk(1)]);
  expect(from("::ffff:192.0.2.7")).toEqual([trunk(1)]);
  expect(from("198.51.100.200")).toEqual([trunk(1)]);
  expect(from("2001:db8::1")).toEqual([trunk(1)]);
  expect(from("192.0.2.9")).toEqual([trunk(2)]);
  expect(from("203.0.113.1")).toEqual([]);
  expect(from("not an address")).toEqual([]);
  state.apply(
    acme.write({ kind: "trunk", id: trunk(1), body: trunkBody("a", { inboundAddresses: ["203.0.113.0/30"] }) }),
  );
  expect([from("198.51.100.200"), from("203.0.113.1"), from("192.0.2.7")]).toEqual([[], [trunk(1)], []]);
});

test("a tenant's trunks come before its accounts', and each says whose it is", () => {
  const reseller = createDocument(accountOf(1), [`acc_${ulidOf(2)}`]);
  reseller.write({ kind: "trunk", id: trunk(2), body: trunkBody("shared") });
  const operator = createDocument(accountOf(2));
  operator.write({ kind: "trunk", id: trunk(3), body: trunkBody("last resort") });
  const acme = createTenant(1, 1, [`acc_${ulidOf(1)}`, `acc_${ulidOf(2)}`]);
  acme.write({ kind: "trunk", id: trunk(1), body: trunkBody("own") });
  const globex = createTenant(2, 1);
  globex.write({ kind: "trunk", id: trunk(9), body: trunkBody("a stranger's") });
  const { documents } = open(acme, globex, reseller, operator);
  expect(
    documents
      .config(acme.owner)
      ?.inherited("trunk")
      .map(({ id, owner }) => [id, owner]),
  ).toEqual([
    [trunk(1), acme.owner],
    [trunk(2), reseller.owner],
    [trunk(3), operator.owner],
  ]);
  expect(documents.trunk(trunk(3))?.owner).toBe(operator.owner);
  expect(documents.trunks()).toHaveLength(4);
});

test("routing reads a call's way from the disk", () => {
  const { documents } = open(createTenant(1, 2));
  const config = documents.config(tenantOf(1));
  if (!config) throw new Error("no such tenant");
  const { action } = resolve(config, {
    from: { kind: "extension", id: `ext_${ulidOf(1000)}` },
    to: "1002",
    at: new Date(),
  });
  expect(action).toMatchObject({
    do: "ring",
    groups: [[{ extension: `ext_${ulidOf(1001)}`, usernames: ["1002"] }]],
  });
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::FFFF:c000:0201", "192.0.2.1"],
  ["2001:DB8:0000::0001", "2001:db8::1"],
  ["carrier.example", "carrier.example"],
])("the address %s is spelled %s", (given, normal) => {
  expect(normalAddress(given)).toBe(normal);
});
