// A host's names, as phones and browsers find it and its certificate shows them, and the records by which it proves them to a CA. A host may write for these
// and no others.
import { BlockList, isIP } from "node:net";
import type { z } from "zod";
import type { Challenge, HostNamed, hostNames } from "../../core/host-name.ts";
import { accountOwner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import type { Zone } from "../dns/dns.ts";
import * as records from "../dns/records.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import type { Edge } from "./edge.ts";
import { askers, domainsOf, type OwnDomain, recordOf } from "./own-domain.ts";
import { readPool } from "./pools.ts";

/** A host that says nothing for so long has no address any more; it says it twice a day. */
const addressSeconds = 30 * 86_400;
/** A CA looks within minutes. */
const challengeSeconds = 3600;
/** Of one host in one record at once. */
const mostChallenges = 10;

const label = (id: string): string => id.slice(id.indexOf("_") + 1).toLowerCase();
const challengeAt = (name: string): string => `_acme-challenge.${name}`;
const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/** Where nobody else could reach the host. */
const unreachable = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["224.0.0.0", 3],
] as const)
  unreachable.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::", 127],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  unreachable.addSubnet(network, prefix, "ipv6");

/**
 * The names for which a host gets a certificate: its own; with a pool of the operator's the tenants' in the zone (a host of anybody else must not show
 * those); the one that the pool's phones are told, where who has it delegates its challenge to the pool; and its tenants' own domains, where they asked for that.
 */
async function namesOf(
  ctx: Context,
  { name: zone }: Zone,
  { id, account, pool: poolId }: Edge,
  domains: readonly OwnDomain[],
): Promise<HostNamed["names"]> {
  const [operator, pool] = await Promise.all([ctx.store.get(keys.operator), readPool(ctx, poolId)]);
  const own = `${label(id)}.hosts.${zone}`;
  const isOperators = operator?.owner === accountOwner(account);
  const server = pool?.sip?.server.toLowerCase() ?? "";
  const isTenants = server.endsWith(`.${zone}`) && !server.slice(0, -zone.length - 1).includes(".");
  const isDelegated = hostName.test(server) && server !== own && !(isOperators && isTenants);
  return [
    { name: own, record: challengeAt(own), delegated: false },
    ...(isOperators ? [{ name: `*.${zone}`, record: challengeAt(zone), delegated: false }] : []),
    ...(isDelegated ? [{ name: server, record: challengeAt(`${label(poolId)}.pools.${zone}`), delegated: true }] : []),
    ...domains
      .filter(({ domain }) => !isDelegated || domain !== server)
      .map(({ owner, domain }) => ({ name: domain, record: recordOf(owner, { name: zone }), delegated: true })),
  ];
}

/** Points the host's own name to its addresses and resolves with all of its names; none where the installation has no zone. */
export async function name(
  ctx: Context,
  edge: Edge,
  { addresses, leavesOut }: z.output<typeof hostNames>,
): Promise<HostNamed> {
  const { zone } = ctx;
  if (!zone) return { directory: null, names: [] };
  const names = await namesOf(ctx, zone, edge, leavesOut ? await domainsOf(ctx, zone, edge.pool) : []);
  const [own] = names;
  const now = ctx.now().getTime();
  const until = new Date(now + addressSeconds * 1000).toISOString();
  for (const type of ["A", "AAAA"] as const) {
    const version = type === "A" ? 4 : 6;
    const value = addresses.find(
      (one) => isIP(one) === version && !/^::ffff:/i.test(one) && !unreachable.check(one, `ipv${version}`),
    );
    if (!own || value === undefined) continue;
    const which = { name: own.name, type };
    const [known, ...others] = await records.valuesOf(ctx, which, edge.id);
    const isFresh = known !== undefined && Date.parse(known.until) - now > (addressSeconds * 1000) / 2;
    if (known?.value === value && others.length === 0 && isFresh) continue;
    if (known?.value === value && !isFresh) await records.renew(ctx, which, { value, edge: edge.id, until });
    else await records.put(ctx, zone, which, { value, edge: edge.id, until }, "only");
  }
  return { directory: zone.directory, names };
}

/** Puts the answer to a CA's challenge into DNS; asked again it tells whether it can be seen there. Throws `forbidden` for a record that is not this host's. */
export async function challenge(ctx: Context, edge: Edge, { name: record, value }: Challenge): Promise<boolean> {
  const zone = await writable(ctx, edge, record);
  const which = { name: record, type: "TXT" as const };
  const known = await records.valuesOf(ctx, which, edge.id);
  if (known.length >= mostChallenges && !known.some((one) => one.value === value))
    throw new Problem("rate_limited", "This host has too many challenges in DNS; take them out, or wait for an hour.", {
      headers: { "Retry-After": String(challengeSeconds) },
    });
  const until = new Date(ctx.now().getTime() + challengeSeconds * 1000).toISOString();
  return records.put(ctx, zone, which, { value, edge: edge.id, until }, "beside");
}

/** Takes it out again. */
export async function unchallenge(ctx: Context, edge: Edge, { name: record, value }: Challenge): Promise<void> {
  const zone = await writable(ctx, edge, record);
  await records.takeOut(ctx, zone, { name: record, type: "TXT" }, { edge: edge.id, value });
}

async function writable(ctx: Context, edge: Edge, record: string): Promise<Zone> {
  const { zone } = ctx;
  if (!zone)
    throw new Problem(
      "conflict",
      "This installation has no DNS zone; deploy it with --dns-zone-id, or set WSS_CERTIFICATE.",
    );
  const mine = (await namesOf(ctx, zone, edge, [])).map((one) => one.record);
  const isTenants = async () => (await askers(ctx, edge.pool)).some((owner) => recordOf(owner, zone) === record);
  if (!mine.includes(record) && !(await isTenants()))
    throw new Problem("forbidden", `${record} is not this host's to write; its own are ${mine.join(", ")}.`);
  return zone;
}
