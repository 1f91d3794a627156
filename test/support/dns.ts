// A provider of DNS in memory, which may be slow and can be away. A change can be seen at the second look.
import { setTimeout as sleep } from "node:timers/promises";
import type { Dns, Zone } from "../../functions/dns/dns.ts";

export function createZone(more: Partial<Zone> = {}) {
  /** By type and name, as in `TXT _acme-challenge.sip.example`. */
  const records = new Map<string, string[]>();
  const looks = new Map<string, number>();
  const control = { slowMs: 0, isAway: false };
  let changes = 0;
  const dns: Dns = {
    async put(name, type, values) {
      if (control.isAway) throw new Error("the provider is away");
      await sleep(Math.random() * control.slowMs);
      const key = `${type} ${name}`;
      if (values.length > 0) records.set(key, [...values].sort());
      else records.delete(key);
      return `change-${++changes}`;
    },
    async isVisible(change) {
      const seen = (looks.get(change) ?? 0) + 1;
      looks.set(change, seen);
      return seen > 1;
    },
  };
  /** CNAME records of others, by name. */
  const aliases = new Map<string, string>();
  const alias = async (name: string): Promise<string[]> => [aliases.get(name) ?? []].flat();
  const zone: Zone = { name: "sip.example", directory: "https://ca.example/directory", dns, alias, ...more };
  return { zone, records, aliases, control, changes: () => changes };
}
