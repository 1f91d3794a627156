// Limits on calls, held by the host alone: nothing here has a cloud.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { kindOf } from "../../../core/registry.ts";
import { engineInstalled, type FreeswitchHost, startFreeswitch } from "../../support/freeswitch.ts";
import { createPbx, idOf } from "../../support/pbx.ts";
import { type Message, openPhone, type Rogue, response, statusOf } from "../../support/sip.ts";

describe.runIf(engineInstalled())("on a real FreeSWITCH without a cloud", { timeout: 40_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  const reseller = idOf("acc", 9);
  let host: FreeswitchHost;
  let phone: Rogue;
  let carrier: Rogue;

  const takes = (of: Rogue) => (request: Message) => {
    if (request.line.startsWith("ACK")) return undefined;
    const invite = request.line.startsWith("INVITE");
    return response(request, "200 OK", invite ? [`Contact: <sip:c@127.0.0.1:${of.port}>`] : [], invite);
  };
  const dial = async (to: string, tenant = acme) => {
    const credentials = { user: "1001", realm: tenant.domain, password: `pw-${tenant.n}-1001` };
    const numbers = { from: `1001@${tenant.domain}`, to: `${to}@${tenant.domain}` };
    return statusOf(await phone.request({ method: "INVITE", ...numbers }, credentials));
  };
  const noChannels = () => vi.waitFor(async () => expect(await host.api("show channels count")).toContain("0 total"));
  /** The driver counts a call until it is told of its end, a moment after FreeSWITCH. */
  const idle = async () => {
    await noChannels();
    await vi.waitFor(() => expect(host.health().liveCalls).toBe(0));
  };
  const told = (type: string) => host.reported.filter((event) => event.type === type).map(({ data }) => data);
  /** Set by the reseller, on one tenant or on itself. */
  const limit = (values: Record<string, unknown>, on: typeof acme | "account" = acme) => {
    const body = { by: reseller, ...values };
    if (on !== "account") return on.put("limits", "l", body);
    const of = { kind: "limits", id: idOf("lim", 9), body: kindOf("limits").schema.parse(body) };
    return pbx.state.apply(pbx.account.write(of));
  };

  beforeAll(async () => {
    for (const tenant of [acme, globex])
      tenant.extension(1001, { outbound: { permission: "international", countries: null } });
    host = await startFreeswitch(pbx);
    phone = await openPhone(host.phones);
    phone.answerWith((request) => (request.line.startsWith("ACK") ? undefined : response(request, "200 OK")));
    carrier = await openPhone(host.carriers);
    carrier.answerWith(takes(carrier));
    for (const [n, tenant] of [acme, globex].entries())
      expect(await host.apply(tenant.owner, tenant.trunk(n + 1, { name: "t", port: carrier.port }))).toEqual([]);
  }, 60_000);
  afterAll(async () => {
    for (const one of [phone, carrier]) one?.close();
    await host?.stop();
  });
  afterEach(async () => {
    for (const on of [acme, globex, "account"] as const) limit({}, on);
    await host.api("hupall");
    await idle();
  });

  it("a tenant has as many calls at a time as may be, also when they come at once and after the agent was restarted; emergency calls go", async () => {
    limit({ concurrentCalls: 2 });
    const all = await Promise.all(Array.from({ length: 5 }, (_, n) => dial(`+1202555010${n}`)));
    expect(all.sort()).toEqual([200, 200, 503, 503, 503]);
    expect(await dial("+12025550109", globex)).toBe(200);
    expect(await dial("911")).toBe(200);
    await host.restartAgent(async () => undefined);
    await vi.waitFor(async () => expect(await dial("+12025550123")).toBe(503));
    await host.api("hupall");
    await idle();
    await vi.waitFor(async () => expect(await dial("+12025550123")).toBe(200));
    const stopped = { limit: "concurrentCalls", scope: acme.id, by: reseller };
    expect(told("limit.reached")).toEqual([{ tenant: acme.id, ...stopped }]);
    expect(told("call.completed")).toContainEqual(
      expect.objectContaining({ limit: "concurrentCalls", outcome: "failed" }),
    );
  });

  it("an account's limit bounds the calls of all its tenants together, and how many begin within a second", async () => {
    limit({ concurrentCalls: 1 }, "account");
    expect([await dial("+12025550100"), await dial("+12025550101", globex)]).toEqual([200, 503]);
    await host.api("hupall");
    await idle();
    limit({ callsPerSecond: 2 }, "account");
    const at = () => Promise.all([acme, globex, acme, globex].map((tenant) => dial("+12025550100", tenant)));
    await vi.waitFor(async () => expect((await at()).sort()).toEqual([200, 200, 503, 503]), { interval: 1100 });
  });

  it("calls go to the countries that are allowed, whatever the routes serve", async () => {
    limit({ countries: ["DE"] }, "account");
    acme.put("outbound-route", "a", { name: "a", patterns: ["+*"], trunks: [idOf("trk", 1)] });
    expect([await dial("+493012345678"), await dial("+33142681234"), await dial("112")]).toEqual([200, 403, 200]);
    acme.drop("outbound-route", "a");
  });

  it("calls go to the numbers that are allowed alone, but for emergencies, and a code is spoken to another one", async () => {
    limit({ onlyNumbers: ["+12025550100"] });
    expect([await dial("+12025550100"), await dial("+12025550101"), await dial("911")]).toEqual([200, 403, 200]);
    await host.api("hupall");
    await idle();
    const code = { number: "+12025550199", code: "1111" };
    expect(await host.command(acme.owner, "say-code", code)).toEqual({ ok: true, detail: null });
    // FreeSWITCH's list comes a moment later
    await vi.waitFor(async () => expect(await host.api("show channels")).toContain("+12025550199"));
    await expect(host.command(acme.owner, "say-code", { ...code, number: "1001" })).rejects.toThrow("no usable number");
  });

  it("a day's minutes are not exceeded: a call ends when they are used up, and further ones are refused, emergencies not", async () => {
    limit({ minutesPerDay: 1 });
    pbx.state.used.put({ owner: acme.owner, what: "minutes", period: today() }, "before", 0.98);
    expect(await dial("+12025550100")).toBe(200);
    await idle();
    await vi.waitFor(async () => expect(await dial("+12025550100")).toBe(403));
    expect(await dial("911")).toBe(200);
    expect(told("limit.reached")).toContainEqual(expect.objectContaining({ limit: "minutesPerDay" }));
  });

  it("what may be spent a day is not exceeded: a call ends when it is, further ones are refused, by an agent that was restarted too", async () => {
    // half a dollar a second
    const rates = [{ prefix: "+1", perMinute: 30 }];
    acme.put("rate-table", "r", { name: "r", trunk: idOf("trk", 1), rates });
    limit({ dailySpend: { amount: 1, currency: "USD" } });
    // alone each may last for two seconds, both together for one
    expect(await Promise.all([dial("+12025550100"), dial("+12025550101")])).toEqual([200, 200]);
    const spent = () => pbx.state.used.sum({ owner: acme.owner, what: "spend USD", period: today() });
    await idle();
    await vi.waitFor(() => expect(spent()).toBeGreaterThan(0.9));
    expect(spent()).toBeLessThan(1.4);
    await host.restartAgent(async () => undefined);
    expect([await dial("+12025550123"), await dial("911")]).toEqual([403, 200]);
    await host.api("hupall");
    await vi.waitFor(() =>
      expect(told("limit.reached")).toContainEqual(expect.objectContaining({ limit: "dailySpend" })),
    );
    limit({ dailySpend: { amount: 2, currency: "USD" } });
    expect(await dial("+12025550123")).toBe(200);
    // of its own, though the agent is away
    await host.restartAgent(noChannels);
  });
});

const today = (): string => new Date().toISOString().slice(0, 10);
