// What an account sees of all that stands below it: everything once, page by page, whatever is made meanwhile; and nothing of anybody else.
import { encodeTime } from "ulid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountOwner, tenantOwner } from "../../../core/owner.ts";
import { readHead } from "../../../functions/document/head.ts";
import { newId } from "../../../functions/id.ts";
import * as keys from "../../../functions/keys.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";

type Shown = Record<string, unknown>;
let control: TestControl;
let edge: SignedEdge;
/** operator → top → middle → bottom, and a sibling of top; each with two tenants but middle, which has none. */
let top: string;
let middle: string;
let bottom: string;
let sibling: string;
let key: string;
const tenants: Record<string, { id: string; path: string; domain: string }[]> = {};
let batch = 0;

const made = async (path: string, body: Shown): Promise<string> => {
  const reply = await control.call("POST", path, body);
  if (reply.status !== 201) throw new Error(reply.text);
  return String(reply.body.id);
};
const account = (name: string, accountId?: string) => made("/v1/accounts", { name, ...(accountId && { accountId }) });

/** All pages of a list, as the account's own key sees them; `between` runs after each. */
async function all(what: string, query = "", between?: (page: number) => Promise<unknown>): Promise<Shown[]> {
  const found: Shown[] = [];
  let after = "";
  for (let page = 0; ; page++) {
    const path = `/v1/accounts/${top}/${what}?${query}${after && `&after=${after}`}`;
    const { status, body, text } = await control.call("GET", path, undefined, { key });
    expect(status, text).toBe(200);
    found.push(...(body.data as unknown as Shown[]));
    if (body.next === null) return found;
    after = String(body.next);
    await between?.(page);
  }
}
const ids = (found: Shown[], name = "id") => found.map((one) => one[name]);
const ours = () => [...(tenants.top ?? []), ...(tenants.bottom ?? [])].map(({ id }) => id);

beforeAll(async () => {
  control = await testControl();
  edge = await enrolEdge(control);
  top = await account("Top");
  middle = await account("Middle", top);
  bottom = await account("Bottom", middle);
  sibling = await account("Sibling");
  for (const [name, accountId] of Object.entries({ top, bottom, sibling })) {
    tenants[name] = [];
    for (const n of [1, 2]) tenants[name]?.push(await newTenant(control, { name: `${name} ${n}`, accountId }));
  }
  const minted = await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*:read"], accountId: top });
  key = String(minted.body.key);
});
afterAll(() => control.stop());

describe("tenants and accounts", () => {
  test("are those on all levels, and of no sibling", async () => {
    expect(ids(await all("tenants"))).toEqual(ours());
    expect(ids(await all("accounts"))).toEqual([middle, bottom]);
    expect((await all("tenants"))[3]).toMatchObject({ name: "bottom 2", accountId: bottom, revision: 0 });
  });

  test.for([1, 2, 3, 4, 5])("by %i a page come once each while others are made", async (limit) => {
    const found = ids(
      await all("tenants", `limit=${limit}&q=%20`, async (page) => {
        if (page < 2) await newTenant(control, { name: `made ${page}`, accountId: page === 0 ? middle : top });
      }),
    );
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((id) => ours().includes(String(id)))).toEqual(ours());
  });

  test("are found by part of a name or domain, by a whole domain in one look, and not next door", async () => {
    expect(ids(await all("tenants", "q=BOTTOM"))).toEqual(tenants.bottom?.map(({ id }) => id));
    expect(ids(await all("accounts", "q=mid"))).toEqual([middle]);
    expect(ids(await all("tenants", `domain=${tenants.bottom?.[1]?.domain}`))).toEqual([tenants.bottom?.[1]?.id]);
    expect(await all("tenants", `domain=${tenants.sibling?.[0]?.domain}`)).toEqual([]);
    expect(await all("tenants", "domain=no.such.example")).toEqual([]);
    expect(await all("tenants", "q=sibling")).toEqual([]);
  });

  test("a page of twenty of a large account reads twenty tenants, one more, and a hundred ids", async () => {
    const crowd = await account("Crowd");
    const { body } = await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*:read"], accountId: crowd });
    const { store } = control.ctx;
    const sample = String(ours()[0]);
    const [head, settings] = await store.getMany([
      keys.head(tenantOwner(sample)),
      keys.resource(tenantOwner(sample), "tenant", sample),
    ]);
    if (!head || !settings) throw new Error("no sample");
    for (let n = 0; n < 240; n += 30)
      await store.transact(
        Array.from({ length: 30 }, () => newId("ten")).flatMap((id) => [
          { put: { ...keys.child(accountOwner(crowd), "TENANT", id), id } },
          { put: { ...head, ...keys.head(tenantOwner(id)), owner: tenantOwner(id), path: [crowd] } },
          { put: { ...settings, ...keys.resource(tenantOwner(id), "tenant", id), id } },
        ]),
      );
    let read = 0;
    const { get, query } = store;
    store.get = (one) => {
      read++;
      return get.call(store, one);
    };
    store.query = async (wanted) => {
      const page = await query.call(store, wanted);
      read += page.items.length;
      return page;
    };
    const reply = await control.call("GET", `/v1/accounts/${crowd}/tenants`, undefined, { key: String(body.key) });
    Object.assign(store, { get, query });
    expect(reply.body.data).toHaveLength(20);
    // a head and settings each, and what the request itself needs
    expect(read).toBeGreaterThan(100);
    expect(read).toBeLessThan(100 + 2 * 21 + 20);
  });
});

