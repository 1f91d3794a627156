// rtpengine as a process of ours, in user space: for `npm start` and tests; a host of its own has Debian's rtpengine-daemon as a unit.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { answersOnce, type Place } from "./relay.ts";
import { type Running, stopLeft } from "./run.ts";

const folders = ["/usr/bin", "/usr/sbin", "/usr/local/bin"];

/** `RTPENGINE`, else on PATH or in a usual place. Undefined where there is none. */
export function findRtpengine(): string | undefined {
  const asked = process.env.RTPENGINE;
  if (asked) return existsSync(asked) ? asked : undefined;
  const all = [...(process.env.PATH ?? "").split(delimiter), ...folders];
  return all.map((folder) => join(folder || ".", "rtpengine")).find((file) => existsSync(file));
}

const pidFile = (dir: string): string => join(dir, "rtpengine.pid");
const named = (dir: string): string => `--pidfile=${pidFile(dir)}`;

/** Stops one that `runRtpengine` started and nobody stopped. */
export const stopLeftRtpengine = (dir: string): Promise<void> => stopLeft(pidFile(dir), named(dir));

/**
 * Starts rtpengine with its log and process id under `dir`; resolves when it answers commands at `ng`. Media have `address` (`own!external` behind NAT) and these ports. One that was left
 * running there is stopped first. Throws with the last lines of its log.
 */
export async function runRtpengine(options: {
  program: string;
  dir: string;
  address: string;
  ng: Place;
  ports: { start: number; end: number };
}): Promise<Running> {
  const { program, dir, address, ng, ports } = options;
  const logFile = join(dir, "rtpengine.log");
  await stopLeftRtpengine(dir);
  const log = openSync(logFile, "a", 0o600);
  const places = [`--interface=${address}`, `--listen-ng=${ng.address}:${ng.port}`];
  // by itself it would keep the ports of a call that ended for half a minute
  const media = ["--delete-delay=0", `--port-min=${ports.start}`, `--port-max=${ports.end}`];
  // else it takes the system's, whose ports are those of the daemon there
  const own = join(dir, "rtpengine.conf");
  writeFileSync(own, "[rtpengine]\n", { mode: 0o600 });
  const args = [
    `--config-file=${own}`,
    named(dir),
    "--table=-1",
    "--foreground",
    "--log-stderr",
    "--log-level=4",
    ...places,
    ...media,
  ];
  const child = spawn(program, args, { stdio: ["ignore", log, log], detached: true });
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.on("error", () => resolve());
    child.on("exit", () => resolve());
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  const deadline = Date.now() + 20_000;
  while (!(await answersOnce(ng)) || hasEnded()) {
    if (hasEnded() || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`rtpengine ${hasEnded() ? "ended" : "does not answer"}; its log says:\n${lastLines(logFile)}`);
    }
    await sleep(20);
  }
  return { pid: child.pid ?? 0, exited, stop: (signal) => stop(child, signal) };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(timer);
}

const lastLines = (file: string): string =>
  existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(-15).join("\n") : "(nothing)";
