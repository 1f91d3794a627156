// Brings the packages of `npm run build:edge` to where hosts fetch them: what is there stays, so that hosts can go back to it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type EdgePackage, indexFile, listPackages, releasesPrefix } from "../../functions/edges/packages.ts";
import type { Media } from "../../functions/media/media.ts";

/** The list goes last, so that it names nothing that is not there. Resolves with how many it names. */
export async function uploadReleases(media: Media, folder: string): Promise<number> {
  const { latest, packages } = JSON.parse(readFileSync(join(folder, indexFile), "utf8")) as {
    latest: string;
    packages: EdgePackage[];
  };
  const before = (await listPackages({ media })).packages;
  const isThere = (one: EdgePackage) => before.some(({ file, sha256 }) => file === one.file && sha256 === one.sha256);
  for (const one of packages.filter((each) => !isThere(each)))
    await media.put(
      `${releasesPrefix}${one.file}`,
      readFileSync(join(folder, one.file)),
      "application/vnd.debian.binary-package",
    );
  const names = new Set(packages.map(({ file }) => file));
  const all = [...before.filter(({ file }) => !names.has(file)), ...packages];
  const index = JSON.stringify({ latest, packages: all });
  await media.put(`${releasesPrefix}${indexFile}`, new TextEncoder().encode(index), "application/json");
  return all.length;
}
