// A document's digest: the sum modulo 2^128 of its resources' hashes, so that a write updates it in constant time and order is of no account.
// The hash function is handed in (SHA-256, hex), because core does no I/O and the browser's is asynchronous.

const modulus = 1n << 128n;

/** The digest of a document without resources: 32 hexadecimal zeros. */
export const empty = "0".repeat(32);

export type Sha256 = (text: string) => string;

/** What one resource adds to its document's digest: the first 128 bits of SHA-256 over kind, id and canonical text. */
export function weigh(sha256: Sha256, kind: string, id: string, text: string): bigint {
  return BigInt(`0x${sha256(`${kind}\n${id}\n${text}`).slice(0, 32)}`);
}

/** `digest` (32 hexadecimal digits) with `add` counted in and `remove` taken out. */
export function shift(digest: string, add: readonly bigint[], remove: readonly bigint[] = []): string {
  let sum = BigInt(`0x${digest}`);
  for (const weight of add) sum += weight;
  for (const weight of remove) sum -= weight;
  return (((sum % modulus) + modulus) % modulus).toString(16).padStart(32, "0");
}
