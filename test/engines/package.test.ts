// The edge's package on a Debian host that systemd boots: pasted, upgraded under load, taken back, rebooted without the cloud, removed. Nothing stands in.
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFreeswitch } from "../../edge-agent/drivers/freeswitch/run.ts";
import { installCommand } from "../../functions/edges/packages.ts";
import { buildDeb } from "../../scripts/build-edge/deb.ts";
import { list } from "../../scripts/build-edge/main.ts";
import { type BootedHost, bootHost, canBoot } from "../support/booted-host.ts";
import type { Busy, Went } from "../support/busy-host.ts";
import { newTenant, type TestControl, testControl } from "../support/control.ts";
import { engineInstalled } from "../support/freeswitch.ts";
import { kamailioInstalled } from "../support/kamailio.ts";
import { joinToken } from "../support/signed-edge.ts";

const license = readFileSync(new URL("../../LICENSE", import.meta.url), "utf8");
/** The Node that runs this, whose program is on this machine's disk and so on the host's. */
const node = { program: process.execPath, license };

let control: TestControl;
let folder: string;
const build = async (version: string, program = node.program) =>
  buildDeb({ ...{ version, arch: "amd64", folder, epoch: 1_800_000_000, level: 1 }, node: { program, license } });
beforeAll(async () => {
  if (!canBoot()) return;
  control = await testControl();
  folder = join(control.dataDir, "releases");
  mkdirSync(folder);
  list(folder, [await build("0.1.0")]);
}, 120_000);
afterAll(() => control?.stop());

/** What is this test's and not a host's: no phone is pinged between two scenarios, and what is compared is compared soon. */
const settings = "PHONE_PING_SECONDS=100000000\nCOMPARE_SECONDS=2\nKAMAILIO_WORKERS=2\nKAMAILIO_MEMORY_MEGABYTES=192\n";

async function boot(vendors: string, files: Record<string, string> = {}): Promise<BootedHost> {
  const { endpoint } = await control.ctx.queues.access("edg_0", "http://queue");
  const ports = [control.url, String(endpoint)].map((url) => Number(new URL(url).port));
  return bootHost({ vendors, ports, files: { "/etc/dialplane/edge.env": settings, ...files } });
}
const active = async (host: BootedHost, ...units: string[]): Promise<string[]> =>
  (await host.run(`systemctl is-active ${units.join(" ")}`)).text.trim().split("\n");
const ours = ["dialplane-edge.socket", "dialplane-edge.service", "dialplane-upgrade.path"];
const processOf = (host: BootedHost, unit: string) => host.must(`systemctl show --value -p MainPID ${unit}`);

/** A pool with a tenant, whose phones are at the host that `line` joins to it. */
async function placeFor(engine: "freeswitch" | "kamailio") {
  const pool = String((await control.call("POST", "/v1/pools", { name: engine })).body.id);
  const { id: tenant, path } = await newTenant(control, { poolId: pool });
  const phone = async (number: string) => {
    const { body, text, status } = await control.call("POST", `${path}/extensions`, { number });
    expect(status, text).toBe(201);
    const { username, domain, password } = body.sip as unknown as Record<"username" | "domain" | "password", string>;
    return { user: username, domain, password };
  };
  const [caller, called] = [await phone("1001"), await phone("1002")];
  const busy: Busy = { sip: 5060, lookups: engine === "freeswitch" ? 9180 : null, caller, called, number: "1002" };
  const token = await joinToken(control, pool);
  const line = `${installCommand(control.url, token)} --address 127.0.0.1 --engine ${engine} --name ${engine}`;
  return { pool, tenant, busy, line };
}

async function edgeNamed(name: string) {
  type Edge = { name: string; health: { version: string; engine: { connected: boolean } } | null };
  const { body } = await control.call("GET", "/v1/edges");
  return (body.data as unknown as Edge[]).find((one) => one.name === name) ?? expect.fail(`no edge ${name}`);
}
const connected = (name: string) =>
  expect.poll(async () => (await edgeNamed(name)).health?.engine.connected, { timeout: 60_000 }).toBe(true);

