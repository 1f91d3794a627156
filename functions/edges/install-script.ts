// The script that one line on a host runs, as install.sh has it, with what it must know of this control plane.
import { readFileSync } from "node:fs";
import { type EdgePackage, quoted } from "./packages.ts";

// beside this file, and beside its bundle
const source = new URL("./install.sh", import.meta.url);

/** For hosts that join at `controlUrl`; `packages`: of the release to install. */
export function installScript(controlUrl: string, packages: EdgePackage[]): string {
  const lines = packages.map(({ arch, version, sha256, file }) => `${arch} ${version} ${sha256} ${file}`);
  const values: Record<string, string> = { CONTROL: controlUrl, PACKAGES: lines.join("\n") };
  // at once: one value may look like the other's place
  return readFileSync(source, "utf8").replace(/@(CONTROL|PACKAGES)@/g, (_, name: string) => quoted(values[name] ?? ""));
}
