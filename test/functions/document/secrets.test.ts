// Secrets of devices and trunks over their life: what a phone was given keeps working until somebody changes it, and what was changed never comes back.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import type { Body } from "../../../core/resources/kind.ts";
import { ha1 } from "../../../functions/vault/owner-secrets.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

let control: TestControl;
let edge: SignedEdge;
let tenant: { id: string; path: string; domain: string };

beforeAll(async () => {
  control = await testControl();
  edge = await enrolEdge(control);
});
afterAll(() => control.stop());
beforeEach(async () => {
  tenant = await newTenant(control);
});

type Device = { username: string; label: string; password: { secret: string } };
const at = (path: string): string => tenant.path + path;
const devicesOf = (reply: Reply): Device[] => reply.body.devices as unknown as Device[];
const passwordOf = (reply: Reply): string => String((reply.body.sip as unknown as Body).password);
const create = async (body: Body): Promise<Reply> => {
  const reply = await control.call("POST", at("/extensions"), body);
  expect(reply.status, reply.text).toBe(201);
  return reply;
};
const patch = async (path: string, body: Body): Promise<Reply> => {
  const reply = await control.call("PATCH", at(path), body);
  expect(reply.status, reply.text).toBe(200);
  return reply;
};

/** What the edge has for each device of each extension, by user name. */
async function credentials(): Promise<Record<string, string | undefined>> {
  const { resources, secrets } = await edge.snapshotOf(tenantOwner(tenant.id));
  const values = new Map(secrets.map(({ ref, value }) => [ref, value]));
  const devices = resources
    .filter(({ kind }) => kind === "extension")
    .flatMap(({ text }) => JSON.parse(text).devices as Device[]);
  return Object.fromEntries(devices.map(({ username, password }) => [username, values.get(password.secret)]));
}
const works = (username: string, password: string): string => ha1(username, tenant.domain, password);

/** What an edge that follows the deltas alone has: it keeps a secret's value under its name. */
async function followed(): Promise<Record<string, string | undefined>> {
  const reply = await edge.request(
    "GET",
    `changes?owner=${encodeURIComponent(tenantOwner(tenant.id))}&epoch=1&since=0`,
  );
  const secrets = new Map<string, string>();
  const devices = new Map<string, Device[]>();
  expect(reply.body.snapshot).toBe(false);
  for (const delta of reply.body.deltas as unknown as {
    upserts: { kind: string; id: string; text: string }[];
    deletes: { id: string }[];
    secrets: { ref: string; value: string }[];
  }[]) {
    for (const { ref, value } of delta.secrets) secrets.set(ref, value);
    for (const { kind, id, text } of delta.upserts) if (kind === "extension") devices.set(id, JSON.parse(text).devices);
    for (const { id } of delta.deletes) devices.delete(id);
  }
  return Object.fromEntries(
    [...devices.values()].flat().map(({ username, password }) => [username, secrets.get(password.secret)]),
  );
}