describe("phone numbers", () => {
  test("are the accounts' and their tenants', each with whose it is", async () => {
    const wanted: unknown[][] = [];
    const add = async (path: string, accountId: string, tenantId: string | null, number: string) => {
      await made(`${path}/phone-numbers`, { number, label: "x" });
      wanted.push([number, accountId, tenantId]);
    };
    await add(`/v1/accounts/${top}`, top, null, "+15550100001");
    await add(`/v1/accounts/${top}`, top, null, "+15550100002");
    for (const { id, path } of tenants.top ?? []) await add(path, top, id, `+155501001${wanted.length}0`);
    await add(`/v1/accounts/${bottom}`, bottom, null, "+15550100003");
    await add(tenants.bottom?.[1]?.path ?? "", bottom, tenants.bottom?.[1]?.id ?? "", "+15550100004");
    await made(`${tenants.sibling?.[0]?.path}/phone-numbers`, { number: "+15550100099" });
    for (const limit of [1, 2, 5, 6, 100])
      expect(
        (await all("phone-numbers", `limit=${limit}`)).map((one) => [one.number, one.accountId, one.tenantId]),
      ).toEqual(wanted);
    expect(ids(await all("phone-numbers", "number=%2B15550100004"), "tenantId")).toEqual([tenants.bottom?.[1]?.id]);
    expect(await all("phone-numbers", "number=%2B15550100099")).toEqual([]);
    expect(ids(await all("phone-numbers", "q=00003"), "number")).toEqual(["+15550100003"]);
  });
});

describe("edges and sync", () => {
  test("tell of the edges of all levels, and how far each tenant is live on them", async () => {
    expect(await all("edges")).toEqual([]);
    const operator = String((await control.call("GET", "/v1/me")).body.accountId);
    const above = await control.call("GET", `/v1/accounts/${operator}/edges`);
    expect(ids(above.body.data as unknown as Shown[])).toEqual([edge.id]);
    const [live] = tenants.bottom ?? [];
    const head = live && (await readHead(control.ctx.store, tenantOwner(live.id)));
    if (!head) throw new Error("no head");
    const { owner, epoch, revision, digest } = head;
    const ack = { owner, epoch, revision, digest, at: new Date().toISOString(), failures: [] };
    expect((await edge.request("POST", "acks", { acks: [ack] })).status).toBe(204);
    const found = await all("sync", "limit=2");
    expect(ids(found, "tenantId").filter((id) => ours().includes(String(id)))).toEqual(ours());
    expect(found.find((one) => one.tenantId === live?.id)).toEqual({
      ...{ tenantId: live?.id, accountId: bottom, name: "bottom 1", revision: 0 },
      ...{ edges: 1, behind: 0, applied: 0, failures: 0, inStep: true },
    });
    const behind = await all("sync", "behind=true&limit=1");
    expect(ids(behind, "tenantId")).not.toContain(live?.id);
    expect(behind).toHaveLength(found.length - 1);
    expect(behind[0]).toMatchObject({ behind: 1, applied: null, inStep: false });
  });
});

