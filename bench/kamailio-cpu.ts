// The processor time of a program that runs as many processes (Linux).
import { readdirSync, readFileSync } from "node:fs";

const ticksPerSecond = 100;

/** Seconds that all processes of the group have taken so far; those that ended do not count. */
export function cpuOfGroup(leader: number): number {
  let ticks = 0;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // after the name, which may hold anything: state, parent, group … user time and system time are the 12th and 13th
    const fields = stat(name)
      .replace(/^.*\) /s, "")
      .split(" ");
    if (Number(fields[2]) === leader) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / ticksPerSecond;
}

function stat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}
