import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SourceBanned, sourceBanned } from "../../../core/wire-events.ts";
import { controlSocket } from "../../../edge-agent/drivers/kamailio/install.ts";
import { type KamailioHost, kamailioInstalled, openHome, startKamailio } from "../../support/kamailio.ts";
import { createPbx, idOf, type Phone } from "../../support/pbx.ts";
import { type Message, response, statusOf } from "../../support/sip.ts";
import { type Nonce, nonceOf, openSource, type Source } from "../../support/source.ts";

const banSeconds = 2;
const scanner = ["User-Agent: friendly-scanner"];

describe.runIf(kamailioInstalled())("a real Kamailio shields a pool", { timeout: 30_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let kamailio: KamailioHost;
  let home: Awaited<ReturnType<typeof openHome>>;
  const opened: Source[] = [];
  let used = 0;

  async function sourceAt(address: string, server = kamailio.phones): Promise<Source> {
    const source = await openSource(server, address);
    opened.push(source);
    return source;
  }
  /** At an address where nobody was before. */
  const stranger = (server?: number) => sourceAt(`127.0.2.${++used}`, server);
  const wrong = (phone: Phone): Phone => ({ ...phone, password: "wrong" });
  const bans = (): SourceBanned[] =>
    kamailio.reported.flatMap(({ type, data }) => (type === "source.banned" ? [sourceBanned.parse(data)] : []));
  const bansOf = (source: Source) => bans().filter((ban) => ban.source === source.address && ban.until !== null);
  const isBanned = async (source: Source): Promise<boolean> =>
    (await source.ask(source.text("OPTIONS", acme.phone(1001)), 300)) === undefined;

  beforeAll(async () => {
    for (let n = 2000; n < 2050; n++) acme.extension(n);
    acme.trunk(1, { name: "t", host: "carrier.test", inboundAddresses: ["127.0.4.0/24"] });
    acme.number("+12025550100", null);
    kamailio = await startKamailio(pbx, {}, { banSeconds });
    home = await openHome(kamailio, idOf("edg", 1), 1);
    home.answerWith((request) => response(request, "200 OK", [`Contact: <sip:home@127.0.0.1:${home.port}>`], true));
    acme.put("placement", "p", { home: home.id, standby: null });
    await kamailio.pool([home.host()]);
  }, 30_000);
  afterAll(async () => {
    for (const one of opened) one.close();
    home?.close();
    await kamailio?.stop();
  });

  it("answers 500 good registrations a second while ten addresses send 2,000 requests a second, and bans these", async () => {
    const good = await stranger();
    expect(await good.register(acme.phone(2000))).toBe(200);
    const scanners = await Promise.all(Array.from({ length: 10 }, (_, n) => sourceAt(`127.0.1.${n + 1}`)));
    const registered: Promise<number>[] = [];
    const began = performance.now();
    // 10 ms of it at a time at most: what is late is not made up for at once, as a socket's buffer holds no more than 50 ms of it
    for (let asked = 0; asked < 4000; ) {
      await new Promise((resume) => setTimeout(resume, 1));
      const due = Math.min(4000, asked + 20, 4 * Math.ceil((performance.now() - began) / 2));
      for (; asked < due; asked++) {
        if (asked % 4 === 0) registered.push(good.register(acme.phone(2000 + (registered.length % 50))));
        const index = asked % 10;
        const one = scanners[index] ?? good;
        // some say what they are, some flood, some try passwords
        if (index < 4) one.send(one.text("REGISTER", globex.phone(asked), undefined, scanner));
        else if (index < 7) one.send(one.text("INVITE", globex.phone(asked)));
        else void one.register(wrong(globex.phone(1001)), 400);
      }
    }
    const seconds = (performance.now() - began) / 1000;
    const statuses = await Promise.all(registered);
    const failed = statuses.filter((status) => status !== 200);
    console.log(
      `${Math.round(4000 / seconds)} requests of scanners beside ${Math.round(statuses.length / seconds)} good registrations a second, for ${seconds.toFixed(1)} s: ${failed.length} of these failed`,
    );
    expect(statuses).toHaveLength(1000);
    expect(failed).toEqual([]);
    // on a slow machine they were no flood yet
    const isStillHeard = (one: Source) => bansOf(one).length === 0;
    await expect
      .poll(() => {
        for (const one of scanners.filter(isStillHeard))
          for (let n = 0; n < 20; n++) one.send(one.text("INVITE", globex.phone(n)));
        return scanners.filter(isStillHeard).map(({ address }) => address);
      })
      .toEqual([]);
    expect(new Set(scanners.flatMap(bansOf).map(({ why }) => why))).toEqual(
      new Set(["scanner", "flood", "wrong-credentials"]),
    );
    expect(bansOf(good)).toEqual([]);
  });

  it("tells of a ban, lets it expire, and lifts one that the cloud asks to lift", async () => {
    const [one, other] = [await stranger(), await stranger()];
    for (const each of [one, other]) each.send(each.text("OPTIONS", acme.phone(1001), undefined, scanner));
    await expect.poll(() => [one, other].map((each) => bansOf(each).length)).toEqual([1, 1]);
    const [ban] = bansOf(one);
    expect(ban).toMatchObject({ why: "scanner", userAgent: "friendly-scanner" });
    expect(Math.abs(Date.parse(ban?.until ?? "") - Date.now() - banSeconds * 1000)).toBeLessThan(2000);
    expect(await isBanned(one)).toBe(true);
    expect(await kamailio.command(acme.owner, "unban", { source: one.address })).toEqual({ ok: true, detail: null });
    expect(await isBanned(one)).toBe(false);
    expect(bans().at(-1)).toMatchObject({ source: one.address, until: null });
    expect(await isBanned(other)).toBe(true);
    await expect.poll(() => isBanned(other)).toBe(false);
    await expect(kamailio.command(acme.owner, "unban", { source: "x; htable.flush ban" })).rejects.toThrow();
  });

  it.each([
    ["sipvicious", "User-Agent: sipvicious/0.3"],
    ["SIPVicious in From", 'X: y"'],
    ["sipcli", "User-Agent: sipcli/v1.8"],
    ["sundayddr", "User-Agent: sundayddr"],
    ["VaxSIPUserAgent", "User-Agent: VaxSIPUserAgent/3.5"],
    ["nmap", "User-Agent: Nmap NSE"],
    ["pplsip", "User-Agent: pplsip"],
    ["sipsak", "User-Agent: sipsak 0.9.6"],
  ])("knows the scanner %s", async (name, header) => {
    const source = await stranger();
    const text = source.text("OPTIONS", acme.phone(1001), undefined, [header]);
    source.send(name.endsWith("From") ? text.replace("From: <", 'From: "SIPVicious" <') : text);
    await expect.poll(() => bansOf(source)).toHaveLength(1);
  });

  it("bans nobody from whom somebody authenticated, nor a carrier, for what others send in their name", async () => {
    const [office, carrier] = [await stranger(), await sourceAt("127.0.4.1")];
    expect(await office.register(acme.phone(1001))).toBe(200);
    for (const each of [office, carrier])
      expect(await each.ask(each.text("OPTIONS", acme.phone(1001), undefined, scanner), 300)).toBeUndefined();
    expect(await Promise.all([office, carrier].map(isBanned))).toEqual([false, false]);
  });

  it("takes as many requests of a carrier as it sends", async () => {
    const carrier = await sourceAt("127.0.4.2", kamailio.carriers);
    for (let sent = 0; sent < 800; sent += 50) {
      const some = Array.from({ length: 50 }, () => carrier.ask(carrier.text("REGISTER", acme.phone(1001))));
      expect((await Promise.all(some)).filter((answer) => answer === undefined)).toEqual([]);
    }
    expect(statusOf(await calls(carrier))).toBe(200);
  });

  it("does not lock an owner out for what others try at another address", async () => {
    const [attacker, owner] = [await stranger(), await stranger()];
    for (let n = 0; n < 20; n++) await attacker.register(wrong(acme.phone(1002)), 300);
    expect(await isBanned(attacker)).toBe(true);
    expect(bansOf(attacker)[0]).toMatchObject({ why: "wrong-credentials" });
    expect(await owner.register(acme.phone(1002))).toBe(200);
  });

  it("nor colleagues at the same address, where nothing but what they proved before is believed any more", async () => {
    const office = await stranger();
    expect(await office.register(acme.phone(1001))).toBe(200);
    for (let n = 0; n < 20; n++) expect(await office.register(wrong(acme.phone(1003)))).toBe(403);
    expect(await office.register(acme.phone(1003))).toBe(403);
    expect(await (await stranger()).register(acme.phone(1003))).toBe(200);
    for (let n = 0; n < 180; n++) expect(await office.register(wrong(acme.phone(7000 + n)))).toBe(403);
    expect(await office.register(acme.phone(1002))).toBe(403);
    expect(await office.register(acme.phone(1001))).toBe(200);
    // one who proved himself may be wrong as often as anybody
    for (let n = 0; n < 20; n++) expect(await office.register(wrong(acme.phone(1001)))).toBe(403);
    expect(await office.register(acme.phone(1001))).toBe(403);
  });

  it("forgives who is right after all", async () => {
    const phone = await stranger();
    for (let round = 0; round < 15; round++) {
      for (let n = 0; n < 19; n++) await phone.register(wrong(acme.phone(2004)));
      expect(await phone.register(acme.phone(2004))).toBe(200);
    }
    expect(await phone.register(acme.phone(2005))).toBe(200);
  });

  it("looks at no password for a user whom many addresses try, but where he was before", async () => {
    const owner = await stranger();
    const user = acme.phone(2049);
    expect(await owner.register(user)).toBe(200);
    for (let n = 0; n < 6; n++) {
      const attacker = await stranger();
      await Promise.all(Array.from({ length: 18 }, () => attacker.register(wrong(user))));
    }
    expect(await (await stranger()).register(user)).toBe(403);
    expect(await owner.register(user)).toBe(200);
    expect(await (await stranger()).register(acme.phone(2048))).toBe(200);
  });

  it.each(["REGISTER", "INVITE", "SUBSCRIBE"])(
    "tells who exists by nothing in its answers to %s, nor by their time",
    async (method) => {
      const strangers = await Promise.all(Array.from({ length: 24 }, () => stranger()));
      const kinds = {
        known: strangers.map((_, n) => wrong(acme.phone(2010 + n))),
        unknown: strangers.map((_, n) => wrong(acme.phone(7010 + n))),
        domain: strangers.map((_, n) => ({ ...wrong(acme.phone(2010 + n)), domain: "nobody.test" })),
      };
      const answers = new Map<string, Set<string>>();
      const times: Record<string, number[]> = { known: [], unknown: [], domain: [] };
      for (const [index, source] of strangers.entries()) {
        for (let n = 0; n < 6; n++) {
          // each first as often as any other
          const order = Object.entries(kinds);
          const turn = (n + index) % 3;
          for (const [kind, phones] of [...order.slice(turn), ...order.slice(0, turn)]) {
            const phone = phones[index] ?? acme.phone(1);
            const challenge = await asked(source, source.text(method, phone));
            const nonce = { nonce: nonceOf(challenge), count: 1 };
            const began = performance.now();
            const answer = await asked(source, source.text(method, phone, nonce));
            times[kind]?.push(performance.now() - began);
            const seen = answers.get(kind) ?? new Set();
            for (const one of [challenge, answer]) seen.add(withoutNames(one, phone));
            answers.set(kind, seen);
          }
        }
      }
      const [challenged, refused, ...others] = [...(answers.get("known") ?? [])].map((text) => text.split("\r\n")[0]);
      expect(challenged).toMatch(/ 40[17] /);
      expect(refused).toBe("SIP/2.0 403 Forbidden");
      expect(others).toEqual([]);
      expect(answers.get("unknown")).toEqual(answers.get("known"));
      expect(answers.get("domain")).toEqual(answers.get("known"));
      const known = times.known ?? [];
      for (const kind of ["unknown", "domain"]) {
        const chance = slower(times[kind] ?? [], known);
        console.log(
          `${method}, wrong password: median ${median(known).toFixed(3)} ms for a known user, ${median(times[kind] ?? []).toFixed(3)} ms where ${kind === "domain" ? "domain" : "user"} is unknown; this is slower in ${Math.round(chance * 100)} % of all pairs`,
        );
        // 0.5 where there is no difference; its standard deviation is 0.03 for so many
        expect(Math.abs(chance - 0.5)).toBeLessThan(0.17);
      }
    },
  );

  it("takes from phones what only others may say of a caller, and leaves it to carriers", async () => {
    const said = [
      ...["P-Asserted-Identity: <sip:+1900@x>", "Remote-Party-ID: <sip:+1900@x>", "Diversion: <sip:+1900@x>"],
      ...["History-Info: <sip:+1900@x>;index=1", "P-Preferred-Identity: <sip:+1900@x>", "P-Charge-Info: <sip:+1900@x>"],
      ...["Identity: e.y.J;info=<https://x>;alg=ES256", "y: e.y.J;info=<https://x>"],
      ...["X-DP-Tenant: ten_other", "x-dp-device : 9", "X-DP-Carrier\t:\r\n 192.0.2.1", "x-Dp-Source:192.0.2.1"],
    ];
    const phone = await stranger();
    home.requests.length = 0;
    const nonce = await nonceFor(phone, acme.phone(2002), "INVITE");
    const own = [...said, "Record-Route: <sip:192.0.2.1;lr>", "Privacy: id"];
    expect(statusOf(await asked(phone, phone.text("INVITE", acme.phone(2002), nonce, own)))).toBe(200);
    const [fromPhone] = home.asked("INVITE");
    expect(names(fromPhone).filter((name) => /^(x-dp|p-|remote|diver|hist|identity|y$)/.test(name))).toEqual([
      "x-dp-tenant",
      "x-dp-device",
      "x-dp-source",
    ]);
    expect(fromPhone?.text).not.toMatch(/192\.0\.2\.1|ten_other|1900/);
    expect(fromPhone?.headers.get("privacy")).toBe("id");
    home.requests.length = 0;
    expect(statusOf(await calls(await sourceAt("127.0.4.3", kamailio.carriers), said))).toBe(200);
    const [fromCarrier] = home.asked("INVITE");
    expect(names(fromCarrier).filter((name) => name.startsWith("x-dp"))).toEqual(["x-dp-carrier"]);
    expect(fromCarrier?.headers.get("x-dp-carrier")).toBe("127.0.4.3");
    for (const name of ["p-asserted-identity", "diversion", "history-info", "identity", "y"])
      expect(fromCarrier?.headers.has(name), name).toBe(true);
  });

  it("ends what goes in circles", async () => {
    const phone = await stranger();
    const text = phone.text("INVITE", acme.phone(1001));
    expect(statusOf(await asked(phone, text.replace("Max-Forwards: 70", "Max-Forwards: 0")))).toBe(483);
    const vias = Array.from({ length: 25 }, (_, n) => `Via: SIP/2.0/UDP 192.0.2.${n}:5060;branch=z9hG4bK${n}`);
    expect(statusOf(await asked(phone, phone.text("INVITE", acme.phone(1001), undefined, vias)))).toBe(482);
  });

  it("is controlled by its own user alone, and by nothing that is reached from elsewhere", async () => {
    const { config } = kamailio;
    const { sipPort, carriersPort, front, tls, eventsPort } = config;
    const sip = [sipPort, carriersPort, front.port, tls?.port, tls?.wssPort];
    const at = listening(kamailio.pid());
    expect(at).toContain(`127.0.0.1:${eventsPort}`);
    for (const place of at) expect([...sip, eventsPort].map((port) => `127.0.0.1:${port}`)).toContain(place);
    expect(statSync(controlSocket(config.dir)).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(controlSocket(config.dir))).mode & 0o777).toBe(0o700);
    // who does not know the secret hears nothing, and what he says changes nothing
    for (const said of ["hello wrong", "kept 999999999", "hello"]) {
      const stranger = connect({ host: "127.0.0.1", port: eventsPort });
      let heard = 0;
      stranger.on("data", () => heard++);
      const closed = new Promise((resolve) => stranger.on("close", resolve));
      stranger.write(`${said.length}:${said},`);
      await closed;
      expect(heard).toBe(0);
    }
    const phone = await stranger();
    const before = kamailio.registrations().length;
    expect(await phone.register(acme.phone(2003))).toBe(200);
    await expect.poll(() => kamailio.registrations().length).toBe(before + 1);
  });

  async function asked(source: Source, text: string): Promise<Message> {
    const answer = await source.ask(text);
    if (!answer) throw new Error("no answer");
    return answer;
  }
  async function nonceFor(source: Source, phone: Phone, method = "REGISTER"): Promise<Nonce> {
    const nonce = await source.challenge(method, phone);
    if (!nonce) throw new Error("no challenge");
    return nonce;
  }
  const calls = (carrier: Source, headers: string[] = []): Promise<Message> =>
    asked(
      carrier,
      carrier
        .text("INVITE", acme.phone(1001), undefined, headers)
        .replaceAll("1002@acme.test", "+12025550100@127.0.0.1"),
    );
});

