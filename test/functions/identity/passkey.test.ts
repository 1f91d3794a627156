// Passkeys: made, named and removed, signed in by alone and as a second factor; and what a passkey is refused for.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authenticator } from "../../support/authenticator.ts";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { goodPassword, mailbox, newPerson, type Visitor, visitor } from "../../support/visitor.ts";

let control: TestControl;
let origin: string;
const mails = mailbox();
let ahead = 0;
beforeAll(async () => {
  control = await testControl({ mailer: mails.mailer, trustedProxies: ["127.0.0.1"] });
  control.ctx.now = () => new Date(Date.now() + ahead);
  origin = control.url.replace("127.0.0.1", "localhost");
});
afterAll(() => control.stop());

type Options = {
  challenge: string;
  rp: { id: string };
  user: { id: string; name: string };
  allowCredentials: object[];
};
let count = 0;
/** Asks as a page at `localhost` does, or at another host. */
const ask = (who: Visitor, method: string, path: string, body?: unknown, host = new URL(origin).host) =>
  who.call(method, `/v1/identity/${path}`, body, {
    "x-forwarded-for": `198.51.100.${++count % 250}`,
    "x-forwarded-host": host,
  });
const optionsOf = (reply: Reply): Options => {
  expect(reply.status, reply.text).toBe(200);
  return reply.body.options as unknown as Options;
};
async function somebody() {
  const { id: tenantId } = await newTenant(control);
  const email = `p${++count}@people.example`;
  return { ...(await newPerson(control, mails, { email, role: "owner", tenantId })), email, tenantId };
}
async function withPasskey(who: Visitor, name = "Laptop") {
  const key = authenticator(origin);
  const options = optionsOf(await ask(who, "POST", "passkeys/options"));
  const made = await ask(who, "POST", "passkeys", { name, response: key.create(options) });
  expect(made.status, made.text).toBe(201);
  const { passkey, codes } = made.body as unknown as { passkey: { id: string }; codes: string[] | null };
  return { key, options, id: passkey.id, codes };
}
const toSign = async (who: Visitor, token?: string) =>
  optionsOf(await ask(who, "POST", "sign-in/passkey/options", token === undefined ? {} : { token }));
const signIn = (who: Visitor, response: unknown, token?: string) =>
  ask(who, "POST", "sign-in/passkey", { response, ...(token !== undefined && { token }) });

test("one is made, signs in alone and as a second factor, is named, and is removed with all sessions that it began", async () => {
  const { who, email } = await somebody();
  const { key, options, id, codes } = await withPasskey(who);
  expect(codes).toHaveLength(10);
  expect((await mails.next(email)).subject).toBe("A passkey was added");
  // the handle, which authenticators keep in the open, tells nothing of whose it is
  expect(Buffer.from(options.user.id, "base64url").toString()).toMatch(/^usr_[0-9A-Z]{26}$/);
  const alone = visitor(control);
  const asked = await toSign(alone);
  expect(asked.allowCredentials).toEqual([]);
  expect((await signIn(alone, key.get(asked))).status).toBe(200);
  expect((await alone.call("GET", "/v1/me")).status).toBe(200);

  const stepped = visitor(control);
  const begun = await ask(stepped, "POST", "sign-in", { email, password: goodPassword });
  const { half } = begun.body as unknown as { half: { token: string; ways: string[] } };
  expect([begun.status, half.ways]).toEqual([202, ["passkey", "recovery-code"]]);
  const own = await toSign(stepped, half.token);
  expect(own.allowCredentials).toMatchObject([{ id: key.id }]);
  const other = await withPasskey((await somebody()).who);
  expect((await signIn(stepped, other.key.get(await toSign(stepped, half.token)), half.token)).status).toBe(401);
  expect((await signIn(stepped, key.get(own), half.token)).status).toBe(200);

  expect((await ask(who, "PATCH", `passkeys/${id}`, { name: "Phone" })).body).toMatchObject({ name: "Phone" });
  expect((await ask(who, "GET", "security")).body).toMatchObject({
    passkeys: [{ id, name: "Phone", site: new URL(origin).hostname }],
  });
  ahead += 11 * 60_000;
  expect((await ask(who, "DELETE", `passkeys/${id}`)).body.code).toBe("proof_needed");
  expect((await ask(who, "POST", "proof", { passkey: other.key.get(await toSign(who)) })).body.code).toBe(
    "passkey_refused",
  );
  expect((await ask(who, "POST", "proof", { passkey: key.get(await toSign(who)) })).status).toBe(204);
  expect((await ask(who, "DELETE", `passkeys/${id}`)).status).toBe(204);
  expect((await mails.next(email)).text).toContain("“Phone” signs in as you no more");
  expect((await alone.call("GET", "/v1/me")).status).toBe(401);
  expect((await signIn(visitor(control), key.get(await toSign(visitor(control))))).body.code).toBe("passkey_refused");
  expect((await ask(visitor(control), "POST", "sign-in", { email, password: goodPassword })).status).toBe(200);
});

