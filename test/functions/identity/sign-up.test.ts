// Signing up: an account's brand says who may and what comes of it; nothing is there before an address is proven, and then all of it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contrast } from "../../../core/contrast.ts";
import { lentDays, sweepTrials } from "../../../functions/identity/trial.ts";
import { type Reply, type TestControl, testControl } from "../../support/control.ts";
import { type Reference, readReference } from "../../support/reference.ts";
import { goodPassword, mailbox, type Visitor, visitor } from "../../support/visitor.ts";

let control: TestControl;
let reference: Reference;
let operator: string;
const mails = mailbox();
beforeAll(async () => {
  control = await testControl({
    mailer: mails.mailer,
    trustedProxies: ["127.0.0.1"],
    rateLimit: { quota: 100_000, windowSeconds: 60 },
  });
  reference = await readReference(control);
  operator = String((await control.call("GET", "/v1/me")).body.accountId);
});
afterAll(() => control.stop());

let count = 0;
const email = (): string => `s${++count}@domain${count}.example`;
const elsewhere = () => ({ "x-forwarded-for": `203.${++count & 255}.113.9` });
const brand = (account: string, body: object): Promise<Reply> =>
  control.call("PUT", `/v1/accounts/${account}/brand`, body);
async function reseller(name: string, settings: object, more = {}) {
  const { body } = await control.call("POST", "/v1/accounts", { name, country: "FR", language: "fr" });
  const domain = `voice${++count}.example`;
  const document = { extensions: [{ number: "1001" }, { number: "1002" }] };
  const made = await control.call("POST", `/v1/accounts/${body.id}/templates`, { name: "Office", document });
  expect(made.status, made.text).toBe(201);
  const set = await brand(String(body.id), { name, domain, signUp: settings, ...more });
  expect(set.status, set.text).toBe(200);
  return { id: String(body.id), domain };
}
const ask = (host: string, body: object, who = visitor(control), headers = elsewhere()): Promise<Reply> =>
  who.call(
    "POST",
    "/v1/identity/sign-up",
    { password: goodPassword, name: "Ada", company: "Ada & Sons", ...body },
    {
      ...headers,
      "x-forwarded-host": host,
    },
  );
const verify = async (token: string, who: Visitor = visitor(control)): Promise<Reply> => {
  const reply = await who.call("POST", "/v1/identity/sign-up/verify", { token }, elsewhere());
  reference.expectAsDocumented("post /v1/identity/sign-up/verify", reply);
  return reply;
};

