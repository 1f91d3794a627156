// POST /v1/tenants/{t}/clone: the same phone system once more, with secrets of its own.
import { afterAll, beforeAll, expect, test } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { reckon } from "../../support/reckoning.ts";
import { sine, wavOf } from "../../support/wav.ts";

let control: TestControl;
let account: string;
let other: string;
beforeAll(async () => {
  control = await testControl();
  account = String((await control.call("POST", "/v1/accounts", { name: "One" })).body.id);
  other = String((await control.call("POST", "/v1/accounts", { name: "Other" })).body.id);
  const trunk = { name: "shared", host: "s.example" };
  expect((await control.call("POST", `/v1/accounts/${account}/trunks`, trunk)).status).toBe(201);
});
afterAll(() => control.stop());

let number = 5_550_000;
/** A tenant with something of most kinds, its trunk's password, a PIN, an uploaded prompt and two numbers. */
async function source(): Promise<{ path: string; id: string; numbers: string[] }> {
  const { id, path } = await newTenant(control, { name: "Acme", accountId: account, language: "fr" });
  const numbers = [`+1202${++number}`, `+1202${++number}`];
  const applied = await control.call("POST", `${path}/apply`, {
    prompts: [{ name: "hello" }],
    extensions: [
      { number: "1001", displayName: "Ada", externalCallerId: numbers[0], voicemailBox: "801" },
      { number: "1002", externalCallerId: "+12025559999", outbound: { permission: "national", pin: "731964" } },
    ],
    "voicemail-boxes": [{ number: "801", greeting: "hello" }],
    "ring-groups": [{ name: "sales", extensionNumber: "600", members: [{ extension: "1001" }, { extension: "1002" }] }],
    trunks: [{ name: "own", host: "c.example", username: "acme", password: "s3cret-s3cret", register: true }],
    "outbound-routes": [{ name: "all", patterns: ["+"], trunks: ["own", "shared"] }],
    "phone-numbers": numbers.map((one) => ({ number: one, destination: { kind: "ring-group", ref: "sales" } })),
  });
  expect(applied.status, applied.text).toBe(200);
  const audio = new Uint8Array(wavOf(0.1, sine(440)));
  const sent = { raw: audio, headers: { "content-type": "audio/wav" } };
  expect((await control.call("PUT", `${path}/prompts/hello/audio`, undefined, sent)).status).toBe(200);
  return { id, path, numbers };
}
const clone = (path: string, body: object, query = "", key?: string): Promise<Reply> =>
  control.call("POST", `${path}/clone${query}`, body, key ? { key } : {});
const exported = async (id: unknown, query = ""): Promise<Record<string, unknown>> =>
  (await control.call("GET", `/v1/tenants/${id}/export${query}`)).body;

test("a copy has all of the document but its numbers, under a name and domain of its own, and works alone", async () => {
  const { id, path, numbers } = await source();
  const made = await clone(path, { name: "Acme West" });
  expect(made.status, made.text).toBe(201);
  expect(made.body).toMatchObject({ name: "Acme West", domain: "acme-west.pbx.example", language: "fr", revision: 0 });
  expect(made.body.accountId).toBe(account);
  expect(made.body.leftOut).toEqual([
    ...numbers.map((key) => ({ kind: "phone-number", key, why: expect.any(String) })),
    { kind: "extension", key: "1001", pointer: "/externalCallerId", why: expect.any(String) },
  ]);
  const [before, after] = [await exported(id, "?secrets=true"), await exported(made.body.id, "?secrets=true")];
  const { "phone-numbers": _, ...kept } = before;
  const passwords = (document: Record<string, unknown>) =>
    (document.extensions as { devices: { password: string }[] }[]).flatMap(({ devices }) =>
      devices.map(({ password }) => password),
    );
  expect(passwords(after).filter((one) => passwords(before).includes(one))).toEqual([]);
  expect((made.body.secrets as unknown as { value: string }[]).map(({ value }) => value)).toEqual(
    expect.arrayContaining(passwords(after)),
  );
  // the box's PIN is made anew like passwords, the extension's was chosen
  const isMade = (name: string, value: unknown) => name === "devices" || (name === "pin" && value !== "731964");
  const same = (document: object): unknown =>
    JSON.parse(JSON.stringify(document, (name, value) => (isMade(name, value) ? undefined : value)));
  expect(same(after)).toEqual({
    ...(same(kept) as object),
    settings: { ...(kept.settings as object), name: "Acme West" },
    extensions: (same(kept) as { extensions: object[] }).extensions.map((one, index) =>
      index === 0 ? { ...one, externalCallerId: null } : one,
    ),
  });
  await reckon(control.ctx.store, tenantOwner(String(made.body.id)));
  // and neither needs the other
  expect((await control.call("DELETE", `${path}?purge=now`)).status).toBe(204);
  const audio = await control.call("GET", `/v1/tenants/${made.body.id}/prompts/hello/audio`);
  expect(audio.status, audio.text).toBe(200);
});

test("what can't be copied is refused by its name, and nothing of it is there", async () => {
  const { path } = await source();
  const tenants = async () => (await control.call("GET", `/v1/accounts/${other}/tenants`)).body.data;
  const refused = await clone(path, { name: "Elsewhere", accountId: other });
  expect([refused.status, refused.body.errors], refused.text).toEqual([
    422,
    [expect.objectContaining({ pointer: expect.stringMatching(/^\/outbound-routes\/0\/trunks\/1/) })],
  ]);
  expect(await tenants()).toEqual([]);
  const media = [];
  for await (const key of control.ctx.media.list("ten_")) media.push(key);
  const dry = await clone(path, { name: "Dry" }, "?dryRun=true");
  expect([dry.status, dry.body.revision, (dry.body.leftOut as unknown as unknown[]).length], dry.text).toEqual([
    200,
    null,
    3,
  ]);
  const later = [];
  for await (const key of control.ctx.media.list("ten_")) later.push(key);
  expect(later).toEqual(media);
});

test("a tenant's own key makes no copy of it, a stranger's sees none, and a key copies what it may write", async () => {
  const { id, path } = await source();
  const key = async (body: object) =>
    String((await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"], ...body })).body.key);
  expect((await clone(path, { name: "x" }, "", await key({ tenantId: id }))).status).toBe(404);
  expect((await clone(path, { name: "x" }, "", await key({ accountId: other }))).status).toBe(404);
  const narrow = await key({
    accountId: account,
    scopes: ["tenants:write", "documents:read", "extensions:write", "prompts:write"],
  });
  const refused = await clone(path, { name: "x" }, "", narrow);
  expect([refused.status, refused.body.scope]).toEqual([403, expect.stringMatching(/:write$/)]);
});

test("sent again under its key it is one copy, and a large one is whole", async () => {
  const { path } = await source();
  const extensions = Array.from({ length: 150 }, (_, index) => ({ number: String(2000 + index) }));
  expect((await control.call("POST", `${path}/apply`, { extensions })).status).toBe(200);
  const send = () =>
    control.call("POST", `${path}/clone`, { name: "Twin" }, { headers: { "idempotency-key": "twin" } });
  const [first, again] = [await send(), await send()];
  expect([first.status, again.body]).toEqual([201, first.body]);
  expect(((await exported(first.body.id)).extensions as unknown[]).length).toBe(152);
  await reckon(control.ctx.store, tenantOwner(String(first.body.id)));
});
