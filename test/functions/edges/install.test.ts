// The line that is pasted on a host, run on one in a folder: dpkg, curl, the control plane and the agent are real; systemd is a stand-in that starts the agent.
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { installScript } from "../../../functions/edges/install-script.ts";
import { type EdgePackage, installCommand } from "../../../functions/edges/packages.ts";
import { list } from "../../../scripts/build-edge/main.ts";
import { type TestControl, testControl } from "../../support/control.ts";
import { canInstall, type DebianHost, debianHost, smallPackage } from "../../support/debian-host.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { joinToken } from "../../support/signed-edge.ts";
import { needs, onPath } from "../../support/skip.ts";

let control: TestControl;
let built: EdgePackage;
beforeAll(async () => {
  control = await testControl();
  if (!canInstall()) return;
  const folder = join(control.dataDir, "releases");
  mkdirSync(folder);
  built = await smallPackage(folder, "0.1.0");
  list(folder, [built]);
}, 60_000);
afterAll(() => control?.stop());

/** Starts and ends the agent, and knows of a FreeSWITCH of the vendor's. */
const systemctl = `
case "$1" in is-enabled|is-active) [ -e "$DIALPLANE_ROOT/vendors-$3" ]; exit;; esac
case "$*" in
  "disable --now freeswitch.service") rm "$DIALPLANE_ROOT/vendors-freeswitch.service";;
  "enable --now freeswitch.service") touch "$DIALPLANE_ROOT/vendors-freeswitch.service";;
  "restart dialplane-edge.service")
    if [ -e "$DIALPLANE_ROOT/agent.pid" ]; then kill "$(cat "$DIALPLANE_ROOT/agent.pid")"; while kill -0 "$(cat "$DIALPLANE_ROOT/agent.pid")" 2>/dev/null; do sleep 0.1; done; fi
    set -a; . "$DIALPLANE_ROOT/etc/dialplane/edge.env"; EDGE_PORT=0 ESL_PORT=1 DATA_DIR=$DIALPLANE_ROOT/var/lib/dialplane-edge
    "$DIALPLANE_ROOT/usr/lib/dialplane/node" "$DIALPLANE_ROOT/usr/lib/dialplane/edge/main.mjs" >"$DIALPLANE_ROOT/agent.log" 2>&1 </dev/null &
    echo $! >"$DIALPLANE_ROOT/agent.pid";;
esac`;

