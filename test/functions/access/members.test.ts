// Members: what a role may, at every request; nobody gives more than he has; an owner stays.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Role, roleNames, roles } from "../../../functions/access/roles.ts";
import { allows, common, covers, isScope, knownScopes } from "../../../functions/access/scopes.ts";
import { routesOf } from "../../../functions/api/routes.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
beforeAll(async () => {
  control = await testControl();
});
afterAll(() => control.stop());

type Place = { accountId?: string; tenantId?: string };
let count = 0;
const account = async (): Promise<Place> => ({
  accountId: String((await control.call("POST", "/v1/accounts", { name: `A${++count}` })).body.id),
});
const query = (place: Place): string => new URLSearchParams(place as Record<string, string>).toString();
const add = (place: Place, role: Role, more = {}, key = control.key): Promise<Reply> =>
  control.call(
    "POST",
    "/v1/members",
    { email: `p${++count}@acme.example`, name: role, role, ...place, ...more },
    { key },
  );
async function member(place: Place, role: Role) {
  const made = await add(place, role);
  expect(made.status, made.text).toBe(201);
  const id = String(made.body.id);
  return { id, path: `/v1/members/${id}?${query(place)}` };
}
const mint = (place: Place, memberId: string, more = {}, key = control.key): Promise<Reply> =>
  control.call("POST", "/v1/api-keys", { name: "k", memberId, ...place, ...more }, { key });
const keyFor = async (place: Place, memberId: string): Promise<string> =>
  String((await mint(place, memberId)).body.key);
const me = async (key: string) => (await control.call("GET", "/v1/me", undefined, { key })).body;

describe("roles", () => {
  test("are made of scopes that there are, each within the owner's, and only the owner makes owners", async () => {
    const known = knownScopes((await routesOf(async () => [])).map(({ scope }) => scope));
    for (const role of roleNames)
      for (const scope of roles[role]) {
        expect(isScope(scope, known), `${role}: ${scope}`).toBe(true);
        expect(covers(roles.owner, scope)).toBe(true);
      }
    const wholeOf = (role: Role) =>
      roleNames.filter((other) => roles[other].every((scope) => covers(roles[role], scope)));
    expect(wholeOf("owner")).toEqual(roleNames);
    expect(wholeOf("admin")).toEqual(["admin", "billing", "support", "user"]);
    expect(wholeOf("billing")).toEqual(["billing"]);
    expect(wholeOf("user")).toEqual(["user"]);
  });

  test("tell what each may and may not", () => {
    const may = (role: Role) =>
      ["extensions:write", "calls:read", "recordings:read", "voicemail-boxes:read", "secrets:read", "accounts:write"]
        .map((scope) => (allows(roles[role], scope) ? "y" : "n"))
        .join("");
    expect(Object.fromEntries(roleNames.map((role) => [role, may(role)]))).toEqual({
      ...{ owner: "yyyyyy", admin: "yyyyyn", billing: "nynnnn", support: "nynnnn", user: "nnnnnn" },
    });
  });

  test("and a key's scopes together allow what both allow, and nothing else", () => {
    const scope = fc.oneof(
      fc.constant("*"),
      fc.tuple(fc.constantFrom("a", "b", "*"), fc.constantFrom("read", "write", "*")).map((parts) => parts.join(":")),
    );
    const single = ["a", "b", "c"].flatMap((what) => [`${what}:read`, `${what}:write`]);
    fc.assert(
      fc.property(fc.array(scope, { maxLength: 3 }), fc.array(scope, { maxLength: 3 }), (one, other) => {
        for (const wanted of single)
          expect(allows(common(one, other), wanted)).toBe(allows(one, wanted) && allows(other, wanted));
      }),
    );
  });
});

