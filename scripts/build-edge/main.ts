// `npm run build:edge [-- --arch arm64] [--version 1.2.0]`: builds the edge's Debian packages into dist/edge, with the list of them that `npm start` and
// `npm run deploy` read. Packages of other releases stay in the list, so that a host can be brought back to one.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import manifest from "../../package.json" with { type: "json" };
import { type Architecture, architectures, buildDeb, type Package } from "./deb.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Node's own build for that architecture, out of the npm package that has it; kept for the next time. */
function fetchNode(arch: Architecture): { program: string; license: string } {
  const version = manifest.devDependencies.node;
  const folder = join(root, "node_modules/.cache/edge-node", `${version}-${arch}`);
  const program = join(folder, "bin/node");
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const name = `node-linux-${arch === "amd64" ? "x64" : "arm64"}@${version}`;
    const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder, name], { encoding: "utf8" });
    execFileSync("tar", [
      "-xzf",
      join(folder, packed.trim()),
      "-C",
      folder,
      "--strip-components=1",
      "package/LICENSE",
      "package/bin/node",
    ]);
  }
  return { program, license: readFileSync(join(folder, "LICENSE"), "utf8") };
}

/** SOURCE_DATE_EPOCH (reproducible-builds.org), else when the sources were committed. */
function epochOf(): number {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined && /^\d+$/.test(given)) return Number(given);
  try {
    return Number(
      execFileSync("git", ["log", "-1", "--format=%ct"], {
        cwd: root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }),
    );
  } catch {
    return 1_700_000_000;
  }
}

/** Puts it into `index.json` of the folder: `latest` is what was built last. */
export function list(folder: string, built: Package[]): void {
  const file = join(folder, "index.json");
  const before: Package[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : [];
  const names = new Set(built.map((one) => one.file));
  const packages = [...before.filter((one) => !names.has(one.file) && existsSync(join(folder, one.file))), ...built];
  writeFileSync(`${file}.new`, `${JSON.stringify({ latest: built.at(-1)?.version, packages }, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      options: { arch: { type: "string", multiple: true }, version: { type: "string", default: manifest.version } },
    });
    const wanted = values.arch ?? [...architectures];
    const unknown = wanted.find((one) => !architectures.some((arch) => arch === one));
    if (unknown !== undefined) throw new Error(`--arch ${unknown}: known are ${architectures.join(" and ")}`);
    const folder = join(root, "dist/edge");
    for (const arch of architectures.filter((one) => wanted.includes(one))) {
      const built = await buildDeb({ version: values.version, arch, node: fetchNode(arch), folder, epoch: epochOf() });
      list(folder, [built]);
      console.log(`dist/edge/${built.file}  ${(built.bytes / 1e6).toFixed(1)} MB  sha256 ${built.sha256}`);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
