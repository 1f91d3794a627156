// Shapes as CONTRACTS.md shows them: tenants, extensions, problems, destinations, the simulator, history.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { extension } from "../../../core/resources/extension.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
let tenant: { id: string; path: string; domain: string };

beforeAll(async () => {
  control = await testControl();
});
afterAll(() => control.stop());
beforeEach(async () => {
  tenant = await newTenant(control);
});

const at = (path: string): string => tenant.path + path;
const get = (path: string): Promise<Reply> => control.call("GET", at(path));
const post = (path: string, body: unknown): Promise<Reply> => control.call("POST", at(path), body);
const patch = (path: string, body: unknown, ifMatch?: string): Promise<Reply> =>
  control.call("PATCH", at(path), body, ifMatch === undefined ? {} : { headers: { "if-match": ifMatch } });
const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`));
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe("shapes", () => {
  test("a tenant", async () => {
    const made = await control.call("POST", "/v1/tenants", { name: "Shape", domain: "shape.example" });
    expect(made.status).toBe(201);
    expect(made.headers.get("etag")).toBe('"1"');
    expect(made.headers.get("location")).toBe(`/v1/tenants/${made.body.id}`);
    expect(made.body).toEqual({
      id: id("ten"),
      version: 1,
      name: "Shape",
      domain: "shape.example",
      country: "US",
      timeZone: "UTC",
      language: "en",
      musicOnHold: null,
      recordingRetentionDays: null,
      voicemailRetentionDays: null,
      suspension: null,
      sandbox: false,
      revision: 0,
      accountId: id("acc"),
      poolId: id("pol"),
      createdAt: instant,
    });
    expect((await control.call("GET", `/v1/tenants/${made.body.id}`)).body).toEqual(made.body);
  });

  test("a tenant's music is one of its own, by name, and stays as long as the tenant names it", async () => {
    const { body: theirs } = await control.call("POST", "/v1/tenants", { name: "Music" });
    const path = `/v1/tenants/${theirs.id}`;
    expect((await control.call("POST", "/v1/tenants", { name: "Early", musicOnHold: "jazz" })).status).toBe(422);
    expect((await control.call("PATCH", path, { musicOnHold: "jazz" })).body.code).toBe("reference_not_found");
    await control.call("POST", `${path}/prompts`, { name: "p" });
    const { body: jazz } = await control.call("POST", `${path}/music-on-hold`, { name: "jazz", prompts: ["p"] });
    expect((await control.call("PATCH", path, { musicOnHold: "jazz" })).body.musicOnHold).toBe(jazz.id);
    expect((await control.call("DELETE", `${path}/music-on-hold/${jazz.id}`)).body.code).toBe("in_use");
    await control.call("PATCH", path, { musicOnHold: null });
    expect((await control.call("DELETE", `${path}/music-on-hold/${jazz.id}`)).status).toBe(204);
  });

  test("an extension, with its sip block and the password only here", async () => {
    const made = await post("/extensions", { number: "1001", displayName: "Ada" });
    expect([made.status, made.headers.get("etag"), made.headers.get("location")]).toEqual([
      201,
      '"1"',
      `/v1/tenants/${tenant.id}/extensions/${made.body.id}`,
    ]);
    expect(made.body).toEqual({
      ...extension.schema.parse({ number: "1001", devices: [{ username: "1001" }] }),
      id: id("ext"),
      version: 1,
      number: "1001",
      displayName: "Ada",
      enabled: true,
      devices: [
        { label: "Phone", username: "1001", password: { secret: expect.stringMatching(/^sec_[0-9A-Z]{26}#1$/) } },
      ],
      ringSeconds: 25,
      voicemailBox: null,
      externalCallerId: null,
      createdAt: instant,
      updatedAt: instant,
      sip: {
        username: "1001",
        domain: tenant.domain,
        server: null,
        port: null,
        transport: null,
        servers: [],
        password: expect.stringMatching(/^[\w]{20}$/),
      },
      secrets: [{ pointer: "/devices/0/password", value: expect.any(String) }],
    });
    const read = (await get("/extensions/1001")).body;
    expect(read.sip).toEqual({
      username: "1001",
      domain: tenant.domain,
      server: null,
      port: null,
      transport: null,
      servers: [],
    });
    expect(read).not.toHaveProperty("secrets");
  });

  test("a problem names the field, says what to do and where to read on", async () => {
    const refused = await post("/phone-numbers", {
      number: "+15550100",
      destination: { kind: "extension", ref: "1009" },
    });
    expect(refused.status).toBe(422);
    expect(refused.body).toEqual({
      type: `${control.url}/problems/reference-not-found`,
      code: "reference_not_found",
      title: expect.any(String),
      status: 422,
      detail: expect.stringContaining("1009"),
      errors: [{ pointer: "/destination/ref", detail: expect.stringContaining("create it first") }],
      requestId: expect.stringMatching(/^req_/),
    });
    expect(refused.headers.get("x-request-id")).toBe(refused.body.requestId);
    const page = await fetch(String(refused.body.type));
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("reference_not_found")]);
  });

  test("a destination is stored by id and read by number or id", async () => {
    const extension = await post("/extensions", { number: "1001" });
    const number = await post("/phone-numbers", {
      number: "+15550101",
      destination: { kind: "extension", ref: "1001" },
    });
    expect(number.body.destination).toEqual({ kind: "extension", ref: extension.body.id });
    expect((await get("/phone-numbers/+15550101")).body).toEqual((await get(`/phone-numbers/${number.body.id}`)).body);
    expect((await get("/phone-numbers/%2B15550101")).body.id).toBe(number.body.id);
  });

  test("simulate says the outcome and the steps", async () => {
    await post("/extensions", { number: "1001" });
    await post("/voicemail-boxes", { number: "801" });
    await patch("/extensions/1001", { voicemailBox: "801" });
    await post("/phone-numbers", { number: "+15550102", destination: { kind: "extension", ref: "1001" } });
    const said = await post("/simulate", {
      from: "+15550123",
      to: "+15550102",
      at: "2026-12-24T20:00:00Z",
      assume: { 1001: "no-answer" },
    });
    expect(said.body).toEqual({
      outcome: { do: "voicemail", voicemailBox: "801", id: id("vmb") },
      steps: [
        { at: "phone-number/+15550102", why: expect.any(String), goesTo: "extension/1001" },
        { at: "extension/1001", why: expect.any(String), goesTo: "voicemail-box/801" },
      ],
    });
    const inherited = await post("/simulate", { from: "1001", to: "constructor" });
    expect(inherited.body).toMatchObject({ outcome: { do: "hangup", status: 404 } });
  });

  test("simulate knows no more of how attempts end than it was told, whatever a trunk is called", async () => {
    await post("/extensions", { number: "1001" });
    for (const name of ["constructor", "__proto__", "toString"])
      expect((await post("/trunks", { name, host: "c.example" })).status).toBe(201);
    const said = await post("/simulate", { from: "1001", to: "+15550199", assume: {} });
    expect(said.body.outcome).toMatchObject({ do: "trunk" });
  });

  test("changes tell who, when, what and which fields; secrets are names", async () => {
    const made = await post("/extensions", { number: "1001" });
    await patch("/extensions/1001", { displayName: "Ada" });
    const { body } = await get("/changes");
    expect(body).toEqual({
      next: null,
      data: [
        {
          revision: 2,
          at: instant,
          actor: {
            type: "api-key",
            id: id("key"),
            name: "operator",
            ip: "127.0.0.1",
            requestId: expect.stringMatching(/^req_/),
          },
          summary: "update extension 1001",
          diff: [
            {
              op: "update",
              kind: "extension",
              id: made.body.id,
              key: "1001",
              before: expect.objectContaining({ displayName: null }),
              after: expect.objectContaining({ displayName: "Ada" }),
              fields: ["displayName"],
            },
          ],
        },
        expect.objectContaining({ revision: 1, summary: "create extension 1001" }),
        expect.objectContaining({ revision: 0, summary: "create tenant Acme" }),
      ],
    });
    const [newest] = body.data as unknown as object[];
    expect((await get("/changes/2")).body).toEqual({ ...newest, next: null });
    expect((await get("/changes/3")).status).toBe(404);
  });
});
