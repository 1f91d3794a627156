// Where a request comes from. Anybody can write an X-Forwarded-For header, so it is believed only as far as hops that the installation trusts wrote it.
import { hash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { contains, isNetwork } from "../../core/network.ts";
import type { Reader } from "../environment.ts";
import { frontHeaders } from "./front-headers.ts";

/** `10.0.0.0/8, ::1` as a setting. */
export const networks: Reader<string[]> = (text) => {
  const parts = (text ?? "").split(/[\s,]+/).filter((part) => part !== "");
  const strange = parts.find((part) => !isNetwork(part));
  if (strange === undefined) return parts;
  throw new Error(`${strange}: must be an address or a network, as in 192.0.2.7 or 192.0.2.0/28`);
};

/**
 * Whom our front took the request from; undefined where it does not come from there. Addresses of CloudFront's own are no proof: anybody may put a
 * distribution of his in front of us, whose functions write what headers he likes. So the front proves itself by a secret.
 */
export function toldByFront(
  header: (name: string) => string | undefined,
  secret: string | undefined,
): string | undefined {
  const [sent, viewer] = [header(frontHeaders.secret), header(frontHeaders.viewer)];
  if (secret === undefined || sent === undefined || viewer === undefined || isIP(viewer) === 0) return undefined;
  return timingSafeEqual(hash("sha256", sent, "buffer"), hash("sha256", secret, "buffer")) ? viewer : undefined;
}

/**
 * The caller's address: `peer`, whom the connection is from, unless that is a trusted proxy; then the nearest hop of `forwarded` (an X-Forwarded-For
 * header, the nearest hop last) that is none. A hop that is no address ends the walk at the hop after it.
 */
export function callerAddress(
  peer: string | null,
  forwarded: string | undefined,
  trusted: readonly string[],
): string | null {
  let address = peer;
  const hops = (forwarded ?? "").split(",").map((hop) => hop.trim());
  while (address !== null && trusted.some((network) => contains(network, address ?? ""))) {
    const hop = hops.pop();
    if (hop === undefined || isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}