describe("a device's password", () => {
  test("is made and shown once, in sip and in secrets; the edge has HA1 alone", async () => {
    const made = await create({ number: "1001" });
    const password = passwordOf(made);
    expect(made.body.secrets).toEqual([{ pointer: "/devices/0/password", value: password }]);
    for (const reply of [
      await control.call("GET", at("/extensions/1001")),
      await control.call("GET", at("/extensions")),
      await control.call("GET", at("/changes")),
      await patch("/extensions/1001", { displayName: "Ada" }),
    ])
      expect(reply.text).not.toContain(password);
    const page = await edge.snapshotOf(tenantOwner(tenant.id));
    expect(JSON.stringify(page)).not.toContain(password);
    expect(await credentials()).toEqual({ 1001: works("1001", password) });
  });

  test("may be supplied, and is not repeated", async () => {
    const made = await create({ number: "1001", devices: [{ username: "1001", password: "Supplied-1" }] });
    expect(made.text).not.toContain("Supplied-1");
    expect(made.body.secrets).toBeUndefined();
    expect(await credentials()).toEqual({ 1001: works("1001", "Supplied-1") });
  });

  test("keeps working after a rename of its extension, under the new user name, as a new version", async () => {
    const made = await create({
      number: "1001",
      devices: [{ username: "1001" }, { username: "desk", password: "Desk-phone-1" }],
    });
    const renamed = await patch("/extensions/1001", { number: "1002" });
    expect(devicesOf(renamed).map(({ username }) => username)).toEqual(["1002", "desk"]);
    const [before, after] = [devicesOf(made)[0]?.password.secret, devicesOf(renamed)[0]?.password.secret];
    expect(after).toBe(before?.replace(/#1$/, "#2"));
    expect(devicesOf(renamed)[1]?.password).toEqual(devicesOf(made)[1]?.password);
    const expected = { 1002: works("1002", passwordOf(made)), desk: works("desk", "Desk-phone-1") };
    expect(await credentials()).toEqual(expected);
    expect(await followed()).toEqual(expected);
  });

  test("is another after it was changed, and the old version is gone", async () => {
    const made = await create({ number: "1001" });
    const changed = await patch("/extensions/1001", { devices: [{ username: "1001", password: "Changed-1" }] });
    expect(devicesOf(changed)[0]?.password.secret).toBe(devicesOf(made)[0]?.password.secret.replace(/#1$/, "#2"));
    expect(await credentials()).toEqual({ 1001: works("1001", "Changed-1") });
    expect(await followed()).toEqual({ 1001: works("1001", "Changed-1") });
    const items = await control.ctx.store.query({ pk: tenantOwner(tenant.id), prefix: "S#" });
    expect(items.items).toHaveLength(1);
  });

  test("stays when the devices are sent without it, whatever their order", async () => {
    const made = await create({
      number: "1001",
      devices: [
        { username: "1001", password: "First-one" },
        { username: "desk", password: "Second-one" },
      ],
    });
    const changed = await patch("/extensions/1001", {
      devices: [{ username: "desk", label: "Desk" }, { username: "1001" }],
    });
    expect(devicesOf(changed).map(({ password }) => password)).toEqual(
      devicesOf(made)
        .map(({ password }) => password)
        .reverse(),
    );
    expect(await credentials()).toEqual({ 1001: works("1001", "First-one"), desk: works("desk", "Second-one") });
  });

  test("copied to another device by its name is that device's own from then on", async () => {
    const made = await create({ number: "1001", devices: [{ username: "1001", password: "The-password" }] });
    const [first] = devicesOf(made);
    const copied = await patch("/extensions/1001", {
      devices: [
        first,
        { username: "desk", password: first?.password },
        { username: "home", password: first?.password },
      ],
    } as Body);
    expect(new Set(devicesOf(copied).map(({ password }) => password.secret)).size).toBe(3);
    const expected = Object.fromEntries(["1001", "desk", "home"].map((name) => [name, works(name, "The-password")]));
    expect(await credentials()).toEqual(expected);
    expect(await followed()).toEqual(expected);
  });

  test("of two devices that change places goes with its name", async () => {
    const made = await create({
      number: "1001",
      devices: [
        { username: "desk", password: "Desk-phone" },
        { username: "home", password: "Home-phone" },
      ],
    });
    const [desk, home] = devicesOf(made);
    await patch("/extensions/1001", {
      devices: [
        { username: "desk", password: home?.password },
        { username: "home", password: desk?.password },
      ],
    } as Body);
    const expected = { desk: works("desk", "Home-phone"), home: works("home", "Desk-phone") };
    expect(await credentials()).toEqual(expected);
    expect(await followed()).toEqual(expected);
  });

  test("given to a device while its old one goes to another: each has what was said", async () => {
    const made = await create({
      number: "1001",
      devices: [
        { username: "desk", password: "Desk-phone" },
        { username: "home", password: "Home-phone" },
      ],
    });
    const [desk] = devicesOf(made);
    await patch("/extensions/1001", {
      devices: [
        { username: "desk", password: "New-desk-1" },
        { username: "home", password: desk?.password },
      ],
    } as Body);
    const expected = { desk: works("desk", "New-desk-1"), home: works("home", "Desk-phone") };
    expect(await credentials()).toEqual(expected);
    expect(await followed()).toEqual(expected);
  });

  test("of another extension or another tenant can't be named", async () => {
    const mine = devicesOf(await create({ number: "1001" }))[0]?.password;
    await create({ number: "1002" });
    const other = await newTenant(control);
    for (const [method, path] of [
      ["PATCH", at("/extensions/1002")],
      ["POST", `${other.path}/extensions`],
    ] as const) {
      const reply = await control.call(method, path, {
        ...(method === "POST" && { number: "1002" }),
        devices: [{ username: "1002", password: mine }],
      });
      expect([reply.status, reply.body.errors]).toEqual([
        422,
        [expect.objectContaining({ pointer: "/devices/0/password" })],
      ]);
    }
  });

  test("has the new realm's HA1 after a change of domain, and the edge is told to fetch all", async () => {
    const made = await create({ number: "1001" });
    expect((await control.call("PATCH", tenant.path, { domain: `new-${tenant.domain}` })).status).toBe(200);
    expect(await credentials()).toEqual({ 1001: ha1("1001", `new-${tenant.domain}`, passwordOf(made)) });
    const changes = await edge.request(
      "GET",
      `changes?owner=${encodeURIComponent(tenantOwner(tenant.id))}&epoch=1&since=1`,
    );
    expect(changes.body).toEqual({ deltas: [], snapshot: true });
  });
});

describe("a rollback", () => {
  const back = async (revision: number): Promise<Reply> => {
    const reply = await control.call("POST", at("/rollback"), { revision });
    expect(reply.status, reply.text).toBe(200);
    return reply;
  };

  test("does not bring a changed password back", async () => {
    const made = await create({ number: "1001" });
    await patch("/extensions/1001", { devices: [{ username: "1001", password: "Changed-1" }], displayName: "Ada" });
    const reply = await back(1);
    expect(reply.text).not.toContain(passwordOf(made));
    expect(await credentials()).toEqual({ 1001: works("1001", "Changed-1") });
    expect((await control.call("GET", at("/extensions/1001"))).body.displayName).toBeNull();
  });

  test("of a rename keeps the phone working under its old name, and so does a rollback of that", async () => {
    const made = await create({ number: "1001" });
    await patch("/extensions/1001", { number: "1002" });
    await back(1);
    expect(await credentials()).toEqual({ 1001: works("1001", passwordOf(made)) });
    expect(await followed()).toEqual({ 1001: works("1001", passwordOf(made)) });
    await back(2);
    expect(await credentials()).toEqual({ 1002: works("1002", passwordOf(made)) });
    expect(await followed()).toEqual({ 1002: works("1002", passwordOf(made)) });
  });

  test("of a deletion brings the phone back with the password it had", async () => {
    const made = await create({ number: "1001" });
    expect((await control.call("DELETE", at("/extensions/1001"))).status).toBe(204);
    expect(await credentials()).toEqual({});
    await back(1);
    expect((await control.call("GET", at("/extensions/1001"))).body.id).toBe(made.body.id);
    expect(await credentials()).toEqual({ 1001: works("1001", passwordOf(made)) });
    expect(await followed()).toEqual({ 1001: works("1001", passwordOf(made)) });
  });

  test("does not bring back the password of a device that was taken away and added again", async () => {
    await create({
      number: "1001",
      devices: [
        { username: "1001", password: "The-phone1" },
        { username: "desk", password: "Old-desk-1" },
      ],
    });
    await patch("/extensions/1001", { devices: [{ username: "1001" }] });
    await patch("/extensions/1001", { devices: [{ username: "1001" }, { username: "desk", password: "New-desk-1" }] });
    await back(1);
    expect((await credentials()).desk).toBe(works("desk", "New-desk-1"));
  });

  test("does not bring back a trunk's password that was cleared and set anew", async () => {
    const trunk = { name: "c", host: "c.example", username: "u", password: "Old-secret" };
    expect((await control.call("POST", at("/trunks"), trunk)).status).toBe(201);
    await patch("/trunks/c", { password: null });
    await patch("/trunks/c", { password: "New-secret" });
    await back(1);
    const { secrets } = await edge.snapshotOf(tenantOwner(tenant.id));
    expect(secrets.map(({ value }) => value)).toEqual(["New-secret"]);
  });
});

describe("a trunk's password", () => {
  test("reaches the edge in the clear, is cleared by null, and registering then needs another", async () => {
    const trunk = { name: "c", host: "c.example", username: "u", password: "Carrier-1", register: true };
    const made = await control.call("POST", at("/trunks"), trunk);
    expect(made.text).not.toContain("Carrier-1");
    const values = async () => (await edge.snapshotOf(tenantOwner(tenant.id))).secrets.map(({ value }) => value);
    expect(await values()).toEqual(["Carrier-1"]);
    const refused = await control.call("PATCH", at("/trunks/c"), { password: null });
    expect([refused.status, refused.body.errors]).toEqual([422, [expect.objectContaining({ pointer: "/register" })]]);
    const cleared = await patch("/trunks/c", { password: null, register: false });
    expect(cleared.body.password).toBeNull();
    expect(await values()).toEqual([]);
    await patch("/trunks/c", { username: "v", password: "Carrier-2" });
    await patch("/trunks/c", { username: "w" });
    expect(await values()).toEqual(["Carrier-2"]);
  });
});
