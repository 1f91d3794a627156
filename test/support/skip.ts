// Tests on real parts (an engine, a browser, DynamoDB Local) run where the part is installed and say loudly that they were skipped where it is not.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** With CI=true these must be there; of the others a skip is allowed. */
const installedInCi = ["Kamailio", "SIPp", "Chromium", "DynamoDB Local", "Pebble"] as const;
export type Part =
  | (typeof installedInCi)[number]
  | "FreeSWITCH"
  | "Asterisk"
  | "rtpengine"
  | "IPv6"
  | "moto"
  | "ip(8), as root"
  | "dpkg, as root"
  | "systemd-analyze"
  | "shellcheck"
  | "a host that systemd boots (systemd-nspawn as root)"
  | "a root of its own (unshare and chroot as root, jq, curl)"
  | "SST's platform (npm run check:sst)";

/** Returns `found`, for `describe.runIf(needs("SIPp", onPath("sipp") !== undefined))`. */
export function needs(part: Part, found: boolean): boolean {
  if (found) return true;
  const must = installedInCi.some((name) => name === part);
  if (must && process.env.CI === "true") throw new Error(`${part} is not installed; with CI=true that is a failure`);
  console.warn(`SKIPPED: ${part} is not installed, so its tests did not run`);
  return false;
}

/** Where a program is, or undefined. */
export function onPath(program: string): string | undefined {
  const places = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return places.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
