// Passwords, invitations and links: who has an account stays unknown, a link lets in once, guesses are slowed down.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { breachedAt } from "../../../functions/identity/breached.ts";
import { isRight, keep, refuseWeak } from "../../../functions/identity/password.ts";
import { placeOf, rules, take } from "../../../functions/identity/throttle.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { goodPassword, mailbox, newPerson, visitor } from "../../support/visitor.ts";

let control: TestControl;
const mails = mailbox();
const proxied = (address: string) => ({ "x-forwarded-for": address });
beforeAll(async () => {
  control = await testControl({ mailer: mails.mailer, trustedProxies: ["127.0.0.1"] });
});
afterAll(() => control.stop());

let count = 0;
const email = (): string => `q${++count}@people.example`;
/** Another network for each, so that no test slows down another. */
const elsewhere = () => proxied(`198.51.${++count >> 8}.${count & 255}`);
async function somebody(role = "owner") {
  const { id: tenantId } = await newTenant(control);
  const to = email();
  return { ...(await newPerson(control, mails, { email: to, role, tenantId })), email: to, tenantId };
}
const trying = (to: string, password: string, headers = elsewhere()): Promise<Reply> =>
  visitor(control).call("POST", "/v1/identity/sign-in", { email: to, password }, headers);
const bare = ({ text }: Reply): string => text.replaceAll(/req_[0-9A-Z]{26}/g, "<request>");
const headersOf = ({ headers }: Reply): string[] => [...headers.keys()].sort();

describe("who has an account", () => {
  test("is told neither by a sign-in nor by asking for a new password", async () => {
    const known = await somebody();
    const [wrong, unknown] = [
      await trying(known.email, "not that one at all"),
      await trying(email(), "not that one at all"),
    ];
    expect([wrong.status, wrong.body.code]).toEqual([401, "sign_in_refused"]);
    expect(bare(wrong)).toBe(bare(unknown));
    expect(headersOf(wrong)).toEqual(headersOf(unknown));
    const forgotten = (to: string) =>
      visitor(control).call("POST", "/v1/identity/password/forgotten", { email: to }, elsewhere());
    const [one, other] = [await forgotten(known.email), await forgotten("nobody@people.example")];
    expect([one.status, bare(one), headersOf(one)]).toEqual([204, bare(other), headersOf(other)]);
    await mails.next(known.email);
    expect(mails.all.filter(({ to }) => to === "nobody@people.example")).toEqual([]);
  });

  test("is told by no clock either", async () => {
    const known = await somebody();
    const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 9; round++)
      for (const which of ["known", "unknown"] as const) {
        const to = which === "known" ? known.email : `n${round}@people.example`;
        const headers = elsewhere();
        const from = performance.now();
        await trying(to, `wrong ${round}`, headers);
        times[which].push(performance.now() - from);
      }
    const ratio = median(times.known) / median(times.unknown);
    // without the decoy it is a tenth
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(2.5);
  });
});

