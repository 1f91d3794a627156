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
