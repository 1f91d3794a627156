// An authenticator app as second factor, and recovery codes: what a password alone is worth then, how often a code is, and who may change any of it.
import { TOTP, URI } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, stepOf, uriOf } from "../../../functions/identity/one-time-code.ts";
import { rules } from "../../../functions/identity/throttle.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { goodPassword, mailbox, newPerson, type Visitor, visitor } from "../../support/visitor.ts";

let control: TestControl;
const mails = mailbox();
/** How far ahead of the beginning the control plane's clock is, in ms: time passes as the tests say, and in no other way. */
let ahead = 0;
const beginning = Date.now();
beforeAll(async () => {
  control = await testControl({ mailer: mails.mailer, trustedProxies: ["127.0.0.1"] });
  control.ctx.now = () => new Date(beginning + ahead);
});
afterAll(() => control.stop());

let count = 0;
const elsewhere = () => ({ "x-forwarded-for": `198.51.100.${++count}` });
const at = (path: string): string => `/v1/identity/${path}`;
const nextStep = (): void => {
  ahead += 30_000;
};

async function somebody() {
  const { id: tenantId } = await newTenant(control);
  const email = `t${++count}@people.example`;
  return { ...(await newPerson(control, mails, { email, role: "owner", tenantId })), email, tenantId };
}
const signIn = (who: Visitor, email: string, headers = elsewhere()) =>
  who.call("POST", at("sign-in"), { email, password: goodPassword }, headers);
const halfIn = async (who: Visitor, email: string): Promise<string> => {
  const reply = await signIn(who, email);
  expect(reply.status, reply.text).toBe(202);
  return (reply.body as unknown as { half: { token: string } }).half.token;
};
const second = (who: Visitor, token: string, code: string, headers = elsewhere()) =>
  who.call("POST", at("sign-in/second"), { token, code }, headers);

/** Sets an app up; `code` is what it shows now. */
async function withApp(who: Visitor) {
  const begun = await who.call("POST", at("totp"), undefined, elsewhere());
  expect(begun.status, begun.text).toBe(200);
  const app = URI.parse(String(begun.body.uri));
  if (!(app instanceof TOTP)) return expect.fail("no TOTP");
  const code = () => app.generate({ timestamp: control.ctx.now().getTime() });
  const on = await who.call("POST", at("totp/confirm"), { code: code() }, elsewhere());
  expect(on.status, on.text).toBe(200);
  return { app, code, codes: on.body.codes as unknown as string[] };
}

describe("a code", () => {
  test("is as RFC 6238 has it, good for a step around now, once and never backwards", () => {
    const secret = Buffer.from("12345678901234567890");
    // RFC 6238, appendix B, its last six digits
    for (const [seconds, code] of [
      [59, "287082"],
      [1111111109, "081804"],
      [20000000000, "353130"],
    ] as const)
      expect(codeOf(secret, Math.floor(seconds / 30))).toBe(code);
    const now = new Date(1111111109 * 1000);
    const step = Math.floor(1111111109 / 30);
    for (const [drift, good] of [
      [-2, false],
      [-1, true],
      [0, true],
      [1, true],
      [2, false],
    ] as const)
      expect(stepOf(secret, codeOf(secret, step + drift), now, 0) === step + drift, String(drift)).toBe(good);
    expect(stepOf(secret, codeOf(secret, step), now, step)).toBeUndefined();
    expect(stepOf(secret, "12345", now, 0)).toBeUndefined();
  });

  test("goes to an app in a URI that another's reader understands, whatever the brand is called", () => {
    const read = URI.parse(uriOf(Buffer.from("12345678901234567890"), "A&B: x?#/é", "a+b@c.example")) as TOTP;
    expect([read.issuer, read.label, read.digits, read.period]).toEqual(["A&B x?#/é", "a+b@c.example", 6, 30]);
    expect(read.generate({ timestamp: 59_000 })).toBe("287082");
  });
});

