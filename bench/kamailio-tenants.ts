// The tenants of Kamailio's benchmarks: their phones, which all have one password, and where they are placed.
import type { Account } from "../test/support/crowd.ts";
import { ulidOf, type Write } from "../test/support/document.ts";

export const extensionsEach = 100;
/** The number of the first tenant that is added to those on disk. */
export const firstAdded = 900_000;
/** As `createTenant` writes it. */
const ha1 = "0123456789abcdef0123456789abcdef";

/** The pool's hosts, from 0. */
export const hostId = (index: number): string => `edg_${ulidOf(index + 1)}`;

/** On that host, with the first one as its standby. */
export const placement = (host: number): Write => ({
  kind: "placement",
  id: `plc_${ulidOf(1)}`,
  body: { home: hostId(host), standby: host === 0 ? null : hostId(0) },
});

/** The phone of that number among `all`, which tenants of `each` share out. */
export const account = (index: number, first = 0, each = extensionsEach): Account => ({
  user: String(1001 + (index % each)),
  domain: `t${first + Math.floor(index / each)}.example`,
  ha1,
});