describe("a member", () => {
  test("has one address in an account, however it is spelled, and another account's member may have it too", async () => {
    const [one, two] = [await account(), await account()];
    const first = await add(one, "support", { email: " Ada@Acme.Example " });
    expect([first.status, first.body.email, first.headers.get("location")]).toEqual([
      ...[201, "ada@acme.example", `/v1/members/${first.body.id}`],
    ]);
    const again = await add(one, "admin", { email: "ADA@acme.example" });
    expect([again.status, again.body.code, again.body.errors]).toEqual([
      409,
      "taken",
      [{ pointer: "/email", detail: "is taken" }],
    ]);
    expect((await add(two, "support", { email: "ada@acme.example" })).status).toBe(201);
    const other = await member(one, "support");
    const taken = await control.call("PATCH", other.path, { email: "ada@acme.example" });
    expect(taken.body.code).toBe("taken");
    expect((await control.call("PATCH", other.path, { email: "new@acme.example" })).status).toBe(200);
    expect((await control.call("DELETE", `/v1/members/${first.body.id}?${query(one)}`)).status).toBe(204);
    expect((await control.call("PATCH", other.path, { email: "ada@acme.example" })).body.email).toBe(
      "ada@acme.example",
    );
    const all = await Promise.all(Array.from({ length: 5 }, () => add(one, "support", { email: "race@acme.example" })));
    expect(all.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  test("is refused with what is wrong about it: address, role, a user of an account, another version", async () => {
    const place = await account();
    const bad = async (more: object) => (await add(place, "support", more)).body.errors;
    for (const email of ["ada", "a@b", "a@acme.example\r\nBcc: b@acme.example", "a@acme.example, b@acme.example", ""])
      expect(await bad({ email }), email).toEqual([expect.objectContaining({ pointer: "/email" })]);
    expect(await bad({ role: "god" })).toEqual([expect.objectContaining({ pointer: "/role" })]);
    expect(await bad({ role: "user" })).toEqual([{ pointer: "/role", detail: "is of tenants alone" }]);
    const { path } = await member(place, "support");
    const stale = await control.call("PATCH", path, { name: "x" }, { headers: { "if-match": '"7"' } });
    expect([stale.status, stale.body.code]).toEqual([412, "version_mismatch"]);
    expect((await mint(place, "mbr_01ARZ3NDEKTSV4RRFFQ69G5FAV")).body.errors).toMatchObject([{ pointer: "/memberId" }]);
  });

  test("is the last owner once there is one: nobody removes or lowers him, and of two at once one stays", async () => {
    const place = await account();
    const last = await member(place, "owner");
    for (const reply of [
      await control.call("DELETE", last.path),
      await control.call("PATCH", last.path, { role: "admin" }),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([409, "conflict"]);
      expect(reply.body.detail).toContain("somebody else an owner");
    }
    const other = await member(place, "owner");
    const replies = await Promise.all([
      control.call("DELETE", last.path),
      control.call("PATCH", other.path, { role: "billing" }),
    ]);
    expect(replies.map(({ status }) => (status < 300 ? "ok" : status)).sort()).toEqual([409, "ok"].sort());
  });
});

describe("a member's key", () => {
  test("may what the role says now: lowered at once, raised no further than it was made, gone with the member", async () => {
    const place = await account();
    const { id, path } = await member(place, "admin");
    const key = await keyFor(place, id);
    const list = async (what: string) => (await control.call("GET", `/v1/${what}`, undefined, { key })).status;
    expect(await list("api-keys")).toBe(200);
    expect(await me(key)).toMatchObject({ member: { id, role: "admin" }, accountId: place.accountId });
    await control.call("PATCH", path, { role: "billing" });
    expect([await list("api-keys"), await list("tenants")]).toEqual([403, 200]);
    expect(covers(roles.billing, String(((await me(key)).scopes as unknown as string[])[0]))).toBe(true);
    await control.call("PATCH", path, { role: "owner" });
    expect(allows((await me(key)).scopes as unknown as string[], "accounts:write")).toBe(false);
    await member(place, "owner");
    await control.call("DELETE", path);
    const gone = await control.call("GET", "/v1/me", undefined, { key });
    expect([gone.status, gone.body.detail]).toEqual([401, expect.stringContaining("was removed")]);
  });

  test("is named, with the member, in history and audit", async () => {
    const { id: tenantId, path } = await newTenant(control);
    const place = { tenantId };
    const { id } = await member(place, "admin");
    const key = await keyFor(place, id);
    expect((await control.call("POST", `${path}/extensions`, { number: "1001" }, { key })).status).toBe(201);
    const whose = { actor: { type: "api-key", member: { id, name: "admin" } } };
    expect((await control.call("GET", `${path}/changes/1`)).body).toMatchObject(whose);
    const { body } = await control.call("GET", `/v1/audit?tenantId=${tenantId}&actor=${id}`);
    expect(body.data).toMatchObject([{ ...whose, revision: 1 }]);
  });

  test("makes and rotates members' keys alone, within the role, and his own by default", async () => {
    const place = await account();
    const { id } = await member(place, "admin");
    const key = await keyFor(place, id);
    const make = (more: object) => control.call("POST", "/v1/api-keys", { name: "x", ...more }, { key });
    expect((await make({})).body.memberId).toBe(id);
    expect((await make({ scopes: ["calls:read"] })).body).toMatchObject({ memberId: id, scopes: ["calls:read"] });
    expect((await make({ scopes: ["*"] })).body.errors).toMatchObject([{ pointer: "/scopes/0" }]);
    const nobodys = (await control.call("POST", "/v1/api-keys", { name: "n", scopes: ["calls:read"], ...place })).body;
    const rotated = await control.call("POST", `/v1/api-keys/${nobodys.id}/rotate`, {}, { key });
    expect([rotated.status, rotated.body.code]).toEqual([403, "forbidden"]);
    const { id: tenantId } = await newTenant(control, place);
    expect((await make({ tenantId, scopes: ["calls:read"] })).status).toBe(403);
    expect((await control.call("POST", "/v1/api-keys", { name: "n" })).body.errors).toMatchObject([
      { pointer: "/scopes" },
    ]);
  });

  test("gives and takes no role wider than its own, and a user's sees the phone book alone", async () => {
    const { id: tenantId, path } = await newTenant(control);
    const place = { tenantId };
    const [admin, owner, user] = [
      await member(place, "admin"),
      await member(place, "owner"),
      await member(place, "user"),
    ];
    await member(place, "owner");
    const key = await keyFor(place, admin.id);
    const refused = [
      await add(place, "owner", {}, key),
      await control.call("PATCH", admin.path, { role: "owner" }, { key }),
      await control.call("PATCH", owner.path, { role: "admin" }, { key }),
      await control.call("PATCH", owner.path, { email: "mine@acme.example" }, { key }),
      await control.call("DELETE", owner.path, undefined, { key }),
    ];
    for (const reply of refused) expect([reply.status, reply.body.errors]).toMatchObject([403, [{ pointer: "/role" }]]);
    expect((await add(place, "support", {}, key)).status).toBe(201);
    const his = await keyFor(place, user.id);
    const statuses = [];
    for (const what of ["contacts", "extensions", "voicemail-boxes", "calls", "recordings", "export", "changes"])
      statuses.push((await control.call("GET", `${path}/${what}`, undefined, { key: his })).status);
    expect(statuses).toEqual([200, 403, 403, 403, 403, 403, 403]);
  });
});

test("no sequence of requests gives its makers a key or a member with rights that none of them had", async () => {
  const step = fc.record({
    by: fc.nat({ max: 3 }),
    what: fc.constantFrom("add", "change", "remove", "mint", "plain", "patch", "rotate"),
    on: fc.nat({ max: 3 }),
    role: fc.constantFrom(...roleNames),
    scopes: fc.constantFrom(
      ["*"],
      ["*:read"],
      ["*:write"],
      ["secrets:read"],
      ["accounts:write"],
      ["calls:read"],
      ["members:write"],
    ),
  });
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 25 }), async (steps) => {
      const place = await account();
      // two owners: the last one could not be removed by anybody
      const first = [(await member(place, "owner")).id, (await member(place, "owner")).id];
      const people = [...first, (await member(place, "billing")).id];
      const owners = await keyFor(place, people[0] ?? "");
      const keyIds = [String((await me(owners)).id)];
      // what the intruders hold: one member's key, and one of nobody's that may manage members and keys
      const held = [await keyFor(place, (await member(place, "admin")).id)];
      const plain = ["members:*", "api-keys:*", "calls:read"];
      const made = await control.call("POST", "/v1/api-keys", { name: "p", scopes: plain, ...place });
      held.push(String(made.body.key));
      const had = [...roles.admin, ...plain];
      for (const { by, what, on, role: wanted, scopes } of steps) {
        const key = held[by % held.length] ?? "";
        const person = people[on % people.length] ?? "";
        const keyId = keyIds[on % keyIds.length];
        const call = (method: string, path: string, body?: unknown) => control.call(method, path, body, { key });
        const send: Record<typeof what, () => Promise<Reply>> = {
          add: () => add({}, wanted, {}, key),
          change: () => call("PATCH", `/v1/members/${person}`, { role: wanted }),
          remove: () => call("DELETE", `/v1/members/${person}`),
          mint: () => call("POST", "/v1/api-keys", { name: "m", memberId: person, ...(on % 2 === 0 && { scopes }) }),
          plain: () => call("POST", "/v1/api-keys", { name: "n", scopes }),
          patch: () => call("PATCH", `/v1/api-keys/${keyId}`, { scopes }),
          rotate: () => call("POST", `/v1/api-keys/${keyId}/rotate`, {}),
        };
        const reply = await send[what]();
        expect(reply.status, reply.text).toBeLessThan(500);
        if (reply.status < 300) done++;
        if (reply.body.key) held.push(String(reply.body.key));
        if (reply.status === 201) (what === "add" ? people : keyIds).push(String(reply.body.id));
      }
      for (const key of held)
        for (const scope of ((await me(key)).scopes ?? []) as unknown as string[])
          expect(covers(had, scope), scope).toBe(true);
      const now = (await control.call("GET", `/v1/members?limit=100&${query(place)}`)).body.data as unknown as {
        id: string;
        role: Role;
      }[];
      expect(
        now
          .filter((one) => one.role === "owner")
          .map(({ id }) => id)
          .sort(),
      ).toEqual([...first].sort());
      expect((await me(owners)).scopes).toEqual(["*"]);
    }),
    { numRuns: 8, endOnFailure: true },
  );
  expect(done).toBeGreaterThan(5);
});
