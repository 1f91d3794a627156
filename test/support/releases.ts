// The edge's packages where the control plane of a test looks for them: in its folder, or in the bucket of the booted template.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EdgePackage, indexFile, releasesPrefix } from "../../functions/edges/packages.ts";
import type { TestControl } from "./control.ts";

/** Lists packages of amd64 of these versions, the last one as the latest. Nothing is in them. */
export async function bringReleases(control: TestControl, versions: string[]): Promise<void> {
  const packages = versions.map((version): EdgePackage => {
    const sha256 = version.padEnd(64, "0").replaceAll(".", "0");
    return { file: `dialplane-edge_${version}_amd64.deb`, version, arch: "amd64", sha256, bytes: 5 };
  });
  const files: Record<string, string> = { [indexFile]: JSON.stringify({ latest: versions.at(-1), packages }) };
  for (const { file, version } of packages) files[file] = version;
  const folder = join(control.dataDir, "releases");
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files))
    if (process.env.THROUGH === "template") await control.ctx.media.put(releasesPrefix + name, Buffer.from(text), kind);
    else writeFileSync(join(folder, name), text);
}

const kind = "application/octet-stream";
