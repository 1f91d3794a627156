// Templates: an account's documents from which it and the accounts below it make tenants.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountOwner } from "../../../core/owner.ts";
import { snapshotPage } from "../../../functions/document/delta.ts";
import { readHead } from "../../../functions/document/head.ts";
import { type Reply, type TestControl, testControl } from "../../support/control.ts";
import { reckon } from "../../support/reckoning.ts";

let control: TestControl;
let reseller: { id: string; path: string };
let below: string;

const post = (path: string, body: unknown, more: { key?: string } = {}): Promise<Reply> =>
  control.call("POST", path, body, more);
const office = {
  settings: { language: "fr", recordingRetentionDays: 30 },
  extensions: [{ number: "1001", displayName: "First" }, { number: "1002" }],
  "ring-groups": [
    {
      name: "everybody",
      extensionNumber: "600",
      ringSeconds: 40,
      members: [{ extension: "1001" }, { extension: "1002" }],
    },
  ],
  "outbound-routes": [{ name: "all", patterns: ["+*"], trunks: ["carrier"] }],
};

beforeAll(async () => {
  control = await testControl();
  const made = await post("/v1/accounts", { name: "Reseller", country: "US" });
  reseller = { id: String(made.body.id), path: `/v1/accounts/${made.body.id}` };
  below = String((await post("/v1/accounts", { name: "Below", accountId: reseller.id })).body.id);
  await post(`${reseller.path}/trunks`, { name: "carrier", host: "sip.carrier.example" });
  const template = await post(`${reseller.path}/templates`, { name: "office", document: office });
  expect(template.status, template.text).toBe(201);
  await post(`${reseller.path}/templates`, { name: "blank" });
});
afterAll(() => control.stop());

const make = (body: object, more: { key?: string; query?: string } = {}): Promise<Reply> =>
  post(`/v1/tenants${more.query ?? ""}`, { name: "Acme", accountId: below, template: "office", ...body }, more);
const exported = async (made: Reply) => (await control.call("GET", `/v1/tenants/${made.body.id}/export`)).body;
const errors = ({ body }: Reply) =>
  (body.errors as unknown as { pointer: string }[] | undefined)?.map((one) => one.pointer);

describe("a tenant", () => {
  test("has what the template has, and over it what it was sent, by natural key", async () => {
    const made = await make({
      timeZone: "Europe/Paris",
      document: {
        settings: { recordingRetentionDays: 7 },
        extensions: [{ number: "1001", displayName: "Ada" }, { number: "1003" }],
        "ring-groups": [{ name: "everybody", ringSeconds: null, extensionNumber: null }],
        "phone-numbers": [{ number: "+15554000001", destination: { kind: "ring-group", ref: "everybody" } }],
      },
    });
    expect(made.status, made.text).toBe(201);
    expect(made.body.secrets).toHaveLength(3);
    const told = await exported(made);
    expect(told).toMatchObject({
      settings: { name: "Acme", language: "fr", timeZone: "Europe/Paris", recordingRetentionDays: 7 },
      extensions: [{ number: "1001", displayName: "Ada" }, { number: "1002" }, { number: "1003" }],
      "ring-groups": [{ extensionNumber: null, members: [{ extension: "1001" }, { extension: "1002" }] }],
      "phone-numbers": [{ destination: { kind: "ring-group", ref: "everybody" } }],
      "outbound-routes": [{ trunks: ["carrier"] }],
    });
    const [group] = told["ring-groups"] as unknown as { ringSeconds: number }[];
    expect(group?.ringSeconds).not.toBe(40);
    const changes = await control.call("GET", `/v1/tenants/${made.body.id}/changes`);
    expect(changes.body.data).toMatchObject([{ revision: 0, summary: "create tenant Acme from template office" }]);
  });

  test("is made of the nearest account's template of that name, and stays as it is when the template changes", async () => {
    const first = await make({});
    const before = await exported(first);
    await control.call("PATCH", `${reseller.path}/templates/office`, { description: "For offices" });
    await post(`/v1/accounts/${below}/templates`, { name: "office", document: { extensions: [{ number: "2001" }] } });
    const second = await make({});
    expect((await exported(second)).extensions).toMatchObject([{ number: "2001" }]);
    expect(await exported(first)).toEqual(before);
    expect((await control.call("DELETE", `/v1/accounts/${below}/templates/office`)).status).toBe(204);
  });

  test("is not made of a template that is a stranger's or none, nor by a key that may not read it", async () => {
    const stranger = String((await post("/v1/accounts", { name: "Stranger" })).body.id);
    for (const body of [{ accountId: stranger }, { template: "cottage" }]) {
      const refused = await make(body);
      expect([refused.status, refused.body.code, errors(refused)]).toEqual([422, "reference_not_found", ["/template"]]);
    }
    const { key } = (await post("/v1/api-keys", { name: "k", accountId: below, scopes: ["tenants:write"] })).body;
    expect((await make({}, { key: String(key) })).status).toBe(403);
  });

  test("is not made where what the template names is gone, and the answer tells where", async () => {
    await post(`${reseller.path}/trunks`, { name: "spare", host: "spare.example" });
    const document = { "outbound-routes": [{ name: "r", patterns: ["+*"], trunks: ["spare"] }] };
    await post(`${reseller.path}/templates`, { name: "spared", document });
    await control.call("DELETE", `${reseller.path}/trunks/spare`);
    const refused = await make({ template: "spared" });
    expect([refused.status, errors(refused)]).toEqual([422, ["/template/outbound-routes/0/trunks/0"]]);
    const other = { "outbound-routes": [{ name: "r", trunks: ["carrier"] }] };
    expect((await make({ template: "spared", document: other })).status).toBe(201);
  });
});

