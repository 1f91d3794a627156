import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Roster } from "../../../core/wire.ts";
import { type KamailioHost, kamailioInstalled, openHome, startKamailio } from "../../support/kamailio.ts";
import { createPbx, idOf } from "../../support/pbx.ts";
import { inDialog, openPhone, type Rogue, response, statusOf, type Wire } from "../../support/sip.ts";
import { tcp, tls, wss } from "../../support/sip-wires.ts";

describe.runIf(kamailioInstalled())("two real Kamailios of a pool", { timeout: 30_000 }, () => {
  const pbx = createPbx();
  const { acme } = pbx;
  let a: KamailioHost;
  let b: KamailioHost;
  let home: Awaited<ReturnType<typeof openHome>>;
  const open: Rogue[] = [];
  const trusted = getCACertificates();

  const host = ({ config }: KamailioHost, slot: number, state: "up" | "down" = "up"): Roster["hosts"][number] => ({
    ...{ id: idOf("edg", slot), name: `k${slot}`, engine: "kamailio", slot, state },
    front: config.front,
  });
  const pool = (ofA: "up" | "down" = "up") =>
    Promise.all([a, b].map((one) => one.pool([home.host(), host(a, 8, ofA), host(b, 9)])));

  async function phoneAt(wire: Wire | number, n: number, expires = 60, contact?: string): Promise<Rogue> {
    const phone = await openPhone(wire);
    open.push(phone);
    phone.answerWith((request) =>
      response(request, "200 OK", [`Contact: ${contact ?? `<sip:${n}@10.9.8.7:5060>`}`], true),
    );
    expect(await register(phone, n, expires, contact)).toBe(200);
    return phone;
  }
  async function register(phone: Rogue, n: number, expires = 60, contact?: string): Promise<number> {
    const aor = `${n}@acme.test`;
    const sent = { method: "REGISTER", from: aor, to: aor, uri: "sip:acme.test", headers: [`Expires: ${expires}`] };
    const answer = await phone.request(
      { ...sent, contact: contact ?? `<sip:${n}@10.9.8.7:5060>` },
      { user: String(n), realm: "acme.test", password: `pw-1-${n}` },
    );
    return statusOf(answer);
  }

  /** The home calls through one of them; its answer. */
  const callThrough = (front: KamailioHost, n: number, callId: string) =>
    home.request({
      ...{ method: "INVITE", from: "1009@acme.test", to: `${n}@acme.test`, callId },
      headers: [`Route: <sip:127.0.0.1:${front.config.front.port};lr>`],
    });
  const knows = async (front: KamailioHost, n: number) =>
    JSON.stringify(await front.rpc("ul.dump")).includes(`"${n}@acme.test"`);

  beforeAll(async () => {
    for (const n of [1004, 1005, 1006]) acme.extension(n);
    [a, b] = await Promise.all([startKamailio(pbx), startKamailio(pbx)]);
    const certificates = [a, b].map(({ config }) => readFileSync(join(config.dir, "certificate.pem"), "utf8"));
    setDefaultCACertificates([...trusted, ...certificates]);
    home = await openHome(b, idOf("edg", 1), 1);
    home.answerWith((request) => response(request, "200 OK", [`Contact: <sip:home@127.0.0.1:${home.port}>`], true));
    await pool();
  }, 60_000);
  beforeEach(() => {
    home.requests.length = 0;
  });
  afterAll(async () => {
    setDefaultCACertificates(trusted);
    for (const phone of open) phone.close();
    home?.close();
    await Promise.all([a?.stop(), b?.stop()]);
  });

  const wires: [string, number, () => Promise<Wire | number>][] = [
    ["UDP", 1001, async () => a.phones],
    ["TCP", 1002, () => tcp(a.phones)],
    ["TLS", 1003, () => tls(a.config.tls?.port ?? 0, readFileSync(join(a.config.dir, "certificate.pem"), "utf8"))],
    ["WSS", 1004, () => wss(a.config.tls?.wssPort ?? 0)],
  ];

  it.each(wires)(
    "reach a phone that registered at the other by %s, and it hangs up the same way",
    async (name, n, wire) => {
      const contact = name === "WSS" ? `<sip:${n}@x7f3.invalid;transport=ws>` : undefined;
      const phone = await phoneAt(await wire(), n, 60, contact);
      await expect.poll(() => knows(b, n)).toBe(true);
      const answer = await callThrough(b, n, `through-b-${name}`);
      expect(statusOf(answer)).toBe(200);
      const [invite] = phone.requests;
      expect(invite?.text).not.toMatch(/X-DP-/i);
      // by the connection that it has, so from where it registered
      const target = /<([^>]+)>/.exec(answer.headers.get("contact") ?? "")?.[1] ?? "";
      const routes = [...answer.text.matchAll(/^Record-Route: (.*)$/gim)].map(([, value]) => value).reverse();
      const within = { from: "1009@acme.test", to: `${n}@acme.test`, callId: `through-b-${name}`, toTag: "rogue" };
      const headers = [`Route: ${routes.join(", ")}`];
      expect(statusOf(await home.request({ ...within, method: "INFO", uri: target, headers }))).toBe(200);
      if (!invite) throw new Error("the phone was not called");
      phone.send(inDialog(invite, "BYE", 7, phone.port, []).replace("SIP/2.0/UDP", `SIP/2.0/${phone.transport}`));
      await expect.poll(() => home.asked("BYE")).toHaveLength(1);
    },
  );

  it("each tell of those alone that registered there, and of none twice when their agents start anew", async () => {
    await phoneAt(a.phones, 1005);
    await expect.poll(() => knows(b, 1005)).toBe(true);
    await expect.poll(() => a.registrations().filter(({ username }) => username === "1005")).toHaveLength(1);
    await b.restartAgent();
    await b.restart();
    await b.reconcile();
    expect(b.registrations()).toEqual([]);
    expect(await knows(b, 1005)).toBe(true);
    await expect.poll(async () => JSON.stringify(await b.rpc("dmq.list_nodes"))).toContain(String(a.config.front.port));
  });

  it("say of a phone that signed off at one that it is not registered", async () => {
    const phone = await phoneAt(a.phones, 1006);
    await expect.poll(() => knows(b, 1006)).toBe(true);
    expect(await register(phone, 1006, 0)).toBe(200);
    await expect.poll(() => knows(b, 1006)).toBe(false);
    expect(statusOf(await callThrough(b, 1006, "gone"))).toBe(480);
  });

  it("go on when one is killed: phones register at the other, and it learns of them when it is back", async () => {
    const moved = await openPhone(b.phones);
    open.push(moved);
    moved.answerWith((request) => response(request, "200 OK", ["Contact: <sip:1001@10.9.8.7:5060>"], true));
    await phoneAt(a.phones, 1003);
    await expect.poll(() => knows(b, 1003)).toBe(true);
    await a.restart("SIGKILL", async () => {
      expect(await register(moved, 1001)).toBe(200);
      expect(statusOf(await callThrough(b, 1001, "while-down"))).toBe(200);
      expect(moved.requests).not.toEqual([]);
      // once it is known to be down, who registered there is looked for where it was
      await pool("down");
      expect(statusOf(await callThrough(b, 1003, "direct"))).toBe(200);
      await phoneAt(b.phones, 1002);
    });
    await pool();
    moved.requests.length = 0;
    await expect.poll(async () => statusOf(await callThrough(a, 1001, `back-${Math.random()}`))).toBe(200);
    await expect.poll(() => moved.requests.length).toBeGreaterThan(0);
    await expect.poll(() => knows(a, 1002)).toBe(true);
    expect(statusOf(await callThrough(a, 1002, "learnt"))).toBe(200);
  });

  it("believe nobody else: neither registrations nor where a phone is", async () => {
    const stranger = await openPhone(b.config.front.port);
    const outside = await openPhone(b.phones);
    open.push(stranger, outside);
    const body = JSON.stringify({
      action: 1,
      aor: "1999@acme.test",
      ruid: "x",
      c: "sip:x@192.0.2.1",
      received: "",
      path: "",
    });
    const said = { method: "KDMQ", from: "usrloc@127.0.0.1", to: "usrloc@127.0.0.1", body, withinMs: 500 };
    for (const one of [stranger, outside]) await expect(one.request(said)).rejects.toThrow("no answer");
    const phone = await phoneAt(b.phones, 1004);
    phone.requests.length = 0;
    const invite = { method: "INVITE", from: "1009@acme.test", to: "1004@acme.test", callId: "lie" };
    const headers = [`X-DP-Reach: sip:127.0.0.1:${stranger.port}`];
    expect(statusOf(await home.request({ ...invite, headers }))).toBe(200);
    expect([phone.requests.length, stranger.requests.length]).toEqual([1, 0]);
    expect(await knows(b, 1999)).toBe(false);
  });
});
