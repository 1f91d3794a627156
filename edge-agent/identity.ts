// Who this edge is: an Ed25519 key made on the host that never leaves it, and the id that enrolment gave.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Roster } from "../core/wire.ts";
import { type Enrolment, enrolled, type QueueAccess } from "../core/wire-host.ts";

const saved = z.object({ edge: z.string(), pool: z.string(), controlUrl: z.string() });
export type Identity = z.output<typeof saved> & { key: KeyObject };

/** Enrolment was refused; trying again can't help. */
export class EnrolmentRefused extends Error {}

/** The host's key, made at the first call. */
export function hostKey(dataDir: string): KeyObject {
  const file = join(dataDir, "edge.key");
  const known = readIfThere(file);
  if (known !== undefined) return createPrivateKey(known);
  const { privateKey } = generateKeyPairSync("ed25519");
  save(dataDir, "edge.key", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  return privateKey;
}

/** What enrolment saved; undefined before it. */
export function readIdentity(dataDir: string): Identity | undefined {
  const text = readIfThere(join(dataDir, "identity.json"));
  return text === undefined ? undefined : { ...saved.parse(JSON.parse(text)), key: hostKey(dataDir) };
}

/**
 * Asks the control plane to take this host in, and saves what it answers. The same key gets the same edge, so it may be asked again when an answer was
 * lost. Throws EnrolmentRefused for what a human must mend, another error where a later try can help.
 */
export async function enrol(
  dataDir: string,
  controlUrl: string,
  request: Omit<Enrolment, "publicKey">,
): Promise<{ identity: Identity; queue: QueueAccess; roster: Roster | undefined }> {
  const key = hostKey(dataDir);
  const publicKey = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  const answer = await fetch(`${controlUrl}/v1/edges/enroll`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...request, publicKey }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await answer.text();
  if (!answer.ok) {
    const why = `${controlUrl} answered ${answer.status} to the enrolment: ${text.slice(0, 500)}`;
    throw answer.status >= 500 || answer.status === 408 || answer.status === 429
      ? new Error(why)
      : new EnrolmentRefused(why);
  }
  const { edge, pool, queue, roster } = enrolled.parse(JSON.parse(text));
  save(dataDir, "identity.json", JSON.stringify({ edge, pool, controlUrl }));
  return { identity: { edge, pool, controlUrl, key }, queue, roster };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Whole or not at all, for this user alone. */
function save(dataDir: string, name: string, text: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, name);
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}
