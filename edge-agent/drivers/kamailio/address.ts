// Addresses as Kamailio writes them ($si): IPv6 in lower case with all eight groups and no leading zeros. Keys of its tables are compared letter by letter.
import { normalAddress } from "../../names.ts";

/** Kamailio's spelling of an address in any spelling. What is none stays as it is. */
export function asKamailioHas(address: string): string {
  const short = normalAddress(address);
  if (!short.includes(":")) return short;
  const [left = "", right = ""] = short.split("::");
  const [before, after] = [left, right].map((half) => (half === "" ? [] : half.split(":")));
  if (!short.includes("::") || !before || !after) return short;
  return [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after].join(":");
}

/** Who is counted, and banned, for what comes from an address, as the configuration names it: of IPv6 the network of 64 bits. */
export function sourceAt(address: string): string {
  const full = asKamailioHas(address);
  return full.includes(":") ? `${full.split(":").slice(0, 4).join(":")}::/64` : full;
}

/** The same as everybody else writes it. */
export function shownSource(source: string): string {
  const [address = "", ...bits] = source.split("/");
  return [normalAddress(address), ...bits].join("/");
}
