// Host names, addresses and networks as fields hold them, and whether an address lies in a network.
import { z } from "zod";

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** A DNS name of at least two labels, in lower case (RFC 1123). */
export const domain = z
  .string()
  .max(253)
  .toLowerCase()
  .regex(
    new RegExp(`^${label}(?:\\.${label})*\\.[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`),
    "must be a domain name, as in acme.example",
  );

export const host = z.union([domain, z.ipv4(), z.ipv6()], "must be a host name or an address");

export const cidr = z
  .union(
    [z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()],
    "must be an address or a network, as in 192.0.2.7 or 192.0.2.0/28",
  )
  .describe("An address or a network in CIDR notation");

function bits(address: string): { value: bigint; width: 32 | 128 } | undefined {
  if (!address.includes(":")) {
    const parts = address.split(".").map(Number);
    if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
    return { value: parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n), width: 32 };
  }
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const tail = dotted?.[2] ? bits(dotted[2])?.value : undefined;
  const groups = dotted
    ? `${dotted[1]}${((tail ?? 0n) >> 16n).toString(16)}:${((tail ?? 0n) & 0xffffn).toString(16)}`
    : address;
  const [head = "", rest] = groups.split("::");
  const left = head ? head.split(":") : [];
  const right = rest ? rest.split(":") : [];
  const all =
    rest === undefined ? left : [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  if (all.length !== 8) return undefined;
  const value = all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group || "0"}`), 0n);
  // an IPv4 peer on a dual-stack socket shows as ::ffff:a.b.c.d
  return value >> 32n === 0xffffn ? { value: value & 0xffffffffn, width: 32 } : { value, width: 128 };
}

/** Whether `address` (IPv4 or IPv6) is or lies in `network` (an address or CIDR). Malformed input lies nowhere. */
export function contains(network: string, address: string): boolean {
  const [base = "", length] = network.split("/");
  try {
    const a = bits(address);
    const b = bits(base);
    if (!a || !b || a.width !== b.width) return false;
    const drop = BigInt(a.width - (length === undefined ? a.width : Number(length)));
    return a.value >> drop === b.value >> drop;
  } catch {
    return false;
  }
}
