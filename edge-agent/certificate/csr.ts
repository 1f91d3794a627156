// A certificate signing request (PKCS #10, RFC 2986) for DNS names: node:crypto reads certificates and makes keys, but writes no requests.
import { createPublicKey, type KeyObject, sign } from "node:crypto";

/** DER of a request for `names` (ASCII, `*.` may stand before one), signed with a P-256 key. The subject is empty: names stand in subjectAltName alone. */
export function signingRequest(names: readonly string[], key: KeyObject): Buffer {
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" });
  const altNames = sequence(...names.map((name) => tagged(0x82, Buffer.from(name, "ascii"))));
  const extension = sequence(oid("2.5.29.17"), tagged(0x04, altNames));
  const extensionRequest = sequence(oid("1.2.840.113549.1.9.14"), tagged(0x31, sequence(extension)));
  const info = sequence(integer(0), sequence(), publicKey, tagged(0xa0, extensionRequest));
  const signature = sign("sha256", info, key);
  return sequence(info, sequence(oid("1.2.840.10045.4.3.2")), tagged(0x03, Buffer.concat([Buffer.of(0), signature])));
}

/** One tag, the length in the shortest form, the content (X.690). */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const bytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...bytes), content]);
}

const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
const integer = (value: number): Buffer => tagged(0x02, Buffer.of(value));

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const arcs = rest.flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return tagged(0x06, Buffer.of(first * 40 + second, ...arcs));
}
