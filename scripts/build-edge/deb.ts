// Puts the agent, Node, the units and the maintainer scripts into a Debian package. The same inputs give the same bytes.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundleAgent } from "./bundle.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** As Debian names them. */
export const architectures = ["amd64", "arm64"] as const;
export type Architecture = (typeof architectures)[number];

export type Build = {
  version: string;
  arch: Architecture;
  /** Node's program for that architecture, and the text of its licence. */
  node: { program: string; license: string };
  /** Where the package goes. */
  folder: string;
  /** Of every file in it, in seconds since 1970. */
  epoch: number;
  /** zstd's, 1 to 22. */
  level?: number;
};
/** As `index.json` lists them. */
export type Package = { file: string; version: string; arch: Architecture; sha256: string; bytes: number };

const units = [
  "edge.socket",
  "edge.service",
  "freeswitch.service",
  "kamailio.service",
  "upgrade.path",
  "upgrade.service",
];
const documents = ["edge.md", "kamailio.md"];

/** Builds it and resolves with what it is. Throws for a version that Debian would not take. */
export async function buildDeb({ version, arch, node, folder, epoch, level = 12 }: Build): Promise<Package> {
  if (!/^\d[0-9A-Za-z.~+]*$/.test(version)) throw new Error(`${JSON.stringify(version)} is no version, as 1.2.0 is`);
  const tree = mkdtempSync(join(tmpdir(), "dialplane-edge-"));
  try {
    const put = (path: string, content: string | Uint8Array, mode = 0o644): void => {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), content);
      chmodSync(join(tree, path), mode);
    };
    const source = (path: string): string => readFileSync(join(root, path), "utf8");
    const licences = await bundleAgent(join(tree, "usr/lib/dialplane/edge"), version);
    copyFileSync(node.program, join(tree, "usr/lib/dialplane/node"));
    chmodSync(join(tree, "usr/lib/dialplane/node"), 0o755);
    for (const name of ["freeswitch", "upgrade"])
      put(`usr/lib/dialplane/${name}`, source(`edge-agent/package/${name}`), 0o755);
    for (const unit of units)
      put(`usr/lib/systemd/system/dialplane-${unit}`, source(`edge-agent/systemd/dialplane-${unit}`));
    const doc = "usr/share/doc/dialplane-edge";
    for (const name of documents) put(`${doc}/${name}`, source(`docs/${name}`));
    put(`${doc}/copyright`, copyright(node.license, licences));
    put(`${doc}/changelog.gz`, gzipSync(changelog(version, epoch), { level: 9 }));
    const installedKb = Math.ceil(sizeOf(tree) / 1024);
    put("DEBIAN/control", control(version, arch, installedKb));
    put("DEBIAN/md5sums", sums(tree));
    for (const name of ["postinst", "prerm", "postrm"])
      put(`DEBIAN/${name}`, source(`edge-agent/package/${name}`), 0o755);
    settle(tree, epoch);
    const file = `dialplane-edge_${version}_${arch}.deb`;
    mkdirSync(folder, { recursive: true });
    const compression = ["-Zzstd", `-z${level}`, "--threads-max=1"];
    execFileSync("dpkg-deb", ["--root-owner-group", ...compression, "--build", tree, join(folder, file)], {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const bytes = readFileSync(join(folder, file));
    return { file, version, arch, sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length };
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

const control = (version: string, arch: Architecture, installedKb: number): string => `Package: dialplane-edge
Version: ${version}
Section: comm
Priority: optional
Architecture: ${arch}
Maintainer: Dialplane <dialplane@localhost>
Installed-Size: ${installedKb}
Depends: libc6 (>= 2.28), libstdc++6 (>= 8), passwd, systemd (>= 247), curl, ca-certificates
Recommends: openssl
Enhances: freeswitch, kamailio
Description: Dialplane's agent on a telephone host
 It keeps what FreeSWITCH or Kamailio on this host is to do in step with
 Dialplane's control plane, answers FreeSWITCH's lookups from this host's own
 disk, and reports calls. It comes with the Node.js that it runs on. The engine
 is not part of it.
`;

function changelog(version: string, epoch: number): string {
  const date = new Date(epoch * 1000).toUTCString().replace("GMT", "+0000");
  return `dialplane-edge (${version}) stable; urgency=medium\n\n  * See CHANGELOG.md of Dialplane.\n\n -- Dialplane <dialplane@localhost>  ${date}\n`;
}

const copyright = (node: string, licences: string): string =>
  [
    "Dialplane is under the Apache License, Version 2.0: /usr/share/common-licenses/Apache-2.0",
    `Node.js (/usr/lib/dialplane/node):\n\n${node.trim()}`,
    `Packages that are part of /usr/lib/dialplane/edge:\n\n${licences}`,
  ].join("\n\n====\n\n");

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const sizeOf = (folder: string): number => files(folder).reduce((sum, file) => sum + statSync(file).size, 0);

/** For `dpkg --verify`. */
const sums = (tree: string): string =>
  files(join(tree, "usr"))
    .map((file) => `${createHash("md5").update(readFileSync(file)).digest("hex")}  ${file.slice(tree.length + 1)}\n`)
    .join("");

/** One time and one mode for all, whatever the umask of who builds it. */
function settle(tree: string, epoch: number): void {
  for (const entry of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.isFile() && (statSync(path).mode & 0o100) !== 0;
    chmodSync(path, entry.isDirectory() || isProgram ? 0o755 : 0o644);
    lutimesSync(path, epoch, epoch);
  }
  chmodSync(tree, 0o755);
  lutimesSync(tree, epoch, epoch);
}
