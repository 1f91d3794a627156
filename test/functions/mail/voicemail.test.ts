// A voicemail message by mail: once, with its audio, whatever breaks on the way; and what is deleted afterwards.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Context } from "../../../functions/context.ts";
import * as keys from "../../../functions/keys.ts";
import type { Mail, Mailer } from "../../../functions/mail/mail.ts";
import { createSending } from "../../../functions/mail/send.ts";
import { allItems } from "../../../functions/store/store.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";
import { returned } from "../../support/returned-mail.ts";
import { enrolEdge, type SignedEdge } from "../../support/signed-edge.ts";
import { sine, wavOf } from "../../support/wav.ts";

const wav = wavOf(1, sine(440));
const message = "msg_01ARZ3NDEKTSV4RRFFQ69G5FA1";

/** Keeps what it accepts; throws while it is broken. */
function postbox() {
  const sent: Mail[] = [];
  const box: Mailer & { sent: Mail[]; broken: Error | undefined; tries: number } = {
    ...{ sent, broken: undefined, tries: 0 },
    async send(mail) {
      box.tries += 1;
      if (box.broken) throw box.broken;
      sent.push(mail);
    },
  };
  return box;
}

let control: TestControl;
let post: ReturnType<typeof postbox>;
let edge: SignedEdge;
let tenant: { id: string; path: string };
let box: { id: string; path: string };
let batch = 0;

beforeEach(async () => {
  post = postbox();
  control = await testControl({ mailer: post });
  edge = await enrolEdge(control);
  tenant = await newTenant(control, { timeZone: "Europe/Paris" });
  batch = 0;
});
afterEach(() => control.stop());

async function newBox(more: Record<string, unknown> = {}) {
  const wanted = { number: "1001", email: "ada@example.com", ...more };
  const { body, text } = await control.call("POST", `${tenant.path}/voicemail-boxes`, wanted);
  if (!body.id) throw new Error(text);
  box = { id: String(body.id), path: `${tenant.path}/voicemail-boxes/${body.id}` };
}
async function bring(): Promise<void> {
  const sha256 = createHash("sha256").update(wav).digest("hex");
  const wanted = { tenant: tenant.id, kind: "message", id: message, bytes: wav.length, sha256 };
  const { body } = await edge.request("POST", "uploads", wanted);
  await fetch(String(body.url), { method: "PUT", headers: body.headers as never, body: new Uint8Array(wav) });
}
async function tell(type: string, data: Record<string, unknown>): Promise<void> {
  batch += 1;
  const at = new Date().toISOString();
  const event = { id: `evt_${batch}`, at, type, data: { tenant: tenant.id, box: box.id, id: message, ...data } };
  expect((await edge.request("POST", "events", { generation: "g", batch, events: [event] })).status).toBe(200);
}
const received = (from: { number: string | null; name: string | null } = { number: "+15550123", name: "Grace" }) =>
  tell("voicemail.received", { from, receivedAt: "2026-01-01T10:00:00Z", seconds: 61, bytes: wav.length, read: false });

async function waiting(): Promise<string[]> {
  const found = [];
  for await (const item of allItems((q) => control.ctx.store.queryIndex(q), { pk: keys.index.mail }))
    found.push(String(item.task));
  return found;
}
/** What a sweep so much later would do. */
const sweep = (minutes: number, mailer: Mailer = post) => {
  const now = new Date(Date.now() + minutes * 60_000);
  const ctx: Context = { ...control.ctx, now: () => now };
  return createSending(ctx, mailer).sweep();
};
const commands = async () => {
  const found = [];
  const pk = `T#${tenant.id}` as const;
  for await (const item of allItems((q) => control.ctx.store.query(q), { pk, prefix: "COMMAND#" })) found.push(item);
  return found;
};

