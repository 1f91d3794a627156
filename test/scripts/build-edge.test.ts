// The edge's Debian package: built, unpacked and run from its own files against a control plane, and replaced by a newer one under load.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { buildDeb } from "../../scripts/build-edge/deb.ts";
import { auth, dialled } from "../edge-agent/drivers/freeswitch/requests.ts";
import { newTenant, type TestControl, testControl } from "../support/control.ts";
import { canInstall, debianHost, smallNode, smallPackage } from "../support/debian-host.ts";
import { temporaryFolder } from "../support/folder.ts";
import { run } from "../support/process.ts";
import { joinToken } from "../support/signed-edge.ts";
import { needs, onPath } from "../support/skip.ts";

const units = new URL("../../edge-agent/systemd/", import.meta.url).pathname;
const canBuild = needs("dpkg, as root", onPath("dpkg-deb") !== undefined);

let control: TestControl;
beforeAll(async () => {
  control = await testControl();
});
afterAll(() => control?.stop());

const ask = (port: number, fields: Record<string, string>): Promise<string> =>
  fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { connection: "close" },
  }).then((answer) => answer.text());

/** A tenant with so many extensions. */
async function tenantWith(count: number) {
  const tenant = await newTenant(control);
  const numbers = Array.from({ length: count }, (_, index) => String(1001 + index));
  const made = await Promise.all(
    numbers.map((number) => control.call("POST", `${tenant.path}/extensions`, { number })),
  );
  expect(made.map(({ status }) => status)).toEqual(numbers.map(() => 201));
  return { ...tenant, numbers };
}

describe.runIf(canBuild)("the edge package", () => {
  test("is the same bytes whenever and wherever it is built", async () => {
    const build = async () => {
      const folder = temporaryFolder();
      return buildDeb({
        version: "0.1.0",
        arch: "arm64",
        node: smallNode(folder),
        folder,
        epoch: 1_800_000_000,
        level: 1,
      });
    };
    const [first, second] = [await build(), await build()];
    expect(second).toEqual(first);
    expect(first.file).toBe("dialplane-edge_0.1.0_arm64.deb");
  });

  test("refuses a version that Debian would not take", async () => {
    await expect(smallPackage(temporaryFolder(), "1.0/../x")).rejects.toThrow('"1.0/../x" is no version, as 1.2.0 is');
  });

  test("runs from its own files: its Node, its agent, its configurations", { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const node = { program: process.execPath, license: "MIT" };
    const { file } = await buildDeb({ version: "0.1.0", arch: "amd64", node, folder, epoch: 1_800_000_000, level: 1 });
    const root = join(folder, "root");
    execFileSync("dpkg-deb", ["-x", join(folder, file), root]);
    const tenant = await tenantWith(1);
    const env = {
      DATA_DIR: join(root, "var/lib/dialplane-edge"),
      FREESWITCH_DIR: join(root, "var/lib/dialplane-edge/freeswitch"),
      CONTROL_URL: control.url,
      JOIN_TOKEN: await joinToken(control),
      EDGE_PORT: "0",
      ESL_PORT: "1",
      ESL_PASSWORD: "secret",
      NODE_COMPILE_CACHE: "",
    };
    const main = join(root, "usr/lib/dialplane/edge/main.mjs");
    const agent = run(join(root, "usr/lib/dialplane/node"), [main], env);
    const [, port] = await agent.line(/"port":(\d+),"msg":"answering lookups"/);
    const status = () =>
      execFileSync(join(root, "usr/lib/dialplane/node"), [main, "--status"], { env, encoding: "utf8" });
    await vi.waitFor(() => expect(existsSync(join(env.DATA_DIR, "status.json"))).toBe(true), { timeout: 15_000 });
    expect(JSON.parse(status())).toMatchObject({ version: "0.1.0", controlUrl: control.url });
    await expect
      .poll(() => ask(Number(port), auth("REGISTER", "1001", tenant.domain)), { timeout: 10_000 })
      .toContain('name="a1-hash"');
    expect(readFileSync(join(env.FREESWITCH_DIR, "conf/freeswitch.xml"), "utf8")).toContain("mod_xml_curl");
    expect(readFileSync(join(env.FREESWITCH_DIR, "conf/vars.xml"), "utf8")).toContain('data="dp_rtp_start=16384"');
    agent.child.kill("SIGTERM");
    expect(await agent.ended).toBe(0);
  });
});

