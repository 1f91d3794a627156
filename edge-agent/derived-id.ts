// Ids that derive from what they name, so that every way of learning of it gives the same.
import { createHash } from "node:crypto";
import { encodeTime } from "ulid";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** `prefix_` and a ULID whose time is `atMs` and whose rest is the first 80 bits of SHA-256 over `names`. */
export function derivedId(prefix: string, atMs: number, ...names: string[]): string {
  const hash = createHash("sha256").update(names.join("\n")).digest("hex").slice(0, 20);
  let bits = BigInt(`0x${hash}`);
  let text = "";
  for (let place = 0; place < 16; place += 1) {
    text = `${alphabet[Number(bits & 31n)]}${text}`;
    bits >>= 5n;
  }
  return `${prefix}_${encodeTime(atMs, 10)}${text}`;
}
