// Scopes: what they cover, what composite requests need, and what is said of one that is missing or unknown.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allows, covers, isScope, knownScopes, type Scope } from "../../../functions/access/scopes.ts";
import { routesOf } from "../../../functions/api/routes.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
beforeAll(async () => {
  control = await testControl();
});
afterAll(() => control.stop());

const mint = async (tenantId: string, scopes: Scope[]): Promise<string> =>
  String((await control.call("POST", "/v1/api-keys", { name: "k", scopes, tenantId })).body.key);

test("what covers a scope may do all that it may, what there will be one day included, and only that covers it", () => {
  const what = ["a", "b", "*"];
  const scope = fc.oneof(
    fc.constant("*"),
    fc.tuple(fc.constantFrom(...what), fc.constantFrom("read", "write", "*")).map((parts) => parts.join(":")),
  );
  const single = ["a", "b", "yet-to-come"].flatMap((one) => [`${one}:read`, `${one}:write`]);
  fc.assert(
    fc.property(fc.array(scope, { maxLength: 4 }), scope, (have, wanted) => {
      const all = single.every((one) => !allows([wanted], one) || allows(have, one));
      expect(covers(have, wanted)).toBe(all);
    }),
  );
});

test("the known scopes are those of the routes, and each has a route", async () => {
  const stated = (await routesOf(async () => [])).map(({ scope }) => scope);
  const known = knownScopes(stated);
  expect(known).toEqual(
    expect.arrayContaining(["extensions:read", "calls:write", "recordings:read", "api-keys:write"]),
  );
  expect(known.filter((scope) => !stated.includes(scope))).toEqual(["purges:write", "secrets:read"]);
  for (const scope of ["*", "*:*", "*:read", "extensions:*", ...known]) expect(isScope(scope, known), scope).toBe(true);
  for (const scope of ["", ":", "*:", "x:read", "extensions", "extensions:delete", "sync:write", "<kind>:write", "**"])
    expect(isScope(scope, known), scope).toBe(false);
});

test("an unknown scope is refused with its place and a list of those that there are", async () => {
  const { status, body } = await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*:read", "phones:read"] });
  expect(status).toBe(422);
  expect(body.errors).toEqual([
    {
      pointer: "/scopes/1",
      detail: expect.stringMatching(/"phones:read".*extensions:read\|write.*recordings:read\|write/),
    },
  ]);
});

test("apply needs the write scope of each kind that is listed or pruned, and of the settings", async () => {
  const { id, path } = await newTenant(control);
  const key = await mint(id, ["extensions:write", "ring-groups:write", "*:read"]);
  const apply = async (body: unknown, query = "?dryRun=true") => {
    const reply = await control.call("POST", `${path}/apply${query}`, body, { key });
    return reply.status === 200 ? "ok" : `${reply.status} ${reply.body.scope}`;
  };
  const extensions = [{ number: "1001" }];
  const trunks = [{ name: "c", host: "c.example" }];
  expect(await apply({ extensions, "ring-groups": [] })).toBe("ok");
  expect(await apply({ extensions, trunks })).toBe("403 trunks:write");
  expect(await apply({ extensions, settings: { name: "Mine" } })).toBe("403 tenants:write");
  expect(await apply({ extensions }, "?prune=extensions,trunks")).toBe("403 trunks:write");
  // of ids that are not there nothing is told either
  expect(await apply({ trunks: [{ id: "trk_01ARZ3NDEKTSV4RRFFQ69G5FAV" }] })).toBe("403 trunks:write");
  expect(await apply({ extensions }, "")).toBe("ok");
  expect((await control.call("GET", `${path}/extensions/1001`)).status).toBe(200);
});

test("rollback needs the write scope of each kind that it would change, no more", async () => {
  const { id, path } = await newTenant(control);
  await control.call("POST", `${path}/extensions`, { number: "1001" });
  await control.call("POST", `${path}/contacts`, { name: "Ada", numbers: ["+15550123"] });
  await control.call("POST", `${path}/trunks`, { name: "c", host: "c.example" });
  const { revision } = (await control.call("GET", path)).body;
  const key = await mint(id, ["trunks:write"]);
  const back = (to: number) => control.call("POST", `${path}/rollback`, { revision: to }, { key });
  const refused = await back(0);
  expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
  expect(refused.body.scope).toMatch(/^(extensions|contacts):write$/);
  expect((await control.call("GET", path)).body.revision).toBe(revision);
  expect((await back(Number(revision) - 1)).status).toBe(200);
  expect((await control.call("GET", `${path}/trunks/c`)).status).toBe(404);
});
