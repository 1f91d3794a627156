// What goes on while the agent is away or hangs, and while Kamailio is restarted. `REGISTRATIONS=20000` makes it a long test.
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventsSecret, locationFile } from "../../../edge-agent/drivers/kamailio/install.ts";
import { located } from "../../../edge-agent/drivers/kamailio/location.ts";
import { type KamailioHost, kamailioInstalled, openHome, startKamailio } from "../../support/kamailio.ts";
import { createPbx, idOf, type Phone } from "../../support/pbx.ts";
import { registerMany } from "../../support/register-many.ts";
import { openPhone, response, statusOf } from "../../support/sip.ts";

const registrations = Number(process.env.REGISTRATIONS ?? 2400);
const contacts = 8;

describe.runIf(kamailioInstalled())("with a real Kamailio", { timeout: 120_000 }, () => {
  const pbx = createPbx();
  const { acme } = pbx;
  const many = pbx.tenant(3, "many.test");
  let phones: Phone[] = [];
  let kamailio: KamailioHost;
  let home: Awaited<ReturnType<typeof openHome>>;

  beforeAll(async () => {
    many.settings();
    for (let n = 0; n < registrations / contacts; n++) many.extension(10_000 + n);
    phones = Array.from({ length: registrations / contacts }, (_, n) => many.phone(10_000 + n));
    kamailio = await startKamailio(pbx);
    home = await openHome(kamailio, idOf("edg", 1), 1);
    await kamailio.pool([home.host()]);
  }, 60_000);
  beforeEach(() => {
    kamailio.reported.length = 0;
  });
  afterAll(async () => {
    home?.close();
    await kamailio?.stop();
  });

  /** What is registered by what was reported, the last word on each contact. */
  const told = () => {
    const last = new Map(kamailio.registrations().map((one) => [`${one.username} ${one.contact}`, one.expiresAt]));
    return [...last.values()].filter((expiresAt) => expiresAt !== null).length;
  };

  it("an agent that hangs and is killed fails no registration, and every event arrives once it is back", async () => {
    await kamailio.restartAgent(async () => {
      // to Kamailio an agent that was stopped is a connection that is never read
      const hung = connect({ host: "127.0.0.1", port: kamailio.config.eventsPort });
      hung.pause();
      const hello = `hello ${eventsSecret(kamailio.config.dir)}`;
      hung.write(`${hello.length}:${hello},`);
      const { ok, failed, seconds } = await registerMany(kamailio.phones, phones, { contacts });
      console.log(`${ok} registrations while the agent hung: ${Math.round(ok / seconds)}/s, ${failed.length} failed`);
      expect(failed).toEqual([]);
      hung.destroy();
    });
    await expect.poll(told, { timeout: 60_000 }).toBe(registrations);
    const ids = kamailio.reported.map(({ id }) => id);
    expect(new Set(ids).size).toBe(registrations);
  });

  it("a restart under load keeps every registration that was there, and tells of none again", async () => {
    const before = phones.slice(0, 100);
    const phone = await openPhone(kamailio.phones);
    phone.answerWith((request) => response(request, "486 Busy Here"));
    const { user, domain, password } = acme.phone(1002);
    const sent = { method: "REGISTER", from: `${user}@${domain}`, to: `${user}@${domain}`, uri: `sip:${domain}` };
    expect(statusOf(await phone.request(sent, { user, realm: domain, password }))).toBe(200);
    kamailio.reported.length = 0;
    const load = registerMany(kamailio.phones, phones.slice(100, 200), { contacts: 1 });
    await kamailio.restart();
    expect((await load).failed).toEqual([]);
    const rows = located(locationFile(kamailio.config.dir));
    for (const { user } of before) expect(rows.filter(({ username }) => username === user)).toHaveLength(contacts);
    const invite = { method: "INVITE", from: "1001@acme.test", to: "1002@acme.test" };
    const route = `Route: <sip:127.0.0.1:${kamailio.config.front.port};lr>`;
    expect(statusOf(await home.request({ ...invite, headers: [route] }))).toBe(486);
    phone.close();
    await kamailio.reconcile();
    expect(kamailio.registrations().filter(({ username }) => before.some(({ user }) => user === username))).toEqual([]);
  });

  it("changes made while Kamailio is down are there when it is up, and what it had meanwhile is mended", async () => {
    await kamailio.restart("SIGKILL", async () => {
      const failures = await kamailio.apply(acme.owner, acme.extension(1001, { password: "another" }));
      expect(failures).toMatchObject([{ kind: "extension", id: acme.ext(1001), retry: true }]);
    });
    const phone = await openPhone(kamailio.phones);
    const register = async (password: string) => {
      const sent = { method: "REGISTER", from: "1001@acme.test", to: "1001@acme.test", uri: "sip:acme.test" };
      return statusOf(await phone.request(sent, { user: "1001", realm: "acme.test", password }));
    };
    expect(await register("another")).toBe(200);
    expect(await register("pw-1-1001")).toBe(403);
    await kamailio.reconcile();
    // by another hand
    await kamailio.rpc("htable.sets", "cred", "1001@acme.test", "00000000000000000000000000000000;1");
    await kamailio.rpc("htable.sets", "cred", "ghost@acme.test", "00000000000000000000000000000000;1");
    await kamailio.rpc("htable.delete", "tenant", "globex.test");
    expect(await register("another")).toBe(403);
    await kamailio.reconcile();
    expect(await register("another")).toBe(200);
    await expect(kamailio.rpc("htable.get", "cred", "ghost@acme.test")).rejects.toThrow("doesn't exist");
    expect(JSON.stringify(await kamailio.rpc("htable.get", "tenant", "globex.test"))).toContain(pbx.globex.id);
    phone.close();
  });

  it("who is deleted is registered no more, and nobody else is", async () => {
    const [first, second] = phones;
    const call = async (phone: Phone | undefined) => {
      const sent = { method: "INVITE", from: "10002@many.test", to: `${phone?.user}@many.test`, withinMs: 300 };
      return (await home.request(sent).catch(() => undefined))?.line;
    };
    // it is rung, and nobody takes it
    expect(await call(first)).toBeUndefined();
    expect(await kamailio.apply(many.owner, many.noExtension(10_000))).toEqual([]);
    expect(await call(first)).toContain("480 Not Registered");
    expect(await call(second)).toBeUndefined();
    const ended = kamailio
      .registrations()
      .filter(({ username, expiresAt }) => username === first?.user && expiresAt === null);
    expect(ended.length).toBeGreaterThan(0);
  });
});