describe("a template", () => {
  test.for([
    ["a field", { extensions: [{ number: "x" }] }, 422, "/document/extensions/0/number"],
    [
      "a reference",
      { "ring-groups": [{ name: "a", members: [{ extension: "1" }] }] },
      422,
      "/document/ring-groups/0/members/0/extension",
    ],
    [
      "a trunk that nobody has",
      { "outbound-routes": [{ name: "r", patterns: ["+*"], trunks: ["none"] }] },
      422,
      "/document/outbound-routes/0/trunks/0",
    ],
    ["a name twice", { extensions: [{ number: "1001" }, { number: "1001" }] }, 409, "/document/extensions/1/number"],
    ["a kind", { templates: [] }, 422, "/document/templates"],
    ["a setting", { settings: { timeZone: "Mars" } }, 422, "/document/settings/timeZone"],
    ["a domain", { settings: { domain: "acme.example" } }, 422, "/document/settings/domain"],
    ["a phone number", { "phone-numbers": [{ number: "+15554000009" }] }, 422, "/document/phone-numbers/0/number"],
    [
      "a password",
      { extensions: [{ number: "1001", devices: [{ username: "1001", password: "Secret-Secret-1" }] }] },
      422,
      "/document/extensions/0/devices/0/password",
    ],
    ["a PIN", { "voicemail-boxes": [{ number: "8000", pin: "274411" }] }, 422, "/document/voicemail-boxes/0/pin"],
    [
      "audio",
      { prompts: [{ name: "p", audio: { sha256: "a".repeat(64), bytes: 9, contentType: "audio/wav" } }] },
      422,
      "/document/prompts/0/audio",
    ],
  ] as const)(
    "that no tenant could be made of (%s) is refused where it is written, by its place",
    async ([, document, status, pointer]) => {
      const revision = (await control.call("GET", reseller.path)).body.revision;
      const refused = await post(`${reseller.path}/templates`, { name: "flawed", document });
      expect([refused.status, errors(refused)]).toEqual([status, [pointer]]);
      const applied = await post(`${reseller.path}/apply`, {
        templates: [{ name: "office" }, { name: "flawed", document }],
      });
      expect(errors(applied)).toEqual([`/templates/1${pointer}`]);
      const patched = await control.call("PATCH", `${reseller.path}/templates/blank`, { document });
      expect([patched.status, errors(patched)]).toEqual([status, [pointer]]);
      expect((await control.call("GET", reseller.path)).body.revision).toBe(revision);
    },
  );

  test("may name a trunk that comes with it", async () => {
    const applied = await post(`${reseller.path}/apply`, {
      templates: [
        { name: "new", document: { "outbound-routes": [{ name: "r", patterns: ["+*"], trunks: ["newcomer"] }] } },
      ],
      trunks: [{ name: "newcomer", host: "new.example" }],
    });
    expect(applied.status, applied.text).toBe(200);
  });

  test("is not sent to edges, and counts in no digest", async () => {
    const owner = accountOwner(reseller.id);
    const { head, digest } = await reckon(control.ctx.store, owner);
    expect(head.digest).toBe(digest);
    const { resources } = await snapshotPage(control.ctx, head, undefined);
    expect(resources.some(({ kind }) => kind === "trunk")).toBe(true);
    expect(resources.some(({ kind }) => kind === "template")).toBe(false);
    expect((await readHead(control.ctx.store, owner))?.revision).toBeGreaterThan(1);
  });
});
