// Many writers at once: nothing acknowledged is lost, nothing is done twice, and the head says what is there.
import { afterAll, beforeAll, expect, test } from "vitest";
import { tenantOwner } from "../../../core/owner.ts";
import { kindOf } from "../../../core/registry.ts";
import { enter } from "../../../functions/access/access.ts";
import type { Change } from "../../../functions/document/change.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { faulty } from "../../support/faulty-store.ts";
import { reckon } from "../../support/reckoning.ts";

let control: TestControl;
let refused = () => 0;

beforeAll(async () => {
  control = await testControl({
    store(store) {
      const bad = faulty(store, { seed: 20261123, conflict: 0.3 });
      refused = bad.refused;
      return bad;
    },
  });
});
afterAll(() => control.stop());

/** Every revision once, each built on the one before it. */
function expectChain(changes: Change[]): void {
  expect(changes.map(({ revision }) => revision)).toEqual(changes.map((_, index) => index));
  for (const [index, change] of changes.entries()) if (index > 0) expect(change.base).toBe(changes[index - 1]?.digest);
}

test("200 writers on one tenant, a third of their transactions refused at random: every acknowledged write is in the history once", async () => {
  const { path, id } = await newTenant(control);
  const shared = await control.call("POST", `${path}/extensions`, { number: "9000" });
  expect(shared.status, shared.text).toBe(201);
  const writers = Array.from({ length: 200 }, async (_, index): Promise<{ name: string; reply: Reply }> => {
    const name = `writer ${index}`;
    const body = { number: String(1000 + index), displayName: name };
    const reply =
      index % 2 === 0
        ? await control.call("POST", `${path}/extensions`, body)
        : await control.call("PATCH", `${path}/extensions/9000`, { displayName: name });
    return { name, reply };
  });
  const written = await Promise.all(writers);
  expect(written.filter(({ reply }) => reply.status >= 300).map(({ reply }) => reply.text)).toEqual([]);
  expect(refused()).toBeGreaterThan(50);

  const { head, changes, digest } = await reckon(control.ctx.store, tenantOwner(id));
  expect(head.revision).toBe(201);
  expect(head.digest).toBe(digest);
  expectChain(changes);
  const names = changes.slice(2).map(({ diff }) => diff.map((line) => line.after?.displayName).join());
  expect(names.sort()).toEqual(written.map(({ name }) => name).sort());
  const patched = written.flatMap(({ reply }) => (reply.body.number === "9000" ? [Number(reply.body.version)] : []));
  expect(patched.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 2));
});

test("writers of two processes, which don't take turns with one another, lose nothing either", async () => {
  const { id } = await newTenant(control);
  // the same module once more, with a queue of its own
  const second = "../../../functions/document/write.ts?second";
  const processes: typeof import("../../../functions/document/write.ts")[] = await Promise.all([
    import("../../../functions/document/write.ts"),
    import(/* @vite-ignore */ second),
  ]);
  expect(processes[0]?.write).not.toBe(processes[1]?.write);
  const principal = {
    id: "key_1",
    name: "test",
    owner: tenantOwner(id),
    scopes: ["*"],
    expiresAt: null,
    allowedIps: [],
    member: null,
  };
  const access = await enter(control.ctx, principal, "tenant", id, "*:write");
  const actor = { type: "system" as const, id: "test", name: "test", ip: null, requestId: "req_1" };
  const outcomes = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      processes[index % 2]?.write(control.ctx, access, {
        actor,
        edits: () => [{ op: "create", kind: kindOf("extension"), body: { number: String(2000 + index) }, pointer: "" }],
      }),
    ),
  );
  expect(outcomes.map((outcome) => outcome?.revision).sort((a, b) => Number(a) - Number(b))).toEqual(
    Array.from({ length: 60 }, (_, index) => index + 1),
  );
  const { head, changes, digest } = await reckon(control.ctx.store, tenantOwner(id));
  expect([head.revision, head.digest]).toEqual([60, digest]);
  expectChain(changes);
});