function hostWith(engines: string[]): DebianHost {
  const host = debianHost({
    systemctl,
    sudo: 'exec "$@"',
    "apt-get": 'for last; do :; done; exec dpkg --install "$last"',
  });
  mkdirSync(host.path("run/systemd/system"), { recursive: true });
  for (const engine of engines) {
    const file = host.path(engine === "freeswitch" ? "usr/bin/freeswitch" : "usr/sbin/kamailio");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho "${engine} version 1"\n`, { mode: 0o755 });
  }
  onTestFinished(() => {
    if (existsSync(host.path("agent.pid")))
      process.kill(Number(readFileSync(host.path("agent.pid"), "utf8")), "SIGKILL");
  });
  return host;
}

/** Runs a line as somebody would who pastes it. */
async function paste(host: DebianHost, line: string) {
  const { spawn } = await import("node:child_process");
  const child = spawn("sh", ["-c", line], { env: host.env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (text += data));
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, text };
}

const lineFor = async (more = "") =>
  `${installCommand(control.url, await joinToken(control))} --address 192.0.2.10 ${more}`;

/** All files but those that tools leave. */
const filesOf = (host: DebianHost): string[] =>
  readdirSync(host.root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(host.root.length));

describe.runIf(canInstall())("the one line on a host", { timeout: 60_000 }, () => {
  test("joins it, can be pasted again, keeps what it replaces, and puts it back", async () => {
    const host = hostWith(["freeswitch"]);
    const leftover = "etc/systemd/system/dialplane-edge.service";
    mkdirSync(dirname(host.path(leftover)), { recursive: true });
    writeFileSync(host.path(leftover), "from the days before\n");
    writeFileSync(host.path("vendors-freeswitch.service"), "");
    const first = await paste(host, await lineFor("--name host-1"));
    expect(first.code, first.text + safeLog(host)).toBe(0);
    expect(first.text).toMatch(/^Joined {4}http\S+ as edg_\w+, release 0\.1\.0; it is in step\.$/m);
    const { body } = await control.call("GET", "/v1/edges");
    expect(body.data).toContainEqual(expect.objectContaining({ name: "host-1", engine: "freeswitch" }));
    const settings = host.path("etc/dialplane/edge.env");
    const written = readFileSync(settings, "utf8");
    expect(statSync(settings).mode & 0o777).toBe(0o640);
    expect(written).toMatch(
      /^CONTROL_URL="http:\S+"\nENGINE=freeswitch\nSIP_ADDRESS=192\.0\.2\.10\nEDGE_NAME=host-1\nESL_PASSWORD=[0-9a-f]{48}\n$/,
    );
    expect(existsSync(host.path(leftover))).toBe(false);
    const calls = host.called();
    expect(calls).toContain("systemctl disable --now freeswitch.service");
    expect(calls.at(-1)).toBe("systemctl enable --now dialplane-freeswitch.service");

    writeFileSync(settings, `${written}PHONE_PING_SECONDS=60\n`);
    const again = await paste(host, await lineFor("--external-address 198.51.100.7"));
    expect(again.code, again.text).toBe(0);
    const rewritten = readFileSync(settings, "utf8");
    expect(rewritten).toContain("EXTERNAL_ADDRESS=198.51.100.7\n");
    for (const line of written.trim().split("\n")) expect(rewritten).toContain(line);
    expect(rewritten).toContain("PHONE_PING_SECONDS=60\n");
    expect(readdirSync(host.path("etc/dialplane")).filter((name) => name.includes("dialplane-backup-"))).toHaveLength(
      1,
    );
    expect(host.called()).not.toContain("systemctl disable --now freeswitch.service");

    const left = await paste(host, `curl -fsSL ${control.url}/install | sh -s -- --uninstall`);
    expect(left.code, left.text).toBe(0);
    expect(readFileSync(host.path(leftover), "utf8")).toBe("from the days before\n");
    expect(existsSync(host.path("vendors-freeswitch.service"))).toBe(true);
    expect(existsSync(host.path("usr/lib/dialplane"))).toBe(false);
    expect(existsSync(host.path("var/lib/dialplane-edge/edge.key"))).toBe(true);
  });

  test("by somebody who is not root goes on as root where there is sudo, and else says what to do", async () => {
    const host = hostWith(["freeswitch"]);
    host.program("id", 'if [ -e "$DIALPLANE_ROOT/root" ]; then echo 0; else echo 1000; fi');
    host.program("sudo", 'touch "$DIALPLANE_ROOT/root"; exec "$@"');
    const joined = await paste(host, await lineFor("--name 'host-2'"));
    expect(joined.code, joined.text + safeLog(host)).toBe(0);
    expect(joined.text).toMatch(/^This needs root; sudo may ask for your password\.$/m);
    const { body } = await control.call("GET", "/v1/edges");
    expect(body.data).toContainEqual(expect.objectContaining({ name: "host-2" }));

    // this machine's own would ask for a password
    if (onPath("sudo") !== undefined) return;
    const alone = hostWith(["freeswitch"]);
    alone.program("id", "echo 1000");
    rmSync(join(alone.env.PATH.split(":")[0] ?? "", "sudo"));
    const before = filesOf(alone);
    const refused = await paste(alone, await lineFor());
    expect([refused.code, refused.text]).toEqual([1, expect.stringContaining("there is no sudo here: become root")]);
    expect(filesOf(alone)).toEqual(before);
  });

  test("without an engine says what is missing and where to get it, and changes nothing", async () => {
    const host = hostWith([]);
    const before = filesOf(host);
    const { code, text } = await paste(host, await lineFor());
    expect(code).toBe(3);
    expect(text).toContain("An engine is missing on this host, and nothing was changed.");
    expect(text).toContain("apt-get install kamailio");
    expect(text).toContain("FreeSWITCH: its vendor's packages");
    expect(filesOf(host)).toEqual(before);
    expect(host.called()).toEqual([]);
  });

  test("with both engines asks which one; of one that lacks modules it names them and starts nothing", async () => {
    const host = hostWith(["freeswitch", "kamailio"]);
    expect((await paste(host, await lineFor())).text).toContain("add --engine freeswitch or --engine kamailio");
    const modules = host.path("usr/lib/x86_64-linux-gnu/kamailio/modules");
    mkdirSync(modules, { recursive: true });
    writeFileSync(join(modules, "tm.so"), "");
    const { code, text } = await paste(host, await lineFor("--engine kamailio"));
    expect(code).toBe(1);
    expect(text).toMatch(/kamailio lacks modules: .*\busrloc\b/);
    expect(host.called().join("\n")).not.toContain("restart");
  });

  test("as a dry run says what it would do and does nothing", async () => {
    const host = hostWith(["freeswitch"]);
    writeFileSync(host.path("vendors-freeswitch.service"), "");
    const before = filesOf(host);
    const { code, text } = await paste(host, await lineFor("--dry-run"));
    expect(code, text).toBe(0);
    expect(text).toContain("would run: systemctl disable --now freeswitch.service");
    expect(filesOf(host)).toEqual(before);
  });

  test("refuses a package that is not what the control plane said", async () => {
    const host = hostWith(["freeswitch"]);
    const before = filesOf(host);
    const script = installScript(control.url, [{ ...built, sha256: "0".repeat(64) }]);
    const { status, stderr } = spawnSync("sh", ["-s", "--", await joinToken(control), "--address", "192.0.2.1"], {
      env: host.env,
      input: script.replace(control.url, "http://127.0.0.1:9"),
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining("could not be fetched from http://127.0.0.1:9")]);
    writeFileSync(host.path("script"), script);
    const wrong = await paste(
      host,
      `sh -s -- ${await joinToken(control)} --address 192.0.2.1 <'${host.path("script")}'`,
    );
    expect([wrong.code, wrong.text]).toEqual([1, expect.stringContaining("is not what the control plane said it is")]);
    expect(filesOf(host).filter((file) => file !== "/script")).toEqual(before);
  });
});

describe.runIf(canInstall())("root's part of an upgrade", { timeout: 60_000 }, () => {
  /** The agent that is installed is in step as soon as it is started, but for a broken one. */
  const starts = `
case "$*" in "restart dialplane-edge.service")
  version=$(sed -n 's/.*"version":"\\([^"]*\\)".*/\\1/p' "$DIALPLANE_ROOT/usr/lib/dialplane/edge/package.json")
  rm -f "$DIALPLANE_ROOT/var/lib/dialplane-edge/status.json"
  if [ ! -e "$DIALPLANE_ROOT/broken-$version" ]; then printf '{"version":"%s"}' "$version" >"$DIALPLANE_ROOT/var/lib/dialplane-edge/status.json"; fi;;
esac`;

  test("installs what the control plane lists and nothing else, and takes back what does not work", async () => {
    const host = debianHost({ systemctl: starts });
    const folder = join(control.dataDir, "releases");
    const newer = await smallPackage(folder, "0.2.0");
    list(folder, [newer]);
    onTestFinished(() => list(folder, [built]));
    host.dpkg("--install", join(folder, built.file));
    writeFileSync(host.path("etc/dialplane/edge.env"), "");
    for (const place of ["var/lib/dialplane", "run/dialplane-upgrade"])
      mkdirSync(host.path(place), { recursive: true });
    cpSync(join(folder, built.file), host.path("var/lib/dialplane/current.deb"));
    const left = host.path("var/lib/dialplane-edge/upgrade/dialplane-edge.deb");
    const failed = host.path("run/dialplane-upgrade/failed");
    const env = { ...host.env, CONTROL_URL: control.url, DIALPLANE_PATIENCE: "1" };
    const script = host.path("usr/lib/dialplane/upgrade");
    const upgrade = async () => {
      const ran = await paste({ ...host, env }, `'${script}'`);
      expect(existsSync(left), "it would be started again and again").toBe(false);
      return ran;
    };
    const installed = () => host.dpkg("--status", "dialplane-edge").match(/^Version: (.*)$/m)?.[1];

    // not what is listed: a package of somebody else's, no package, and a file that the agent may not read
    const other = temporaryFolder();
    const strange = join(other, (await smallPackage(other, "6.6.6")).file);
    for (const what of [
      () => cpSync(strange, left),
      () => writeFileSync(left, "no package"),
      () => symlinkSync("/etc/shadow", left),
    ]) {
      what();
      expect((await upgrade()).code).toBe(1);
      expect(readFileSync(failed, "utf8")).toMatch(/^unknown /);
    }
    expect(installed()).toBe("0.1.0");

    writeFileSync(host.path("broken-0.2.0"), "");
    cpSync(join(folder, newer.file), left);
    expect((await upgrade()).text).toContain(
      "0.2.0: the agent was not in step within 1 s, so the release before is back",
    );
    expect([installed(), readFileSync(failed, "utf8")]).toEqual([
      "0.1.0",
      expect.stringMatching(/^0\.2\.0 the agent was not/),
    ]);

    rmSync(host.path("broken-0.2.0"));
    cpSync(join(folder, newer.file), left);
    const ran = await upgrade();
    expect(ran.text).toContain("dialplane-edge 0.2.0 works");
    expect([installed(), existsSync(failed)]).toEqual(["0.2.0", false]);
    expect(readFileSync(host.path("var/lib/dialplane/current.deb"))).toEqual(readFileSync(join(folder, newer.file)));
    expect(host.called().filter((call) => /dialplane-(freeswitch|kamailio)/.test(call))).toEqual([]);
  });
});

describe.runIf(canInstall())("the script", () => {
  const packages = () => [built];

  test("that was cut anywhere in its download does nothing", () => {
    const host = hostWith(["freeswitch"]);
    const before = filesOf(host);
    const whole = installScript(control.url, packages());
    const cuts = Array.from({ length: 40 }, (_, index) => 1 + index + Math.floor((whole.length / 41) * index));
    for (const length of [...cuts, ...Array.from({ length: 24 }, (_, index) => whole.length - 2 - index)])
      spawnSync("sh", ["-s", "--", "dpj_aaaaaaaaaaaaaaaaaaaaaa"], { env: host.env, input: whole.slice(0, length) });
    expect(filesOf(host)).toEqual(before);
    expect(host.called()).toEqual([]);
  });

  test.for([
    "https://x.example/'; touch pwned; '",
    'https://x.example/"$(touch pwned)`touch pwned`',
    "https://x.example/\n touch pwned #",
    "https://x.example/$&@PACKAGES@",
  ])("takes an address like %j for what it is", (url) => {
    const host = hostWith(["freeswitch"]);
    const before = filesOf(host);
    const token = "dpj_aaaaaaaaaaaaaaaaaaaaaa";
    const ran = spawnSync("sh", ["-s", "--", token, "--address", "192.0.2.1", "--dry-run"], {
      ...{ env: host.env, cwd: host.root, encoding: "utf8" },
      input: installScript(url, packages()),
    });
    expect(ran.stdout, ran.stderr).toContain(`and join ${url}`);
    const echoed = { PATH: host.env.PATH };
    host.program("curl", 'printf "%s\\n" "$2" >&2');
    expect(
      spawnSync("sh", ["-c", installCommand(url, token)], { env: echoed, cwd: host.root, encoding: "utf8" }).stderr,
    ).toBe(`${url}/install\n`);
    expect(filesOf(host)).toEqual(before);
  });

  test.for(["", "x", "dpj_", "dpj_$(touch pwned)", "dpj_a;touch pwned", "dpj_a b", "dpj_a'"])(
    "refuses the token %j",
    (token) => {
      const host = hostWith(["freeswitch"]);
      const before = filesOf(host);
      const ran = spawnSync("sh", ["-s", "--", token], {
        ...{ env: host.env, cwd: host.root, encoding: "utf8" },
        input: installScript(control.url, packages()),
      });
      expect([ran.status, ran.stderr]).toEqual([1, expect.stringMatching(/a token is needed|the token is not whole/)]);
      expect(filesOf(host)).toEqual(before);
    },
  );

  test("where there is no package for the host says who makes one", async () => {
    const host = hostWith(["freeswitch"]);
    const ran = spawnSync("sh", ["-s", "--", "dpj_aaaaaaaaaaaaaaaaaaaaaa"], {
      env: host.env,
      input: installScript(control.url, []),
      encoding: "utf8",
    });
    expect([ran.status, ran.stderr]).toEqual([
      1,
      expect.stringContaining(
        "has no package of the agent for amd64: whoever runs it makes one with npm run build:edge",
      ),
    ]);
  });
});

test.runIf(needs("shellcheck", onPath("shellcheck") !== undefined))("the script is clean", () => {
  const input = installScript("https://pbx.example", []);
  expect(execFileSync("shellcheck", ["-"], { input, encoding: "utf8" })).toBe("");
});

describe("packages", () => {
  test("are given to who has a join token, and listed to anybody", async () => {
    const file = "dialplane-edge_0.1.0_amd64.deb";
    for (const authorization of [undefined, "Bearer dpj_nobody", `Bearer ${control.key}`])
      expect(
        (
          await control.call("GET", `/install/${file}`, undefined, {
            key: null,
            headers: { ...(authorization && { authorization }) },
          })
        ).status,
      ).toBe(401);
    const key = await joinToken(control);
    expect(
      (await control.call("GET", "/install/dialplane-edge_9.9.9_amd64.deb", undefined, { key })).body,
    ).toMatchObject({ code: "not_found" });
    const { text, status } = await control.call("GET", "/install/SHA256SUMS", undefined, { key: null });
    expect([status, text]).toEqual([200, expect.stringContaining(built ? `${built.sha256}  ${file}\n` : "")]);
  });
});

function safeLog(host: DebianHost): string {
  return existsSync(host.path("agent.log")) ? readFileSync(host.path("agent.log"), "utf8") : "";
}