test("whoever has an app signs in by password and code: half a sign-in opens nothing, each code is good once", async () => {
  const { who, email } = await somebody();
  const other = visitor(control);
  expect((await signIn(other, email)).status).toBe(200);
  const { code } = await withApp(who);
  const mail = await mails.next(email);
  expect(mail.subject).toBe("An authenticator app was set up");
  // sessions from before are over, the one that set it up is not
  expect((await other.call("GET", "/v1/me")).status).toBe(401);
  expect((await who.call("GET", "/v1/me")).status).toBe(200);

  const third = visitor(control);
  const half = await halfIn(third, email);
  expect(third.token).toBeNull();
  expect((await visitor(control, half).call("GET", "/v1/me")).status).toBe(401);
  // the code that set it up was taken then
  expect((await second(third, half, code())).body.code).toBe("code_refused");
  nextStep();
  const good = code();
  expect((await second(third, half, "000000")).body.code).toBe("code_refused");
  const done = await second(third, half, `${good.slice(0, 3)} ${good.slice(3)}`);
  expect([done.status, done.body.needs]).toEqual([200, null]);
  expect((await third.call("GET", "/v1/me")).status).toBe(200);
  expect((await second(visitor(control), half, good)).body.code).toBe("unauthenticated");
  const again = await halfIn(visitor(control), email);
  expect((await second(visitor(control), again, good)).body.code).toBe("code_refused");
  nextStep();
  // two at once with the same code
  const halves = [await halfIn(visitor(control), email), await halfIn(visitor(control), email)];
  const both = await Promise.all(halves.map((one) => second(visitor(control), one, code())));
  expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
});

test("half a sign-in is over after ten minutes, with a new password, and for whom guesses too often", async () => {
  const { who, email } = await somebody();
  const { code } = await withApp(who);
  const late = await halfIn(visitor(control), email);
  ahead += 11 * 60_000;
  expect((await second(visitor(control), late, code())).body.code).toBe("unauthenticated");
  const half = await halfIn(visitor(control), email);
  const near = elsewhere();
  for (let guess = 0; guess < rules.codeNear.quota; guess++)
    expect((await second(visitor(control), half, `00000${guess}`, near)).body.code).toBe("code_refused");
  expect((await second(visitor(control), half, code(), near)).body.code).toBe("rate_limited");
  const next = { current: goodPassword, next: "nine loud herons sleeping" };
  expect((await who.call("POST", at("password"), next, elsewhere())).status).toBe(204);
  expect((await second(visitor(control), half, code())).body.code).toBe("unauthenticated");
});

test("recovery codes are ten, each good once, told of by mail, replaced by new ones, and nowhere in the store", async () => {
  const { who, email } = await somebody();
  const { codes } = await withApp(who);
  await mails.next(email);
  expect(new Set(codes).size).toBe(10);
  const [first = "", other = ""] = codes;
  expect(first).toMatch(/^[2-9a-z]{4}-[2-9a-z]{4}-[2-9a-z]{4}$/);
  const { person } = (await who.call("GET", at("session"))).body as unknown as { person: { id: string } };
  const item = await control.ctx.store.get({ pk: `PERSON#${person.id}`, sk: "FACTOR#codes" });
  expect(JSON.stringify(item)).not.toContain(first.replaceAll("-", ""));
  const user = visitor(control);
  expect((await second(user, await halfIn(user, email), first.toUpperCase().replaceAll("-", " "))).status).toBe(200);
  const mail = await mails.next(email);
  expect([mail.subject, mail.text]).toEqual(["A recovery code was used", expect.stringContaining("Left are 9")]);
  expect((await second(user, await halfIn(visitor(control), email), first)).body.code).toBe("code_refused");
  expect((await user.call("GET", at("security"))).body).toMatchObject({ recoveryCodes: { left: 9 } });
  const made = await user.call("POST", at("recovery-codes"), undefined, elsewhere());
  expect(made.body.codes).toHaveLength(10);
  expect((await second(user, await halfIn(visitor(control), email), other)).body.code).toBe("code_refused");
});

