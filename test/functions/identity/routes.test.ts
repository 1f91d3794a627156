// The routes of identity, walked: each answers as the reference says, those of who is signed in refuse everybody else, and an API key opens none.
import { type TOTP, URI } from "otpauth";
import { afterAll, beforeAll, expect, test } from "vitest";
import { identityRoutes } from "../../../functions/identity/routes.ts";
import { authenticator } from "../../support/authenticator.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { type Provider, startProvider } from "../../support/provider.ts";
import { type Reference, readReference } from "../../support/reference.ts";
import { goodPassword, mailbox, newPerson, type Visitor, visitor } from "../../support/visitor.ts";

let control: TestControl;
let reference: Reference;
let provider: Provider;
const mails = mailbox();
const routes = identityRoutes();
beforeAll(async () => {
  control = await testControl({ mailer: mails.mailer, webhookAllow: ["127.0.0.1"] });
  provider = await startProvider();
  reference = await readReference(control);
});
afterAll(async () => {
  await provider.stop();
  await control.stop();
});

const nameOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`;

test("what is one's own is told to nobody who is not signed in, and to no API key", async () => {
  for (const route of routes.filter(({ by }) => by === "session"))
    for (const key of [null, control.key]) {
      const body = route.example;
      const reply = await control.call(route.method.toUpperCase(), route.path.replace("{id}", "ses_1"), body, { key });
      expect([reply.status, reply.body.code], nameOf(route)).toEqual([401, "unauthenticated"]);
      reference.expectAsDocumented(nameOf(route), reply);
    }
});

test("every answer, good or bad, is as the reference says", async () => {
  const { id: tenantId } = await newTenant(control);
  const operator = (await control.call("GET", "/v1/me")).body.accountId;
  const email = "ada@people.example";
  const { who, memberId } = await newPerson(control, mails, { email, role: "owner", tenantId });
  /** At which the console is open; passkeys want a name. */
  let host: string | undefined;
  const walked = new Set<string>(["post /v1/identity/invitation/accept"]);
  const take = async (from: Visitor, method: string, path: string, body?: unknown, pattern = path): Promise<Reply> => {
    const reply = await from.call(method, path, body, host === undefined ? {} : { "x-forwarded-host": host });
    reference.expectAsDocumented(`${method.toLowerCase()} ${pattern}`, reply);
    if (reply.status < 300) walked.add(`${method.toLowerCase()} ${pattern}`);
    return reply;
  };
  const at = (path: string): string => `/v1/identity/${path}`;
  const password = goodPassword;
  await take(who, "GET", at("session"));
  await take(who, "GET", at("sessions"));
  await take(who, "PATCH", at("person"), { name: "Ada L.", language: "fr" });
  await take(who, "PATCH", at("person"), { colour: "red" });
  await take(who, "POST", at("session/member"), {
    memberId,
  });
  const other = visitor(control);
  await take(other, "POST", at("sign-in"), { email, password });
  await take(other, "POST", at("sign-in"), { email, password: "wrong" });
  await take(other, "POST", at("sign-in"), { email: "x" });
  const { data } = (await other.call("GET", at("sessions"))).body as unknown as {
    data: { id: string; current: boolean }[];
  };
  const ended = data.find(({ current }) => current)?.id;
  await take(who, "DELETE", at(`sessions/${ended}`), undefined, at("sessions/{id}"));
  await take(who, "DELETE", at("sessions/ses_1"), undefined, at("sessions/{id}"));
  await take(who, "POST", at("sessions/end"));
  await take(who, "GET", at("security"));
  await take(who, "POST", at("proof"), { password });
  await take(who, "POST", at("proof"), { code: "123456" });
  const app = URI.parse(String((await take(who, "POST", at("totp"))).body.uri)) as TOTP;
  await take(who, "POST", at("totp/confirm"), { code: "x" });
  const turned = await take(who, "POST", at("totp/confirm"), { code: app.generate() });
  const [code] = turned.body.codes as unknown as string[];
  const begun = await take(visitor(control), "POST", at("sign-in"), { email, password });
  const { token } = begun.body.half as unknown as { token: string };
  await take(visitor(control), "POST", at("sign-in/second"), { token, code });
  await take(visitor(control), "POST", at("sign-in/second"), { token, code });
  await take(who, "POST", at("recovery-codes"));
  await take(who, "DELETE", at("totp"));
  await take(who, "DELETE", at("totp"));
  const url = new URL(control.url.replace("127.0.0.1", "localhost"));
  host = url.host;
  const key = authenticator(url.origin);
  const options = async (from: Visitor, path: string, body?: unknown) =>
    (await take(from, "POST", at(path), body)).body.options as unknown as { challenge: string };
  const created = key.create(await options(who, "passkeys/options"));
  await take(who, "POST", at("passkeys"), { name: "", response: created });
  const { passkey } = (await take(who, "POST", at("passkeys"), { name: "Laptop", response: created })).body;
  const { id } = passkey as unknown as { id: string };
  const signed = key.get(await options(visitor(control), "sign-in/passkey/options", {}));
  await take(visitor(control), "POST", at("sign-in/passkey"), { response: signed });
  await take(visitor(control), "POST", at("sign-in/passkey"), { response: signed });
  await take(who, "PATCH", at(`passkeys/${id}`), { name: "Phone" }, at("passkeys/{id}"));
  await take(who, "DELETE", at(`passkeys/${id}`), undefined, at("passkeys/{id}"));
  await take(who, "DELETE", at(`passkeys/${id}`), undefined, at("passkeys/{id}"));
  host = undefined;
  await take(who, "POST", at("address"), { email: "ada@lovelace.example", password });
  await take(who, "POST", at("address/verify"), { token: await mails.tokenFor("ada@lovelace.example") });
  await take(who, "POST", at("address/verify"), { token: "usr_1.x" });
  await take(who, "POST", at("password"), { current: password, next: "nine loud herons sleeping" });
  await take(who, "POST", at("password"), { current: password, next: "x" });
  await take(other, "POST", at("password/forgotten"), { email: "ada@lovelace.example" });
  await take(other, "POST", at("password/reset"), { token: await mails.tokenFor("ada@lovelace.example"), password });
  await take(other, "POST", at("password/reset"), { token: "usr_1.x", password });
  await control.call("POST", "/v1/members", {
    ...{ email: "new@people.example", name: "New", role: "support", tenantId, invite: true },
  });
  await take(other, "POST", at("invitation"), { token: await mails.tokenFor("new@people.example") });
  await take(other, "POST", at("invitation/accept"), { token: "ten_1.mbr_1.x", password });
  const of = { email: "of@people.example", role: "owner", accountId: String(operator) };
  const { who: above } = await newPerson(control, mails, of);
  await take(above, "POST", at("session/impersonation"), { tenantId, role: "admin" });
  await take(above, "POST", at("session/impersonation"), { tenantId: "ten_1", role: "admin" });
  await take(above, "DELETE", at("session/impersonation"));
  await take(other, "POST", at("sso"), { email: "ada@sso.example" });
  const sso = { issuer: provider.issuer, clientId: "dialplane", clientSecret: provider.client.secret };
  await control.call("PUT", `/v1/accounts/${operator}/sso`, { ...sso, domains: ["sso.example"] });
  provider.says = { email: "ada@sso.example" };
  const sent = (await take(other, "POST", at("sso"), { email: "ada@sso.example" })).body;
  const query = provider.authorize(String(sent.url)).search.slice(1);
  await take(visitor(control), "POST", at("sso/finish"), { token: sent.token, query });
  await take(visitor(control), "POST", at("sso/finish"), { token: sent.token, query });
  await take(visitor(control), "POST", at("sign-in"), { email: "ada@sso.example", password });
  await take(other, "GET", at("brand"));
  await take(other, "GET", at("sign-up/templates"));
  await take(other, "POST", at("sign-up"), { email: "x" });
  await control.call("PUT", `/v1/accounts/${operator}/brand`, { name: "Direct", signUp: {} });
  const signUp = { email: "eve@people.example", password, name: "Eve", company: "Evening" };
  await take(other, "POST", at("sign-up"), signUp);
  await take(other, "POST", at("sign-up/verify"), { token: await mails.tokenFor(signUp.email) });
  await take(other, "POST", at("sign-out"));
  const foreign = await other.call("POST", at("sign-out"), undefined, { "sec-fetch-site": "cross-site" });
  reference.expectAsDocumented(`post ${at("sign-out")}`, foreign);
  expect([...walked].sort()).toEqual(routes.map(nameOf).sort());
}, 60_000);