/** Has two phones register at the host and one call the other until `meanwhile` is over, at least `calls` times. Resolves with how that went. */
async function phoning(
  host: BootedHost,
  busy: Busy,
  calls: number,
  meanwhile: () => Promise<void> = async () => {},
): Promise<Went> {
  const child = host.beside(fileURLToPath(new URL("../support/busy-host.ts", import.meta.url)), { ...busy, calls });
  let text = "";
  child.stdout?.on("data", (data) => (text += data));
  const ended = once(child, "exit");
  await Promise.race([once(child.stdout as NodeJS.ReadableStream, "data"), ended]);
  await meanwhile();
  child.stdin?.end();
  expect((await ended)[0], text).toBe(0);
  return JSON.parse(text.replace(/^ready\n/, "")) as Went;
}
/** Resolves when its engine takes SIP, without a cloud that could tell so. */
const listens = (host: BootedHost) =>
  expect
    .poll(async () => (await host.run("bash -c 'exec 3<>/dev/tcp/127.0.0.1/5060'")).code, { timeout: 30_000 })
    .toBe(0);

/** Brings the pool to a release, and resolves when that is over one way or another. */
async function release(pool: string, version: string) {
  const path = `/v1/pools/${pool}/release`;
  const begun = await control.call("PUT", path, { version, soakMinutes: 0 });
  expect(begun.status, begun.text).toBeLessThan(300);
  const state = async () =>
    (await control.call("GET", path)).body.release as unknown as { state: string; reason: string };
  await expect.poll(async () => (await state()).state, { timeout: 120_000, interval: 500 }).toMatch(/^(done|stopped)$/);
  return state();
}

