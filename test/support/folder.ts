// A temporary folder that is gone after the test.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Made under the system's folder for such things; removed when the running test is finished, after what was registered later. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
