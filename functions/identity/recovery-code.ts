// Recovery codes: ten, shown once, each good once in the place of a second factor. Kept as SHA-256: they are too long to be guessed back.
import { hash, randomInt } from "node:crypto";
import { z } from "zod";
import * as keys from "../keys.ts";
import type { Item, Operation } from "../store/store.ts";

const count = 10;
const alphabet = "23456789abcdefghjkmnpqrstuvwxyz";

const stored = z.object({ hashes: z.array(z.string()), version: z.int(), madeAt: z.string() });
export type RecoveryCodes = z.output<typeof stored>;

export const readCodes = (item: Item): RecoveryCodes => stored.parse(item);

const draw = (): string => Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join("");
const plain = (code: string): string => code.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
const hashOf = (person: string, code: string): string => hash("sha256", `${person}/${plain(code)}`);
const spelled = (code: string): string => (code.match(/.{4}/g) ?? []).join("-");

/** New ones, `abcd-efgh-jkmn`, in the place of those that were. */
export function makingCodes(person: string, before: RecoveryCodes | undefined, now: Date) {
  const codes = Array.from({ length: count }, draw);
  const hashes = codes.map((code) => hashOf(person, code));
  const item = { hashes, version: (before?.version ?? 0) + 1, madeAt: now.toISOString() };
  return { codes: codes.map(spelled), operation: puttingCodes(person, before, item) };
}

/** What spends a code; undefined where it is none of them. */
export function spendingCode(person: string, before: RecoveryCodes, code: string): Operation | undefined {
  const sent = hashOf(person, code);
  const hashes = before.hashes.filter((one) => one !== sent);
  if (hashes.length === before.hashes.length) return undefined;
  return puttingCodes(person, before, { ...before, hashes, version: before.version + 1 });
}

const puttingCodes = (person: string, before: RecoveryCodes | undefined, after: RecoveryCodes): Operation => ({
  put: { ...keys.factor(person, "codes"), ...after },
  if: before ? { equals: { version: before.version } } : { absent: true },
});