describe("a sign-up", () => {
  test("makes a tenant of the template with its owner signed in, once its address is proven, and once alone", async () => {
    const { id: account, domain } = await reseller("Voice", { templates: ["Office"] });
    const offered = await visitor(control).call("GET", "/v1/identity/sign-up/templates", undefined, {
      "x-forwarded-host": domain,
    });
    expect(offered.body.data).toEqual([{ name: "Office", description: "", contents: { extensions: 2 } }]);
    const to = email();
    const told = await ask(domain, { email: to });
    expect(told.status, told.text).toBe(204);
    const mail = await mails.next(to);
    expect([mail.sender, /https:\/\/([^/]+)\//.exec(mail.text)?.[1]]).toEqual(["Voice", domain]);
    const tenants = async () =>
      (await control.call("GET", `/v1/accounts/${account}/tenants`)).body.data as unknown as {
        id: string;
        name: string;
      }[];
    expect(await tenants()).toEqual([]);
    const token = /#(\S+)/.exec(mail.text)?.[1] ?? "";
    const who = visitor(control);
    const replies = await Promise.all([verify(token, who), verify(token)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 410]);
    const [tenant, ...more] = await tenants();
    expect([tenant?.name, more]).toEqual(["Ada & Sons", []]);
    const winner = who.token === null ? await signIn(to) : who;
    expect((await winner.call("GET", "/v1/me")).body).toMatchObject({
      tenantId: tenant?.id,
      member: { role: "owner" },
    });
    const { data } = (await winner.call("GET", `/v1/tenants/${tenant?.id}/extensions`)).body as unknown as { data: [] };
    expect(data).toHaveLength(2);
    expect((await winner.call("GET", `/v1/tenants/${tenant?.id}`)).body).toMatchObject({
      country: "FR",
      accountId: account,
    });
    const [change] = (await winner.call("GET", `/v1/tenants/${tenant?.id}/changes`)).body.data as unknown as object[];
    expect(change).toMatchObject({ summary: "sign up Ada & Sons", actor: { type: "person", name: "Ada" } });
  });
  const signIn = async (to: string): Promise<Visitor> => {
    const who = visitor(control);
    await who.call("POST", "/v1/identity/sign-in", { email: to, password: goodPassword }, elsewhere());
    return who;
  };

  test("is answered alike for who has an account already, who is told by mail, and nothing is made", async () => {
    const { id: account, domain } = await reseller("Alike", {});
    const to = email();
    await ask(domain, { email: to });
    expect((await verify(await mails.tokenFor(to))).status).toBe(200);
    const [again, fresh] = [
      await ask(domain, { email: to, company: "Another" }),
      await ask(domain, { email: email() }),
    ];
    expect([again.status, again.text]).toEqual([fresh.status, fresh.text]);
    expect((await mails.next(to)).subject).toBe("You have an account already");
    const { data } = (await control.call("GET", `/v1/accounts/${account}/tenants`)).body as unknown as { data: [] };
    expect(data).toHaveLength(1);
  });

  test("waits for approval where the account reviews, and is refused or approved there alone", async () => {
    const { id: account, domain } = await reseller("Careful", { review: true });
    const other = await reseller("Other", {});
    const [first, second] = [email(), email()];
    for (const to of [first, second]) {
      await ask(domain, { email: to, company: `Of ${to}` });
      const reply = await verify(await mails.tokenFor(to));
      expect([reply.status, reply.body]).toEqual([202, { review: true }]);
    }
    const path = `/v1/accounts/${account}/sign-ups`;
    const list = await control.call("GET", path);
    reference.expectAsDocumented("get /v1/accounts/{account}/sign-ups", list);
    expect(list.text).not.toContain("argon2");
    const waiting = list.body.data as unknown as { id: string; email: string }[];
    expect(waiting.map((one) => one.email)).toEqual([first, second]);
    expect((await control.call("POST", `/v1/accounts/${other.id}/sign-ups/${waiting[0]?.id}/approve`)).status).toBe(
      404,
    );
    const approved = await control.call("POST", `${path}/${waiting[0]?.id}/approve`);
    reference.expectAsDocumented("post /v1/accounts/{account}/sign-ups/{id}/approve", approved);
    expect(approved.status, approved.text).toBe(200);
    expect((await mails.next(first)).subject).toBe("Your phone system is there");
    expect((await (await signIn(first)).call("GET", "/v1/me")).body.tenantId).toBe(approved.body.tenantId);
    expect((await control.call("DELETE", `${path}/${waiting[1]?.id}`)).status).toBe(204);
    expect((await (await signIn(second)).call("GET", "/v1/identity/session")).body.person).toBeNull();
    expect((await control.call("GET", path)).body.data).toEqual([]);
  });

  test("lends a free number, which goes back after 14 days unless it is to stay", async () => {
    const { id: account, domain } = await reseller("Lender", { areaPrefix: "+1555777" });
    for (const number of ["+15557770001", "+15557770002"])
      await control.call("POST", `/v1/accounts/${account}/phone-numbers`, { number });
    const tenants: string[] = [];
    const second = email();
    for (const to of [email(), second, email()]) {
      await ask(domain, { email: to });
      const reply = await verify(await mails.tokenFor(to));
      tenants.push(String((reply.body.member as unknown as { tenantId: string }).tenantId));
    }
    const numbers = async (tenant: string | undefined) =>
      (
        (await control.call("GET", `/v1/tenants/${tenant}/phone-numbers`)).body.data as unknown as { number: string }[]
      ).map(({ number }) => number);
    const all = await Promise.all(tenants.map(numbers));
    expect(all).toEqual([["+15557770001"], ["+15557770002"], []]);
    const trial = await control.call("GET", `/v1/tenants/${tenants[0]}/trial`);
    reference.expectAsDocumented("get /v1/tenants/{tenant}/trial", trial);
    expect(trial.body.number).toBe("+15557770001");
    const onTrial = async (tenant: string | undefined) => {
      const { limits } = (await control.call("GET", `/v1/tenants/${tenant}/limits`)).body as unknown as {
        limits: Record<string, { value: unknown } | null>;
      };
      return ["onlyNumbers", "concurrentCalls", "minutesPerDay"].map((name) => limits[name]?.value);
    };
    expect(await onTrial(tenants[1])).toEqual([[], 2, 60]);
    const owner = visitor(control);
    await owner.call("POST", "/v1/identity/sign-in", { email: second, password: goodPassword }, elsewhere());
    expect((await owner.call("DELETE", `/v1/tenants/${tenants[1]}/trial`)).body.code).toBe("forbidden");
    expect((await owner.call("DELETE", `/v1/tenants/${tenants[1]}/limits`)).status).toBe(200);
    expect(await onTrial(tenants[1])).toEqual([[], 2, 60]);
    expect((await control.call("DELETE", `/v1/tenants/${tenants[1]}/trial`)).status).toBe(204);
    expect(await onTrial(tenants[1])).toEqual([undefined, undefined, undefined]);
    expect((await control.call("GET", `/v1/tenants/${tenants[1]}/trial`)).body.active).toBe(false);
    const later = { ...control.ctx, now: () => new Date(Date.now() + (lentDays + 1) * 86_400_000) };
    await sweepTrials(control.ctx);
    expect(await numbers(tenants[0])).toEqual(["+15557770001"]);
    await sweepTrials(later);
    expect(await Promise.all(tenants.map(numbers))).toEqual([[], ["+15557770002"], []]);
    const inventory = await control.call("GET", `/v1/accounts/${account}/phone-numbers/+15557770001`);
    expect(inventory.body.assignedTo).toBeNull();
    expect((await control.call("GET", `/v1/tenants/${tenants[0]}/trial`)).body).toEqual({
      ...{ active: true, number: null, until: null },
    });
  });

  test("is refused where there is none, with what is wrong, and too often from one network", async () => {
    const { domain } = await reseller("Strict", { templates: ["Office"] });
    expect((await ask("nobody.example", { email: email() })).body.code).toBe("conflict");
    for (const [body, pointer] of [
      [{ email: "x@mailinator.com" }, "/email"],
      [{ email: email(), template: "Nothing" }, "/template"],
      [{ email: email(), password: "password" }, "/password"],
      [{ email: email(), company: "Rowing Otters", password: "rowingotters 99 x" }, "/password"],
      [{ email: email(), company: "" }, "/company"],
    ] as const)
      expect((await ask(domain, body)).body.errors, JSON.stringify(body)).toMatchObject([{ pointer }]);
    const statuses: number[] = [];
    for (let other = 1; other <= 22; other++) {
      const headers = { "x-forwarded-for": `198.18.7.${other}` };
      statuses.push((await ask(domain, { email: email() }, visitor(control), headers)).status);
    }
    expect([statuses[0], statuses.at(-1)]).toEqual([204, 429]);
  });
});

describe("a brand", () => {
  test("is shown at its domain, the operator's elsewhere, and without sign-up's inner settings", async () => {
    const { domain } = await reseller("Shown", { templates: ["Office"], plan: null }, { color: "#0b6e4f" });
    const at = async (host: string) =>
      (await visitor(control).call("GET", "/v1/identity/brand", undefined, { "x-forwarded-host": host })).body;
    expect(await at(domain)).toEqual({
      ...{ name: "Shown", logo: null, color: "#0b6e4f" },
      signUp: { templates: ["Office"], review: false },
    });
    expect(await at(`${domain.toUpperCase()}:443`)).toMatchObject({ name: "Shown" });
    for (const host of ["nobody.example", "", "a\\b", "x".repeat(300)])
      expect(await at(host)).toEqual({ name: "Dialplane", logo: null, color: null, signUp: null });
    expect((await brand(operator, { name: "Direct" })).status).toBe(200);
    expect(await at("nobody.example")).toMatchObject({ name: "Direct" });
    expect((await control.call("DELETE", `/v1/accounts/${operator}/brand`)).status).toBe(204);
    expect(await at("nobody.example")).toMatchObject({ name: "Dialplane" });
  });

  test("has a domain that is one account's alone and is proven, a picture that is one, a colour that can be read", async () => {
    const { domain } = await reseller("First", {});
    const { body: second } = await control.call("POST", "/v1/accounts", { name: "Second" });
    expect((await brand(String(second.id), { name: "x", domain })).body.code).toBe("taken");
    const { key } = (await control.call("POST", "/v1/api-keys", { name: "k", scopes: ["*"], accountId: second.id }))
      .body;
    const own = await control.call(
      "PUT",
      `/v1/accounts/${second.id}/brand`,
      { name: "x", domain: "x.example" },
      { key: String(key) },
    );
    expect(own.body.record).toMatchObject({ type: "TXT", name: "_dialplane.x.example" });
    for (const [field, value] of [
      ["color", "#eeeeee"],
      ["color", "red"],
      ["logo", "https://evil.example/x.png"],
      ["logo", "data:text/html;base64,PGI+"],
      ["name", ""],
    ])
      expect((await brand(String(second.id), { name: "x", [String(field)]: value })).body.errors).toMatchObject([
        { pointer: `/${field}` },
      ]);
    expect([contrast("#000000", "#ffffff"), contrast("#ffffff", "#ffffff")]).toEqual([21, 1]);
  });

  test("names mails of all below it, and a forgotten password's by where it was asked for", async () => {
    const { id: account, domain } = await reseller("Namer", {}, { replyTo: "help@namer.example" });
    const { body: below } = await control.call("POST", "/v1/accounts", { name: "Below", accountId: account });
    const { body: tenant } = await control.call("POST", "/v1/tenants", { name: "T", accountId: below.id });
    const to = email();
    await control.call("POST", "/v1/members", {
      email: to,
      name: "Ada",
      role: "owner",
      tenantId: tenant.id,
      invite: true,
    });
    const mail = await mails.next(to);
    expect(mail).toMatchObject({ sender: "Namer", replyTo: "help@namer.example" });
    expect(mail.text).toContain(`https://${domain}/accept#`);
    const token = /#(\S+)/.exec(mail.text)?.[1];
    await visitor(control).call(
      "POST",
      "/v1/identity/invitation/accept",
      { token, password: goodPassword },
      elsewhere(),
    );
    const forgotten = (host: string) =>
      visitor(control).call(
        "POST",
        "/v1/identity/password/forgotten",
        { email: to },
        { ...elsewhere(), "x-forwarded-host": host },
      );
    await forgotten(domain);
    expect((await mails.next(to)).text).toContain(`https://${domain}/reset#`);
    await forgotten("evil.example");
    expect((await mails.next(to)).text).toContain(`${control.url}/reset#`);
  });
});
