import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { locationFile } from "../../../edge-agent/drivers/kamailio/install.ts";
import { located } from "../../../edge-agent/drivers/kamailio/location.ts";
import { type KamailioHost, kamailioInstalled, startKamailio } from "../../support/kamailio.ts";
import { createPbx } from "../../support/pbx.ts";
import { openPhone, type Rogue, statusOf } from "../../support/sip.ts";

describe.runIf(kamailioInstalled())("a phone registers at a real Kamailio", () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let host: KamailioHost;
  let phone: Rogue;

  const register = async (
    user: string,
    domain: string,
    password: string,
    more: { realm?: string; to?: string; headers?: string[]; contact?: string } = {},
  ) => {
    const { realm = domain, to = `${user}@${domain}`, ...rest } = more;
    const sent = { method: "REGISTER", from: `${user}@${domain}`, to, uri: `sip:${domain}`, ...rest };
    return statusOf(await phone.request(sent, { user, realm, password }));
  };

  beforeAll(async () => {
    acme.extension(1004);
    acme.extension(1005);
    host = await startKamailio(pbx);
    phone = await openPhone(host.phones);
  }, 30_000);
  afterAll(async () => {
    phone?.close();
    await host?.stop();
  });

  it("with its password, and is reported with its extension, contact and source", async () => {
    expect(
      await register("1001", "acme.test", "pw-1-1001", { headers: ["Expires: 120", "User-Agent: Desk <1>"] }),
    ).toBe(200);
    await expect.poll(() => host.registrations()).toHaveLength(1);
    expect(host.registrations()[0]).toMatchObject({
      tenant: acme.id,
      extension: acme.ext(1001),
      username: "1001",
      contact: `sip:1001@127.0.0.1:${phone.port}`,
      source: `127.0.0.1:${phone.port}`,
      userAgent: "Desk <1>",
    });
    const left = Date.parse(host.registrations()[0]?.expiresAt ?? "") - Date.now();
    expect(left).toBeGreaterThan(100_000);
    expect(left).toBeLessThan(121_000);
  });

  it("beside another phone of the same user, and each is told for as long as it is registered", async () => {
    host.reported.length = 0;
    const lasting = { long: 900, short: 60 };
    // each a second time: then it is there already
    for (const [name, seconds] of [...Object.entries(lasting), ...Object.entries(lasting)])
      expect(
        await register("1004", "acme.test", "pw-1-1004", {
          contact: `<sip:1004@${name}.invalid>`,
          headers: [`Expires: ${seconds}`],
        }),
      ).toBe(200);
    await expect.poll(() => host.registrations()).toHaveLength(4);
    for (const { contact, expiresAt } of host.registrations()) {
      const left = (Date.parse(expiresAt ?? "") - Date.now()) / 1000;
      const seconds = contact.includes("long") ? lasting.long : lasting.short;
      expect(Math.abs(left - seconds), contact).toBeLessThan(10);
    }
  });

  it("again and again, and is told of once until something changes: as good for at least as long as it is", async () => {
    host.reported.length = 0;
    const again = (headers = ["Expires: 600"]) => register("1005", "acme.test", "pw-1-1005", { headers });
    for (let n = 0; n < 20; n++) expect(await again()).toBe(200);
    const end = Date.now() + 600_000;
    expect(await again(["Expires: 600", "User-Agent: changed"])).toBe(200);
    await expect.poll(() => host.registrations().at(-1)?.userAgent).toBe("changed");
    // the first, the first refresh, and another of every two seconds
    expect(host.registrations().length).toBeLessThan(12);
    const told = host.registrations().filter(({ userAgent }) => userAgent === null);
    expect(Date.parse(told.at(-1)?.expiresAt ?? "")).toBeGreaterThan(end - 1000);
    // signed off and there again is no refresh, even where Kamailio has the contact on disk and so keeps it for a while
    const onDisk = () => located(locationFile(host.config.dir)).some(({ username }) => username === "1005");
    await expect.poll(onDisk).toBe(true);
    host.reported.length = 0;
    for (const expires of ["0", "600", "0", "600"]) expect(await again([`Expires: ${expires}`])).toBe(200);
    const there = () => host.registrations().map(({ expiresAt }) => expiresAt !== null);
    await expect.poll(there).toEqual([false, true, false, true]);
    // nor is who was thrown out
    expect(await host.apply(acme.owner, acme.extension(1005, { password: "another" }))).toEqual([]);
    expect(await register("1005", "acme.test", "another", { headers: ["Expires: 600"] })).toBe(200);
    await expect.poll(there).toEqual([false, true, false, true, false, true]);
  });

  it("of another tenant under the same number", async () => {
    expect(await register("1001", "globex.test", "pw-2-1001")).toBe(200);
    await expect.poll(() => host.registrations().at(-1)?.tenant).toBe(globex.id);
  });

  it("not with a wrong password, an unknown user, an unknown domain or another tenant's credentials", async () => {
    const answers = [
      await register("1002", "acme.test", "wrong"),
      await register("4711", "acme.test", "wrong"),
      await register("1002", "nobody.test", "wrong"),
      await register("1002", "acme.test", "pw-2-1002"),
      await register("1002", "acme.test", "pw-2-1002", { realm: "globex.test" }),
    ];
    expect(answers).toEqual([403, 403, 403, 403, 401]);
  });

  it("not as somebody else, in its own tenant or in another one", async () => {
    expect(await register("1001", "acme.test", "pw-1-1001", { to: "1002@acme.test" })).toBe(403);
    expect(await register("1001", "acme.test", "pw-1-1001", { to: "1001@globex.test" })).toBe(403);
  });

  it("and is reported to nobody else on the host, whatever he says at the port for events", async () => {
    const { eventsPort } = host.config;
    const heard: string[] = [];
    for (const said of ["4:kept,", "12:kept 1000000,", "12:hello secret,", "GET / HTTP/1.1\r\n\r\n", ""]) {
      const stranger = connect({ host: "127.0.0.1", port: eventsPort });
      stranger.on("data", (data) => heard.push(data.toString())).on("error", () => undefined);
      await once(stranger, "connect");
      stranger.end(said);
      await once(stranger, "close");
    }
    host.reported.length = 0;
    expect(await register("1003", "acme.test", "pw-1-1003")).toBe(200);
    await expect.poll(() => host.registrations()).toHaveLength(1);
    expect(heard).toEqual([]);
  });

  it("whatever is in the headers of who may not: what is told of it is bounded, and goes on", async () => {
    host.reported.length = 0;
    for (const agent of ["x".repeat(20_000), '\u0001"\\}{'.repeat(4000), "\u00ff\ufffd%s$var(x)$(ua)${ua}"]) {
      const headers = [`User-Agent: ${agent}`, "Expires: 90"];
      expect(await register("1001", "acme.test", "wrong", { headers })).toBe(403);
      expect(await register("1001", "acme.test", "pw-1-1001", { headers })).toBe(200);
    }
    await expect.poll(() => host.registrations()).toHaveLength(3);
    for (const { userAgent } of host.registrations()) expect(userAgent?.length ?? 0).toBeLessThanOrEqual(128);
    expect(host.registrations().at(-1)?.userAgent).toContain("$var(x)$(ua)${ua}");
  });

  it("however many contacts it left behind: the old ones go", async () => {
    for (let n = 0; n < 12; n++) {
      const contact = `<sip:1002@c${n}.invalid>`;
      expect(await register("1002", "acme.test", "pw-1-1002", { contact })).toBe(200);
    }
    const there = () => {
      const last = new Map(host.registrations().map(({ contact, expiresAt }) => [contact, expiresAt]));
      return [...last].filter(([contact, expiresAt]) => contact.includes(".invalid") && expiresAt !== null).length;
    };
    await expect.poll(() => host.registrations().at(-1)?.contact).toBe("sip:1002@c11.invalid");
    expect(there()).toBeLessThanOrEqual(10);
  });

  it("and signs off", async () => {
    expect(await register("1001", "acme.test", "pw-1-1001", { headers: ["Expires: 0"] })).toBe(200);
    await expect.poll(() => host.registrations().at(-1)).toMatchObject({ username: "1001", expiresAt: null });
    await expect.poll(async () => JSON.stringify(await host.rpc("ul.dump"))).not.toContain("1001@acme.test");
  });
});