describe.runIf(canInstall())("an upgrade in place", () => {
  test("fails no lookup, loses no event and touches no engine", { timeout: 60_000 }, async () => {
    const host = debianHost({
      systemctl: 'case "$*" in "restart dialplane-edge.service") kill -HUP "$(cat "$HELD")";; esac',
    });
    const folder = temporaryFolder();
    const [before, after] = [await smallPackage(folder, "0.1.0"), await smallPackage(folder, "0.2.0")];
    host.dpkg("--install", join(folder, before.file));
    expect(host.called().slice(1)).toEqual([
      "systemctl daemon-reload",
      "systemctl enable dialplane-edge.socket dialplane-edge.service dialplane-upgrade.path",
    ]);
    writeFileSync(host.path("etc/dialplane/edge.env"), "");
    const tenant = await tenantWith(24);
    const program = [host.path("usr/lib/dialplane/node"), host.path("usr/lib/dialplane/edge/main.mjs")];
    const holder = new URL("../support/hold-socket.pl", import.meta.url).pathname;
    const held = run("perl", [holder, ...program], {
      DATA_DIR: host.path("var/lib/dialplane-edge"),
      CONTROL_URL: control.url,
      JOIN_TOKEN: await joinToken(control),
      ESL_PORT: "1",
    });
    const port = Number((await held.line(/^held (\d+)$/))[1]);
    const directory = (number = "1001") => ask(port, auth("REGISTER", number, tenant.domain)).catch(String);
    await expect.poll(() => directory(), { timeout: 15_000 }).toContain("a1-hash");
    const counts = { asked: 0, failed: 0 };
    let going = true;
    const asking = Array.from({ length: 3 }, async () => {
      while (going) {
        const answer = await directory();
        counts.asked++;
        if (!answer.includes("a1-hash")) counts.failed++;
      }
    });
    const version = async () => {
      const { body } = await control.call("GET", "/v1/edges");
      return (body.data as unknown as { health: { version: string } | null }[]).map(({ health }) => health?.version);
    };
    await expect.poll(version, { timeout: 10_000 }).toContain("0.1.0");
    // people dial all the while: each is an event that must reach the cloud
    const [early, late] = [tenant.numbers.slice(0, 12), tenant.numbers.slice(12)];
    const dial = (numbers: string[]) =>
      Promise.all(numbers.map((number) => ask(port, dialled({ id: tenant.id, domain: tenant.domain }, number, "*78"))));
    const said = await dial(early);
    const upgraded = run(join(host.env.PATH.split(":")[0] ?? "", "dpkg"), ["--install", join(folder, after.file)], {
      ...host.env,
      HELD: pidFile(folder, held.child.pid),
    });
    for (const number of late) said.push(...(await dial([number])));
    expect(await upgraded.ended, upgraded.lines.join("\n")).toBe(0);
    await held.line(/^ended 0$/);
    const atOnce = counts.asked;
    await expect.poll(version, { timeout: 15_000 }).toContain("0.2.0");
    await expect.poll(() => counts.asked, { timeout: 10_000 }).toBeGreaterThan(atOnce + 50);
    going = false;
    await Promise.all(asking);
    expect(said.filter((answer) => !answer.includes("end.done"))).toEqual([]);
    expect(counts.failed, `of ${counts.asked}`).toBe(0);
    const told = async () => {
      const { body } = await control.call("GET", `${tenant.path}/runtime`);
      return (body.data as unknown as { field: string; value: unknown }[]).filter(
        ({ field, value }) => field === "doNotDisturb" && value === true,
      ).length;
    };
    await expect.poll(told, { timeout: 15_000 }).toBe(tenant.numbers.length);
    expect(host.called().filter((line) => line.startsWith("systemctl"))).toEqual([
      "systemctl daemon-reload",
      "systemctl start dialplane-edge.socket dialplane-upgrade.path",
      "systemctl restart dialplane-edge.service",
    ]);
    held.child.kill("SIGTERM");
    await held.ended;
    host.dpkg("--purge", "dialplane-edge");
    expect(existsSync(host.path("var/lib/dialplane-edge"))).toBe(false);
    expect(existsSync(host.path("etc/dialplane"))).toBe(false);
  });
});

function pidFile(folder: string, pid: number | undefined): string {
  writeFileSync(join(folder, "held.pid"), String(pid));
  return join(folder, "held.pid");
}

describe("the units", () => {
  test.runIf(needs("systemd-analyze", onPath("systemd-analyze") !== undefined))("are units to systemd", () => {
    const root = temporaryFolder();
    const place = join(root, "usr/lib/systemd/system");
    mkdirSync(place, { recursive: true });
    const own = readdirSync(units);
    for (const unit of own) cpSync(join(units, unit), join(place, unit));
    for (const target of ["sysinit", "basic", "shutdown", "multi-user", "sockets", "paths", "network-online"])
      writeFileSync(join(place, `${target}.target`), "[Unit]\nDescription=x\nDefaultDependencies=no\n");
    for (const program of [
      "usr/lib/dialplane/node",
      "usr/lib/dialplane/freeswitch",
      "usr/lib/dialplane/upgrade",
      "usr/sbin/kamailio",
    ]) {
      mkdirSync(join(root, program, ".."), { recursive: true });
      writeFileSync(join(root, program), "#!/bin/sh\n", { mode: 0o755 });
    }
    const verify = () =>
      execFileSync("systemd-analyze", ["verify", `--root=${root}`, ...own], { encoding: "utf8", stdio: "pipe" });
    expect(verify()).toBe("");
    expect(own.length).toBe(6);
  });

  test.runIf(needs("shellcheck", onPath("shellcheck") !== undefined))("and the package's scripts are clean", () => {
    const folder = new URL("../../edge-agent/package/", import.meta.url).pathname;
    const scripts = readdirSync(folder).map((name) => join(folder, name));
    expect(execFileSync("shellcheck", scripts, { encoding: "utf8", stdio: "pipe" })).toBe("");
    expect(scripts.filter((file) => (statSync(file).mode & 0o111) === 0)).toEqual([]);
  });
});
