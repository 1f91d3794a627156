// What edges report, in a real browser: it is there by itself, without a reload.
import type { Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { hasBrowser, lineCut, useConsole } from "../support/console.ts";
import { enrolEdge, type SignedEdge } from "../support/signed-edge.ts";

const at = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1000).toISOString();
const ada = { number: "1001", name: "Ada", extension: "1001" };
const bob = { number: "1002", name: "Bob", extension: "1002" };

/** What an edge tells of the tenant. */
function reporter(edge: SignedEdge, tenant: string) {
  let batch = 0;
  return async (type: string, data: Record<string, unknown>): Promise<void> => {
    const event = { id: `evt-${tenant}-${batch}`, type, at: at(0), data: { tenant, ...data } };
    const sent = { generation: `g-${tenant}`, batch: ++batch, events: [event] };
    const reply = await edge.request("POST", "events", sent);
    expect(reply.status, reply.text).toBeLessThan(300);
  };
}

/** As if five seconds had gone by for the page: by then it has asked again. */
const later = (page: Page): Promise<void> => page.clock.fastForward(5000);

describe.runIf(hasBrowser)("what edges report", { timeout: 40_000 }, () => {
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

  test("a call is shown while it goes on, hung up at once, and its record when it has ended", async () => {
    const { page, id } = await openTenant();
    const edge = await enrolEdge(control());
    const report = reporter(edge, id);
    const call = { id: "cal_01ARZ3NDEKTSV4RRFFQ69G5FAV", direction: "internal", from: ada, to: bob, startedAt: at(65) };
    await page.getByRole("link", { name: "Live view" }).click();
    await page.getByText("Nobody is on the phone.").waitFor();
    await report("call.updated", { ...call, answeredAt: null, state: "ringing" });
    const row = page.getByRole("listitem").filter({ hasText: "Ada 1001 → Bob 1002" });
    await row.getByText("Ringing").waitFor();
    await report("call.updated", { ...call, answeredAt: at(61), state: "answered" });
    await row.getByText("Talking").waitFor();
    await row.getByText(/^1:0\d$/).waitFor();
    await row.getByRole("button", { name: "Hang up" }).click();
    await row.getByText("Hanging up").waitFor();
    await report("call.updated", { ...call, answeredAt: at(61), state: "ended" });
    await page.getByText("Nobody is on the phone.").waitFor();
    const commands = await control().ctx.store.query({ pk: `T#${id}`, prefix: "COMMAND#" });
    expect(commands.items).toEqual([expect.objectContaining({ name: "hangup" })]);
    const times = { startedAt: call.startedAt, answeredAt: at(61), endedAt: at(0) };
    const ended = { hangupCause: "NORMAL_CLEARING", hangupBy: "caller", outcome: "answered" };
    const lengths = { durationSeconds: 65, billableSeconds: 61 };
    await report("call.completed", { ...call, ...times, ...ended, ...lengths, seq: 1, trunk: null, legs: [] });
    await page.getByRole("link", { name: "Calls", exact: true }).click();
    const record = page.getByRole("listitem").filter({ hasText: "Ada 1001" });
    await record.getByText("1:01").waitFor();
    await record.getByText("Answered").waitFor();
    await page.getByLabel("Outcome").selectOption("busy");
    await page.getByText("No calls like that").waitFor();
  });

  test("a queue's wallboard counts who waits and says what agents do, and phones are there when they register", async () => {
    const { page, id } = await openTenant();
    const report = reporter(await enrolEdge(control()), id);
    await page.goto(`/tenants/${id}/live/queues`);
    await page.getByText("No queue tells anything yet").waitFor();
    const agent = (number: string, name: string, state: string) => ({
      ...{ extension: `ext-${number}`, number, name, state, since: at(30) },
    });
    const waits = { id: "leg-1", call: null, number: "+15550123", name: "<img src=x>", joinedAt: at(75) };
    const queue = { queue: "que_01ARZ3NDEKTSV4RRFFQ69G5FAV", name: "Support" };
    const agents = [agent("1001", "Ada", "on-call"), agent("1002", "Bob", "paused"), agent("1003", "Cy", "logged-out")];
    await report("queue.updated", { ...queue, waitingCalls: 1, waiting: [waits], agents });
    const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Support" }) });
    await card.getByText("Ada 1001").waitFor();
    await card.getByText("On a call").waitFor();
    await expect
      .poll(() => card.getByRole("definition").allTextContents())
      .toEqual(["1", expect.stringMatching(/^1:1\d$/), "0 / 2"]);
    await card.getByText("<img src=x> +15550123").waitFor();
    await report("queue.updated", {
      ...queue,
      waitingCalls: 0,
      waiting: [],
      agents: [agent("1001", "Ada", "available")],
    });
    await expect.poll(() => card.getByRole("definition").allTextContents()).toEqual(["0", "–", "1 / 1"]);
    await page.getByRole("button", { name: "Full screen" }).click();
    await page.getByRole("button", { name: "Leave full screen" }).click();
    await page.getByRole("link", { name: "Phones" }).click();
    await page.getByText("No phone is registered").waitFor();
    const phone = { extension: "1001", username: "1001", contact: "sip:1001@192.0.2.9", source: "192.0.2.9" };
    await report("registration.updated", { ...phone, userAgent: "Desk phone <b>", expiresAt: at(-600) });
    await page.getByText("Desk phone <b>").waitFor();
    await report("registration.updated", { ...phone, userAgent: null, expiresAt: null });
    await page.getByText("No phone is registered").waitFor();
  });

  test("the overview says what comes first, who is on the phone, and that somebody waits where no agent is", async () => {
    const { page, id, path } = await openTenant();
    const report = reporter(await enrolEdge(control()), id);
    for (const number of ["1001", "1002"]) await made(`${path}/extensions`, { number });
    await page.getByRole("link", { name: "Overview" }).click();
    const steps = page.getByRole("region", { name: "First steps" });
    await steps.getByText("4 left").waitFor();
    await steps.getByRole("link", { name: "Let a phone number lead somewhere" }).waitFor();
    expect(await steps.getByRole("link", { name: "Add the people" }).count()).toBe(0);
    await report("call.updated", {
      ...{ id: "cal-1", direction: "internal", from: ada, to: bob },
      startedAt: at(5),
      answeredAt: null,
      state: "ringing",
    });
    await page.getByText("Ada 1001 → Bob 1002").waitFor();
    const waits = { id: "leg-1", call: null, number: "+15550123", name: null, joinedAt: at(20) };
    const agent = { extension: "ext-1001", number: "1001", name: "Ada", state: "paused", since: at(30) };
    const queue = { queue: "que_01ARZ3NDEKTSV4RRFFQ69G5FAV", name: "Support", waitingCalls: 1, waiting: [waits] };
    await report("queue.updated", { ...queue, agents: [agent] });
    await page.getByRole("link", { name: "Support: somebody waits, and no agent is there." }).click();
    await page.getByRole("heading", { name: "Support" }).waitFor();
  });

  test("where streams don't come through, the live view is asked for now and then", async () => {
    const { page, id } = await openTenant({}, lineCut);
    const report = reporter(await enrolEdge(control()), id);
    await page.route("**/live", (route) =>
      route.request().headers().accept === "text/event-stream" ? route.abort() : route.continue(),
    );
    await page.clock.install();
    const comes = (text: string) =>
      expect.poll(() => later(page).then(() => page.getByText(text).first().isVisible())).toBe(true);
    await page.goto(`/tenants/${id}/live`);
    await comes("Every few seconds");
    await report("call.updated", {
      ...{ id: "cal-1", direction: "internal", from: ada, to: bob },
      startedAt: at(5),
      answeredAt: null,
      state: "ringing",
    });
    await comes("Ada 1001");
  });

  test("a console that is refused a stream after it had one asks now and then, until it is let in again", async () => {
    const { page, id } = await openTenant({}, lineCut);
    const report = reporter(await enrolEdge(control()), id);
    const call = (n: number, from: typeof ada) =>
      report("call.updated", {
        ...{ id: `cal-${n}`, direction: "internal", from, to: bob },
        ...{ startedAt: at(5), answeredAt: null, state: "ringing" },
      });
    const { ctx } = control();
    const { live } = ctx;
    onTestFinished(() => void Object.assign(ctx, { live }));
    // a stream that ends once it has told all, so that the next one is asked for
    ctx.live = { how: "once" };
    let isFull = false;
    await page.route("**/live", (route) =>
      isFull && route.request().headers().accept === "text/event-stream"
        ? route.fulfill({ status: 429, contentType: "application/problem+json", json: { code: "rate_limited" } })
        : route.continue(),
    );
    await page.clock.install();
    const comes = (text: string) =>
      expect.poll(() => later(page).then(() => page.getByText(text).first().isVisible())).toBe(true);
    await call(1, ada);
    await page.goto(`/tenants/${id}/live`);
    await page.getByText("Live now").waitFor();
    await page.getByText("Ada 1001").first().waitFor();
    isFull = true;
    await comes("Every few seconds");
    await call(2, { number: "1003", name: "Grace", extension: "1003" });
    await comes("Grace 1003");
    await page.getByText("Ada 1001").first().waitFor();
    isFull = false;
    await comes("Live now");
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
