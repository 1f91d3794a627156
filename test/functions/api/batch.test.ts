// Batches: several resources of a kind by one request, as one revision or not at all.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
let base: string;
beforeAll(async () => {
  control = await testControl();
});
afterAll(() => control.stop());

type Item = { id: string | null; key: string; version: number; secrets?: { pointer: string; value: string }[] };
type Came = { revision: number | null; create: Item[]; update: Item[]; delete: { id: string; key: string }[] };
const batch = (body: unknown, more: { query?: string; headers?: Record<string, string>; kind?: string } = {}) =>
  control.call("POST", `${base}/${more.kind ?? "extensions"}/batch${more.query ?? ""}`, body, {
    headers: more.headers ?? {},
  });
const came = (reply: Reply): Came => {
  expect(reply.status, reply.text).toBe(200);
  return reply.body as never;
};
const revision = async () => (await control.call("GET", base)).body.revision;
const get = (path: string) => control.call("GET", `${base}/${path}`);
const flaws = (reply: Reply) => (reply.body.errors as unknown as { pointer: string }[]).map(({ pointer }) => pointer);

async function fresh(...numbers: string[]): Promise<void> {
  base = (await newTenant(control)).path;
  for (const number of numbers) await control.call("POST", `${base}/extensions`, { number });
}

test("creates, changes and deletes as one revision, and tells of each with the secrets that were made", async () => {
  await fresh("1001", "1002", "1003");
  const { id } = (await get("extensions/1002")).body;
  const before = Number(await revision());
  const reply = await batch({
    create: [{ number: "1010", displayName: "New" }, { number: "1011" }],
    update: [
      { number: "1001", displayName: "Ada" },
      { id, number: "1020" },
    ],
    delete: ["1003"],
  });
  const result = came(reply);
  expect(result.revision).toBe(before + 1);
  expect(await revision()).toBe(before + 1);
  expect(result.create.map(({ key, version }) => [key, version])).toEqual([
    ["1010", 1],
    ["1011", 1],
  ]);
  expect(result.update).toEqual([
    { id: expect.any(String), key: "1001", version: 2 },
    { id, key: "1020", version: 2 },
  ]);
  expect(result.delete).toEqual([{ id: expect.stringMatching(/^ext_/), key: "1003" }]);
  for (const { secrets } of result.create)
    expect(secrets).toEqual([{ pointer: "/devices/0/password", value: expect.stringMatching(/^\w{20}$/) }]);
  expect((await get(`extensions/${result.create[0]?.id}`)).body).toMatchObject({ number: "1010", displayName: "New" });
  expect((await get("extensions/1001")).body.displayName).toBe("Ada");
  expect((await get("extensions/1003")).status).toBe(404);
});

test("a number that it deletes may be another's in the same batch, and one that it creates can be named in it", async () => {
  await fresh("1001");
  const result = came(
    await batch({
      create: [{ number: "1001" }, { number: "1002", forward: { always: { kind: "extension", ref: "1001" } } }],
      delete: ["1001"],
    }),
  );
  expect(result.create[0]?.id).not.toBe(result.delete[0]?.id);
  expect((await get("extensions/1002")).body.forward).toMatchObject({ always: { ref: result.create[0]?.id } });
});

test("is done wholly or not: each flaw is told at its place, and nothing changes", async () => {
  await fresh("1001", "1002");
  const before = await revision();
  const bad = async (body: unknown, status: number, ...pointers: string[]) => {
    const reply = await batch(body);
    expect([reply.status, flaws(reply)], reply.text).toEqual([status, pointers]);
  };
  await bad(
    { create: [{ number: "1010" }, { number: "x" }], update: [{ number: "1001", ringSeconds: 1 }] },
    422,
    "/update/0/ringSeconds",
    "/create/1/number",
  );
  await bad(
    { update: [{ number: "4711" }, { displayName: "who" }, { id: 7 }], delete: ["nobody"] },
    422,
    ...["/delete/0", "/update/0/number", "/update/1/number", "/update/2/id"],
  );
  await bad({ update: [{ number: "1001" }, { id: "1001" }], delete: ["1002", "1002"] }, 422, "/delete/1", "/update/1");
  await bad({ update: [{ number: "1001" }], delete: ["1001"] }, 422, "/update/0");
  await bad({ create: [{ number: "1001" }] }, 409, "/create/0/number");
  await bad({ create: [{ number: "1010" }, { number: "1010" }] }, 409, "/create/1/number");
  await bad({ create: [{ number: "1010", voicemailBox: "9999" }] }, 422, "/create/0/voicemailBox");
  await bad({ create: {}, prune: [] }, 422, "/create", "");
  expect((await batch({ update: [{ number: "1001", version: 9, displayName: "x" }] })).status).toBe(412);
  await control.call("POST", `${base}/paging-groups`, { name: "all", members: ["1001"] });
  expect((await batch({ create: [{ number: "1010" }], delete: ["1001"] })).body.code).toBe("in_use");
  expect(await revision()).toBe(Number(before) + 1);
  expect((await get("extensions/1010")).status).toBe(404);
});

test("a dry run tells what would come of it and shows no secret; what changes nothing makes no revision", async () => {
  await fresh("1001");
  const before = await revision();
  const dry = came(await batch({ create: [{ number: "1010" }], delete: ["1001"] }, { query: "?dryRun=true" }));
  expect(dry).toEqual({
    revision: null,
    create: [{ id: null, key: "1010", version: 1 }],
    update: [],
    delete: [{ id: expect.any(String), key: "1001" }],
  });
  expect(came(await batch({ update: [{ number: "1001" }] })).revision).toBeNull();
  expect(came(await batch({})).revision).toBeNull();
  expect(await revision()).toBe(before);
});

test("sent again with its Idempotency-Key it is the same batch", async () => {
  await fresh();
  const once = { headers: { "idempotency-key": "batch-1" } };
  const first = await batch({ create: [{ number: "1001" }] }, once);
  const again = await batch({ create: [{ number: "1001" }] }, once);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
});

test("of an account too", async () => {
  const account = await control.call("POST", "/v1/accounts", { name: "Reseller" });
  base = `/v1/accounts/${account.body.id}`;
  const result = came(await batch({ create: [{ number: "+15558880001" }] }, { kind: "phone-numbers" }));
  expect((await get(`phone-numbers/${result.create[0]?.id}`)).body.number).toBe("+15558880001");
});

test("more than 500 changes are a job's, whose result is what the batch would have been answered", async () => {
  await fresh("1001");
  const create = Array.from({ length: 501 }, (_, n) => ({ number: String(2000 + n) }));
  const refused = await batch({ create: [...create, { number: "1001" }] });
  expect([refused.status, flaws(refused)]).toEqual([409, ["/create/501/number"]]);
  const queued = await batch({ create, delete: ["1001"] });
  expect([queued.status, queued.body.kind], queued.text).toEqual([202, "batch"]);
  const job = await vi.waitFor(
    async () => {
      const reply = await control.call("GET", String(queued.headers.get("location")));
      expect(reply.body.state, reply.text).toBe("succeeded");
      return reply;
    },
    { timeout: 20_000 },
  );
  const result = job.body.result as unknown as Came;
  expect([result.create.length, result.create[500]?.key, result.delete[0]?.key]).toEqual([501, "2500", "1001"]);
  expect(result.create[500]?.secrets).toHaveLength(1);
  expect((await get(`extensions/${result.create[500]?.id}`)).body.number).toBe("2500");
}, 40_000);
