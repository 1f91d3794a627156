// What is one's own: a member with an extension has that one's settings, calls, messages and phones, and nothing of anybody else's.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { roleNames, roles } from "../../../functions/access/roles.ts";
import { allows } from "../../../functions/access/scopes.ts";
import { meRoutes } from "../../../functions/api/me.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";

type Item = Record<string, unknown> & { id: string };
let control: TestControl;
let path: string;
let tenantId: string;
const ids: Record<string, string> = {};
let ada: Person;
let grace: Person;

type Person = { memberId: string; call(method: string, path: string, body?: unknown): Promise<Reply> };
const made = async (where: string, body: unknown): Promise<Item> => {
  const reply = await control.call("POST", where, body);
  expect(reply.status, reply.text).toBe(201);
  return reply.body as unknown as Item;
};
/** A member who acts by his own key. */
async function person(name: string, extension: string | null, role = "user"): Promise<Person> {
  const email = `${name.toLowerCase()}@acme.example`;
  const { id } = await made("/v1/members", { email, name, role, tenantId, extension });
  const { key } = await made("/v1/api-keys", { name, tenantId, memberId: id });
  return { memberId: id, call: (method, to, body) => control.call(method, to, body, { key: String(key) }) };
}
const data = ({ body }: Reply): Item[] => body.data as unknown as Item[];
const called = async (from: string, to: string, more = {}): Promise<Item> =>
  (await made(`${path}/sandbox/calls`, { from, to, talkSeconds: 7, ...more })).call as Item;

beforeAll(async () => {
  control = await testControl();
  const { id: accountId } = await made("/v1/accounts", { name: "Sandbox", sandbox: true });
  ({ path, id: tenantId } = await newTenant(control, { name: "Acme", accountId }));
  for (const number of ["1001", "1002"])
    ids[`box ${number}`] = (await made(`${path}/voicemail-boxes`, { number: `9${number}` })).id;
  for (const [number, displayName] of [
    ["1001", "Ada"],
    ["1002", "Grace"],
    ["1003", "Hedy"],
  ] as const) {
    const voicemailBox = ids[`box ${number}`] ?? null;
    ids[number] = (await made(`${path}/extensions`, { number, displayName, voicemailBox })).id;
  }
  const members = [{ extension: "1001" }, { extension: "1002" }];
  await made(`${path}/ring-groups`, { name: "Sales", extensionNumber: "600", members });
  ada = await person("Ada", "1001");
  grace = await person("Grace", ids["1002"] ?? "");
});
afterAll(() => control.stop());

describe("a member's extension", () => {
  test("is named by number or id, is of that tenant, and is given by whoever could do all that comes with it", async () => {
    const get = async (who: Person) =>
      (await control.call("GET", `/v1/members/${who.memberId}?tenantId=${tenantId}`)).body.extension;
    expect([await get(ada), await get(grace)]).toEqual([ids["1001"], ids["1002"]]);
    const other = await newTenant(control, { name: "Other" });
    const theirs = (await made(`${other.path}/extensions`, { number: "1001" })).id;
    const at = `/v1/members/${ada.memberId}?tenantId=${tenantId}`;
    for (const extension of [theirs, "4711", "ext_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x#y", "\u0000", ids["box 1001"]]) {
      const { status, body } = await control.call("PATCH", at, { extension });
      expect([status, body.code, body.errors]).toEqual([
        ...[422, "reference_not_found", [expect.objectContaining({ pointer: "/extension" })]],
      ]);
    }
    const account = { email: "a@acme.example", name: "A", role: "admin", extension: "1001" };
    expect((await control.call("POST", "/v1/members", account)).body.errors).toMatchObject([
      { pointer: "/extension", detail: "is of tenants alone" },
    ]);
    const scopes = ["members:write", "contacts:read", "speed-dials:read", "me:read", "me:write"];
    const { key } = await made("/v1/api-keys", { name: "k", tenantId, scopes });
    const sly = await control.call("PATCH", at, { extension: "1002" }, { key: String(key) });
    expect([sly.status, sly.body.scope]).toEqual([403, "extensions:write"]);
    expect(await get(ada)).toBe(ids["1001"]);
  });

  test("that is deleted is his no more, also with its number given to another, and is his again when it comes back", async () => {
    const { id } = await made(`${path}/extensions`, { number: "1004" });
    const hans = await person("Hans", "1004");
    const at = `/v1/members/${hans.memberId}?tenantId=${tenantId}`;
    const { revision } = (await control.call("GET", path)).body;
    expect((await hans.call("GET", "/v1/me/extension")).body.id).toBe(id);
    expect((await control.call("DELETE", `${path}/extensions/1004`)).status).toBe(204);
    await made(`${path}/extensions`, { number: "1004" });
    expect((await control.call("GET", at)).body.extension).toBe(null);
    expect((await hans.call("GET", "/v1/me")).body.member).toMatchObject({ extension: null });
    const gone = await hans.call("GET", "/v1/me/messages");
    expect([gone.status, gone.body.code, gone.body.detail]).toEqual([
      ...[404, "not_found", expect.stringContaining("whoever runs the phone system gives you one")],
    ]);
    expect((await control.call("POST", `${path}/rollback`, { revision })).status).toBe(200);
    expect((await hans.call("GET", "/v1/me/extension")).body.id).toBe(id);
    expect((await control.call("PATCH", at, { extension: null })).body.extension).toBe(null);
    expect((await hans.call("GET", "/v1/me/extension")).status).toBe(404);
  });

  test("every role has what is its own, a key that is nobody's has nothing", async () => {
    for (const role of roleNames)
      expect(["me:read", "me:write"].every((scope) => allows(roles[role], scope))).toBe(true);
    const support = await person("Sue", "1003", "support");
    expect((await support.call("GET", "/v1/me")).body.member).toMatchObject({
      extension: { id: ids["1003"], number: "1003", displayName: "Hedy" },
    });
    expect((await support.call("GET", "/v1/me/messages")).body.detail).toContain("has no voicemail box");
    expect((await control.call("GET", "/v1/me/extension")).status).toBe(404);
  });
});

