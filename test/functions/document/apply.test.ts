// apply: a whole document or a part of it, as one revision.
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import type { Body } from "../../../core/resources/kind.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { reckon } from "../../support/reckoning.ts";

let control: TestControl;
let tenant: { id: string; path: string; domain: string };

beforeAll(async () => {
  control = await testControl();
});
afterAll(() => control.stop());
beforeEach(async () => {
  tenant = await newTenant(control);
});

const kinds = ["extensions", "voicemail-boxes", "phone-numbers", "trunks"];
const post = (path: string, body: unknown): Promise<Reply> => control.call("POST", tenant.path + path, body);
const get = (path: string): Promise<Reply> => control.call("GET", tenant.path + path);
const apply = async (document: Body, query = ""): Promise<Reply> => {
  const reply = await post(`/apply${query}`, document);
  expect(reply.status, reply.text).toBe(200);
  return reply;
};
const ops = (reply: Reply): string[] =>
  (reply.body.diff as unknown as { op: string; kind: string; key: string }[])
    .map(({ op, kind, key }) => `${op} ${kind} ${key}`)
    .sort();
const revision = async (): Promise<number> => (await reckon(control.ctx.store, tenantOwner(tenant.id))).head.revision;

/** Everything that GET shows of the document. */
async function exported(): Promise<Body> {
  const lists = await Promise.all(
    kinds.map(async (kind) => [kind, (await get(`/${kind}?limit=100`)).body.data] as const),
  );
  return { settings: (await get("")).body, ...Object.fromEntries(lists) };
}

const office = {
  "voicemail-boxes": [{ number: "801" }],
  extensions: [{ number: "1001", voicemailBox: "801" }, { number: "1002" }],
  "phone-numbers": [{ number: "+15551000", destination: { kind: "extension", ref: "1001" } }],
  trunks: [{ name: "carrier", host: "c.example", username: "u", password: "Carrier-1" }],
};
const officeWithNumber = (number: string) => ({
  ...office,
  "phone-numbers": [{ ...office["phone-numbers"][0], number }],
});
let numbers = 0;
const freshNumber = (): string => `+1555200${String(++numbers).padStart(4, "0")}`;

