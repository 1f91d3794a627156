// A Debian host in a folder: dpkg is real and works in there, what would reach the machine (systemd, users) is a stand-in that writes down how it was called.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildDeb, type Package } from "../../scripts/build-edge/deb.ts";
import { temporaryFolder } from "./folder.ts";
import { needs, onPath } from "./skip.ts";

export const canInstall = (): boolean =>
  needs("dpkg, as root", onPath("dpkg-deb") !== undefined && onPath("perl") !== undefined && process.getuid?.() === 0);

/** Node as the package has it, without its hundred megabytes: the one that runs the test. */
export function smallNode(folder: string): { program: string; license: string } {
  const program = join(folder, "node");
  writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} "$@"\n`, { mode: 0o755 });
  return { program, license: "MIT" };
}

/** A package of that release for this machine, but for Node itself. */
export const smallPackage = (folder: string, version: string): Promise<Package> =>
  buildDeb({ version, arch: "amd64", node: smallNode(folder), folder, epoch: 1_800_000_000, level: 1 });

export type DebianHost = ReturnType<typeof debianHost>;

/** `stand`: more programs that stand in, by name: what they do in sh. */
export function debianHost(stand: Record<string, string> = {}) {
  const root = temporaryFolder();
  const bin = join(temporaryFolder(), "bin");
  const calls = join(bin, "calls");
  for (const folder of ["var/lib/dpkg/info", "var/lib/dpkg/updates", "etc", "usr", "tmp", "run"])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ["status", "available"]) writeFileSync(join(root, "var/lib/dpkg", file), "");
  mkdirSync(bin, { recursive: true });
  const program = (name: string, does: string): void =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${does}\n`, { mode: 0o755 });
  const noted = (name: string): string => `echo "${name} $*" >>'${calls}'`;
  const forced = "--force-script-chrootless --force-depends --force-not-root --force-bad-path";
  program(
    "dpkg",
    `case "$1" in --print-architecture) echo amd64; exit;; esac\n${noted("dpkg")}\nexec /usr/bin/dpkg --root='${root}' ${forced} "$@"`,
  );
  program("systemctl", `${noted("systemctl")}\n${stand.systemctl ?? ""}`);
  program("getent", "echo dialplane-edge");
  // there is no such user on this machine
  program(
    "install",
    'for a; do shift; case "$skip$a" in -o|-g) skip=x;; x*) skip=;; *) set -- "$@" "$a";; esac; done\nexec /usr/bin/install "$@"',
  );
  program("chown", "exit 0");
  program("userdel", noted("userdel"));
  for (const [name, does] of Object.entries(stand)) if (name !== "systemctl") program(name, does);
  const env = { PATH: `${bin}:${process.env.PATH}`, DIALPLANE_ROOT: root, DPKG_NLS: "0", LC_ALL: "C" };
  return {
    root,
    env,
    program,
    path: (path: string): string => join(root, path),
    /** How the stand-ins were called since it was asked last. */
    called(): string[] {
      const lines = existsSync(calls) ? readFileSync(calls, "utf8").split("\n").filter(Boolean) : [];
      writeFileSync(calls, "");
      return lines;
    },
    dpkg: (...args: string[]): string => execFileSync(join(bin, "dpkg"), args, { env, encoding: "utf8" }),
  };
}