describe.runIf(canBoot() && engineInstalled())("the package, with FreeSWITCH", { timeout: 240_000 }, () => {
  let host: BootedHost;
  let place: Awaited<ReturnType<typeof placeFor>>;
  const engine = () => processOf(host, "dialplane-freeswitch.service");
  const records = async () => {
    const found = [];
    const path = { tenant: place.tenant };
    for await (const one of control.client.items("GET /v1/tenants/{tenant}/calls", { path })) found.push(one);
    return found;
  };
  /** What runs, and how many releases were made: a second try brings another. */
  let [installed, releases] = ["0.1.0", 0];
  beforeAll(async () => {
    const program = findFreeswitch() ?? "";
    host = await boot("freeswitch.service", {
      "/etc/dialplane/edge.env": `${settings}FREESWITCH=${program}\n`,
      // as its vendor's package has it
      "/usr/lib/systemd/system/freeswitch.service":
        "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n",
      // a host that is slow has two minutes
      "/etc/systemd/system/dialplane-upgrade.service.d/test.conf": "[Service]\nEnvironment=DIALPLANE_PATIENCE=20\n",
    });
    await host.must(`ln -sf ${program} /usr/bin/freeswitch`);
    place = await placeFor("freeswitch");
  }, 120_000);
  afterAll(() => host?.stop());

  it("joins by the pasted line, and takes the place of the vendor's unit", async () => {
    expect(await active(host, "freeswitch.service")).toEqual(["active"]);
    await host.must(place.line);
    expect(await active(host, ...ours, "dialplane-freeswitch.service")).toEqual(Array(4).fill("active"));
    expect(await active(host, "freeswitch.service")).toEqual(["inactive"]);
    expect((await host.run("systemctl is-enabled freeswitch.service")).text.trim()).toBe("disabled");
    await connected("freeswitch");
    expect(await host.must(`ps -o user= -p ${await engine()}`)).toMatch(/^dialpla/);
    expect(await host.must("stat -c '%U %a' /var/lib/dialplane-edge")).toBe("dialplane-edge 700");
    const status = await host.must("/usr/lib/dialplane/node /usr/lib/dialplane/edge/main.mjs --status");
    expect(JSON.parse(status)).toMatchObject({ version: "0.1.0" });
  });

  it("is brought to another release while phones call: no lookup fails, no call and no record is lost, the engine runs on", async () => {
    installed = `0.2.${releases++}`;
    list(folder, [await build(installed)]);
    const [before, agent] = [await engine(), await processOf(host, "dialplane-edge.service")];
    const earlier = (await records()).length;
    const told = await phoning(host, place.busy, 5, async () =>
      expect(await release(place.pool, installed)).toMatchObject({ state: "done" }),
    );
    console.info(`${told.calls} calls, ${told.lookups} lookups, the slowest took ${told.slowest} ms`);
    expect(told.failed).toEqual([]);
    expect(told.lookups).toBeGreaterThan(1000);
    expect(await engine()).toBe(before);
    expect(await processOf(host, "dialplane-edge.service")).not.toBe(agent);
    expect((await edgeNamed("freeswitch")).health?.version).toBe(installed);
    await expect.poll(records, { timeout: 20_000 }).toHaveLength(earlier + told.calls);
  });

  it("a release whose agent does not start is taken back by root, and the pool's release stops with the reason", async () => {
    const broken = join(control.dataDir, "broken");
    writeFileSync(broken, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const version = `0.3.${releases++}`;
    list(folder, [await build(version, broken)]);
    const before = await engine();
    expect(await release(place.pool, version)).toMatchObject({
      state: "stopped",
      reason: expect.stringContaining("was not in step within 20 s, so the release before is back"),
    });
    expect(await host.must("dpkg-query -W -f '${Version}' dialplane-edge")).toBe(installed);
    expect(await engine()).toBe(before);
    await connected("freeswitch");
  });

  it("after a reboot without the cloud phones register and call", async () => {
    await host.cutCloud();
    await host.reboot();
    expect(await active(host, ...ours, "dialplane-freeswitch.service")).toEqual(Array(4).fill("active"));
    await listens(host);
    expect(await phoning(host, place.busy, 1)).toMatchObject({ failed: [] });
    await host.connectCloud();
    await connected("freeswitch");
  });

  it("is removed by the same script, which brings back the vendor's unit; its data stay until they are purged", async () => {
    await host.must(`curl -fsSL ${control.url}/install | sh -s -- --uninstall`);
    expect(await active(host, "freeswitch.service", "dialplane-edge.socket")).toEqual(["active", "inactive"]);
    expect(existsSync(host.path("/usr/lib/dialplane"))).toBe(false);
    expect(existsSync(host.path("/var/lib/dialplane-edge/edge.key"))).toBe(true);
    await host.must("dpkg --purge dialplane-edge");
    expect(existsSync(host.path("/var/lib/dialplane-edge"))).toBe(false);
  });
});

describe.runIf(canBoot() && kamailioInstalled())("the package, with Kamailio", { timeout: 240_000 }, () => {
  let host: BootedHost;
  beforeAll(async () => {
    list(folder, [await build("0.1.0")]);
    host = await boot("kamailio.service");
  }, 120_000);
  afterAll(() => host?.stop());

  it("joins by the pasted line in place of Debian's own unit, and phones register, after a reboot without the cloud too", async () => {
    const { line, busy } = await placeFor("kamailio");
    expect(await active(host, "kamailio.service")).toEqual(["active"]);
    await host.must(line);
    expect(await active(host, ...ours, "dialplane-kamailio.service")).toEqual(Array(4).fill("active"));
    expect(await active(host, "kamailio.service")).toEqual(["inactive"]);
    await connected("kamailio");
    expect(await phoning(host, busy, 0)).toMatchObject({ failed: [] });
    await host.cutCloud();
    await host.reboot();
    expect(await active(host, ...ours, "dialplane-kamailio.service")).toEqual(Array(4).fill("active"));
    await listens(host);
    expect(await phoning(host, busy, 0)).toMatchObject({ failed: [] });
  });
});
