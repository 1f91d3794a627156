// The bundles, built once in a process for every test file that wants them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bundle, buildFunctions } from "../../scripts/build-functions.ts";

let made: Promise<{ folder: string; bundles: Bundle[] }> | undefined;

/** The folder is gone with the process. */
export function built(): Promise<{ folder: string; bundles: Bundle[] }> {
  made ??= build();
  return made;
}

async function build() {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return { folder, bundles: await buildFunctions(folder) };
}
