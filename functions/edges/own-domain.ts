// A tenant's own domain in the certificates of its pool's hosts, so that phones that are told no other name can check it. The domain's DNS is somebody else's:
// who has it makes `_acme-challenge.<domain>` a CNAME to a record of the installation's zone that is this tenant's alone, and asks once.
import { idOf, type Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import type { Zone } from "../dns/dns.ts";
import { type Head, readHead } from "../document/head.ts";
import * as keys from "../keys.ts";
import { allItems, type Operation } from "../store/store.ts";

/** A certificate of Let's Encrypt has a hundred names at most; the rest is for the hosts' own. */
export const mostDomains = 80;

export type OwnDomain = { owner: Owner; domain: string };

/** The record of the zone by which the tenant's domain is proven. */
export const recordOf = (owner: Owner, zone: Pick<Zone, "name">): string =>
  `_acme-challenge.${idOf(owner).slice(4).toLowerCase()}.tenants.${zone.name}`;

/** What the tenant's settings say now. */
export async function domainOf(ctx: Context, owner: Owner): Promise<string | undefined> {
  const settings = await ctx.store.get(keys.resource(owner, "tenant", idOf(owner)));
  const { domain } = settings ? (JSON.parse(String(settings.text)) as { domain?: unknown }) : {};
  return typeof domain === "string" ? domain : undefined;
}

/** Whether the tenant asked for it. */
export const isAsked = async (ctx: Context, owner: Owner): Promise<boolean> =>
  (await ctx.store.get(keys.ownDomain(owner))) !== undefined;

export const asking = (owner: Owner, pool: string): Operation => ({
  put: { ...keys.ownDomain(owner), owner, ipk: keys.index.ownDomains(pool), isk: owner },
});

/** It goes with its tenant into another pool. */
export async function following(ctx: Context, owner: Owner, pools: readonly string[]): Promise<Operation[]> {
  const [pool] = pools;
  return pool !== undefined && (await isAsked(ctx, owner)) ? [asking(owner, pool)] : [];
}

/** The tenants of a pool that asked, at most so many; some of them may be gone from it. */
export async function askers(ctx: Context, pool: string): Promise<Owner[]> {
  const found: Owner[] = [];
  for await (const { owner } of allItems((q) => ctx.store.queryIndex(q), { pk: keys.index.ownDomains(pool) })) {
    found.push(owner as Owner);
    if (found.length === mostDomains) break;
  }
  return found;
}

/** Their domains, of those that are on the pool. What is below the zone is not proven this way. */
export async function domainsOf(ctx: Context, zone: Zone, pool: string): Promise<OwnDomain[]> {
  const all = await Promise.all(
    (await askers(ctx, pool)).map(async (owner) => {
      const [head, domain] = await Promise.all([readHead(ctx.store, owner), domainOf(ctx, owner)]);
      return head && domain !== undefined && mayHave(zone, head, domain, pool) ? [{ owner, domain }] : [];
    }),
  );
  return all.flat();
}

const mayHave = (zone: Zone, { pools, sandbox }: Head, domain: string, pool: string): boolean =>
  pools[0] === pool && sandbox === null && !isBelow(zone, domain);

export const isBelow = ({ name }: Pick<Zone, "name">, domain: string): boolean =>
  domain === name || domain.endsWith(`.${name}`);

/** Whether a certificate with these names is one of `domain` (RFC 6125, 6.4.3). */
export const covers = (names: readonly string[], domain: string): boolean =>
  names.some((name) => name === domain || name === `*.${domain.slice(domain.indexOf(".") + 1)}`);
