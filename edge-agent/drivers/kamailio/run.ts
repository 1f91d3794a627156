// Kamailio as a process of ours: found, started on an installed configuration, and stopped. For `npm start` and tests; a host of its own has it as a unit.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectRpc } from "./binrpc/connection.ts";
import type { KamailioConfig } from "./config.ts";
import { controlSocket } from "./install.ts";

const folders = ["/usr/sbin", "/usr/local/sbin", "/usr/bin"];
const moduleFolders = [
  "/usr/lib/x86_64-linux-gnu/kamailio/modules",
  "/usr/lib/aarch64-linux-gnu/kamailio/modules",
  "/usr/lib64/kamailio/modules",
  "/usr/lib/kamailio/modules",
  "/usr/local/lib64/kamailio/modules",
];

/** The program: `given`, else `KAMAILIO`, else on PATH or in a usual place. Undefined where there is none. */
export function findKamailio(given?: string): string | undefined {
  const asked = given ?? process.env.KAMAILIO;
  if (asked) return existsSync(asked) ? asked : undefined;
  const all = [...(process.env.PATH ?? "").split(delimiter), ...folders];
  return all.map((folder) => join(folder || ".", "kamailio")).find((file) => existsSync(file));
}

/** The modules that the installed configuration loads and this host lacks; none where we don't know where modules are. */
export function missingModules(dir: string): string[] {
  const place = moduleFolders.find((folder) => existsSync(join(folder, "tm.so")));
  if (!place) return [];
  const wanted = readFileSync(join(dir, "kamailio.cfg"), "utf8").matchAll(/^loadmodule "(\w+)\.so"/gm);
  return [...wanted].flatMap(([, name]) => (name && !existsSync(join(place, `${name}.so`)) ? [name] : []));
}

export type Running = {
  pid: number;
  /** Resolves when it ended, by whatever cause. */
  exited: Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
};

/**
 * Starts Kamailio on the folder that `install` wrote, its log in `kamailio.log` there; resolves when its control socket answers. One that was left running
 * there is stopped first: its registrations are on disk. Throws with the missing modules' names, or with the last lines of its log.
 */
export async function runKamailio(options: {
  program: string;
  config: KamailioConfig;
  timeoutSeconds?: number;
}): Promise<Running> {
  const { program, config } = options;
  const { dir } = config;
  const missing = missingModules(dir);
  if (missing.length > 0)
    throw new Error(
      `Kamailio lacks the modules ${missing.join(", ")}; install Debian's kamailio-extra-modules, -json-, -utils-, -tls-, -websocket-, -sqlite-, -presence- and -outbound-modules`,
    );
  await stopLeft(join(dir, "kamailio.pid"), join(dir, "kamailio.cfg"));
  rmSync(controlSocket(dir), { force: true });
  const log = openSync(join(dir, "kamailio.log"), "a", 0o600);
  const memory = ["-x", "fm", "-m", String(config.sharedMegabytes), "-M", "64"];
  const places = ["-f", join(dir, "kamailio.cfg"), "-Y", dir, "-w", dir, "-P", join(dir, "kamailio.pid")];
  const child = spawn(program, [...places, "-DD", "-E", ...memory], { stdio: ["ignore", log, log], detached: true });
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.on("error", () => resolve());
    child.on("exit", () => resolve());
  });
  const deadline = Date.now() + (options.timeoutSeconds ?? 30) * 1000;
  while (!(await answers(controlSocket(dir)))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(
        `Kamailio ${child.exitCode === null ? "does not answer" : "ended"}; its log says:\n${lastLines(dir)}`,
      );
    }
    await sleep(30);
  }
  return { pid: child.pid ?? 0, exited, stop: (signal) => stop(child, signal) };
}

async function answers(path: string): Promise<boolean> {
  try {
    const rpc = await connectRpc(path, () => undefined);
    await rpc.call("core.version");
    rpc.close();
    return true;
  } catch {
    return false;
  }
}

/** SIGTERM writes registrations down and ends; after 10 s it is killed. */
async function stop(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  // its workers too, where it can't tell them
  if (signal === "SIGKILL" && child.pid) process.kill(-child.pid, signal);
  else child.kill(signal);
  const timer = setTimeout(() => child.pid && process.kill(-child.pid, "SIGKILL"), 10_000);
  await ended;
  clearTimeout(timer);
}

/** Stops the process that an engine's own file names, if it is alive and has this argument. */
export async function stopLeft(file: string, argument: string): Promise<void> {
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8"));
  const there = () =>
    existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(argument);
  if (!(pid > 0) || !there()) return;
  process.kill(pid, "SIGTERM");
  const deadline = Date.now() + 10_000;
  while (there() && Date.now() < deadline) await sleep(50);
  if (there()) process.kill(pid, "SIGKILL");
}

function lastLines(dir: string): string {
  try {
    const lines = readFileSync(join(dir, "kamailio.log"), "utf8").split("\n");
    return lines
      .filter((line) => !line.includes("INFO:"))
      .slice(-15)
      .join("\n");
  } catch {
    return "(nothing)";
  }
}