describe("calls", () => {
  const startOf = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const callOf = (tenant: string, minutesAgo: number, more: Shown = {}): Shown => {
    const startedAt = startOf(minutesAgo);
    const party = { number: "1001", name: null, extension: "1001" };
    return {
      id: `cal_${encodeTime(Date.parse(startedAt), 10)}${String(++batch).padStart(16, "0")}`,
      ...{
        seq: 1,
        tenant,
        direction: "internal",
        from: party,
        to: party,
        trunk: null,
        startedAt,
        answeredAt: startedAt,
      },
      ...{ endedAt: startedAt, durationSeconds: 12, billableSeconds: 10, outcome: "answered" },
      ...{ hangupCause: "NORMAL_CLEARING", hangupBy: "caller", legs: [], ...more },
    };
  };
  const tell = async (...records: Shown[]) => {
    const events = records.map((data) => ({ id: `e${data.id}`, type: "call.completed", at: startOf(0), data }));
    expect((await edge.request("POST", "events", { generation: "g", batch: ++batch, events })).status).toBe(200);
  };

  test("are those of all tenants below by time, once each while others come in; of no sibling, nor of a tenant that left", async () => {
    const [one, two] = tenants.top ?? [];
    const [three] = tenants.bottom ?? [];
    const [next] = tenants.sibling ?? [];
    if (!one || !two || !three || !next) throw new Error("no tenants");
    const records = [one, three, two, three, next, one, three].map(({ id }, at) =>
      callOf(id, 60 * (at + 1), { direction: at % 2 ? "inbound" : "internal" }),
    );
    await tell(...records.toReversed());
    const wanted = records.filter(({ tenant }) => tenant !== next.id);
    const theirs = new Set(ids(wanted));
    for (const limit of [1, 2, 3, 6, 100]) {
      const found = await all("calls", `limit=${limit}`, () => tell(callOf(three.id, 0)));
      expect(ids(found.filter(({ id }) => theirs.has(id)))).toEqual(ids(wanted));
      expect(new Set(ids(found)).size).toBe(found.length);
    }
    expect(ids(await all("calls", `tenantId=${two.id}`))).toEqual([records[2]?.id]);
    expect(await all("calls", `tenantId=${next.id}`)).toEqual([]);
    const range = `startedAt[gte]=${startOf(250)}&startedAt[lte]=${startOf(100)}`;
    expect(ids(await all("calls", range))).toEqual(ids(records.slice(1, 4)));
    expect(ids(await all("calls", `${range}&direction=inbound`))).toEqual(ids([1, 3].map((at) => records[at] ?? {})));
    expect((await all("calls", range))[0]).toMatchObject({ tenantId: three.id, outcome: "answered" });
    expect((await control.call("POST", `${two.path}/move`, { accountId: sibling })).status).toBe(200);
    expect(await all("calls", `tenantId=${two.id}`)).toEqual([]);
    expect(ids(await all("tenants"))).not.toContain(two.id);
  });
});

describe("what is not so", () => {
  test("is refused: cursors of other lists and of other accounts, flags and searches", async () => {
    const cursor = (text: string) => Buffer.from(text).toString("base64url");
    const foreign = [
      `${sibling}//`,
      `${sibling}/${tenants.sibling?.[0]?.id}/num_01ARZ3NDEKTSV4RRFFQ69G5FAV`,
      `${sibling}//num_01ARZ3NDEKTSV4RRFFQ69G5FAV`,
      "acc_01ARZ3NDEKTSV4RRFFQ69G5FAV//",
      "x",
    ].map(cursor);
    const get = (path: string) => control.call("GET", `/v1/accounts/${top}/${path}`, undefined, { key });
    for (const list of ["tenants", "accounts", "phone-numbers", "edges", "sync"])
      for (const after of foreign) {
        const { status, body } = await get(`${list}?after=${after}`);
        expect([status, body.code], list).toEqual([400, "bad_cursor"]);
      }
    expect((await get(`calls?after=${foreign[0]}`)).body.code).toBe("bad_cursor");
    // one's own account with another's tenant: its numbers are not told
    const mixed = cursor(`${bottom}/${tenants.sibling?.[0]?.id}/num_00000000000000000000000000`);
    expect((await get(`phone-numbers?after=${mixed}`)).text).not.toContain("+15550100099");
    for (const query of [
      "sync?behind=yes",
      "tenants?q=",
      `tenants?q=${"x".repeat(101)}`,
      "tenants?limit=0",
      "calls?q=x",
    ])
      expect((await get(query)).body.code, query).toBe("bad_parameter");
  });
});
