// What a digest is worth at a real Kamailio: used again, replayed, changed, or sent from elsewhere.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KamailioHost, kamailioInstalled, openHome, startKamailio } from "../../support/kamailio.ts";
import { createPbx, idOf, type Phone } from "../../support/pbx.ts";
import { type Message, response, statusOf } from "../../support/sip.ts";
import { digest, type Nonce, nonceOf, openSource, type Source } from "../../support/source.ts";

describe.runIf(kamailioInstalled())("a real Kamailio takes a nonce", { timeout: 30_000 }, () => {
  const pbx = createPbx();
  const { acme, globex } = pbx;
  let kamailio: KamailioHost;
  let home: Awaited<ReturnType<typeof openHome>>;
  const opened: Source[] = [];

  /** At an address where nobody was before. */
  async function stranger(): Promise<Source> {
    const source = await openSource(kamailio.phones, `127.0.3.${opened.length + 1}`);
    opened.push(source);
    return source;
  }
  const wrong = (phone: Phone): Phone => ({ ...phone, password: "wrong" });
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
  /** With these credentials, in a transaction of its own: the answer's status, and whether it says that the nonce is too old. */
  async function sent(source: Source, method: string, phone: Phone, ...credentials: string[]) {
    const answer = await asked(source, source.text(method, phone, undefined, credentials));
    const challenge = answer.headers.get("www-authenticate") ?? answer.headers.get("proxy-authenticate") ?? "";
    return { status: statusOf(answer), stale: /stale=true/i.test(challenge), nonce: nonceOf(answer) };
  }
  const register = (source: Source, phone: Phone, nonce: Nonce) =>
    sent(source, "REGISTER", phone, digest("REGISTER", `sip:${phone.domain}`, phone, nonce));
  /** Rows of what is counted against a source or a user. */
  const counted = async (): Promise<string> => JSON.stringify(await kamailio.rpc("htable.dump", "fail"));

  beforeAll(async () => {
    for (let n = 2000; n < 2010; n++) acme.extension(n);
    kamailio = await startKamailio(pbx);
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

  it("again as long as its count grows, and then gives another", async () => {
    const phone = await stranger();
    const user = acme.phone(2000);
    const { nonce } = await nonceFor(phone, user);
    for (const count of [1, 2, 7, 255])
      expect(await register(phone, user, { nonce, count })).toMatchObject({ status: 200 });
    for (const count of [255, 7, 1, 256, 0xffffffff]) {
      const refused = await register(phone, user, { nonce, count });
      expect(refused).toMatchObject({ status: 401, stale: true });
      expect(refused.nonce).not.toBe(nonce);
    }
  });

  it.each(["REGISTER", "INVITE"])("not twice in a %s that is replayed byte for byte", async (method) => {
    const phone = await stranger();
    const user = acme.phone(2001);
    const text = phone.text(method, user, await nonceFor(phone, user, method));
    expect(statusOf(await asked(phone, text))).toBe(200);
    const again = text.replace(/branch=\w+/, "branch=z9hG4bKagain").replace(/Call-ID: \w+/, "Call-ID: again");
    const [first] = [await asked(phone, again)];
    expect(statusOf(first)).toBe(method === "REGISTER" ? 401 : 407);
    expect(first.text).toMatch(/stale=true/i);
  });

  it("at the address that it was sent to alone, and holds what is tried elsewhere against nobody", async () => {
    const [owner, thief] = [await stranger(), await stranger()];
    const user = acme.phone(2002);
    const { nonce } = await nonceFor(owner, user);
    expect(await register(thief, user, { nonce, count: 1 })).toMatchObject({ status: 401, stale: true });
    // in the name of an address to which nothing was sent, as one can over UDP
    const own = await nonceFor(thief, user);
    for (let count = 1; count < 40; count++)
      expect(await register(owner, wrong(user), { ...own, count })).toMatchObject({ status: 401, stale: true });
    expect(await counted()).not.toContain(owner.address);
    expect(await counted()).not.toContain(thief.address);
    expect(await register(owner, user, { nonce, count: 1 })).toMatchObject({ status: 200 });
    // nor after somebody proved himself there
    expect(await register(thief, user, { nonce, count: 2 })).toMatchObject({ status: 401 });
  });

  it("of its own making alone", async () => {
    const phone = await stranger();
    const user = acme.phone(2003);
    const { nonce } = await nonceFor(phone, user);
    const forged = ["", "x", nonce.slice(0, 31), nonce.slice(0, -1), `${nonce}AAAA`, "A".repeat(60)];
    // another time of its end, with the rest as it was
    for (const one of [...forged, `B${nonce.slice(1)}`])
      expect(await register(phone, user, { nonce: one, count: 1 }), one).toMatchObject({ status: 401 });
    expect(await counted()).not.toContain(phone.address);
    expect(await register(phone, user, { nonce, count: 1 })).toMatchObject({ status: 200 });
  });

  it("not beside one that it would take", async () => {
    const [owner, thief] = [await stranger(), await stranger()];
    const user = acme.phone(2004);
    const uri = `sip:${user.domain}`;
    const stolen = digest("REGISTER", uri, user, await nonceFor(owner, user));
    const own = digest("REGISTER", uri, wrong(user), await nonceFor(thief, user));
    const other = digest("REGISTER", uri, { ...globex.phone(1001), user: user.user }, await nonceFor(thief, user));
    const forProxies = own.replace("Authorization", "Proxy-Authorization");
    expect(await sent(thief, "REGISTER", user, own, stolen)).toMatchObject({ status: 403 });
    expect(await sent(thief, "REGISTER", user, stolen, own)).toMatchObject({ status: 401 });
    expect(await sent(thief, "REGISTER", user, other, stolen)).toMatchObject({ status: 401 });
    expect(await sent(thief, "REGISTER", user, forProxies, stolen)).toMatchObject({ status: 400 });
    expect(await sent(thief, "REGISTER", user, stolen, forProxies)).toMatchObject({ status: 400 });
    const call = digest("INVITE", "sip:1002@acme.test", user, await nonceFor(owner, user, "INVITE"));
    expect(await sent(thief, "INVITE", user, own, call)).toMatchObject({ status: 407 });
    expect(await sent(thief, "INVITE", user, call, own)).toMatchObject({ status: 407 });
    expect(await sent(owner, "REGISTER", user, stolen)).toMatchObject({ status: 200 });
  });

  it("once of a phone that does not count, whatever is written beside its answer afterwards", async () => {
    const phone = await stranger();
    const user = acme.phone(2005);
    const { nonce } = await nonceFor(phone, user);
    const plain = digest("REGISTER", `sip:${user.domain}`, user, { nonce, count: 0 });
    expect(await sent(phone, "REGISTER", user, plain)).toMatchObject({ status: 200 });
    const counts = ["", ", nc=00000002", ', nc=00000003, cnonce="c"', ', qop=auth, qop="", nc=00000004, cnonce="c"'];
    for (const more of counts)
      expect(await sent(phone, "REGISTER", user, plain + more), more).toMatchObject({ status: 401, stale: true });
    expect(await sent(phone, "REGISTER", user, `${plain}, qop=auth, nc=00000005, cnonce="c"`)).toMatchObject({
      status: 403,
    });
  });
});
