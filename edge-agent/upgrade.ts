// Another release of this agent: fetched when the cloud wants it, checked, and left where root's unit (dialplane-upgrade) finds it. Root believes none of it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { packageFound } from "../core/wire-host.ts";
import type { Cloud } from "./cloud.ts";
import type { Log } from "./log.ts";
import { version as own } from "./version.ts";

export type Failed = { version: string; reason: string };
export interface Upgrade {
  /** The cloud wants this version to run, or none. Fetches its package, once; resolves when it is left for root or could not be. */
  want(version: string | undefined): Promise<void>;
  /** The release that could not be taken since it was wanted, and why; null for none. */
  failed(): Failed | null;
}

const fetchMs = 600_000;
const mostBytes = 500_000_000;
/** As Debian names what Node names otherwise. */
const architectures: Partial<Record<string, "amd64" | "arm64">> = { x64: "amd64", arm64: "arm64" };

/** `dir`: where root looks; null where nobody does: such an agent stays what it is. `outcome`: the file in which root says what went wrong. */
export function createUpgrade(parts: { cloud: Cloud; log: Log; dir: string | null; outcome: string }): Upgrade {
  const { cloud, log, dir, outcome } = parts;
  let wanted: string | undefined;
  let failure: Failed | null = null;
  let since = 0;

  async function fetchPackage(version: string, place: string): Promise<void> {
    const arch = architectures[process.arch];
    if (!arch) throw new Error(`there is no package for ${process.arch}`);
    const { url, sha256, bytes } = await cloud.post("package", { version, arch }, packageFound);
    if (bytes > mostBytes) throw new Error("it is too large");
    mkdirSync(place, { recursive: true, mode: 0o700 });
    const file = join(place, "incoming");
    try {
      const hash = await download(url, file, bytes);
      if (hash !== sha256) throw new Error("what came is not what the control plane said");
      renameSync(file, join(place, "dialplane-edge.deb"));
    } finally {
      rmSync(file, { force: true });
    }
  }

  return {
    async want(version) {
      if (version === wanted) return;
      wanted = version;
      if (version === undefined) return;
      failure = null;
      since = Date.now();
      if (version === own || dir === null) return;
      try {
        await fetchPackage(version, dir);
        log.info({ version }, "another release is left to be installed");
      } catch (error) {
        failure = { version, reason: error instanceof Error ? error.message.slice(0, 500) : String(error) };
        log.warn(failure, "another release could not be fetched");
      }
    },
    failed: () => failure ?? readOutcome(outcome, since),
  };
}

/** Streams it to the disk; resolves with its SHA-256. Rejects as soon as it is longer than it should be. */
async function download(url: string, file: string, bytes: number): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(fetchMs), redirect: "error" });
  if (!answer.ok || !answer.body) throw new Error(`its store answers ${answer.status}`);
  const hash = createHash("sha256");
  const to = await open(file, "w", 0o600);
  let length = 0;
  try {
    for await (const chunk of answer.body) {
      length += chunk.length;
      if (length > bytes) throw new Error("what comes is longer than the control plane said");
      hash.update(chunk);
      await to.write(chunk);
    }
    await to.sync();
  } finally {
    await to.close();
  }
  return hash.digest("hex");
}

/** `<version> <reason>`, if root wrote it since then; nothing where the last one went well. */
function readOutcome(file: string, since: number): Failed | null {
  try {
    if (statSync(file).mtimeMs < since) return null;
    const [, version, reason] = /^(\S+) (.+)/.exec(readFileSync(file, "utf8")) ?? [];
    return version && reason ? { version: version.slice(0, 64), reason: reason.slice(0, 500) } : null;
  } catch {
    return null;
  }
}
