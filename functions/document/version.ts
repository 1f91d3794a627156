// The version of what somebody is about to change, as he saw it: `If-Match`.
import { Problem } from "../problem.ts";

/** Throws `version_mismatch` with the present version. */
export function checkVersion(before: { version: number }, ifVersion: number | undefined): void {
  if (ifVersion === undefined || before.version === ifVersion) return;
  const detail = `It is at version ${before.version}, not ${ifVersion}; fetch it again and repeat your change.`;
  throw new Problem("version_mismatch", detail, {
    headers: { ETag: `"${before.version}"` },
    extra: { version: before.version },
  });
}