test("what he signs in with is changed within ten minutes of a password or code alone, and the audit log says by whom", async () => {
  const { who, email, tenantId } = await somebody();
  ahead += 11 * 60_000;
  const wish = () => who.call("POST", at("totp"), undefined, elsewhere());
  expect((await wish()).body.code).toBe("proof_needed");
  const prove = (proof: object) => who.call("POST", at("proof"), proof, elsewhere());
  expect((await prove({ password: "not that one" })).body.code).toBe("sign_in_refused");
  expect((await prove({ code: "123456" })).body.code).toBe("code_refused");
  const before = who.token;
  expect((await prove({ password: goodPassword })).status).toBe(204);
  expect(who.token).not.toBe(before);
  expect((await visitor(control, before).call("GET", "/v1/me")).status).toBe(401);
  const { code } = await withApp(who);
  await mails.next(email);
  ahead += 11 * 60_000;
  for (const [method, path] of [
    ["DELETE", "totp"],
    ["POST", "recovery-codes"],
    ["POST", "totp"],
  ] as const)
    expect((await who.call(method, at(path), undefined, elsewhere())).body.code, path).toBe("proof_needed");
  expect((await prove({ code: code() })).status).toBe(204);
  expect((await who.call("DELETE", at("totp"), undefined, elsewhere())).status).toBe(204);
  expect((await mails.next(email)).subject).toBe("Your authenticator app was turned off");
  expect((await who.call("DELETE", at("totp"), undefined, elsewhere())).body.code).toBe("conflict");
  expect((await who.call("POST", at("recovery-codes"), undefined, elsewhere())).body.code).toBe("conflict");
  expect((await signIn(visitor(control), email)).status).toBe(200);
  const { data } = (await control.call("GET", `/v1/audit?tenantId=${tenantId}`)).body as unknown as {
    data: { route: string; actor: { type: string } }[];
  };
  const routes = data.filter(({ actor }) => actor.type === "person").map(({ route }) => route);
  expect(routes).toEqual(expect.arrayContaining([at("totp/confirm"), at("totp")]));
});

test("members of a tenant that wants a second factor do nothing before they have one", async () => {
  const { who, email, tenantId } = await somebody();
  const path = `/v1/tenants/${tenantId}/sign-in`;
  expect((await control.call("GET", path)).body).toEqual({ secondFactor: false });
  expect((await control.call("PUT", path, { secondFactor: true })).status).toBe(200);
  const refused = await who.call("GET", "/v1/me");
  expect([refused.status, refused.body.code]).toEqual([403, "second_factor_needed"]);
  expect((await who.call("GET", at("session"))).body.needs).toBe("second-factor");
  const { code } = await withApp(who);
  expect((await who.call("GET", at("session"))).body.needs).toBeNull();
  expect((await who.call("GET", "/v1/me")).status).toBe(200);
  nextStep();
  const other = visitor(control);
  await second(other, await halfIn(other, email), code());
  expect((await other.call("GET", "/v1/me")).status).toBe(200);
  // elsewhere nobody asks for it
  const another = await somebody();
  expect((await another.who.call("GET", "/v1/me")).status).toBe(200);
});

test("an invitation is accepted with the password, and signs in with the second factor alone", async () => {
  const { who, email } = await somebody();
  const { code } = await withApp(who);
  await mails.next(email);
  const { id: tenantId } = await newTenant(control, { name: "Elsewhere" });
  await control.call("POST", "/v1/members", { email, name: "Ada", role: "owner", tenantId, invite: true });
  const token = await mails.tokenFor(email);
  const other = visitor(control);
  const accepted = await other.call("POST", at("invitation/accept"), { token, password: goodPassword }, elsewhere());
  expect([accepted.status, other.token]).toEqual([202, null]);
  nextStep();
  const { half } = accepted.body as unknown as { half: { token: string } };
  expect((await second(other, half.token, code())).body).toMatchObject({ member: { place: "Elsewhere" } });
});
