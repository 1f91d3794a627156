// The whole path on a real FreeSWITCH: what the API is told is what phones do, and what phones did is in the API. And what happens when parts fail.

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { engineInstalled } from "../support/freeswitch.ts";
import { freePort, play, sipp, went } from "../support/sipp.ts";
import { phoneOf, type Stack, startStack } from "../support/stack.ts";

type CallRecord = {
  id: string;
  direction: string;
  outcome: string;
  from: Party;
  to: Party;
  trunk: string | null;
  answeredAt: string | null;
  billableSeconds: number;
  hangupBy: string;
  hangupCause: string;
  legs: { trunk: string | null }[];
};
type Party = { number: string | null; name: string | null; extension: string | null };

describe.runIf(engineInstalled())("from the API to a ringing phone and back", { timeout: 90_000 }, () => {
  let stack: Stack;
  let acme: string;
  let ada: Awaited<ReturnType<typeof phoneOf>>;
  let bob: Awaited<ReturnType<typeof phoneOf>>;

  async function create(path: string, body: Record<string, unknown>) {
    const reply = await stack.call("POST", path, body);
    if (reply.status !== 201) throw new Error(reply.text);
    return reply.body as unknown as { id: string; sip: { username: string; domain: string; password: string } };
  }
  async function extension(tenant: string, number: string, more: Record<string, unknown> = {}) {
    const { sip } = await create(`${tenant}/extensions`, { number, ...more });
    return phoneOf(stack, { user: sip.username, domain: sip.domain, password: sip.password });
  }
  const records = async (tenant = acme) =>
    (await stack.call("GET", `${tenant}/calls?limit=100`)).body.data as unknown as CallRecord[];
  /** Waits for the records beyond those that were there; fails unless there are exactly `count`. */
  async function newRecords(before: CallRecord[], count: number, timeout: number): Promise<CallRecord[]> {
    const known = new Set(before.map(({ id }) => id));
    const fresh = async () => (await records()).filter(({ id }) => !known.has(id));
    await vi.waitFor(async () => expect((await fresh()).length).toBeGreaterThanOrEqual(count), {
      timeout,
      interval: 20,
    });
    const found = await fresh();
    expect(found.length, JSON.stringify(found)).toBe(count);
    return found;
  }
  async function talk(more: Record<string, string> = {}): Promise<void> {
    const callee = await sipp("answer", {}, { port: bob.port });
    went(await ada.dial("1002", more));
    went(await callee.done);
  }

  beforeAll(async () => {
    stack = await startStack({ freeswitch: true });
    acme = `/v1/tenants/${(await create("/v1/tenants", { name: "Acme", domain: "acme.example" })).id}`;
    ada = await extension(acme, "1001", { displayName: "Ada" });
    bob = await extension(acme, "1002", { displayName: "Bob" });
    await stack.inStep(acme);
    await stack.engineReady();
  }, 90_000);
  afterAll(() => stack?.stop());

  it("two phones register with the passwords that the API gave once, call one another, and the record is there within a second", async () => {
    for (const phone of [ada, bob]) went(await phone.register());
    const before = await records();
    await talk({ talk: "1200" });
    const ended = Date.now();
    const [record] = await newRecords(before, 1, 5000);
    expect(Date.now() - ended).toBeLessThan(1000);
    expect(record).toMatchObject({
      direction: "internal",
      outcome: "answered",
      hangupBy: "caller",
      hangupCause: "NORMAL_CLEARING",
      from: { number: "1001", name: "Ada" },
      to: { number: "1002" },
    });
    expect(record?.legs).toHaveLength(2);
    expect(record?.billableSeconds).toBeGreaterThanOrEqual(1);
    expect(record?.billableSeconds).toBeLessThanOrEqual(3);
  });

  it("the API shows the registered phones with their expiry", async () => {
    const { body } = await stack.call("GET", `${acme}/registrations`);
    const found = body.data as unknown as { username: string; expiresAt: string }[];
    expect(found.map(({ username }) => username).sort()).toEqual(["1001", "1002"]);
    for (const { expiresAt } of found) expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
  });

  it("a call that is going on is listed as live, and no longer when it ended", async () => {
    const live = async () =>
      (await stack.call("GET", `${acme}/calls/live`)).body.data as unknown as { state: string }[];
    const before = await records();
    const talking = talk({ talk: "1500" });
    await vi.waitFor(async () => expect(await live()).toMatchObject([{ state: "answered" }]), {
      timeout: 5000,
      interval: 20,
    });
    await talking;
    await vi.waitFor(async () => expect(await live()).toEqual([]), { timeout: 5000, interval: 20 });
    await newRecords(before, 1, 5000);
  });

  it("a changed password is refused and accepted at the next REGISTER", async () => {
    const { id, devices } = (await stack.call("GET", `${acme}/extensions/1002`)).body as unknown as {
      id: string;
      devices: Record<string, unknown>[];
    };
    await stack.call("PATCH", `${acme}/extensions/${id}`, {
      devices: [{ ...devices[0], password: "another-password" }],
    });
    await stack.inStep(acme);
    went(await bob.register({ status: "403" }));
    bob = { ...bob, ...(await phoneOf(stack, { ...bob, password: "another-password" })) };
    went(await bob.register());
  });

  it("a deleted extension is gone, and its registration with it", async () => {
    const carol = await extension(acme, "1003");
    await stack.inStep(acme);
    went(await carol.register());
    const names = async () =>
      ((await stack.call("GET", `${acme}/registrations`)).body.data as unknown as { username: string }[]).map(
        ({ username }) => username,
      );
    await vi.waitFor(async () => expect(await names()).toContain("1003"), { timeout: 5000 });
    expect((await stack.call("DELETE", `${acme}/extensions/1003`)).status).toBe(204);
    await stack.inStep(acme);
    went(await carol.register({ status: "403" }));
    went(
      await play(
        "call-refused",
        { user: ada.user, domain: ada.domain, password: ada.password, to: "1003", status: "404" },
        { to: stack.phones },
      ),
    );
    await vi.waitFor(async () => expect(await names()).not.toContain("1003"), { timeout: 10_000 });
  });

  it("a number rings its extension from a carrier, and the record says so", async () => {
    await create(`${acme}/trunks`, { name: "in", host: "127.0.0.2", inboundAddresses: ["127.0.0.1"] });
    await create(`${acme}/phone-numbers`, { number: "+12025550100", destination: { kind: "extension", ref: "1002" } });
    await stack.inStep(acme);
    const before = await records();
    const callee = await sipp("answer", {}, { port: bob.port });
    went(
      await play(
        "carrier-call",
        {
          from: '"Grace" <sip:+12025550123@carrier.example>',
          user: "c",
          domain: "carrier.example",
          to: "+12025550100",
        },
        { to: stack.carriers },
      ),
    );
    went(await callee.done);
    const [record] = await newRecords(before, 1, 5000);
    expect(record).toMatchObject({ direction: "inbound", outcome: "answered", from: { number: "+12025550123" } });
    expect((await stack.call("DELETE", `${acme}/trunks/in`)).status).toBe(204);
    await stack.inStep(acme);
  });

  it("an outside number leaves over the second trunk when the first answers 503, with the changed password, as one record", async () => {
    const ports = [await freePort(), await freePort()];
    const first = await create(`${acme}/trunks`, { name: "first", host: "127.0.0.1", port: ports[0], priority: 1 });
    const second = await create(`${acme}/trunks`, {
      name: "second",
      host: "127.0.0.1",
      port: ports[1],
      priority: 2,
      username: "acme",
      password: "old-password",
    });
    await stack.inStep(acme);
    expect((await stack.call("PATCH", `${acme}/trunks/second`, { password: "new-password" })).status).toBe(200);
    await stack.inStep(acme);
    const before = await records();
    const busy = await sipp("refuse", { status: "503" }, { port: ports[0] ?? 0 });
    const carrier = await sipp("challenge", { realm: "carrier" }, { port: ports[1] ?? 0 });
    went(await ada.dial("+12025550199"));
    went(await busy.done);
    went(await carrier.done);
    const [record] = await newRecords(before, 1, 5000);
    expect(record).toMatchObject({ direction: "outbound", outcome: "answered", trunk: second.id });
    expect(record?.legs.map(({ trunk }) => trunk)).toContain(first.id);
    expect(record?.legs).toHaveLength(3);
    for (const name of ["first", "second"]) await stack.call("DELETE", `${acme}/trunks/${name}`);
    await stack.inStep(acme);
  });

  it("calls go on while the control plane is gone, and their records arrive later, once", async () => {
    went(await bob.register());
    const before = await records();
    await stack.stopControl();
    await talk();
    await talk();
    await stack.startControl();
    const found = await newRecords(before, 2, 40_000);
    expect(found.map(({ outcome }) => outcome)).toEqual(["answered", "answered"]);
  });

  it("no record is lost when the agent is killed in the middle of a call and down while it ends", async () => {
    went(await bob.register());
    const before = await records();
    const talking = talk({ talk: "2500" });
    await vi.waitFor(async () => expect((await stack.call("GET", `${acme}/calls/live`)).body.data).toHaveLength(1), {
      timeout: 5000,
      interval: 20,
    });
    await stack.endAgent("SIGKILL");
    await talking;
    await stack.startAgent();
    const [record] = await newRecords(before, 1, 20_000);
    expect(record).toMatchObject({
      direction: "internal",
      outcome: "answered",
      from: { number: "1001" },
      to: { number: "1002" },
    });
    expect(record?.legs).toHaveLength(2);
    await vi.waitFor(async () => expect((await stack.call("GET", `${acme}/calls/live`)).body.data).toEqual([]), {
      timeout: 10_000,
    });
  });

  it("a record is whole when the event socket is cut in the middle of its call", async () => {
    went(await bob.register());
    const before = await records();
    const talking = talk({ talk: "2000" });
    await vi.waitFor(async () => expect((await stack.call("GET", `${acme}/calls/live`)).body.data).toHaveLength(1), {
      timeout: 5000,
      interval: 20,
    });
    expect(stack.cutEsl()).toBe(1);
    await talking;
    const [record] = await newRecords(before, 1, 20_000);
    expect(record?.legs).toHaveLength(2);
  });
});