/** Addresses and ports, UDP and TCP, where a process and those that it started listen. */
function listening(pid: number): string[] {
  const own = new Set<string>();
  const { pid: group } = { pid };
  for (const process of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${process}/stat`, "utf8").split(") ")[1]?.split(" ")[2] !== String(group)) continue;
      for (const file of readdirSync(`/proc/${process}/fd`)) own.add(readlinkSync(`/proc/${process}/fd/${file}`));
    } catch {
      // it ended meanwhile
    }
  }
  const found = ["udp", "udp6", "tcp", "tcp6"].flatMap((name) =>
    readFileSync(`/proc/net/${name}`, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => (state === "0A" || state === "07") && own.has(`socket:[${inode}]`))
      .map(([, local = ""]) => place(local)),
  );
  return [...new Set(found)];
}

/** `0100007F:13C4`. IPv6 stays as it is. */
function place(text: string): string {
  const [address = "", port = ""] = text.split(":");
  const bytes = address.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
  return `${address.length === 8 ? bytes.reverse().join(".") : address}:${Number.parseInt(port, 16)}`;
}

/** What is left when what the request said is taken out. */
const withoutNames = ({ text }: Message, { user, domain }: Phone): string =>
  text
    .replaceAll(domain, "DOMAIN")
    .replaceAll(`${user}@`, "USER@")
    .replace(/(branch|tag|received|rport)=[^;\r]+/g, "$1=")
    .replace(/nonce="[^"]+"/, "nonce")
    .replace(/^Via: .*$/im, "Via")
    .replace(/Call-ID: .*/i, "Call-ID");

const names = (message: Message | undefined): string[] =>
  (message?.text.split("\r\n\r\n")[0] ?? "")
    .split("\r\n")
    .slice(1)
    .map((line) => line.split(":")[0]?.trim().toLowerCase() ?? "");

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** In how many of all pairs one of `a` is larger than one of `b` (Mann and Whitney's U). */
function slower(a: number[], b: number[]): number {
  let larger = 0;
  for (const x of a) for (const y of b) larger += x > y ? 1 : x === y ? 0.5 : 0;
  return larger / (a.length * b.length);
}
