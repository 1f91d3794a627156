// Single sign-on: by the word of an account's identity provider, for mail of its own domains alone, and no further than the account.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { type Provider, type Says, startProvider } from "../../support/provider.ts";
import { goodPassword, mailbox, newPerson, type Visitor, visitor } from "../../support/visitor.ts";

let control: TestControl;
let provider: Provider;
const mails = mailbox();
const records = new Map<string, string>();
let ahead = 0;
beforeAll(async () => {
  provider = await startProvider();
  control = await testControl({
    ...{ mailer: mails.mailer, trustedProxies: ["127.0.0.1"], webhookAllow: ["127.0.0.1"] },
    domains: async (name) => [records.get(name) ?? ""],
    resolve: async () => ["10.1.2.3"],
  });
  control.ctx.now = () => new Date(Date.now() + ahead);
});
afterAll(async () => {
  await provider.stop();
  await control.stop();
});
beforeEach(() => {
  provider.says = {};
  provider.metadata = {};
});

let count = 0;
const ask = (who: Visitor, method: string, path: string, body?: unknown): Promise<Reply> =>
  who.call(method, `/v1/identity/${path}`, body, { "x-forwarded-for": `198.51.100.${++count % 250}` });
const settingsOf = (domain: string, more: object = {}) => ({
  ...{ issuer: provider.issuer, clientId: provider.client.id, clientSecret: provider.client.secret },
  ...{ domains: [domain], role: "support", ...more },
});
/** An account with single sign-on for a domain of its own. */
async function company(more: object = {}) {
  const domain = `c${++count}.example`;
  const { body } = await control.call("POST", "/v1/accounts", { name: `Company ${count}` });
  const path = `/v1/accounts/${body.id}`;
  const set = await control.call("PUT", `${path}/sso`, settingsOf(domain, more));
  expect(set.status, set.text).toBe(200);
  return { accountId: String(body.id), path, domain };
}
async function begin(who: Visitor, email: string): Promise<{ url: string; token: string }> {
  const reply = await ask(who, "POST", "sso", { email });
  expect(reply.status, reply.text).toBe(200);
  return reply.body as unknown as { url: string; token: string };
}
const finish = (who: Visitor, token: string, back: URL): Promise<Reply> =>
  ask(who, "POST", "sso/finish", { token, query: back.search.slice(1) });
async function signIn(who: Visitor, email: string, says: Says = {}): Promise<Reply> {
  provider.says = { sub: email, email, name: "Ada", ...says };
  const { url, token } = await begin(who, email);
  return finish(who, token, provider.authorize(url));
}

test("whoever comes for the first time becomes a member with the account's role, and is the same the next time", async () => {
  const { accountId, domain } = await company();
  const who = visitor(control);
  const email = `ada@${domain}`;
  const first = await signIn(who, email.toUpperCase());
  expect([first.status, first.body], first.text).toMatchObject([
    200,
    { person: { email, name: "Ada" }, member: { accountId, role: "support" } },
  ]);
  expect((await who.call("GET", "/v1/me")).body).toMatchObject({ accountId, member: { role: "support" } });
  const again = visitor(control);
  expect((await signIn(again, email.toUpperCase())).body.person).toEqual(first.body.person);
  const { data } = (await control.call("GET", `/v1/members?accountId=${accountId}`)).body as unknown as {
    data: object[];
  };
  expect(data).toMatchObject([{ email, role: "support" }]);
  const audit = (await control.call("GET", `/v1/audit?accountId=${accountId}`)).body as unknown as {
    data: { route: string }[];
  };
  expect(audit.data.filter(({ route }) => route === "/v1/identity/sso/finish")).toHaveLength(1);
  // his provider signs him in; what he signs in with is not changed by its word
  expect((await ask(who, "POST", "totp")).body.code).toBe("proof_needed");
  expect((await ask(who, "POST", "sign-out")).status).toBe(204);
  expect((await who.call("GET", "/v1/me")).status).toBe(401);
});

