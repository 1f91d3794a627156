// Addresses and networks, and whether the one lies in the other. Without schemas: what starts often loads it (resources/network.ts has them).
const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** A DNS name of at least two labels, in lower case (RFC 1123); it is no longer than 253 characters besides. */
export const domainForm = new RegExp(`^${label}(?:\\.${label})*\\.[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`);

type Bits = { value: bigint; width: 32 | 128; mapped: boolean };

const octet = /^(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/;
const group = /^[0-9a-f]{1,4}$/i;
const join = (parts: string[], bitsEach: bigint, radix: "" | "0x"): bigint =>
  parts.reduce((sum, part) => (sum << bitsEach) | BigInt(radix + part), 0n);

function ipv4(address: string): bigint | undefined {
  const parts = address.split(".");
  return parts.length === 4 && parts.every((part) => octet.test(part)) ? join(parts, 8n, "") : undefined;
}

/** RFC 4291: eight groups, one run of zeros as `::`, the last two perhaps as dotted IPv4. */
function ipv6(address: string): bigint | undefined {
  const dotted = address.includes(".") ? ipv4(address.slice(address.lastIndexOf(":") + 1)) : 0n;
  if (dotted === undefined) return undefined;
  const tail = `${(dotted >> 16n).toString(16)}:${(dotted & 0xffffn).toString(16)}`;
  const text = address.includes(".") ? address.slice(0, address.lastIndexOf(":") + 1) + tail : address;
  const halves = text.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const [left = [], right] = halves;
  const missing = 8 - left.length - (right?.length ?? 0);
  if (halves.length > 2 || (right ? missing < 1 : missing !== 0)) return undefined;
  const groups = right ? [...left, ...Array<string>(missing).fill("0"), ...right] : left;
  return groups.every((one) => group.test(one)) ? join(groups, 16n, "0x") : undefined;
}

/** An IPv4 peer on a dual-stack socket shows as `::ffff:a.b.c.d`. */
function bits(address: string): Bits | undefined {
  const short = ipv4(address);
  if (short !== undefined) return { value: short, width: 32, mapped: false };
  const value = ipv6(address);
  if (value === undefined) return undefined;
  return value >> 32n === 0xffffn
    ? { value: value & 0xffffffffn, width: 32, mapped: true }
    : { value, width: 128, mapped: false };
}

type Range = { value: bigint; width: number; prefix: number };

function range(network: string): Range | undefined {
  const [base = "", length, ...more] = network.split("/");
  if (more.length > 0 || (length !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(length))) return undefined;
  const found = bits(base);
  if (!found) return undefined;
  const prefix = length === undefined ? found.width : Number(length) - (found.mapped ? 96 : 0);
  return prefix < 0 || prefix > found.width ? undefined : { value: found.value, width: found.width, prefix };
}

/** Whether it is an address or a network in CIDR notation. */
export const isNetwork = (text: string): boolean => range(text) !== undefined;

/** Whether every address of `inner` (an address or CIDR) is in `outer`. Malformed input lies nowhere. */
export function within(inner: string, outer: string): boolean {
  const [a, b] = [range(inner), range(outer)];
  if (!a || !b || a.width !== b.width || a.prefix < b.prefix) return false;
  const drop = BigInt(b.width - b.prefix);
  return a.value >> drop === b.value >> drop;
}

/** Whether `address` (IPv4 or IPv6) is or lies in `network` (an address or CIDR). Malformed input lies nowhere. */
export const contains = (network: string, address: string): boolean =>
  !address.includes("/") && within(address, network);
