// Mail that comes back: who is marked by what SES says, and what follows for invitations, the log and the one who invites.
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Mail } from "../../../functions/mail/mail.ts";
import { createMailerHandler, createSending } from "../../../functions/mail/send.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { returned, type Telling } from "../../support/returned-mail.ts";

const sent: Mail[] = [];
const mailer = { send: async (mail: Mail) => void sent.push(mail) };
const measured: string[] = [];
let control: TestControl;
let tenant: { id: string };
beforeAll(async () => {
  control = await testControl({ mailer });
  tenant = await newTenant(control);
});
afterAll(() => control.stop());

async function report(to: string, telling: Telling = {}, owner = tenant.id) {
  const ctx = { ...control.ctx, measure: (name: string) => void measured.push(name) };
  const event = returned(to, { owner: [owner], mail: ["invitation-mail_1"] }, telling)("mail-set");
  // as it comes over the wire
  await createMailerHandler(createSending(ctx, mailer))(JSON.parse(JSON.stringify(event)));
}
let count = 0;
async function member() {
  const email = `Ada${++count}@acme.example`.toLowerCase();
  const { body } = await control.call("POST", "/v1/members", {
    email,
    name: "Ada",
    role: "admin",
    tenantId: tenant.id,
  });
  const path = `/v1/members/${body.id}`;
  return {
    email,
    get: async () => (await control.call("GET", `${path}?tenantId=${tenant.id}`)).body,
    invite: () => control.call("POST", `${path}/invite?tenantId=${tenant.id}`, {}),
  };
}
const logged = async (to: string) =>
  (
    (await control.call("GET", `/v1/events?type=mail.returned&tenantId=${tenant.id}&limit=100`)).body
      .data as unknown as {
      data: Record<string, unknown>;
    }[]
  )
    .map(({ data }) => data)
    .filter((data) => data.to === to);

it("a bounce marks the address, and is in the log of whose mail it was, once however often it is told", async () => {
  const ada = await member();
  const told = { at: "2026-11-27T10:00:00.000Z" };
  await Promise.all([report(ada.email, told), report(ada.email, told)]);
  await report(ada.email, { at: "2026-11-26T10:00:00.000Z", feedbackId: "0107-0" });
  const until = "2026-12-27T10:00:00.000Z";
  expect((await ada.get()).mailReturned).toEqual({ reason: "bounce", ...told, until });
  await vi.waitFor(async () =>
    expect(await logged(ada.email)).toEqual([
      {
        ...{ to: ada.email, reason: "bounce", mail: "invitation-mail_1", ...told, until },
        detail: "smtp; 550 5.1.1 user unknown",
      },
    ]),
  );
  const list = await control.call("GET", `/v1/members?tenantId=${tenant.id}`);
  expect(list.body.data).toMatchObject([{ email: ada.email, mailReturned: { reason: "bounce" } }]);
});

it("nothing more is sent there, which is counted; by another invitation it is tried anew", async () => {
  const ada = await member();
  await ada.invite();
  await vi.waitFor(() => expect(sent.filter(({ to }) => to === ada.email)).toHaveLength(1));
  await report(ada.email.toUpperCase());
  measured.length = 0;
  const ctx = { ...control.ctx, measure: (name: string) => void measured.push(name) };
  const { sparing } = await import("../../../functions/mail/returned.ts");
  const again = sent.find(({ to }) => to === ada.email) as Mail;
  expect(await sparing(ctx, mailer).send(again)).toBe("withheld");
  expect(measured).toEqual(["MailWithheld"]);
  expect((await ada.invite()).body.mailReturned).toBeNull();
  await vi.waitFor(() => expect(sent.filter(({ to }) => to === ada.email)).toHaveLength(2));
});

it("who called it spam is not asked again, and the one who invites is told so", async () => {
  const ada = await member();
  await report(ada.email, { complaint: "abuse" });
  const answer = await ada.invite();
  expect([answer.status, answer.body.code]).toEqual([409, "conflict"]);
  expect(answer.body.detail).toContain("another address");
  expect((await ada.get()).mailReturned).toMatchObject({ reason: "complaint" });
});

it("a full mailbox, a reader who says that it is no spam, and a mark that is over keep nobody from his mail", async () => {
  const ada = await member();
  await report(ada.email, { type: "Transient" });
  await report(ada.email, { complaint: "not-spam" });
  await report(ada.email, { at: new Date(Date.now() - 31 * 86_400_000).toISOString() });
  expect((await ada.get()).mailReturned).toBeNull();
});

it("what names nobody marks the address all the same, and what is no report of SES is refused", async () => {
  const ada = await member();
  await report(ada.email, {}, "ten_nobody");
  expect((await ada.get()).mailReturned).toMatchObject({ reason: "bounce" });
  expect(await logged(ada.email)).toEqual([]);
  const handler = createMailerHandler(createSending(control.ctx, mailer));
  await expect(handler({ source: "aws.ses", detail: { eventType: "Bounce" } })).rejects.toThrow();
});