test("who was invited, or has an account already, comes in as himself, and no further than the account and what is below", async () => {
  const { accountId, domain } = await company();
  const email = `grace@${domain}`;
  const { id: elsewhere } = await newTenant(control, { name: "Elsewhere" });
  await newPerson(control, mails, { email, role: "owner", tenantId: elsewhere });
  const { id: below } = await newTenant(control, { name: "Below", accountId });
  await newPerson(control, mails, { email: `x@${domain}`, role: "owner", tenantId: below });
  await control.call("POST", "/v1/members", { email, name: "Grace", role: "admin", accountId });
  const who = visitor(control);
  const { body } = await signIn(who, email);
  expect(body).toMatchObject({ member: { accountId, role: "admin" } });
  expect((body.members as unknown as { place: string }[]).map(({ place }) => place)).not.toContain("Elsewhere");
  expect((await ask(who, "GET", "session")).body.members).toHaveLength(1);
  const member = (await control.call("GET", `/v1/members?tenantId=${elsewhere}`)).body as unknown as {
    data: { id: string }[];
  };
  expect((await ask(who, "POST", "session/member", { memberId: member.data[0]?.id })).status).toBe(404);
  // by his password he is everywhere
  const free = visitor(control);
  const signed = await ask(free, "POST", "sign-in", { email, password: goodPassword });
  expect(signed.body.members).toHaveLength(2);
});

describe("nobody comes in", () => {
  test.each<[string, Says]>([
    ["with another's nonce", { nonce: "another" }],
    ["from another issuer", { iss: "https://evil.example" }],
    ["by a token for another", { aud: "another" }],
    ["by a token that is over", { lasts: -3600 }],
    ["by a token that another signed", { forged: true }],
    ["with an address that is not verified", { email_verified: false }],
    ["with an address that is verified by a word alone", { email_verified: "true" }],
    ["without an address", { email: null }],
    ["with an address of another domain", { email: "ada@elsewhere.example" }],
    ["with what only looks like an address of the domain", { email: "ada@elsewhere.example@c.example" }],
  ])("%s", async (_, says) => {
    const { domain } = await company();
    const who = visitor(control);
    const reply = await signIn(who, `ada@${domain}`, says);
    expect([reply.status, reply.body.code, who.token], reply.text).toEqual([401, "sso_refused", null]);
  });

  test("with another state, another's answer, an answer that was used, a browser that did not begin, or late", async () => {
    const { domain } = await company();
    const email = `ada@${domain}`;
    provider.says = { sub: email, email };
    const refused = async (token: string, back: URL): Promise<void> => {
      const who = visitor(control);
      const reply = await finish(who, token, back);
      expect([reply.status, reply.body.code, who.token], reply.text).toEqual([401, "sso_refused", null]);
    };
    const one = await begin(visitor(control), email);
    const other = await begin(visitor(control), email);
    await refused(one.token, provider.authorize(other.url));
    // a token that was tried is spent
    await refused(one.token, provider.authorize(one.url));
    const stated = await begin(visitor(control), email);
    const back = provider.authorize(stated.url);
    back.searchParams.set("state", "another");
    await refused(stated.token, back);
    const good = await begin(visitor(control), email);
    const answer = provider.authorize(good.url);
    expect((await finish(visitor(control), good.token, answer)).status).toBe(200);
    await refused(good.token, answer);
    await refused((await begin(visitor(control), email)).token, answer);
    await refused("x", answer);
    const late = await begin(visitor(control), email);
    ahead += 16 * 60_000;
    await refused(late.token, provider.authorize(late.url));
  });

  test("by the word of another company's provider, whose address the same one names", async () => {
    const [mine, theirs] = [await company(), await company()];
    const reply = await signIn(visitor(control), `ada@${theirs.domain}`, { email: `ada@${mine.domain}` });
    expect(reply.body.code).toBe("sso_refused");
  });
});

test("where it is required neither password nor passkey signs in, whether or not somebody has the address", async () => {
  const { path, domain } = await company();
  const email = `ada@${domain}`;
  const { id: tenantId } = await newTenant(control);
  await newPerson(control, mails, { email, role: "owner", tenantId });
  const tries = async (to: string) => {
    const { status, body } = await ask(visitor(control), "POST", "sign-in", { email: to, password: goodPassword });
    return [status, body.code];
  };
  expect((await tries(email))[0]).toBe(200);
  const { clientSecret: _, ...settings } = settingsOf(domain, { required: true });
  expect((await control.call("PUT", `${path}/sso`, settings)).status).toBe(200);
  expect(await tries(email)).toEqual([403, "sso_required"]);
  expect(await tries(`nobody@${domain}`)).toEqual([403, "sso_required"]);
  expect((await signIn(visitor(control), email)).status).toBe(200);
  expect((await control.call("DELETE", `${path}/sso`)).status).toBe(204);
  expect((await tries(email))[0]).toBe(200);
  expect((await ask(visitor(control), "POST", "sso", { email })).body.errors).toMatchObject([{ pointer: "/email" }]);
});

