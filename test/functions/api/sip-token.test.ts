import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ha1 } from "../../../functions/vault/owner-secrets.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

describe("a browser phone's credential", () => {
  let control: TestControl;
  let edge: SignedEdge;
  let path: string;
  let domain: string;
  let password: string;
  const ask = (more = {}) => control.call("POST", `${path}/extensions/1001/sip-token`, undefined, more);
  const beat = (webSocket: string | null) =>
    edge.request("POST", "heartbeat", {
      ...{ version: "1", engine: { connected: true, version: null }, liveCalls: 0, webSocket },
    });

  beforeAll(async () => {
    control = await testControl();
    edge = await enrolEdge(control);
    ({ path, domain } = await newTenant(control));
    const made = await control.call("POST", `${path}/extensions`, { number: "1001", displayName: "Ada" });
    password = String((made.body.sip as unknown as { password: string }).password);
    // it has a home
    await vi.waitFor(async () =>
      expect((await control.call("GET", `${path}/extensions/1001`)).text).toContain('"server":"192.0.2.1"'),
    );
  });
  afterAll(() => control.stop());

  it("is lent only where a host takes browser phones", async () => {
    const { status, body } = await ask();
    expect([status, body.code, body.detail]).toEqual([409, "conflict", expect.stringContaining("WSS_PORT")]);
    expect((await beat("wss://sip.acme.example:7443")).status).toBe(200);
    expect((await ask()).body.servers).toEqual(["wss://sip.acme.example:7443"]);
  });

  it("is good for ten minutes, with a password that whoever has its device's HA1 can make, and no revision is made for it", async () => {
    const before = await control.call("GET", `${path}/changes`);
    const { status, body } = await ask();
    expect(status).toBe(201);
    const until = Math.floor(Date.parse(String(body.expiresAt)) / 1000);
    expect(Math.abs(until - Date.now() / 1000 - 600)).toBeLessThan(30);
    const name = `1001~web~${until}`;
    const made = createHmac("sha256", ha1("1001", domain, password))
      .update(name)
      .digest("hex");
    expect(body).toMatchObject({ username: "1001~web", authorizationUsername: name, domain, password: made });
    expect(body).toMatchObject({ displayName: "Ada", iceServers: [] });
    expect((await control.call("GET", `${path}/changes`)).text).toBe(before.text);
  });

  it("is told to the edges as another phone that may ring, and to nobody as something that was set by phone", async () => {
    const { body } = await ask();
    const { body: told } = await edge.request("GET", "runtime");
    expect(told.runtime).toMatchObject([{ field: "browserPhone", value: body.expiresAt, edge: "cloud" }]);
    expect((await control.call("GET", `${path}/runtime`)).body.data).toEqual([]);
  });

  it("is another's after the device's password changed, and nobody's when the extension is disabled", async () => {
    const before = String((await ask()).body.password);
    await control.call("POST", `${path}/extensions/1001/devices/1001/rotate`);
    expect((await ask()).body.password).not.toBe(before);
    await control.call("PATCH", `${path}/extensions/1001`, { enabled: false });
    const { status, body } = await ask();
    expect([status, body.detail]).toEqual([409, "The extension 1001 is disabled; enable it first."]);
    await control.call("PATCH", `${path}/extensions/1001`, { enabled: true });
  });

  it("is refused to a key that may only read", async () => {
    const { body } = await control.call("POST", "/v1/api-keys", {
      ...{ name: "reader", scopes: ["*:read"], tenantId: path.split("/").at(-1) },
    });
    expect((await ask({ key: String(body.key) })).status).toBe(403);
  });

  it("is good at the pool's Kamailio, once it has one, and no more at the homes behind it", async () => {
    const front = await enrolEdge(control, undefined, { name: "front", engine: "kamailio" });
    const beat = { version: "1", engine: { connected: true, version: null }, liveCalls: 0 };
    const told = await front.request("POST", "heartbeat", { ...beat, webSocket: "wss://front.acme.example:7443" });
    expect(told.status).toBe(200);
    expect((await ask()).body.servers).toEqual(["wss://front.acme.example:7443"]);
  });
});
