// Sessions: a person's cookie does what a member may, from the console's own pages alone, and ends at once.
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { goodPassword, mailbox, newPerson, visitor } from "../../support/visitor.ts";

let control: TestControl;
const mails = mailbox();
beforeAll(async () => {
  control = await testControl({ mailer: mails.mailer });
});
afterAll(() => control.stop());

let count = 0;
const address = (): string => `p${++count}@people.example`;
async function owner(role = "owner") {
  const { id: tenantId, path } = await newTenant(control);
  const email = address();
  return { ...(await newPerson(control, mails, { email, role, tenantId })), email, tenantId, path };
}
const signIn = async (email: string, password = goodPassword, who = visitor(control)) => {
  const reply = await who.call("POST", "/v1/identity/sign-in", { email, password });
  return { who, reply };
};

describe("a session", () => {
  test("does what the member may, on every route, and history and audit name the person", async () => {
    const { who, path, memberId, tenantId } = await owner();
    expect((await who.call("GET", "/v1/me")).body).toMatchObject({
      id: memberId,
      tenantId,
      scopes: ["*"],
      member: { id: memberId, role: "owner" },
    });
    const made = await who.call("POST", `${path}/extensions`, { number: "1001" });
    expect(made.status, made.text).toBe(201);
    const [change] = (await who.call("GET", `${path}/changes`)).body.data as unknown as { actor: object }[];
    const actor = { type: "person", id: expect.stringMatching(/^usr_/), name: "Ada", member: { id: memberId } };
    expect(change?.actor).toMatchObject(actor);
    const audit = (await who.call("GET", `/v1/audit?tenantId=${path.split("/").at(-1)}`)).body.data as unknown as {
      actor: object;
      route: string;
    }[];
    expect(audit[0]).toMatchObject({ actor, method: "POST", target: { kind: "extension" } });
    expect(audit.map(({ route }) => route)).toContain("/v1/identity/invitation/accept");
    expect((await who.call("GET", "/v1/accounts")).body.data).toEqual([]);
  });

  test("may no more than the role says now", async () => {
    const { who, path, memberId, tenantId } = await owner("admin");
    // an owner stays, so that the other may be anything
    await newPerson(control, mails, { email: address(), role: "owner", tenantId });
    const change = (role: string) => control.call("PATCH", `/v1/members/${memberId}?tenantId=${tenantId}`, { role });
    expect((await who.call("POST", `${path}/extensions`, { number: "1001" })).status).toBe(201);
    expect((await change("support")).status).toBe(200);
    const refused = await who.call("POST", `${path}/extensions`, { number: "1002" });
    expect([refused.status, refused.body.scope]).toEqual([403, "extensions:write"]);
    expect(refused.body.detail).toContain("your role here, support,");
    expect((await who.call("GET", `${path}/extensions`)).status).toBe(200);
  });

  test("ends for who is no member any more, or gets another address", async () => {
    for (const end of [
      (path: string) => control.call("DELETE", path),
      (path: string) => control.call("PATCH", path, { email: address() }),
    ]) {
      const { who, memberId, tenantId } = await owner("admin");
      expect((await who.call("GET", "/v1/me")).status).toBe(200);
      expect((await end(`/v1/members/${memberId}?tenantId=${tenantId}`)).status).toBeLessThan(300);
      expect((await who.call("GET", "/v1/me")).status).toBe(401);
      expect((await who.call("GET", "/v1/identity/session")).body).toMatchObject({ member: null, members: [] });
    }
  });

  test("ends when its tenant is deleted, and goes on when that is restored", async () => {
    const { who, path } = await owner();
    expect((await control.call("DELETE", path)).status).toBe(204);
    expect((await who.call("GET", "/v1/me")).status).toBe(401);
    expect((await control.call("POST", `${path}/restore`)).status).toBe(200);
    expect((await who.call("GET", "/v1/me")).status).toBe(200);
  });

  test("is in a cookie that scripts, other sites and plain http don't get", async () => {
    const { email } = await owner();
    const { reply } = await signIn(email);
    expect(reply.headers.get("set-cookie")).toMatch(
      /^__Host-dialplane=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=\d+$/,
    );
    expect(reply.headers.get("cache-control")).toBe("no-store");
  });

  test("is never one that was there before: signing in and changing places give another token, and the one before is worth nothing", async () => {
    const { who, email } = await owner();
    const planted = who.token;
    await signIn(email, goodPassword, who);
    expect(who.token).not.toBe(planted);
    expect((await visitor(control, planted).call("GET", "/v1/me")).status).toBe(401);
    const forged = "A".repeat(43);
    const { who: other } = await signIn(email, goodPassword, visitor(control, forged));
    expect(other.token).not.toBe(forged);
  });

  test("ends at once when it is signed out, or ended from another", async () => {
    const { who, email } = await owner();
    const { who: second } = await signIn(email);
    const { who: third } = await signIn(email);
    const list = (await who.call("GET", "/v1/identity/sessions")).body.data as unknown as {
      id: string;
      current: boolean;
    }[];
    expect(list).toHaveLength(3);
    expect(list.filter(({ current }) => current)).toHaveLength(1);
    const gone = second.token;
    expect((await second.call("POST", "/v1/identity/sign-out")).status).toBe(204);
    expect(second.token).toBeNull();
    expect((await visitor(control, gone).call("GET", "/v1/me")).status).toBe(401);
    const left = (await third.call("GET", "/v1/identity/sessions")).body.data as unknown as {
      id: string;
      current: boolean;
    }[];
    const other = left.find(({ current }) => !current);
    expect((await third.call("DELETE", `/v1/identity/sessions/${other?.id}`)).status).toBe(204);
    expect((await who.call("GET", "/v1/me")).status).toBe(401);
    const stranger = await owner();
    const mine = ((await third.call("GET", "/v1/identity/sessions")).body.data as unknown as { id: string }[])[0];
    expect((await stranger.who.call("DELETE", `/v1/identity/sessions/${mine?.id}`)).status).toBe(404);
    expect((await third.call("GET", "/v1/me")).status).toBe(200);
  });

  test("ends all others at once, and goes on itself", async () => {
    const { who, email } = await owner();
    const { who: second } = await signIn(email);
    expect((await who.call("POST", "/v1/identity/sessions/end")).status).toBe(204);
    expect((await second.call("GET", "/v1/me")).status).toBe(401);
    expect((await who.call("GET", "/v1/me")).status).toBe(200);
    await vi.waitFor(async () => expect((await who.call("GET", "/v1/identity/sessions")).body.data).toHaveLength(1));
  });

  test("acts as one of one's members at a time", async () => {
    const { who, email, tenantId: first } = await owner();
    const { id: second } = await newTenant(control, { name: "Second" });
    const added = await control.call("POST", "/v1/members", {
      ...{ email, name: "Ada", role: "support", tenantId: second, invite: true },
    });
    const token = await mails.tokenFor(email);
    expect((await who.call("POST", "/v1/identity/invitation", { token })).body).toMatchObject({
      ...{ known: true, signedIn: true, place: "Second", role: "support" },
    });
    const accepted = await who.call("POST", "/v1/identity/invitation/accept", { token });
    expect(accepted.body).toMatchObject({ member: { id: added.body.id, tenantId: second } });
    expect(accepted.body.members).toHaveLength(2);
    expect((await who.call("GET", `/v1/tenants/${first}`)).status).toBe(404);
    expect((await who.call("GET", `/v1/tenants/${second}`)).status).toBe(200);
    const mine = (accepted.body.members as unknown as { id: string; tenantId: string }[]).find(
      (one) => one.tenantId === first,
    );
    const before = who.token;
    const switched = await who.call("POST", "/v1/identity/session/member", { memberId: mine?.id });
    expect(switched.body).toMatchObject({ member: { tenantId: first } });
    expect((await visitor(control, before).call("GET", "/v1/me")).status).toBe(401);
    expect((await who.call("GET", `/v1/tenants/${first}`)).status).toBe(200);
    // and as him next time
    expect((await signIn(email)).reply.body).toMatchObject({ member: { tenantId: first } });
    const stranger = await owner();
    const theirs = await who.call("POST", "/v1/identity/session/member", { memberId: stranger.memberId });
    expect(theirs.status).toBe(404);
  });
});

