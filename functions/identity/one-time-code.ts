// One-time codes by time (TOTP, RFC 6238), as authenticator apps make them from a shared secret: HMAC-SHA-1, six digits, a new one every 30 seconds.
import { createHmac, timingSafeEqual } from "node:crypto";

const stepMs = 30_000;
const digits = 6;
/** Clocks may differ by so many steps. */
const drift = 1;

export const stepAt = (now: Date): number => Math.floor(now.getTime() / stepMs);

/** The code of one step (RFC 4226, section 5.3). */
export function codeOf(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, "0");
}

/** The step whose code it is, if that is about now and later than `last`: none is good twice. */
export function stepOf(secret: Uint8Array, code: string, now: Date, last: number): number | undefined {
  const sent = Buffer.from(code);
  const steps = Array.from({ length: 2 * drift + 1 }, (_, index) => stepAt(now) - drift + index);
  const found = steps.filter((step) => {
    const wanted = Buffer.from(codeOf(secret, step));
    return sent.length === wanted.length && timingSafeEqual(sent, wanted);
  });
  return found.find((step) => step > last);
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Base32 (RFC 4648) without padding: how authenticator apps take a secret. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

/** What the QR code says: the form that Google Authenticator brought and all others read. */
export function uriOf(secret: Uint8Array, brand: string, email: string): string {
  // the label's parts are told apart by a colon, which readers look for before they decode
  const issuer = brand.replaceAll(/\s*:\s*/g, " ");
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(email)}`;
  const query = { secret: base32(secret), issuer, algorithm: "SHA1", digits: String(digits), period: "30" };
  const written = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `otpauth://totp/${label}?${written.join("&")}`;
}
