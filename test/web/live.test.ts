// What edges report, in a real browser: it is there by itself, without a reload.
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { hasBrowser, useConsole } from "../support/console.ts";
import { enrolEdge } from "../support/signed-edge.ts";

const at = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1000).toISOString();
const ada = { number: "1001", name: "Ada", extension: "1001" };
const bob = { number: "1002", name: "Bob", extension: "1002" };

/** As if five seconds had gone by for the page: by then it has asked again. */
const later = (page: Page): Promise<void> => page.clock.fastForward(5000);

describe.runIf(hasBrowser)("what edges report", () => {
  const { control, openTenant, made } = useConsole();

  test("sync shows an edge that fell behind, what failed on it, and then that all is live", async () => {
    const { page, id, path } = await openTenant();
    const edge = await enrolEdge(control());
    const owner = `T#${id}` as const;
    await page.clock.install();
    const ack = async (failures: unknown[]) => {
      const { epoch, revision, digest } = await edge.snapshotOf(owner);
      const acks = [{ owner, epoch, revision, digest, at: at(0), failures }];
      expect((await edge.request("POST", "acks", { acks })).status).toBeLessThan(300);
      await later(page);
    };
    await page.getByRole("link", { name: "Sync", exact: true }).click();
    await later(page);
    await page.getByText("Nothing yet").waitFor();
    await ack([]);
    await page.getByText("Live on 1 edge").waitFor();
    const trunk = await made(`${path}/trunks`, { name: "Carrier", host: "sip.example" });
    await later(page);
    await page.getByText("1 behind").waitFor();
    await ack([{ kind: "trunk", id: trunk.id, reason: "the gateway did not come up", retry: true }]);
    await page.getByRole("link", { name: "Trunk Carrier" }).waitFor();
    await page.getByText("the gateway did not come up").waitFor();
    await page.getByText("Failing on 1 of 1").waitFor();
  });

  test("a call is shown while it goes on, and its record when it has ended", async () => {
    const { page, id } = await openTenant();
    const edge = await enrolEdge(control());
    let batch = 0;
    await page.clock.install();
    const report = async (type: string, data: Record<string, unknown>) => {
      const event = { id: `evt-${id}-${batch}`, type, at: at(0), data: { tenant: id, ...data } };
      const sent = { generation: `g-${id}`, batch: ++batch, events: [event] };
      const reply = await edge.request("POST", "events", sent);
      expect(reply.status, reply.text).toBeLessThan(300);
      await later(page);
    };
    const call = { id: "call-1", direction: "internal", from: ada, to: bob, startedAt: at(65), answeredAt: at(61) };
    await page.getByRole("link", { name: "Calls" }).click();
    await page.getByText("Nobody is on the phone.").waitFor();
    await page.getByText("No calls yet").waitFor();
    await report("call.updated", { ...call, state: "answered" });
    await page.getByText("Talking").waitFor();
    await report("call.updated", { ...call, state: "ended" });
    const times = { startedAt: call.startedAt, answeredAt: call.answeredAt, endedAt: at(0) };
    await report("call.completed", {
      ...call,
      ...times,
      seq: 1,
      trunk: null,
      durationSeconds: 65,
      billableSeconds: 61,
      outcome: "answered",
      hangupCause: "NORMAL_CLEARING",
      hangupBy: "caller",
      legs: [],
    });
    await page.getByText("Nobody is on the phone.").waitFor();
    const record = page.getByRole("listitem").filter({ hasText: "Ada 1001" });
    await record.getByText("1:01").waitFor();
    await record.getByText("Answered").waitFor();
    await page.getByLabel("Outcome").selectOption("busy");
    await page.getByText("No calls like that").waitFor();
  });

  test("an extension's page shows the phones that are registered", async () => {
    const { page, id, path } = await openTenant();
    const edge = await enrolEdge(control());
    const extension = await made(`${path}/extensions`, { number: "1001" });
    await page.clock.install();
    await page.goto(`/tenants/${id}/extensions/${extension.id}`);
    await page.getByText("None now").waitFor();
    await page.getByText("192.0.2.1:5060").waitFor();
    const data = {
      tenant: id,
      extension: "1001",
      username: "1001",
      contact: "sip:1001@192.0.2.9",
      source: "192.0.2.9",
      userAgent: "Desk phone <b>",
      expiresAt: at(-600),
    };
    const event = { id: `evt-${id}`, type: "registration.updated", at: at(0), data };
    await edge.request("POST", "events", { generation: `g-${id}`, batch: 1, events: [event] });
    await later(page);
    await page.getByText("Desk phone <b>, from 192.0.2.9").waitFor();
  });

  test("the simulator says where a call goes and why", async () => {
    const { page, path } = await openTenant();
    await made(`${path}/extensions`, { number: "1001", displayName: "Ada" });
    await made(`${path}/extensions`, { number: "1002" });
    await page.getByRole("link", { name: "Simulator" }).click();
    await page.getByLabel("From").fill("1001");
    await page.getByLabel("To", { exact: true }).fill("1002");
    await page.keyboard.press("Enter");
    await page.getByText("Extension 1002 rings for 25 seconds, showing Ada 1001.").waitFor();
    await page.getByText("dialled 1002").waitFor();
  });
});
