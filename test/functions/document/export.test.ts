// Export: what apply takes back, here or in another tenant, and never a secret that was not asked for.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
let account: string;
let accountKey: string;

beforeAll(async () => {
  control = await testControl();
  account = String((await control.call("POST", "/v1/accounts", { name: "Reseller" })).body.id);
  accountKey = String(
    (await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"], accountId: account })).body.key,
  );
  for (const name of ["shared", "both"])
    expect((await control.call("POST", `/v1/accounts/${account}/trunks`, { name, host: "s.example" })).status).toBe(
      201,
    );
});
afterAll(() => control.stop());

const document = {
  settings: { name: "Acme", country: "DE", timeZone: "Europe/Berlin", language: "de" },
  prompts: [{ name: "hello" }],
  extensions: [
    { number: "1001", voicemailBox: "801", outbound: { permission: "national", pin: "731964" } },
    { number: "1002", forward: { busy: { kind: "ring-group", ref: "sales" } } },
  ],
  "voicemail-boxes": [{ number: "801", greeting: "hello" }],
  "ring-groups": [{ name: "sales", extensionNumber: "600", members: [{ extension: "1001" }, { extension: "1002" }] }],
  menus: [
    {
      name: "main",
      extensionNumber: "601",
      options: [{ digits: "1", destination: { kind: "ring-group", ref: "sales" } }],
    },
  ],
  trunks: [
    { name: "own", host: "c.example", username: "acme", password: "s3cret-s3cret", register: true },
    { name: "both", host: "c.example" },
  ],
  "outbound-routes": [{ name: "all", patterns: ["+*"], trunks: ["own", "shared"] }],
};
const exported = async (path: string, query = "", key?: string) =>
  control.call("GET", `${path}/export${query}`, undefined, key === undefined ? {} : { key });
const apply = (path: string, body: unknown) => control.call("POST", `${path}/apply`, body);

async function full() {
  const tenant = await newTenant(control, { name: "Acme", accountId: account });
  const reply = await apply(tenant.path, document);
  expect(reply.status, reply.text).toBe(200);
  return tenant;
}

test("a tenant's export, applied to an empty tenant, is its export", async () => {
  const [one, other] = [await full(), await newTenant(control, { name: "Empty", accountId: account })];
  const { body, status } = await exported(one.path, "?secrets=true");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    settings: document.settings,
    "outbound-routes": [{ trunks: ["own", "shared"] }],
    extensions: [{ voicemailBox: "801" }, { forward: { busy: { kind: "ring-group", ref: "sales" } } }],
  });
  expect(JSON.stringify(body)).not.toMatch(/"(id|domain|secret)":|[a-z]{3}_[0-9A-Z]{26}/);
  const reply = await apply(other.path, body);
  expect(reply.status, reply.text).toBe(200);
  expect((await exported(other.path, "?secrets=true")).text).toBe(JSON.stringify(body));
});

test("applied where it came from it changes nothing", async () => {
  const { path } = await full();
  for (const query of ["", "?secrets=true"]) {
    const { body } = await exported(path, query);
    if (query === "") expect((await apply(path, body)).body).toMatchObject({ revision: null, diff: [] });
    else expect((await apply(path, body)).status).toBe(200);
  }
});

test("it holds no secret's value unless that is asked for with the scope", async () => {
  const { id, path } = await full();
  const { text, body } = await exported(path);
  for (const value of ["731964", "s3cret-s3cret", 'password":"']) expect(text).not.toContain(value);
  expect((body.extensions as unknown as { devices: object[] }[])[0]?.devices[0]).not.toHaveProperty("password");
  const { body: made } = await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*:read"], tenantId: id });
  const { body: narrow } = await control.call("POST", "/v1/api-keys", {
    name: "k",
    scopes: ["extensions:read"],
    tenantId: id,
  });
  expect((await exported(path, "", String(narrow.key))).status).toBe(403);
  expect((await exported(path, "", String(made.key))).text).toBe(text);
  expect((await exported(path, "?secrets=maybe")).status).toBe(400);
});

test("another tenant refuses what can't be made anew, by its pointer: no PIN is lost on the way", async () => {
  const [one, other] = [await full(), await newTenant(control, { name: "Empty", accountId: account })];
  const reply = await apply(other.path, (await exported(one.path)).body);
  expect(reply.status).toBe(422);
  const pointers = (reply.body.errors as unknown as { pointer: string }[]).map(({ pointer }) => pointer).sort();
  expect(pointers).toEqual(["/extensions/0/outbound/pin", "/trunks/1/password"]);
  expect((await control.call("GET", other.path)).body.revision).toBe(0);
});

test("an account's trunk that has the name of the tenant's own stays named by its id", async () => {
  const { path } = await full();
  const { data } = (await control.call("GET", `/v1/accounts/${account}/trunks`, undefined, { key: accountKey })).body;
  const both = (data as unknown as { id: string; name: string }[]).find(({ name }) => name === "both");
  await control.call("PATCH", `${path}/outbound-routes/all`, { trunks: [both?.id, "both"] });
  const { body } = await exported(path);
  expect(body["outbound-routes"]).toMatchObject([{ trunks: [both?.id, "both"] }]);
  expect((await apply(path, body)).body).toMatchObject({ revision: null });
});

test("an account's document is exported likewise, without its SIP zone", async () => {
  const { body } = await exported(`/v1/accounts/${account}`, "", accountKey);
  expect(body.settings).not.toHaveProperty("sipZone");
  expect(body.trunks).toMatchObject([{ name: "both" }, { name: "shared" }]);
  expect((await apply(`/v1/accounts/${account}`, body)).body).toMatchObject({ revision: null });
});
