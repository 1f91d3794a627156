// What became of calls, in a real browser: records, charts, recordings and messages.
import { readFileSync } from "node:fs";
import { ulid } from "ulid";
import { describe, expect, test } from "vitest";
import { readCsv } from "../../core/csv.ts";
import { objects } from "../../functions/media/media.ts";
import { hasBrowser, useConsole } from "../support/console.ts";
import { enrolEdge, type SignedEdge } from "../support/signed-edge.ts";

const at = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1000).toISOString();
const ada = { number: "1001", name: "Ada", extension: "1001" };
const bob = { number: "1002", name: "=Bob", extension: "1002" };
const outside = (number: string) => ({ number, name: null, extension: null });
const idOf = (prefix: string, n: number): string => `${prefix}_01ARZ3NDEKTSV4RRFFQ69G5F${String(n).padStart(2, "0")}`;

/** A second of silence. */
const wav = (() => {
  const bytes = Buffer.alloc(44 + 16_000);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + 16_000, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(16_000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(16_000, 40);
  return new Uint8Array(bytes);
})();

function reporter(edge: SignedEdge, tenant: string) {
  let batch = 0;
  return async (...events: [type: string, data: Record<string, unknown>][]): Promise<void> => {
    const sent = events.map(([type, data], n) => ({
      ...{ id: `evt-${tenant}-${batch}-${n}`, type, at: at(0) },
      data: { tenant, ...data },
    }));
    const reply = await edge.request("POST", "events", { generation: `g-${tenant}`, batch: ++batch, events: sent });
    expect(reply.status, reply.text).toBeLessThan(300);
  };
}

/** A call's id tells when it began. */
const callOf = (more: Record<string, unknown> = {}): Record<string, unknown> & { id: string } => {
  const startedAt = String(more.startedAt ?? at(100));
  return {
    ...{ id: `cal_${ulid(Date.parse(startedAt))}`, seq: 1, direction: "internal", from: ada, to: bob, trunk: null },
    ...{ startedAt, answeredAt: at(90), endedAt: at(30), durationSeconds: 70, billableSeconds: 60 },
    ...{ outcome: "answered", hangupCause: "NORMAL_CLEARING", hangupBy: "caller", legs: [], ...more },
  };
};
const missed = { answeredAt: null, outcome: "no-answer", billableSeconds: 0 };

describe.runIf(hasBrowser)("what became of calls", { timeout: 40_000 }, () => {
  const { control, openTenant, made } = useConsole();

  test("records are found by number, opened with their way and recording, and taken along as a harmless table", async () => {
    const { page, id, path } = await openTenant();
    const report = reporter(await enrolEdge(control()), id);
    await made(`${path}/extensions`, { number: "1001", displayName: "Ada" });
    const group = await made(`${path}/ring-groups`, { name: "Sales", extensionNumber: "600", members: [] });
    const way = [
      {
        kind: "ring-group",
        id: group.id,
        number: "600",
        name: "Sales",
        startedAt: at(98),
        endedAt: at(90),
        outcome: "answered",
      },
    ];
    const call = callOf({ segments: way });
    await control().ctx.media.put(objects.recording(id, idOf("rec", 1)), wav, "audio/wav");
    await report(
      ["call.completed", call],
      ["call.completed", callOf({ ...missed, direction: "inbound", from: outside("+4930123456"), startedAt: at(50) })],
      ["recording.completed", { id: idOf("rec", 1), call: call.id, startedAt: at(90), seconds: 1, bytes: 16_044 }],
    );
    await page.getByRole("link", { name: "Calls", exact: true }).click();
    const rows = page.getByRole("listitem").filter({ hasText: "→" });
    await expect.poll(() => rows.count()).toBe(2);
    // click to call: one's own phones ring, then the number is called
    const asked = page.waitForResponse(
      (answer) => answer.request().method() === "POST" && /\/calls$/.test(answer.url()),
    );
    await page.getByRole("button", { name: "Call +4930123456" }).click();
    await page.getByRole("button", { name: "Ring its phones, then call" }).click();
    const command = { name: "originate", arguments: { to: "+4930123456" }, state: "pending" };
    expect(await (await asked).json()).toMatchObject(command);
    await page.getByText("The phones of 1001 ring; then +4930123456 is called.").waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const [header, ...lines] = readCsv(readFileSync(await (await download).path(), "utf8"));
    const of = (row: number, name: string) => lines[row]?.cells[header?.cells.indexOf(name) ?? -1];
    expect([of(0, "fromNumber"), of(1, "fromName"), of(1, "toName")]).toEqual(["+4930123456", "Ada", "'=Bob"]);
    await page.getByText("2 calls are in the file.").waitFor();
    await page.getByLabel("Number", { exact: true }).fill("30123");
    await expect.poll(() => rows.count()).toBe(1);
    await rows.getByText("No answer").waitFor();
    await page.getByLabel("Number", { exact: true }).fill("");
    await page.getByRole("button", { name: "Ada 1001 → =Bob 1002" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("link", { name: "Sales 600" }).waitFor();
    await drawer.getByRole("button", { name: "Play: Recording" }).click();
    await drawer.getByRole("slider").waitFor();
    await expect.poll(() => drawer.locator("audio").evaluate((one: HTMLAudioElement) => one.duration)).toBe(1);
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Recordings" }).click();
    await page.getByRole("button", { name: "Delete the recording of Ada 1001 → =Bob 1002" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("No recordings").waitFor();
    expect((await control().call("GET", `${path}/recordings`)).body.data).toEqual([]);
  });

  test("charts say how many calls there were and how many were answered, as a table too, by the tenant's clock", async () => {
    // its day is not the browser's
    const { page, id } = await openTenant({ timeZone: "Pacific/Kiritimati" });
    const report = reporter(await enrolEdge(control()), id);
    await report(
      ["call.completed", callOf()],
      ["call.completed", callOf({ ...missed, startedAt: at(60) })],
      ["call.completed", callOf({ answeredAt: at(80) })],
      ["call.completed", callOf({ ...missed, direction: "inbound" })],
    );
    await page.goto(`/tenants/${id}/calls/charts`);
    await page.getByText("Times are those of Pacific/Kiritimati.").waitFor();
    const figure = (name: string) => page.getByRole("definition").nth(["Calls", "Answered", "Mean wait"].indexOf(name));
    await expect.poll(() => figure("Calls").textContent()).toBe("4");
    expect(await figure("Answered").textContent()).toBe("50%");
    expect(await figure("Mean wait").textContent()).toBe("0:15");
    await page.getByText("As a table").first().click();
    const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "Pacific/Kiritimati" });
    const today = page
      .getByRole("row")
      .filter({ hasText: day.format(new Date(Date.now() - 100_000)) })
      .first();
    expect(await today.getByRole("cell").allTextContents()).toEqual(["2", "2"]);
    await page.getByLabel("Direction").selectOption("inbound");
    await expect.poll(() => figure("Calls").textContent()).toBe("1");
    await page.getByRole("button", { name: "Today" }).click();
    await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(24);
  });

  test("a message is heard, marked and deleted, and the page shows at once what its host does a moment later", async () => {
    const { page, id, path } = await openTenant();
    const edge = await enrolEdge(control());
    const report = reporter(edge, id);
    const box = await made(`${path}/voicemail-boxes`, { number: "8001" });
    const message = {
      id: idOf("msg", 1),
      box: box.id,
      from: { number: "+4930123456", name: "Eve" },
      receivedAt: at(30),
    };
    await control().ctx.media.put(objects.message(id, idOf("msg", 1)), wav, "audio/wav");
    await report(["voicemail.received", { ...message, seconds: 1, bytes: 16_044, read: false }]);
    await page.goto(`/tenants/${id}/voicemail`);
    await page.getByText("1 new message").waitFor();
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole("button", { name: "Play: Message from Eve +4930123456" }).click();
    await page.getByText("0 new messages").waitFor();
    await page.getByRole("button", { name: "Mark as new" }).click();
    await page.getByText("1 new message").waitFor();
    await page.getByRole("button", { name: "Delete the message from Eve +4930123456" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("No messages").waitFor();
    const commands = await control().ctx.store.query({ pk: `T#${id}`, prefix: "COMMAND#" });
    expect(commands.items.map(({ name }) => name).toSorted()).toEqual([
      "voicemail.delete",
      "voicemail.read",
      "voicemail.read",
    ]);
  });
});
