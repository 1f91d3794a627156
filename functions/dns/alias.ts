// CNAME records, as anybody's DNS has them.
import type { Zone } from "./dns.ts";

/** Asks the system's resolver, within some seconds. Node's own is loaded when it is first asked. */
export const alias: Zone["alias"] = async (name) => {
  const { Resolver } = await import("node:dns/promises");
  return new Resolver({ timeout: 1500, tries: 2 }).resolveCname(name);
};
