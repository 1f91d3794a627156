// The operator's hosts in a real browser: one joins while somebody looks on, is drained, taken out; an address is answered again.
import { describe, expect, test } from "vitest";
import { hasBrowser, useConsole } from "../support/console.ts";
import { enrolEdge, type SignedEdge } from "../support/signed-edge.ts";

const up = { version: "0.1.0", engine: { connected: true, version: "1.11.2" }, liveCalls: 3 };

describe.runIf(hasBrowser)("the operator's hosts", { timeout: 40_000 }, () => {
  const { control, open, signIn } = useConsole();
  const beats = async (edge: SignedEdge) => expect((await edge.request("POST", "heartbeat", up)).status).toBe(200);

  test("a host joins by the one command that is shown, is drained and taken out", async () => {
    const page = await open();
    await signIn(page, "/operator");
    await page.getByText("No host has joined it").waitFor();
    await page.getByRole("button", { name: "Add a host" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Make a token" }).click();
    await dialog.getByText("Waiting for the host").waitFor();
    expect(await dialog.locator("code").textContent()).toMatch(/^npm run edge -- --join http\S+ \S{20,}$/);
    const edge = await enrolEdge(control(), undefined, { name: "fra-1" });
    await dialog.getByText("fra-1 has joined.").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await beats(edge);
    const row = page.getByRole("listitem").filter({ hasText: "fra-1" });
    await row.getByText("Up").waitFor();
    await row.getByText("3 calls").waitFor();
    await row.getByRole("button", { name: "fra-1" }).click();
    await dialog.getByRole("button", { name: "Drain" }).click();
    await dialog.getByRole("button", { name: "Resume" }).click();
    await dialog.getByRole("button", { name: "Drain" }).waitFor();
    await dialog.getByRole("button", { name: "Take it out" }).click();
    await dialog.getByRole("button", { name: "Really take it out" }).click();
    await page.getByText("No host has joined it").waitFor();
  });

  test("an address that Kamailio does not answer is answered again", async () => {
    const edge = await enrolEdge(control(), undefined, { name: "front-1", engine: "kamailio" });
    const data = { source: "192.0.2.7", why: "scanner", userAgent: "<img src=x>" };
    const until = new Date(Date.now() + 600_000).toISOString();
    const event = { id: "evt-ban", type: "source.banned", at: new Date().toISOString(), data: { ...data, until } };
    const told = await edge.request("POST", "events", { generation: "g", batch: 1, events: [event] });
    expect(told.status, told.text).toBeLessThan(300);
    const page = await open();
    await signIn(page, "/operator");
    await page.getByRole("button", { name: "front-1" }).click();
    await page.getByText("<img src=x>").waitFor();
    await page.getByRole("button", { name: "Answer 192.0.2.7 again" }).click();
    await page.getByText("None now.").waitFor();
  });
});
