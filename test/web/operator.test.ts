// The operator's hosts in a real browser: one joins while somebody looks on, tells what it refused, is drained, taken out; pools are made and deleted; an address is answered again.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tenantOwner } from "../../core/owner.ts";
import { axe } from "../support/axe.ts";
import { hasBrowser, useConsole } from "../support/console.ts";
import { newTenant } from "../support/control.ts";
import { enrolEdge, type SignedEdge } from "../support/signed-edge.ts";

const up = { version: "0.1.0", engine: { connected: true, version: "1.11.2" }, liveCalls: 3 };

describe.runIf(hasBrowser)("the operator's hosts", { timeout: 60_000 }, () => {
  const { control, open, signIn } = useConsole();
  const beats = async (edge: SignedEdge) => expect((await edge.request("POST", "heartbeat", up)).status).toBe(200);

  test("a host joins by the one command that is shown, is drained and taken out", async () => {
    const page = await open();
    await signIn(page, "/operator");
    await page.getByText("No host has joined it").waitFor();
    await page.clock.install();
    await page.getByRole("button", { name: "Add a host" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Make a token" }).click();
    await dialog.getByText("Waiting for the host").waitFor();
    expect(await dialog.locator("code").textContent()).toMatch(
      /^curl -fsSL 'http\S+\/install' \| sh -s -- 'dpj_\S{20,}'$/,
    );
    const edge = await enrolEdge(control(), undefined, { name: "fra-1" });
    await page.clock.fastForward(3000);
    await dialog.getByText("fra-1 has joined.").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await beats(edge);
    const row = page.getByRole("listitem").filter({ hasText: "fra-1" });
    await page.clock.fastForward(3000);
    await row.getByText("Up").waitFor();
    await row.getByText("3 calls").waitFor();
    // of another one of another version, and with what it refused
    const newer = await enrolEdge(control(), undefined, { name: "fra-2" });
    expect((await newer.request("POST", "heartbeat", { ...up, version: "0.10.0" })).status).toBe(200);
    await page.clock.fastForward(3000);
    await row.getByText("Older version").waitFor();
    const { id, path } = await newTenant(control(), { name: "Refused & Sons" });
    const owner = tenantOwner(id);
    const { epoch, revision, digest } = await edge.snapshotOf(owner);
    const failures = [{ kind: "extension", id: "ext_1", reason: "no such <codec>", retry: false }];
    const acks = [{ owner, epoch, revision, digest, at: new Date().toISOString(), failures }];
    expect((await edge.request("POST", "acks", { acks })).status).toBeLessThan(300);
    await page.clock.fastForward(10_000);
    await row.getByText("1 refused").waitFor();
    await page.getByRole("region", { name: "What did not take" }).getByRole("button", { name: "Why on fra-1" }).click();
    await dialog.getByText("the newest is 0.10.0").waitFor();
    const refused = dialog.getByRole("region", { name: "What it refused" });
    await refused.getByText(`at revision ${revision}`).waitFor();
    expect(await refused.innerText()).toMatch(/Refused & Sons[\s\S]*no such <codec> It needs a change\./);
    expect(await refused.getByRole("link", { name: "Refused & Sons" }).getAttribute("href")).toBe(
      `/tenants/${id}/sync`,
    );
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect((await control().call("DELETE", path)).status).toBe(204);
    expect((await control().call("DELETE", `/v1/edges/${newer.id}`)).status).toBe(204);
    // brought to another release, which the host then can't take
    const list = join(control().dataDir, "releases");
    mkdirSync(list);
    const built = { file: "x.deb", version: "0.2.0", arch: "amd64", sha256: "0", bytes: 1 };
    writeFileSync(join(list, "index.json"), JSON.stringify({ latest: "0.2.0", packages: [built] }));
    await page.clock.fastForward(15_000);
    await page.getByRole("button", { name: "Bring the hosts to it" }).click();
    await page.getByText("Release 0.2.0 is tried on fra-1 first.").waitFor();
    await beats(edge);
    const upgrade = { version: "0.2.0", reason: "no <room>" };
    expect((await edge.request("POST", "heartbeat", { ...up, upgrade })).status).toBe(200);
    await page.clock.fastForward(15_000);
    await page.getByText("stopped on 0 of 1 hosts: fra-1 could not take 0.2.0: no <room>").waitFor();
    expect(await axe(page)).toEqual([]);
    await row.getByRole("button", { name: "fra-1", exact: true }).click();
    await dialog.getByRole("button", { name: "Drain" }).click();
    await dialog.getByRole("button", { name: "Resume" }).click();
    await dialog.getByRole("button", { name: "Drain" }).waitFor();
    await dialog.getByRole("button", { name: "Take it out" }).click();
    await dialog.getByRole("button", { name: "Really take it out" }).click();
    await page.getByText("No host has joined it").waitFor();
  });

  test("a pool is made, changed, made the default, its hosts evened out; it is deleted once nothing is in it", async () => {
    const page = await open();
    await signIn(page, "/operator");
    await page.getByRole("button", { name: "New pool" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Paris");
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Make the pool" }).click();
    const pool = page.getByRole("region", { name: "Paris" });
    await pool.getByText("0 hosts · 0 tenants").waitFor();
    const { body } = await control().call("GET", "/v1/pools");
    const { id } = (body.data as unknown as { id: string; name: string }[]).find(({ name }) => name === "Paris") ?? {};
    for (const name of ["par-1", "par-2"]) await enrolEdge(control(), id, { name, sip: null });
    const { path } = await newTenant(control(), { poolId: id });
    await pool.getByRole("button", { name: "Even out Paris" }).click();
    await page.getByText("The tenants of Paris are being evened out.").waitFor();
    await pool.getByRole("button", { name: "Place new tenants here: Paris" }).click();
    await pool.getByText("Default").waitFor();
    await pool.getByRole("button", { name: "Edit Paris" }).click();
    await dialog.getByLabel("Name").fill("Lyon");
    await dialog.getByRole("button", { name: "Save" }).click();
    const lyon = page.getByRole("region", { name: "Lyon" });
    await lyon.getByText("2 hosts · 1 tenant").waitFor();
    expect(await axe(page)).toEqual([]);
    await lyon.getByRole("button", { name: "Delete Lyon" }).click();
    await dialog.getByText("Still in it: 2 hosts, 1 tenant.", { exact: false }).waitFor();
    expect(await dialog.getByRole("button", { name: "Delete the pool" }).isDisabled()).toBe(true);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    const edges = (await control().call("GET", "/v1/edges")).body.data as unknown as { id: string; pool: string }[];
    for (const call of [
      `${path}?purge=now`,
      ...edges.filter((one) => one.pool === id).map((one) => `/v1/edges/${one.id}`),
    ])
      expect((await control().call("DELETE", call)).status, call).toBeLessThan(300);
    await expect
      .poll(async () => (await control().call("GET", `/v1/pools/${id}`)).body)
      .toMatchObject({ tenants: 0, deletedTenants: 0, hosts: [] });
    await page.getByRole("button", { name: /^Place new tenants here/ }).click();
    await lyon.getByText("0 hosts · 0 tenants").waitFor();
    await lyon.getByRole("button", { name: "Delete Lyon" }).click();
    await dialog.getByRole("button", { name: "Delete the pool" }).click();
    await lyon.waitFor({ state: "detached" });
    expect((await control().call("GET", `/v1/pools/${id}`)).status).toBe(404);
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