describe("apply", () => {
  test("makes what is new as one revision, references in any order, and shows generated secrets once", async () => {
    const dry = await apply(officeWithNumber("+15551000"), "?dryRun=true");
    expect([dry.body.revision, dry.body.secrets]).toEqual([null, undefined]);
    expect(await revision()).toBe(0);
    const done = await apply(officeWithNumber("+15551000"));
    expect(ops(done)).toEqual(ops(dry));
    expect(ops(done)).toEqual([
      "create extension 1001",
      "create extension 1002",
      "create phone-number +15551000",
      "create trunk carrier",
      "create voicemail-box 801",
    ]);
    expect(done.body.revision).toBe(1);
    expect(
      (done.body.secrets as unknown as Body[]).map(({ kind, key, pointer }) => `${kind} ${key} ${pointer}`).sort(),
    ).toEqual(["extension 1001 /devices/0/password", "extension 1002 /devices/0/password", "voicemail-box 801 /pin"]);
    const { head, digest } = await reckon(control.ctx.store, tenantOwner(tenant.id));
    expect([head.revision, head.digest]).toEqual([1, digest]);
  });

  test("dryRun runs every check", async () => {
    const other = await newTenant(control);
    const number = freshNumber();
    await control.call("POST", `${other.path}/phone-numbers`, { number });
    const query = "/apply?dryRun=true";
    expect((await post(query, { "phone-numbers": [{ number }] })).body).toMatchObject({ code: "taken", number });
    expect((await post(query, { extensions: [{ number: "1001", voicemailBox: "9" }] })).body).toMatchObject({
      code: "reference_not_found",
      errors: [{ pointer: "/extensions/0/voicemailBox" }],
    });
    expect((await post(query, { extensions: [{ number: "1001" }, { number: "1001" }] })).body).toMatchObject({
      code: "taken",
      errors: [{ pointer: "/extensions/1/number" }],
    });
    expect(
      (
        await post(query, {
          extensions: [
            { number: "1001", devices: [{ username: "x" }] },
            { number: "1002", devices: [{ username: "x" }] },
          ],
        })
      ).body,
    ).toMatchObject({ code: "taken", errors: [{ pointer: "/extensions/1/devices" }] });
  });

  test("names every flaw at its place", async () => {
    const reply = await post("/apply", {
      extensions: [{ number: "1001" }, { number: "x", colour: 1 }, 5],
      carts: [],
      trunks: {},
    });
    expect(reply.status).toBe(422);
    expect((reply.body.errors as unknown as Body[]).map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(["/extensions/2", "/carts", "/trunks"]),
    );
    const second = await post("/apply", {
      extensions: [{ number: "x", colour: 1 }, { id: "ext_01ARZ3NDEKTSV4RRFFQ69G5FAV" }],
    });
    expect((second.body.errors as unknown as Body[]).map(({ pointer }) => pointer)).toContain("/extensions/1/id");
    expect(await revision()).toBe(0);
  });

  test("of the exported document is an empty diff and no revision", async () => {
    await apply(officeWithNumber(freshNumber()));
    const before = await revision();
    const again = await apply(await exported(), `?prune=${kinds.join()}`);
    expect([again.body.revision, again.body.diff]).toEqual([null, []]);
    expect(await revision()).toBe(before);
  });

  test("merges by key and by id; an id with a new key renames, a key alone never does", async () => {
    await apply(officeWithNumber(freshNumber()));
    const { body } = await get("/extensions/1002");
    const byKey = await apply({ extensions: [{ number: "1002", displayName: "Bob" }, { number: "1003" }] });
    expect(ops(byKey)).toEqual(["create extension 1003", "update extension 1002"]);
    const renamed = await apply({ extensions: [{ id: body.id, number: "1022" }] });
    expect(ops(renamed)).toEqual(["update extension 1022"]);
    expect((await get("/extensions/1022")).body).toMatchObject({ id: body.id, displayName: "Bob" });
    expect((await get("/extensions/1002")).status).toBe(404);
  });

  test("swaps two numbers, and two trunks' names, at once", async () => {
    await apply({
      extensions: [
        { number: "1001", displayName: "A" },
        { number: "1002", displayName: "B" },
      ],
      trunks: [
        { name: "x", host: "x.example" },
        { name: "y", host: "y.example" },
      ],
    });
    const [a, b, x, y] = [
      await get("/extensions/1001"),
      await get("/extensions/1002"),
      await get("/trunks/x"),
      await get("/trunks/y"),
    ];
    await apply({
      extensions: [
        { id: a.body.id, number: "1002" },
        { id: b.body.id, number: "1001" },
      ],
      trunks: [
        { id: x.body.id, name: "y" },
        { id: y.body.id, name: "x" },
      ],
    });
    expect((await get("/extensions/1002")).body).toMatchObject({
      id: a.body.id,
      displayName: "A",
      devices: [{ username: "1002" }],
    });
    expect((await get("/extensions/1001")).body).toMatchObject({
      id: b.body.id,
      displayName: "B",
      devices: [{ username: "1001" }],
    });
    expect((await get("/trunks/x")).body.host).toBe("y.example");
    for (const number of ["1001", "1002"]) expect((await post("/extensions", { number })).body.code).toBe("taken");
  });

  test("swaps two phone numbers, which the installation knows by their tenant", async () => {
    const [one, two] = [freshNumber(), freshNumber()];
    await apply({
      "phone-numbers": [
        { number: one, label: "one" },
        { number: two, label: "two" },
      ],
    });
    const [a, b] = [await get(`/phone-numbers/${one}`), await get(`/phone-numbers/${two}`)];
    await apply({
      "phone-numbers": [
        { id: a.body.id, number: two },
        { id: b.body.id, number: one },
      ],
    });
    expect((await get(`/phone-numbers/${one}`)).body.label).toBe("two");
    await control.call("DELETE", `${tenant.path}/phone-numbers/${one}`);
    const other = await newTenant(control);
    expect((await control.call("POST", `${other.path}/phone-numbers`, { number: one })).status).toBe(201);
    expect((await control.call("POST", `${other.path}/phone-numbers`, { number: two })).status).toBe(409);
  });

  test("prunes unlisted items of the kinds named, user and used together, and nothing else", async () => {
    await apply(officeWithNumber(freshNumber()));
    const refused = await post("/apply?prune=voicemail-boxes", { "voicemail-boxes": [] });
    expect(refused.body).toMatchObject({ code: "in_use", users: [{ kind: "extension", key: "1001" }] });
    const pruned = await apply({ extensions: [{ number: "1002" }] }, "?prune=extensions,voicemail-boxes,phone-numbers");
    expect(ops(pruned).filter((op) => op.startsWith("delete"))).toHaveLength(3);
    expect((await get("/trunks")).body.data).toHaveLength(1);
    expect((await get("/extensions")).body.data).toHaveLength(1);
    expect((await post("/apply?prune=carts", {})).status).toBe(400);
  });

  test("replaces an item by another of the same number in one revision", async () => {
    await apply({ extensions: [{ number: "1001" }] });
    const { body } = await get("/extensions/1001");
    const replaced = await apply({ "voicemail-boxes": [{ number: "1001" }] }, "?prune=extensions");
    expect(ops(replaced)).toEqual(["create voicemail-box 1001", "delete extension 1001"]);
    expect((await get(`/extensions/${body.id}`)).status).toBe(404);
    expect((await get("/voicemail-boxes/1001")).status).toBe(200);
    const { extensions: made } = { extensions: await post("/extensions", { number: "1001" }) };
    await apply({
      extensions: [
        { id: made.body.id, number: "1009" },
        { number: "1001", displayName: "New" },
      ],
    });
    expect((await get("/extensions/1001")).body).toMatchObject({ displayName: "New", version: 1 });
    expect((await get("/extensions/1009")).body.id).toBe(made.body.id);
  });

  test("on a wrong baseRevision is 412 with the present revision", async () => {
    await apply({ extensions: [{ number: "1001" }] }, "?baseRevision=0");
    const late = await post("/apply?baseRevision=0", { extensions: [{ number: "1002" }] });
    expect([late.status, late.body.revision]).toEqual([412, 1]);
    expect((await post("/apply?baseRevision=x", {})).status).toBe(400);
  });

  test("of more than a transaction takes is one revision all the same; of more than 10,000 items it says so and writes nothing", async () => {
    const many = { extensions: Array.from({ length: 60 }, (_, index) => ({ number: String(2000 + index) })) };
    expect((await post("/apply", { extensions: Array.from({ length: 10_001 }, () => ({})) })).status).toBe(413);
    expect(await revision()).toBe(0);
    const done = await apply(many);
    expect([done.body.revision, (done.body.secrets as unknown as Body[]).length]).toEqual([1, 60]);
    expect((await get("/changes/1")).body.diff).toHaveLength(60);
    expect((await get("/changes/2")).status).toBe(404);
    const { head, digest } = await reckon(control.ctx.store, tenantOwner(tenant.id));
    expect([head.revision, head.digest]).toEqual([1, digest]);
    const back = await post("/rollback", { revision: 0 });
    expect([back.body.revision, (back.body.diff as unknown as Body[]).length]).toEqual([2, 60]);
    expect((await get("/extensions")).body.data).toEqual([]);
  });

  test("20 extensions and a number fit into one", async () => {
    const document = {
      extensions: Array.from({ length: 20 }, (_, index) => ({ number: String(2000 + index) })),
      "phone-numbers": [{ number: freshNumber(), destination: { kind: "extension", ref: "2000" } }],
    };
    expect((await apply(document)).body.revision).toBe(1);
  });

  test("of an account's document works alike", async () => {
    const account = await control.call("POST", "/v1/accounts", { name: "Reseller" });
    const path = `/v1/accounts/${account.body.id}`;
    const done = await control.call("POST", `${path}/apply`, {
      settings: { language: "fr" },
      trunks: [{ name: "t", host: "c.example" }],
    });
    expect(done.body).toMatchObject({ revision: 1, diff: [{ kind: "account" }, { kind: "trunk", key: "t" }] });
    expect((await control.call("POST", `${path}/apply`, { extensions: [{ number: "1001" }] })).status).toBe(422);
    const undone = await control.call("POST", `${path}/rollback`, { revision: 0 });
    expect(undone.body).toMatchObject({ revision: 2 });
    expect((await control.call("GET", path)).body).toMatchObject({ language: "en", revision: 2 });
  });
});

test("what a tenant held is free when it is purged, even where a claim of its came back", async () => {
  const number = freshNumber();
  await apply({ "phone-numbers": [{ number }] });
  const claims = await Promise.all(
    [
      ["number", number],
      ["domain", tenant.domain],
    ].map(([what, value]) => control.ctx.store.get({ pk: `U#${what}#${value}`, sk: "CLAIM" })),
  );
  expect((await control.call("DELETE", `${tenant.path}?purge=now`)).status).toBe(204);
  await vi.waitFor(async () =>
    expect(await control.ctx.store.get({ pk: `U#number#${number}`, sk: "CLAIM" })).toBeUndefined(),
  );
  for (const claim of claims) if (claim) await control.ctx.store.transact([{ put: claim }]);
  const next = await newTenant(control, { domain: tenant.domain });
  expect((await control.call("POST", `${next.path}/phone-numbers`, { number })).status).toBe(201);
});