describe("one's own", () => {
  test("extension is shown with what is configured; settings are set as if by phone, and calls follow", async () => {
    expect((await ada.call("GET", "/v1/me/extension")).body).toMatchObject({
      ...{ id: ids["1001"], number: "1001", displayName: "Ada", tenant: { id: tenantId, name: "Acme" } },
      voicemailBox: { id: ids["box 1001"], number: "91001" },
      configured: { doNotDisturb: false, callWaiting: true, forwardAlways: null },
    });
    const set = async (fields: object) => (await ada.call("PATCH", "/v1/me/settings", fields)).body;
    const goes = async () =>
      JSON.stringify((await control.call("POST", `${path}/simulate`, { from: "1002", to: "1001" })).body.steps);
    expect(await set({ doNotDisturb: true })).toMatchObject({ doNotDisturb: true, callWaiting: null });
    expect(await goes()).toContain("do not disturb");
    expect(await set({ doNotDisturb: null, forwardAlways: "1003", callWaiting: false })).toMatchObject({
      ...{ doNotDisturb: null, forwardAlways: "1003", callWaiting: false },
    });
    expect(await goes()).toContain("1003");
    const onCall = await control.call("GET", `${path}/extensions/1001/runtime`);
    expect(onCall.body).toMatchObject({ forwardAlways: "1003", callWaiting: false });
    expect((await set({ forwardAlways: "123456789012345" })).errors).toMatchObject([{ pointer: "/forwardAlways" }]);
    expect((await set({ hotDesk: "1002" })).code).toBe("invalid");
    expect(await set({ forwardAlways: null, callWaiting: null })).toMatchObject({ forwardAlways: null });
  });

  test("calls are those that it took part in, as they were to it: others' calls are not there", async () => {
    const out = await called("1001", "1003");
    const missed = await called("1002", "1001", { assume: { 1001: "no-answer" } });
    const group = await called("1003", "600", { assume: { 1002: "no-answer" } });
    const theirs = await called("1003", "1002");
    const list = async (who: Person, query = "") =>
      Object.fromEntries(
        data(await who.call("GET", `/v1/me/calls${query}`)).map(({ id, direction, outcome, with: other }) => [
          id,
          `${direction} ${outcome} ${(other as { name: string }).name}`,
        ]),
      );
    expect(await list(ada)).toEqual({
      [group.id]: "in answered Hedy",
      [missed.id]: "in voicemail Grace",
      [out.id]: "out answered Hedy",
    });
    expect(await list(grace)).toEqual({
      [theirs.id]: "in answered Hedy",
      [group.id]: "in elsewhere Hedy",
      [missed.id]: "out voicemail Ada",
    });
    expect(await list(ada, "?missed=true")).toEqual({ [missed.id]: "in voicemail Grace" });
    expect((await ada.call("GET", `/v1/me/calls/${group.id}`)).body).toMatchObject({ dialled: "600" });
    expect((await ada.call("GET", `/v1/me/calls/${theirs.id}`)).status).toBe(404);
    for (const extension of ["1001", ids["1001"]])
      expect(
        data(await control.call("GET", `${path}/calls?extension=${extension}`))
          .map(({ id }) => id)
          .sort(),
      ).toEqual(expect.arrayContaining([out.id, missed.id].sort()));
    // the ways of others' phones are theirs
    expect((await ada.call("GET", `/v1/me/calls/${group.id}`)).text).not.toMatch(/legs|segments|1002/);
  });

  test("messages are heard, marked and deleted; phones that are registered are one's own", async () => {
    const [message] = data(await ada.call("GET", "/v1/me/messages"));
    expect(message).toMatchObject({ from: { name: "Grace" }, seconds: 7, read: false });
    const at = `/v1/me/messages/${message?.id}`;
    const { body } = await ada.call("GET", `${at}/audio`);
    expect((await fetch(String(body.url))).headers.get("content-type")).toBe("audio/wav");
    expect((await ada.call("PATCH", at, { read: true })).status).toBe(202);
    expect(data(await ada.call("GET", "/v1/me/messages?read=true"))).toMatchObject([{ id: message?.id }]);
    for (const extension of ["1001", "1002"])
      expect((await control.call("POST", `${path}/sandbox/registrations`, { extension })).status).toBe(200);
    expect(data(await ada.call("GET", "/v1/me/registrations"))).toMatchObject([{ username: "1001" }]);
    expect((await ada.call("DELETE", at)).status).toBe(202);
    expect(data(await ada.call("GET", "/v1/me/messages"))).toEqual([]);
    expect((await ada.call("POST", "/v1/me/sip-token")).body.detail).toContain("sandbox has no phones");
    expect((await ada.call("POST", "/v1/me/calls", { to: "1002" })).body).toMatchObject({
      ...{ name: "originate", arguments: { extension: ids["1001"], to: "1002" } },
    });
  });

  test("and of anybody else's a user reads and changes nothing, by any path", async () => {
    await called("1003", "1002", { assume: { 1002: "no-answer" } });
    const [theirs] = data(await grace.call("GET", "/v1/me/messages"));
    const [call] = data(await grace.call("GET", "/v1/me/calls"));
    const secretive = [theirs?.id, call?.id, ids["box 1002"], ids["1002"]].map(String);
    for (const { method, path: route, example } of meRoutes()) {
      const to = route.replace("{message}", String(theirs?.id)).replace("{id}", String(call?.id));
      if (route.endsWith("/extension") || to === "/v1/me/calls") continue;
      const reply = await ada.call(method.toUpperCase(), to, example);
      if (to !== route) expect([route, reply.status]).toEqual([route, 404]);
      else for (const id of secretive) expect(reply.text, route).not.toContain(id);
    }
    expect(data(await grace.call("GET", "/v1/me/messages"))).toMatchObject([{ id: theirs?.id, read: false }]);
    const of = (number: string) => `${path}/extensions/${number}`;
    for (const [method, to, body] of [
      ...(["1001", "1002"] as const).flatMap((number) => [
        ["GET", of(number), undefined] as const,
        ["PATCH", of(number), { displayName: "x" }] as const,
        ["PATCH", `${of(number)}/runtime`, { doNotDisturb: true }] as const,
        ["POST", `${of(number)}/sip-token`, undefined] as const,
      ]),
      ["GET", `${path}/calls`, undefined],
      ["GET", `${path}/calls/live`, undefined],
      ["GET", `${path}/live`, undefined],
      ["GET", `${path}/recordings`, undefined],
      ["GET", `${path}/registrations`, undefined],
      ["GET", `${path}/voicemail-boxes/91002/messages`, undefined],
      ["GET", path, undefined],
      ["GET", "/v1/members", undefined],
      ["PATCH", `/v1/members/${ada.memberId}?tenantId=${tenantId}`, { extension: "1002" }],
    ] as const)
      expect([method, to, (await ada.call(method, to, body)).status]).toEqual([method, to, 403]);
    expect((await ada.call("GET", `${path}/contacts`)).status).toBe(200);
  });
});
