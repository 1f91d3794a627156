// Wraps data keys with a key from a file of mode 0600: the one-box installation's stand-in for KMS.
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { seal, unseal, type Wrapper } from "./vault.ts";

/** Reads the 32-byte key at `path`, or makes it. Throws if the file holds anything else: data sealed under a lost key can't be read again. */
export function keyFile(path: string): Wrapper {
  if (!existsSync(path)) writeFileSync(path, randomBytes(32), { mode: 0o600, flag: "wx", flush: true });
  chmodSync(path, 0o600);
  const key = readFileSync(path);
  if (key.length !== 32) throw new Error(`${path} must hold 32 bytes; restore it from your backup`);
  return {
    wrap: async (plain, context) => seal(key, plain, context),
    unwrap: async (wrapped, context) => unseal(key, wrapped, context),
  };
}