describe("guessing", () => {
  test("is slowed down for an account, known or not, in the network that guesses, and for nobody elsewhere", async () => {
    const known = await somebody();
    const nobody = email();
    const told: string[] = [];
    for (const to of [known.email, nobody]) {
      const headers = elsewhere();
      for (let guess = 0; guess < rules.signInNear.quota; guess++)
        expect((await trying(to, `guess ${guess}`, headers)).status).toBe(401);
      const late = await trying(to, goodPassword, headers);
      expect([late.status, late.body.code]).toEqual([429, "rate_limited"]);
      expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(0);
      told.push(bare(late).replaceAll(/\d+ s/g, "<n> s"));
    }
    expect(told[0]).toBe(told[1]);
    expect((await trying(known.email, goodPassword)).status).toBe(200);
  });

  test("is slowed down for an address that tries one account after another", async () => {
    const headers = elsewhere();
    const place = placeOf(headers["x-forwarded-for"]);
    for (let guess = 2; guess < rules.signInFrom.quota; guess++) await take(control.ctx, rules.signInFrom, place);
    const statuses: number[] = [];
    for (let guess = 0; guess < 4; guess++) statuses.push((await trying(email(), "the same guess", headers)).status);
    expect(statuses.slice(0, 2)).toEqual([401, 401]);
    expect(statuses.at(-1)).toBe(429);
    const other = email();
    expect((await trying(other, "the same guess")).status).toBe(401);
  });

  test("counts none twice and loses none when many come at once", async () => {
    const rule = { name: "test", quota: 5, seconds: 3600 };
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => take(control.ctx, rule, "all at once")));
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(5);
  });

  test("is counted by what a customer has of addresses", () => {
    expect(placeOf("203.0.113.7")).toBe("203.0.113.7");
    expect(placeOf("::ffff:203.0.113.7")).toBe("203.0.113.7");
    expect(placeOf("2001:db8:0:12::1")).toBe("2001:db8:0:12::/64");
    expect(placeOf("2001:db8::12:1:2:3:4")).toBe(placeOf("2001:db8:0:12:ffff::"));
    expect(placeOf("::1")).toBe("0:0:0:0::/64");
  });
});