describe("a passkey is refused, and always by the same words,", () => {
  let mine: Awaited<ReturnType<typeof withPasskey>>;
  let refused: string;
  const bare = ({ text }: Reply): string => text.replaceAll(/req_[0-9A-Z]{26}/g, "<request>");
  beforeAll(async () => {
    mine = await withPasskey((await somebody()).who);
    const unknown = authenticator(origin);
    unknown.handle = mine.key.handle;
    const reply = await signIn(visitor(control), unknown.get(await toSign(visitor(control))));
    expect([reply.status, reply.body.code]).toEqual([401, "passkey_refused"]);
    refused = bare(reply);
  });

  test.each([
    ["of another page", { origin: "https://evil.example" }],
    ["for another site", { site: "evil.example" }],
    ["without finger, face or PIN", { verified: false }],
    ["with a counter that falls back", { counter: 0 }],
    ["with a challenge that is none of ours", { challenge: Buffer.from("x".repeat(32)).toString("base64url") }],
    ["that was made and not signed", { type: "webauthn.create" }],
  ])("%s", async (_, wrong) => {
    const who = visitor(control);
    const reply = await signIn(who, mine.key.get(await toSign(who), wrong));
    expect([bare(reply), who.token]).toEqual([refused, null]);
  });

  test("sent twice, signed by another key, for nobody, late, or after its owner's challenge was for another", async () => {
    const who = visitor(control);
    const good = mine.key.get(await toSign(who));
    expect((await signIn(visitor(control), good)).status).toBe(200);
    expect(bare(await signIn(who, good))).toBe(refused);
    const other = authenticator(origin).get(await toSign(who));
    const forged = { ...other, id: mine.key.id, rawId: mine.key.id };
    expect(bare(await signIn(who, { ...forged, response: { ...other.response, userHandle: mine.key.handle } }))).toBe(
      refused,
    );
    for (const userHandle of ["", Buffer.from("usr_01ARZ3NDEKTSV4RRFFQ69G5FAV").toString("base64url"), "%%"]) {
      const { response, ...rest } = mine.key.get(await toSign(who));
      expect(bare(await signIn(who, { ...rest, response: { ...response, userHandle } }))).toBe(refused);
    }
    const late = mine.key.get(await toSign(who));
    ahead += 6 * 60_000;
    expect(bare(await signIn(who, late))).toBe(refused);
    const { who: theirs } = await somebody();
    const options = optionsOf(await ask(theirs, "POST", "passkeys/options"));
    const { who: another } = await somebody();
    const made = await ask(another, "POST", "passkeys", { name: "x", response: authenticator(origin).create(options) });
    expect(made.body.code).toBe("passkey_refused");
  });

  test("at a host that it was not made for; an account's own domain has its own", async () => {
    const operator = (await control.call("GET", "/v1/me")).body.accountId;
    const brand = { name: "Acme Voice", domain: "pbx.acme.example" };
    expect((await control.call("PUT", `/v1/accounts/${operator}/brand`, brand)).status).toBe(200);
    const at = "pbx.acme.example";
    const asked = optionsOf(await ask(visitor(control), "POST", "sign-in/passkey/options", {}, at)) as Options & {
      rpId: string;
    };
    expect(asked.rpId).toBe(at);
    const response = mine.key.get(asked, { origin: `https://${at}` });
    expect(bare(await ask(visitor(control), "POST", "sign-in/passkey", { response }, at))).toBe(refused);
    const { who } = await somebody();
    const key = authenticator(`https://${at}`);
    const options = optionsOf(await ask(who, "POST", "passkeys/options", undefined, at));
    expect((await ask(who, "POST", "passkeys", { name: "x", response: key.create(options) }, at)).status).toBe(201);
    const again = optionsOf(await ask(visitor(control), "POST", "sign-in/passkey/options", {}, at));
    expect((await ask(visitor(control), "POST", "sign-in/passkey", { response: key.get(again) }, at)).status).toBe(200);
  });

  test("at a bare address there is none", async () => {
    const { who } = await somebody();
    expect((await ask(who, "POST", "passkeys/options", undefined, "127.0.0.1")).body.code).toBe("conflict");
  });
});