describe("the settings", () => {
  test("take a domain that DNS shows to be the account's, and no other account has; a role that is no wider; never in a sandbox", async () => {
    const { body } = await control.call("POST", "/v1/accounts", { name: "Reseller", sipZone: "reseller.example" });
    const path = `/v1/accounts/${body.id}/sso`;
    const { body: minted } = await control.call("POST", "/v1/api-keys", {
      name: "k",
      scopes: ["*"],
      accountId: body.id,
    });
    const put = (settings: object) => control.call("PUT", path, settings, { key: String(minted.key) });
    // under the account's own SIP zone too: mail is another thing
    for (const domain of ["mail.example", "phones.reseller.example"]) {
      const refused = await put(settingsOf(domain));
      expect([refused.status, refused.body.code]).toEqual([409, "conflict"]);
      const { name, value } = refused.body.record as unknown as { name: string; value: string };
      records.set(name, value);
      expect((await put(settingsOf(domain))).status).toBe(200);
    }
    const { domain } = await company();
    records.set(`_dialplane.${domain}`, "dialplane=x");
    expect((await put(settingsOf(domain))).body.code).toBe("conflict");
    expect((await control.call("PUT", path, settingsOf(domain))).body.code).toBe("taken");
    expect((await control.call("PUT", path, settingsOf("gmail.com"))).body.errors).toMatchObject([
      { pointer: "/domains/0" },
    ]);
    const narrow = await control.call("POST", "/v1/api-keys", {
      name: "k",
      scopes: ["accounts:write"],
      accountId: body.id,
    });
    const wide = await control.call("PUT", path, settingsOf("mail.example"), { key: String(narrow.body.key) });
    expect(wide.body.errors).toMatchObject([{ pointer: "/role" }]);
    const { body: sandbox } = await control.call("POST", "/v1/accounts", { name: "Played", sandbox: true });
    expect((await control.call("PUT", `/v1/accounts/${sandbox.id}/sso`, settingsOf("played.example"))).body.code).toBe(
      "conflict",
    );
  });

  test("never show the secret, keep it sealed, and keep it where none is sent", async () => {
    const { path, domain, accountId } = await company();
    const shown = await control.call("GET", `${path}/sso`);
    expect(shown.body).toEqual({
      ...{ issuer: provider.issuer, clientId: "dialplane", domains: [domain], role: "support", required: false },
      redirectUri: `${control.url}/sso`,
    });
    const item = await control.ctx.store.get({ pk: `A#${accountId}`, sk: "SSO" });
    const sealed = await control.ctx.store.get({ pk: `A#${accountId}`, sk: `S#${item?.secret}` });
    expect(Buffer.from(sealed?.sealed as Uint8Array).includes(provider.client.secret)).toBe(false);
    const { clientSecret: _, ...rest } = settingsOf(domain, { role: "billing" });
    expect((await control.call("PUT", `${path}/sso`, rest)).status).toBe(200);
    expect((await signIn(visitor(control), `ada@${domain}`)).body).toMatchObject({ member: { role: "billing" } });
    expect(provider.refused).toEqual([]);
  });

  test("lead us to no address of our own network, over no plain http, and a browser to no script", async () => {
    const { path, domain } = await company();
    const put = (issuer: string) => control.call("PUT", `${path}/sso`, settingsOf(domain, { issuer }));
    for (const issuer of [
      "http://login.example",
      "https://10.0.0.1",
      "https://[::1]",
      "https://169.254.169.254/x",
      "https://intranet",
      "ftp://a.example",
    ])
      expect((await put(issuer)).body.errors, issuer).toMatchObject([{ pointer: "/issuer" }]);
    // a name that leads there is refused when it is asked
    expect((await put("https://login.example")).status).toBe(200);
    const to = () => ask(visitor(control), "POST", "sso", { email: `ada@${domain}` });
    expect((await to()).body.code).toBe("unavailable");
    expect((await put(provider.issuer)).status).toBe(200);
    for (const metadata of [
      { authorization_endpoint: "javascript:alert(1)//" },
      { authorization_endpoint: undefined },
      { issuer: "https://evil.example" },
    ]) {
      provider.metadata = metadata;
      expect((await to()).body.code, JSON.stringify(metadata)).toBe("unavailable");
    }
    provider.metadata = {};
    // the token endpoint is an address like any other
    const begun = await begin(visitor(control), `ada@${domain}`);
    provider.metadata = { token_endpoint: "http://10.1.2.3/token" };
    expect((await finish(visitor(control), begun.token, provider.authorize(begun.url))).body.code).toBe("sso_refused");
  });
});