describe("a password", () => {
  test("is kept as Argon2id, and right or wrong alone", async () => {
    const kept = await keep(goodPassword);
    expect(kept).toMatch(/^argon2id\$19456\$2\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(kept).not.toBe(await keep(goodPassword));
    expect(await isRight(goodPassword, kept)).toBe(true);
    expect(await isRight(`${goodPassword} `, kept)).toBe(false);
    expect(await isRight(goodPassword, null)).toBe(false);
  });

  test("is refused where it is short, found out, easy or personal, and says why", async () => {
    const about = ["ada.lovelace@analytical.example", "Ada", "Analytical Engines"];
    for (const [password, why] of [
      ["x7#Kp2", "fewer than 8"],
      ["password", "found out"],
      ["Qwertyuiop", "found out"],
      ["hello123", "easy|found out"],
      ["aaaaaaaaaaaaaaa", "easy"],
      ["123456789012345", "easy|found out"],
      ["lovelace-9f#Qz!", "lovelace"],
      ["my analytical pass 7", "analytical"],
      ["AnalyticalEngines42x", "analyticalengines|analytical"],
    ] as const)
      await expect(refuseWeak(control.ctx, password, about), password).rejects.toThrow(new RegExp(why));
    for (const good of [goodPassword, "x7#Kp2!vQ9", "correct horse battery staple gun"])
      await expect(refuseWeak(control.ctx, good, about)).resolves.toBeUndefined();
  });

  test("that a service knows as found out is refused, without the service being told it; one that does not answer keeps nobody out", async () => {
    const asked: string[] = [];
    const failures: unknown[] = [];
    // SHA-1 of goodPassword: what is asked for is its first five digits
    const digest = createHash("sha1").update(goodPassword).digest("hex").toUpperCase();
    let answer = async () => new Response(`${"0".repeat(35)}:7\r\n${digest.slice(5)}:3\r\n`);
    const ask = (url: string) => {
      asked.push(url);
      return answer();
    };
    const breached = breachedAt("https://range.example/", (error) => failures.push(error), ask);
    const other = "nine loud herons sleeping";
    await expect(refuseWeak({ breached }, goodPassword, [])).rejects.toThrow(/found out/);
    expect(asked).toEqual([`https://range.example/${digest.slice(0, 5)}`]);
    await expect(refuseWeak({ breached }, other, [])).resolves.toBeUndefined();
    // lines that pad the answer count nothing
    answer = async () => new Response(`${digest.slice(5)}:0`);
    expect(await breached(goodPassword)).toBe(false);
    expect(failures).toEqual([]);
    for (const broken of [
      async () => new Response("", { status: 503 }),
      async () => Promise.reject(new Error("gone")),
    ]) {
      answer = broken;
      await expect(refuseWeak({ breached }, goodPassword, [])).resolves.toBeUndefined();
    }
    expect(failures).toHaveLength(2);
  });

  test("that is changed ends all other sessions, and needs the present one", async () => {
    const { who, email: mine } = await somebody();
    const other = visitor(control);
    await other.call("POST", "/v1/identity/sign-in", { email: mine, password: goodPassword }, elsewhere());
    const change = (current: string, next: string) =>
      who.call("POST", "/v1/identity/password", { current, next }, elsewhere());
    expect((await change("wrong", "nine loud herons sleeping")).body.code).toBe("sign_in_refused");
    expect((await change(goodPassword, "short")).body.errors).toMatchObject([{ pointer: "/next" }]);
    expect((await change(goodPassword, "nine loud herons sleeping")).status).toBe(204);
    expect((await other.call("GET", "/v1/me")).status).toBe(401);
    expect((await who.call("GET", "/v1/me")).status).toBe(200);
    expect((await trying(mine, goodPassword)).status).toBe(401);
    expect((await trying(mine, "nine loud herons sleeping")).status).toBe(200);
  });
});

describe("a link that was mailed", () => {
  const reset = (token: string, password = "nine loud herons sleeping") =>
    visitor(control).call("POST", "/v1/identity/password/reset", { token, password }, elsewhere());
  const forgotten = async (to: string): Promise<string> => {
    await visitor(control).call("POST", "/v1/identity/password/forgotten", { email: to }, elsewhere());
    return mails.tokenFor(to);
  };

  test("sets a new password once, ends all sessions, and is replaced by a later one", async () => {
    const { who, email: mine } = await somebody();
    const first = await forgotten(mine);
    const second = await forgotten(mine);
    expect((await reset(first)).body.code).toBe("link_spent");
    expect((await reset(second, "password")).body.code).toBe("invalid");
    expect((await reset(second)).status).toBe(204);
    expect((await who.call("GET", "/v1/me")).status).toBe(401);
    expect((await trying(mine, goodPassword)).status).toBe(401);
    expect((await trying(mine, "nine loud herons sleeping")).status).toBe(200);
    expect((await reset(second)).body.code).toBe("link_spent");
  });

  test("lets one of two in who use it at the same time", async () => {
    const { email: mine } = await somebody();
    const token = await forgotten(mine);
    const statuses = await Promise.all([reset(token), reset(token, "three brave lamps humming")]);
    expect(statuses.map(({ status }) => status).sort()).toEqual([204, 410]);
    const { id: tenantId } = await newTenant(control);
    const to = email();
    await control.call("POST", "/v1/members", { email: to, name: "Eve", role: "owner", tenantId, invite: true });
    const invitation = await mails.tokenFor(to);
    const accept = () =>
      visitor(control).call(
        "POST",
        "/v1/identity/invitation/accept",
        { token: invitation, password: goodPassword },
        elsewhere(),
      );
    const accepted = await Promise.all([accept(), accept()]);
    expect(accepted.map(({ status }) => status).sort()).toEqual([200, 410]);
  });

  test("is good for its time, for its purpose, and in no other's hands", async () => {
    const { email: mine, who } = await somebody();
    const { email: theirs } = await somebody();
    const token = await forgotten(mine);
    const other = await forgotten(theirs);
    const [subject, secret] = [token.split(".")[0], other.split(".")[1]];
    for (const bad of [`${subject}.${secret}`, `${subject}.`, "x", "usr_1.2.3", `${"x".repeat(190)}.y`, "T#a.b"])
      expect((await reset(bad)).body.code, bad).toBe("link_spent");
    const verifying = await visitor(control).call("POST", "/v1/identity/address/verify", { token }, elsewhere());
    expect(verifying.body.code).toBe("link_spent");
    const now = control.ctx.now;
    try {
      control.ctx.now = () => new Date(Date.now() + 61 * 60_000);
      expect((await reset(token)).body.code).toBe("link_spent");
    } finally {
      control.ctx.now = now;
    }
    expect((await who.call("GET", "/v1/me")).status).toBe(200);
  });

  test("holds nothing in the store that would let anybody in", async () => {
    const { email: mine } = await somebody();
    const token = await forgotten(mine);
    const item = await control.ctx.store.get({ pk: `PERSON#${token.split(".")[0]}`, sk: "TOKEN#password-reset" });
    expect(item).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(JSON.stringify(item)).not.toContain(token.split(".")[1]);
  });

  test("makes an address one's own when it is shown that its mail is read", async () => {
    const { who, email: mine } = await somebody();
    const { email: taken } = await somebody();
    const wanted = email();
    const want = (to: string, password = goodPassword) =>
      who.call("POST", "/v1/identity/address", { email: to, password }, elsewhere());
    expect((await want(wanted, "wrong")).status).toBe(401);
    expect((await want(wanted)).status).toBe(204);
    const token = await mails.tokenFor(wanted);
    const verify = (one: string) =>
      visitor(control).call("POST", "/v1/identity/address/verify", { token: one }, elsewhere());
    expect((await verify(token)).status).toBe(204);
    expect((await verify(token)).status).toBe(410);
    expect((await trying(mine, goodPassword)).status).toBe(401);
    expect((await trying(wanted, goodPassword)).status).toBe(200);
    expect((await want(taken)).status).toBe(204);
    expect((await verify(await mails.tokenFor(taken))).status).toBe(410);
  });
});

describe("an invitation", () => {
  test("is good for who has an account by his password, in his place alone", async () => {
    const { email: mine } = await somebody();
    const { id: tenantId } = await newTenant(control, { name: "Elsewhere" });
    await control.call("POST", "/v1/members", { email: mine, name: "Ada", role: "support", tenantId, invite: true });
    const token = await mails.tokenFor(mine);
    const accept = (body: object) =>
      visitor(control).call("POST", "/v1/identity/invitation/accept", { token, ...body }, elsewhere());
    expect((await accept({})).body.errors).toMatchObject([{ pointer: "/password" }]);
    expect((await accept({ password: "wrong" })).body.code).toBe("sign_in_refused");
    expect((await accept({ password: goodPassword })).body).toMatchObject({ member: { place: "Elsewhere" } });
  });

  test("is mailed again on demand, in French too, and is over when its member is removed", async () => {
    const { id: tenantId } = await newTenant(control, { name: "Chez <b>Ada</b>" });
    const to = email();
    const { body } = await control.call("POST", "/v1/members", { email: to, name: "Ada", role: "admin", tenantId });
    expect(body).toMatchObject({ personId: null, invitedAt: null });
    const path = `/v1/members/${body.id}`;
    const invite = (more = {}) => control.call("POST", `${path}/invite?tenantId=${tenantId}`, more);
    const first = await invite();
    expect(first.status, first.text).toBe(200);
    expect(first.body.invitedAt).not.toBeNull();
    const before = await mails.tokenFor(to);
    await invite({ language: "fr" });
    const mail = await mails.next(to);
    expect(mail.subject).toBe("Vous êtes invité à rejoindre Chez <b>Ada</b>");
    expect(mail.html).not.toContain("<b>Ada");
    const token = /#(\S+)/.exec(mail.text)?.[1] ?? "";
    const look = (one: string) => visitor(control).call("POST", "/v1/identity/invitation", { token: one }, elsewhere());
    expect((await look(before)).status).toBe(410);
    expect((await look(token)).body).toMatchObject({ email: to, place: "Chez <b>Ada</b>", known: false });
    await control.call("DELETE", `${path}?tenantId=${tenantId}`);
    expect((await look(token)).status).toBe(410);
  });
});