test("of 50 who want one number at once exactly one gets it, the others are told who has it", async () => {
  const { path, id } = await newTenant(control);
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => control.call("POST", `${path}/extensions`, { number: "1001" })),
  );
  const winner = replies.filter(({ status }) => status === 201);
  expect(winner).toHaveLength(1);
  for (const { status, body } of replies.filter((reply) => reply.status !== 201)) {
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: "taken", errors: [{ pointer: "/number" }] });
    expect(String(body.detail)).toContain(String(winner[0]?.body.id));
  }
  const { head, changes, digest } = await reckon(control.ctx.store, tenantOwner(id));
  expect([head.revision, changes.length, head.digest]).toEqual([1, 2, digest]);
});

test("a name or number is taken once per kind, whoever is first", async () => {
  const { path } = await newTenant(control);
  const replies = await Promise.all(
    ["extensions", "trunks", "voicemail-boxes", "phone-numbers"].flatMap((kind) =>
      Array.from({ length: 5 }, () =>
        control.call("POST", `${path}/${kind}`, {
          ...(kind === "trunks" ? { name: "1001", host: "carrier.example" } : {}),
          ...(kind === "phone-numbers" ? { number: "+15550111" } : {}),
          ...(kind === "extensions" || kind === "voicemail-boxes" ? { number: "1001" } : {}),
        }),
      ),
    ),
  );
  const made = replies.map(({ status, body }) => (status === 201 ? String(body.id).slice(0, 3) : status));
  expect(made.filter((one) => one === 409)).toHaveLength(16);
  expect([...new Set(made)].sort()).toEqual([409, "ext", "num", "trk", "vmb"].sort());
});

test("a phone number or domain that two tenants want at once goes to one of them", async () => {
  const [one, two] = [await newTenant(control), await newTenant(control)];
  for (const number of ["+15550201", "+15550202", "+15550203"]) {
    const replies = await Promise.all(
      [one, two, one, two].map(({ path }) => control.call("POST", `${path}/phone-numbers`, { number })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  }
  const domains = await Promise.all(
    [one, two].map(({ path }) => control.call("PATCH", path, { domain: "wanted.example" })),
  );
  expect(domains.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(domains.find(({ status }) => status === 409)?.body).toMatchObject({
    code: "taken",
    domain: "wanted.example",
    errors: [{ pointer: "/domain" }],
  });
  for (const { id } of [one, two]) {
    const { head, digest, changes } = await reckon(control.ctx.store, tenantOwner(id));
    expect(head.digest).toBe(digest);
    expectChain(changes);
  }
});

test("tenants of one name made at once get a domain each", async () => {
  const made = await Promise.all(
    Array.from({ length: 8 }, () => control.call("POST", "/v1/tenants", { name: "Müller & Søn" })),
  );
  expect(made.map(({ status, text }) => (status === 201 ? 201 : text))).toEqual(Array(8).fill(201));
  const domains = made.map(({ body }) => body.domain);
  expect(new Set(domains).size).toBe(8);
  expect(domains).toContain("muller-s-n.pbx.example");
  expect(domains).toContain("muller-s-n-2.pbx.example");
});

test("tenants made at once widen their account's document without losing a write of it", async () => {
  const account = await control.call("POST", "/v1/accounts", { name: "Busy" });
  const path = `/v1/accounts/${account.body.id}`;
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      index % 2
        ? control.call("POST", `${path}/trunks`, { name: `t${index}`, host: "carrier.example" })
        : control.call("POST", "/v1/tenants", { name: `Tenant ${index}`, accountId: account.body.id }),
    ),
  );
  expect(replies.map(({ status, text }) => (status === 201 ? 201 : text))).toEqual(Array(20).fill(201));
  const { head, digest } = await reckon(control.ctx.store, `A#${account.body.id}`);
  expect([head.revision, head.digest, head.pools.length]).toEqual([10, digest, 1]);
});