describe("a message", () => {
  it("is mailed once, with its audio, however often it is told and swept", async () => {
    await newBox({ label: "Reception" });
    await bring();
    await received();
    await vi.waitFor(() => expect(post.sent).toHaveLength(1));
    const [mail] = post.sent;
    expect(mail).toMatchObject({ to: "ada@example.com", subject: "Voicemail from Grace (+15550123)" });
    expect(mail?.text).toBe(
      [
        "From: Grace (+15550123)",
        "To: 1001 (Reception)",
        "When: Thursday, 1 January 2026 at 11:00 (Europe/Paris)",
        "Length: 1:01",
        "",
        "The message is attached.",
        "",
      ].join("\n"),
    );
    expect(mail?.attachments).toMatchObject([{ name: `voicemail-${message}.wav`, contentType: "audio/wav" }]);
    expect(Buffer.from(mail?.attachments[0]?.bytes ?? [])).toEqual(wav);
    await vi.waitFor(async () => expect(await waiting()).toEqual([]));
    await received();
    await sweep(10_000);
    expect(post.sent).toHaveLength(1);
    expect(await commands()).toEqual([]);
  });

  it("is neither sent nor deleted where mail to the address comes back", async () => {
    await newBox({ keepAfterEmail: false });
    const report = returned("ada@example.com", { owner: [tenant.id], mail: ["voicemail-msg_1"] })("mail-set");
    await createSending(control.ctx, post).returned(report.detail);
    await bring();
    await received();
    await vi.waitFor(async () => expect(await waiting()).toEqual([]));
    expect(post.tries).toBe(0);
    expect(await commands()).toEqual([]);
  });

  it("goes without audio where the box says so, and not at all where it has no address", async () => {
    await newBox({ emailAudio: false });
    await bring();
    await received();
    await vi.waitFor(() => expect(post.sent).toHaveLength(1));
    expect(post.sent[0]?.attachments).toEqual([]);
    expect(post.sent[0]?.text).toContain("Listen to it by phone");
    await control.call("PATCH", box.path, { email: null });
    await tell("voicemail.deleted", {});
    await received();
    expect(await waiting()).toEqual([]);
    expect(post.tries).toBe(1);
  });

  it("is tried again and again, later each time, until it is accepted; and given up after three days", async () => {
    await newBox();
    await bring();
    post.broken = new Error("throttled");
    await received();
    await vi.waitFor(() => expect(post.tries).toBe(1));
    await sweep(0.5);
    expect(post.tries).toBe(1);
    await expect(sweep(1.1)).rejects.toThrow("1 of 1 mails");
    await sweep(2.9);
    expect(post.tries).toBe(2);
    await expect(sweep(3.3)).rejects.toThrow();
    post.broken = undefined;
    await sweep(60);
    expect([post.tries, post.sent.length]).toEqual([4, 1]);
    expect(await waiting()).toEqual([]);

    await tell("voicemail.deleted", {});
    post.broken = new Error("no such address");
    await received();
    await vi.waitFor(() => expect(post.tries).toBe(5));
    await sweep(4 * 24 * 60);
    expect([post.tries, await waiting()]).toEqual([5, []]);
  });

  it("is sent by one of two that want to at once, and by the next where one died over it", async () => {
    await newBox();
    await bring();
    post.broken = new Error("the process dies");
    await received();
    await vi.waitFor(() => expect(post.tries).toBe(1));
    post.broken = undefined;
    const others = [postbox(), postbox()];
    await Promise.all(others.map((other) => sweep(2, other)));
    expect(others.flatMap(({ sent }) => sent)).toHaveLength(1);
  });

  it("that was deleted before is mailed no more", async () => {
    await newBox();
    await bring();
    post.broken = new Error("down");
    await received();
    await vi.waitFor(() => expect(post.tries).toBe(1));
    await tell("voicemail.deleted", {});
    post.broken = undefined;
    await sweep(2);
    expect([post.sent, await waiting()]).toEqual([[], []]);
  });

  it("is deleted on its host once its mail was accepted, and the host is told until it is gone", async () => {
    await newBox({ keepAfterEmail: false });
    await bring();
    post.broken = new Error("down");
    await received();
    await vi.waitFor(() => expect(post.tries).toBe(1));
    expect(await commands()).toEqual([]);
    post.broken = undefined;
    await sweep(2);
    expect(post.sent).toHaveLength(1);
    await vi.waitFor(async () => expect(await commands()).toHaveLength(1));
    expect(await commands()).toMatchObject([
      { name: "voicemail.delete", arguments: { box: box.id, message }, edge: edge.id, actor: { type: "system" } },
    ]);
    await sweep(8);
    expect(await commands()).toHaveLength(2);
    await tell("voicemail.deleted", {});
    await sweep(200);
    expect([(await commands()).length, await waiting(), post.sent.length]).toEqual([2, [], 1]);
  });

  it.each([
    ["header", "Eve\r\nBcc: all@example.com", "1"],
    ["page", "<script>alert(1)</script>", '"><img src=x>'],
    ["direction of text", "\u202eevil\u2066\u0000", "\u2029\u00851"],
    ["limit", "a".repeat(5000), "9".repeat(5000)],
  ])("breaks no %s, whoever says that he left it", async (_, name, number) => {
    await newBox();
    await bring();
    await received({ name, number });
    await vi.waitFor(() => expect(post.sent).toHaveLength(1));
    const { subject = "", html = "", to, text = "" } = post.sent[0] ?? {};
    expect(to).toBe("ada@example.com");
    expect(subject).toMatch(/^Voicemail from [^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]{1,150}$/u);
    expect(subject.isWellFormed()).toBe(true);
    expect(text.split("\n")).toHaveLength(7);
    expect(html.replace(/<\/?(!doctype html|meta charset="utf-8"|table|tbody|tr|td|p)>/g, "")).not.toMatch(/[<>"]/);
  });
});

it.each([
  "ada@example.com\r\nBcc: all@example.com",
  "Ada <ada@example.com>",
  "ada@example.com, eve@example.com",
  "ada@example.com;eve@example.com",
  '"a b"@example.com',
  "ada",
  `${"a".repeat(250)}@example.com`,
])("the address %j is refused, with what to send instead", async (email) => {
  const { status, body } = await control.call("POST", `${tenant.path}/voicemail-boxes`, { number: "1001", email });
  expect(status).toBe(422);
  expect(JSON.stringify(body.errors)).toContain("/email");
});

it("on one's own machine mail lies in a folder, and what waited when the process was killed is sent at the next start", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "dialplane-"));
  await control.stop();
  const broken: Mailer = { send: () => Promise.reject(new Error("killed")) };
  control = await testControl({ dataDir, mailer: broken });
  edge = await enrolEdge(control);
  tenant = await newTenant(control);
  batch = 0;
  await newBox();
  await bring();
  await received();
  await vi.waitFor(async () => {
    for await (const item of allItems((q) => control.ctx.store.queryIndex(q), { pk: keys.index.mail }))
      expect(item.attempts).toBe(1);
  });
  const again = { ...(await first()), attempts: 0, isk: `${new Date(0).toISOString()}#` };
  await control.ctx.store.transact([{ put: again }]);
  await control.stop(true);
  control = await testControl({ dataDir });
  const mail = join(dataDir, "mail", tenant.id, `voicemail-${message}`);
  await vi.waitFor(() =>
    expect(readdirSync(mail).sort()).toEqual(["mail.html", "mail.txt", `voicemail-${message}.wav`]),
  );
  expect(readFileSync(join(mail, "mail.txt"), "utf8")).toContain("To: ada@example.com\nSubject: Voicemail from Grace");
  expect(readFileSync(join(mail, `voicemail-${message}.wav`))).toEqual(wav);
});

async function first() {
  for await (const item of allItems((q) => control.ctx.store.queryIndex(q), { pk: keys.index.mail })) return item;
  throw new Error("no mail waits");
}
