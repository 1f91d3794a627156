// rollback: the document as it was, as a new revision.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
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
const back = async (revision: number): Promise<Reply> => {
  const reply = await post("/rollback", { revision });
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
/** What counts of it: bodies without versions, times and versions of secrets. */
const substance = (document: Body): unknown =>
  JSON.parse(
    JSON.stringify(document, (name, value) =>
      ["version", "updatedAt", "createdAt", "revision"].includes(name) ? undefined : value,
    ).replaceAll(/(sec_\w+)#\d+/g, "$1"),
  );

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

describe("rollback", () => {
  test("brings deletions, renames and settings back, takes creations away, and is one revision", async () => {
    await apply(officeWithNumber(freshNumber()));
    const before = await exported();
    const { body } = await get("/extensions/1002");
    await apply({
      settings: { name: "Other", language: "de" },
      extensions: [
        { id: body.id, number: "1003" },
        { number: "1002", displayName: "Somebody else" },
      ],
    });
    await apply(
      { "voicemail-boxes": [], "phone-numbers": [], extensions: [{ number: "1002" }] },
      "?prune=extensions,voicemail-boxes,phone-numbers",
    );
    const undone = await back(1);
    expect(undone.body.revision).toBe(4);
    expect(substance(await exported())).toEqual(substance(before));
    const { head, digest } = await reckon(control.ctx.store, tenantOwner(tenant.id));
    expect(head.digest).toBe(digest);
    expect((await get("/changes/4")).body.summary).toBe("roll back to revision 1");
  });

  test("of a rollback is where it was", async () => {
    await apply(officeWithNumber(freshNumber()));
    await apply({ extensions: [{ number: "1001", displayName: "Ada" }, { number: "1009" }] });
    const there = await exported();
    await back(1);
    await back(2);
    expect(substance(await exported())).toEqual(substance(there));
    await back(0);
    expect((await get("/extensions")).body.data).toEqual([]);
    await back(3);
    expect((await get("/extensions")).body.data).toHaveLength(2);
  });

  test("to where it stands is no revision, and to the future is refused", async () => {
    await apply({ extensions: [{ number: "1001" }] });
    expect((await back(1)).body).toEqual({ revision: null, diff: [] });
    expect((await post("/rollback", { revision: 2 })).body).toMatchObject({
      code: "invalid",
      errors: [{ pointer: "/revision" }],
    });
    for (const revision of [-1, 1.5, "1", null, 1e300])
      expect((await post("/rollback", { revision })).status).toBe(422);
  });

  test("to a number or domain that another tenant has taken since is 409 and names it", async () => {
    const number = freshNumber();
    const domain = tenant.domain;
    await apply({ "phone-numbers": [{ number }] });
    await apply({ "phone-numbers": [] }, "?prune=phone-numbers");
    await control.call("PATCH", tenant.path, { domain: `moved-${domain}` });
    const other = await newTenant(control, { domain: "other.example" });
    expect((await control.call("POST", `${other.path}/phone-numbers`, { number })).status).toBe(201);
    const refused = await post("/rollback", { revision: 1 });
    expect([refused.status, refused.body.code, refused.body.number]).toEqual([409, "taken", number]);
    expect(refused.body.detail).toContain(number);
    expect((await control.call("PATCH", other.path, { domain })).status).toBe(200);
    const again = await post("/rollback", { revision: 0 });
    expect([again.status, again.body.domain]).toEqual([409, domain]);
    expect(await revision()).toBe(3);
  });

  test("with dryRun tells what it would do and does nothing", async () => {
    await apply({ extensions: [{ number: "1001" }] });
    const dry = await post("/rollback?dryRun=true", { revision: 0 });
    expect(ops(dry)).toEqual(["delete extension 1001"]);
    expect(dry.body.revision).toBeNull();
    expect(await revision()).toBe(1);
  });
});
