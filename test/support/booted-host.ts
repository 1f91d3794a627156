// A Debian host that systemd boots: this machine's own folders beneath an overlay in memory, in a container with a network of its own that has a loopback
// alone. What it asks of ports of this process (the control plane) is carried there.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { carrier } from "./carrier.ts";
import { needs, onPath } from "./skip.ts";

/** For `describe.runIf(canBoot())`. Says loudly what is missing. */
export function canBoot(): boolean {
  const programs = ["systemd-nspawn", "nsenter", "ip", "mount", "unshare", "dpkg-deb"];
  const isThere = programs.every((name) => onPath(name) !== undefined) && existsSync("/lib/systemd/systemd");
  return needs("a host that systemd boots (systemd-nspawn as root)", isThere && mayMount());
}

/** Root of a container may not everywhere. */
function mayMount(): boolean {
  const line = `mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w /mnt/r &&
    mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/r`;
  return process.getuid?.() === 0 && spawnSync("unshare", ["-m", "sh", "-c", line]).status === 0;
}

export type Ran = { code: number | null; text: string };
export type BootedHost = Awaited<ReturnType<typeof bootHost>>;

/** Units of this machine that are none of such a host's. */
function mask(root: string, vendors: string): void {
  const units = "/etc/systemd/system";
  const wanted = readdirSync(units).filter((name) => name.endsWith(".wants"));
  for (const name of wanted.flatMap((folder) => readdirSync(join(units, folder))))
    if (name !== vendors && /\.(service|timer)$/.test(name) && !existsSync(join(units, name)))
      symlinkSync("/dev/null", join(root, units, name));
}

/** `vendors`: the vendor's unit of an engine, which runs at first. `files`: written before it boots, by their paths. `ports`: of this process. */
export async function bootHost({
  vendors,
  files,
  ports,
}: {
  vendors: string;
  files: Record<string, string>;
  ports: number[];
}) {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "mode=755", "tmpfs", folder]);
  const [upper, work, root] = ["upper", "work", "root"].map((name) => join(folder, name)) as [string, string, string];
  const units = join(upper, "etc/systemd/system");
  for (const each of [work, root, join(units, "multi-user.target.wants")]) mkdirSync(each, { recursive: true });
  mask(upper, vendors);
  const wants = join(units, "multi-user.target.wants", vendors);
  if (!existsSync(wants)) symlinkSync(join("/lib/systemd/system", vendors), wants);
  for (const [path, text] of Object.entries({ "/etc/machine-id": "", ...files })) {
    mkdirSync(dirname(join(upper, path)), { recursive: true });
    writeFileSync(join(upper, path), text);
  }
  execFileSync("mount", ["-t", "overlay", "overlay", "-o", `lowerdir=/,upperdir=${upper},workdir=${work}`, root]);
  const name = `dp-${basename(folder)}`.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-");
  const network = `/run/netns/${name}`;
  execFileSync("ip", ["netns", "add", name]);
  execFileSync("ip", ["-n", name, "link", "set", "lo", "up"]);
  const log = join(folder, "log");
  let container: ChildProcess | undefined;
  let relays: (() => Promise<void>) | undefined;

  /** With the first process of a container all others end, and with it systemd-nspawn; without that the container would live on. */
  function killAll(): void {
    const first = container?.exitCode === null ? leader() : undefined;
    if (first !== undefined) process.kill(Number(first), "SIGKILL");
    else container?.kill("SIGKILL");
  }
  function kill(): void {
    killAll();
    for (const command of [
      ["umount", "-l", root],
      ["umount", "-l", folder],
      ["ip", "netns", "del", name],
    ]) {
      try {
        execFileSync(command[0] ?? "", command.slice(1), { stdio: "ignore" });
      } catch {
        // it is gone already
      }
    }
  }
  process.once("exit", kill);

  async function boot(): Promise<void> {
    const out = openSync(log, "a");
    const args = ["--quiet", "--register=no", "--keep-unit", "--boot", "--console=pipe", `--machine=${name}`];
    container = spawn("systemd-nspawn", [...args, `--network-namespace-path=${network}`, "-D", root], {
      stdio: ["ignore", out, out],
    });
    closeSync(out);
    const said = () => `the host did not boot: ${readFileSync(log, "utf8").slice(-2000)}`;
    for (let waited = 0; ; waited++) {
      if (container.exitCode !== null || waited > 300) throw new Error(said());
      if (leader() !== undefined && /^(running|degraded)/.test((await run("systemctl is-system-running")).text)) return;
      await pause(200);
    }
  }

  /** The container's first process. */
  function leader(): string | undefined {
    const { pid } = container ?? {};
    if (pid === undefined) return undefined;
    const children = `/proc/${pid}/task/${pid}/children`;
    return existsSync(children) ? readFileSync(children, "utf8").trim().split(" ")[0] || undefined : undefined;
  }

  /** Runs a line of sh in it as root. */
  async function run(line: string): Promise<Ran> {
    const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    const inside = ["-t", leader() ?? "none", "-a", "--", "env", "-i", path, "LC_ALL=C", "sh", "-c", line];
    const child = spawn("nsenter", inside, { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (text += data));
    const [code] = await once(child, "close");
    return { code, text };
  }

  async function connectCloud(): Promise<void> {
    relays ??= await relay(network, folder, ports);
  }
  async function cutCloud(): Promise<void> {
    await relays?.();
    relays = undefined;
  }
  await connectCloud();
  await boot();
  return {
    run,
    /** The same, which must go well. */
    async must(line: string): Promise<string> {
      const { code, text } = await run(line);
      expect(code, `${line}: ${text}`).toBe(0);
      return text.trim();
    },
    path: (path: string): string => join(root, path),
    connectCloud,
    cutCloud,
    /** A program of this repository in the host's network alone, with this machine's files; arguments as JSON. */
    beside: (file: string, argument: unknown): ChildProcess =>
      spawn(
        "nsenter",
        [`--net=${network}`, process.execPath, "--disable-warning=ExperimentalWarning", file, JSON.stringify(argument)],
        {
          stdio: ["pipe", "pipe", "inherit"],
        },
      ),
    async reboot(): Promise<void> {
      const gone = container && once(container, "exit");
      await run("systemctl reboot");
      await gone;
      await boot();
    },
    async stop(): Promise<void> {
      await cutCloud();
      const gone = container && container.exitCode === null && once(container, "exit");
      killAll();
      await gone;
      process.off("exit", kill);
      kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Carries connections to these ports of the other network's loopback to the same ports of this one's. Resolves with what ends that. */
async function relay(network: string, folder: string, ports: number[]): Promise<() => Promise<void>> {
  const servers = ports.map((port): Server => {
    const path = join(folder, `${port}.sock`);
    rmSync(path, { force: true });
    return carrier({ host: "127.0.0.1", port }).listen(path);
  });
  await Promise.all(servers.map((server) => once(server, "listening")));
  const file = fileURLToPath(new URL("relay.ts", import.meta.url));
  const args = [`--net=${network}`, process.execPath, "--disable-warning=ExperimentalWarning", file, folder];
  const child = spawn("nsenter", [...args, ...ports.map(String)], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  };
}
