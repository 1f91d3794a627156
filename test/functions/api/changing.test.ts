// Changing resources: ETags, PATCH after RFC 7396, references both ways.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
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
const revision = async (): Promise<unknown> => (await control.call("GET", tenant.path)).body.revision;
const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`));

describe("If-Match", () => {
  test("of another version is 412 with the present one, and nothing is written", async () => {
    await post("/extensions", { number: "1001" });
    const first = await patch("/extensions/1001", { displayName: "Ada" }, '"1"');
    expect([first.status, first.headers.get("etag"), first.body.version]).toEqual([200, '"2"', 2]);
    for (const reply of [
      await patch("/extensions/1001", { displayName: "Bea" }, '"1"'),
      await patch("/extensions/1001", { displayName: "Bea" }, '"3"'),
      await control.call("DELETE", at("/extensions/1001"), undefined, { headers: { "if-match": '"1"' } }),
    ]) {
      expect([reply.status, reply.headers.get("etag"), reply.body.code]).toEqual([412, '"2"', "version_mismatch"]);
      expect(reply.body.version).toBe(2);
    }
    expect((await patch("/extensions/1001", { displayName: "Bea" }, "*")).status).toBe(200);
    const gone = await control.call("DELETE", at("/extensions/1001"), undefined, { headers: { "if-match": '"3"' } });
    expect(gone.status).toBe(204);
  });

  test("holds for a tenant's settings and its deletion", async () => {
    const changed = await control.call("PATCH", tenant.path, { name: "New" }, { headers: { "if-match": '"1"' } });
    expect([changed.status, changed.headers.get("etag"), changed.body.revision]).toEqual([200, '"2"', 1]);
    for (const [method, body] of [
      ["PATCH", { name: "Newer" }],
      ["DELETE", undefined],
    ] as const) {
      const reply = await control.call(method, tenant.path, body, { headers: { "if-match": '"1"' } });
      expect([reply.status, reply.headers.get("etag")]).toEqual([412, '"2"']);
    }
    const gone = await control.call("DELETE", tenant.path, undefined, { headers: { "if-match": '"2"' } });
    expect(gone.status).toBe(204);
    expect((await control.call("GET", tenant.path)).status).toBe(404);
  });

  test("of ten who change one version at once, one succeeds", async () => {
    await post("/extensions", { number: "1001" });
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, index) => patch("/extensions/1001", { displayName: `n${index}` }, '"1"')),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
  });
});

describe("PATCH", () => {
  test("null clears what may be null, and brings a default back elsewhere", async () => {
    await post("/extensions", { number: "1001", displayName: "Ada", ringSeconds: 60, enabled: false });
    const cleared = await patch("/extensions/1001", { displayName: null, ringSeconds: null, enabled: null });
    expect(cleared.body).toMatchObject({ displayName: null, ringSeconds: 25, enabled: true });
    expect((await patch("/extensions/1001", { number: null })).status).toBe(422);
  });

  test("arrays replace, objects merge, an object of another kind replaces", async () => {
    const one = await post("/extensions", { number: "1001", devices: [{ username: "a" }, { username: "b" }] });
    expect((await patch("/extensions/1001", { devices: [{ username: "b" }] })).body.devices).toEqual([
      (one.body.devices as unknown as unknown[])[1],
    ]);
    const two = await post("/extensions", { number: "1002" });
    await post("/phone-numbers", { number: "+15550103", destination: { kind: "extension", ref: "1001" } });
    const merged = await patch("/phone-numbers/+15550103", { destination: { ref: "1002" } });
    expect(merged.body.destination).toEqual({ kind: "extension", ref: two.body.id });
    const replaced = await patch("/phone-numbers/+15550103", { destination: { kind: "hangup", cause: "busy" } });
    expect(replaced.body.destination).toEqual({ kind: "hangup", cause: "busy" });
    expect((await patch("/phone-numbers/+15550103", { destination: null })).body.destination).toBeNull();
  });

  test("of what GET gave is no change and makes no revision, for every kind", async () => {
    await post("/voicemail-boxes", { number: "801", label: "All" });
    await post("/extensions", { number: "1001", voicemailBox: "801" });
    await post("/phone-numbers", { number: "+15550104", destination: { kind: "extension", ref: "1001" } });
    await post("/trunks", { name: "c", host: "c.example", username: "u", password: "Carrier-1", register: true });
    const before = await revision();
    for (const path of ["/extensions/1001", "/voicemail-boxes/801", "/phone-numbers/+15550104", "/trunks/c", ""]) {
      const { body } = await get(path);
      const reply = await patch(path, body);
      expect(reply.status, reply.text).toBe(200);
      expect(reply.body).toEqual(body);
    }
    expect(await revision()).toBe(before);
  });

  test("of what GET gave, after somebody else's change, is 412 and not an overwrite", async () => {
    await post("/extensions", { number: "1001" });
    const { body } = await get("/extensions/1001");
    await patch("/extensions/1001", { displayName: "Ada" });
    const late = await patch("/extensions/1001", { ...body, ringSeconds: 60 });
    expect([late.status, late.body.code, late.body.version]).toEqual([412, "version_mismatch", 2]);
  });

  test("refuses what can't be set", async () => {
    await post("/extensions", { number: "1001" });
    for (const [member, value] of [
      ["id", "ext_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
      ["createdAt", "2020-01-01T00:00:00.000Z"],
      ["sip", { password: "x" }],
    ] as const) {
      const reply = await patch("/extensions/1001", { [member]: value });
      expect([reply.status, reply.body.errors]).toEqual([422, [expect.objectContaining({ pointer: `/${member}` })]]);
    }
    const moved = await control.call("PATCH", tenant.path, { accountId: "acc_01ARZ3NDEKTSV4RRFFQ69G5FAV" });
    expect([moved.status, moved.body.errors]).toEqual([422, [expect.objectContaining({ pointer: "/accountId" })]]);
  });

  test("by number renames, and the old number is free", async () => {
    const made = await post("/extensions", { number: "1001" });
    expect((await patch("/extensions/1001", { number: "1002" })).body).toMatchObject({
      id: made.body.id,
      number: "1002",
    });
    expect((await get("/extensions/1001")).status).toBe(404);
    expect((await post("/extensions", { number: "1001" })).status).toBe(201);
    expect((await patch("/extensions/1002", { number: "1001" })).body).toMatchObject({ code: "taken" });
  });

  test("of a country that makes an extension an emergency number is refused and names it", async () => {
    await post("/extensions", { number: "999" });
    const reply = await control.call("PATCH", tenant.path, { country: "GB" });
    expect([reply.status, reply.body.errors]).toEqual([
      422,
      [{ pointer: "/country", detail: expect.stringContaining("extension 999") }],
    ]);
    expect((await post("/extensions", { number: "911" })).body.errors).toEqual([
      expect.objectContaining({ pointer: "/number" }),
    ]);
    const both = await post("/apply", { settings: { country: "GB" }, extensions: [{ number: "18000" }] });
    expect(both.status).toBe(422);
  });
});

describe("references", () => {
  test("are checked when written: what does not exist, what is of another kind, what is deleted", async () => {
    await post("/extensions", { number: "1001" });
    for (const ref of ["1009", "ext_01ARZ3NDEKTSV4RRFFQ69G5FAV", tenant.id, "device#1001", "1001 "])
      expect(
        (await post("/phone-numbers", { number: "+15550105", destination: { kind: "extension", ref } })).body.code,
      ).toBe("reference_not_found");
    const wrong = await post("/phone-numbers", {
      number: "+15550105",
      destination: { kind: "voicemail-box", ref: "1001" },
    });
    expect(wrong.body.code).toBe("reference_not_found");
  });

  test("are checked when what they name is deleted: its users are named", async () => {
    const box = await post("/voicemail-boxes", { number: "801" });
    const user = await post("/extensions", { number: "1001", voicemailBox: "801" });
    await post("/phone-numbers", { number: "+15550106", destination: { kind: "voicemail-box", ref: "801" } });
    const refused = await control.call("DELETE", at("/voicemail-boxes/801"));
    expect([refused.status, refused.body.code]).toEqual([409, "in_use"]);
    expect(refused.body.detail).toContain("extension 1001");
    expect(refused.body.users).toEqual([
      { kind: "extension", id: user.body.id, key: "1001", pointer: "/voicemailBox" },
      { kind: "phone-number", id: id("num"), key: "+15550106", pointer: "/destination/ref" },
    ]);
    expect((await get("/voicemail-boxes/801")).body.id).toBe(box.body.id);
  });

  test("can't lead into another tenant, by id or by name", async () => {
    const other = await newTenant(control);
    const theirs = await control.call("POST", `${other.path}/voicemail-boxes`, { number: "801" });
    for (const voicemailBox of [theirs.body.id, "801"])
      expect((await post("/extensions", { number: "1001", voicemailBox })).body.code).toBe("reference_not_found");
  });

  test("of an account's number can't lead into a tenant", async () => {
    const account = await control.call("POST", "/v1/accounts", { name: "Inventory" });
    await post("/extensions", { number: "1001" });
    const reply = await control.call("POST", `/v1/accounts/${account.body.id}/phone-numbers`, {
      number: "+15550107",
      destination: { kind: "extension", ref: "1001" },
    });
    expect(reply.body.code).toBe("reference_not_found");
  });
});
