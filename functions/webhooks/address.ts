// Where webhooks may go. Whoever sets up an endpoint must not make us speak to what only we can reach: our own host, its network, the cloud's metadata.
import { BlockList, isIP, isIPv4 } from "node:net";
import { lazy } from "../../core/lazy.ts";

/** IANA's special-purpose registries for IPv4 (RFC 6890 and what came after), multicast, and the address at which Azure's hosts reach their master. */
const closed = lazyList([
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"],
  ...["224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32"],
]);

/** What of IPv6 is public at all (RFC 4291), so that mapped, translated (NAT64), local and multicast addresses are none; and what is special inside it. */
const globalUnicast = lazyList(["2000::/3"]);
const special = lazyList(["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48"]);

/** `ranges` in CIDR. Throws where one is none. */
function listOf(ranges: string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits = isIPv4(address) ? "32" : "128"] = range.split("/");
    list.addSubnet(address, Number(bits), isIPv4(address) ? "ipv4" : "ipv6");
  }
  return list;
}

/** Node's first list takes as long as a tenth of a function's start. */
function lazyList(ranges: string[]): () => BlockList {
  return lazy(() => listOf(ranges));
}

/** Whether an address is one of the Internet's. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !closed().check(address, "ipv4");
  return isIP(address) === 6 && globalUnicast().check(address, "ipv6") && !special().check(address, "ipv6");
}

export type Targets = {
  /** Every address of a host name. */
  resolve(host: string): Promise<string[]>;
  /** Whether an address may be spoken to; `plainly` also by http and at any port: only where this installation says so of it. */
  allows(address: string): boolean;
  plainly(address: string): boolean;
};

/** `exempt`: addresses and ranges (CIDR) of one's own network that may be spoken to all the same. */
export function createTargets(resolve: Targets["resolve"], exempt: string[] = []): Targets {
  // what is no range is to be known at once; a cloud's functions have none
  const own = exempt.length === 0 ? undefined : listOf(exempt);
  const plainly = (address: string): boolean => {
    const family = isIP(address);
    return family !== 0 && own?.check(address, family === 4 ? "ipv4" : "ipv6") === true;
  };
  return { resolve, plainly, allows: (address) => isPublic(address) || plainly(address) };
}

/** Names that lead into somebody's own network, wherever they are asked for. */
const inner = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa|onion)$/;

/** The host of a URL; an IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");

/**
 * Why nothing is sent to a URL whose host has these addresses; undefined where it is. The URL parser has read every spelling of an IPv4 address
 * (`0x7f.1`, `2130706433`) before.
 */
export function refusal(targets: Targets, url: URL, addresses: string[]): string | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must begin with https://";
  if (url.username !== "" || url.password !== "")
    return "must hold no user name or password; the signature tells who sends";
  const own = addresses.length > 0 && addresses.every(targets.plainly);
  if (url.protocol === "http:" && !own) return "must begin with https://";
  const port = Number(url.port || 443);
  if (!own && port !== 443 && port < 1024) return "must have no port, 443, or one from 1024 up";
  if (!own && isIP(hostOf(url)) === 0 && (inner.test(hostOf(url)) || !hostOf(url).includes(".")))
    return "must name a host on the Internet";
  if (!addresses.every(targets.allows)) return "must lead to a public address; this one is private, local or reserved";
  return undefined;
}