describe("a request from elsewhere", () => {
  test("changes nothing by a session that its browser sends along", async () => {
    const { who, path } = await owner();
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { "sec-fetch-site": "cross-site", origin: control.url },
      { "sec-fetch-site": "", origin: "https://evil.example" },
      { "sec-fetch-site": "", origin: "null" },
    ]) {
      const sent: Record<string, string> = Object.fromEntries(
        Object.entries(headers).filter(([, value]) => value !== ""),
      );
      const call = (method: string, at: string, body?: unknown) =>
        control.call(method, at, body, {
          key: null,
          headers: { cookie: `__Host-dialplane=${who.token}`, ...sent },
        });
      for (const reply of [
        await call("POST", `${path}/extensions`, { number: "1001" }),
        await call("DELETE", path),
        await call("POST", "/v1/identity/sign-out"),
        await call("POST", "/v1/identity/sessions/end"),
      ])
        expect([reply.status, reply.body.code], JSON.stringify(headers)).toEqual([403, "cross_site"]);
      expect((await call("GET", path)).status).toBe(200);
    }
    const silent = { key: null, headers: { cookie: `__Host-dialplane=${who.token}` } };
    expect((await control.call("POST", `${path}/extensions`, { number: "1001" }, silent)).body.code).toBe("cross_site");
    const ours = { ...silent, headers: { ...silent.headers, origin: control.url } };
    expect((await control.call("POST", `${path}/extensions`, { number: "1001" }, ours)).status).toBe(201);
  });

  test("signs nobody in: who plants a session of his own has a victim work in it", async () => {
    const { email } = await owner();
    const body = { email, password: goodPassword };
    const from = (headers: Record<string, string>) =>
      control.call("POST", "/v1/identity/sign-in", body, { key: null, headers });
    expect((await from({ "sec-fetch-site": "cross-site" })).body.code).toBe("cross_site");
    expect((await from({ origin: "https://evil.example" })).body.code).toBe("cross_site");
    expect((await from({})).status).toBe(200);
  });
});
