// Whether a tenant's phones can check the certificate of their hosts by the tenant's own domain, and what is still to be done for it.
import { z } from "zod";
import { leadsTo } from "../../core/host-name.ts";
import { accountOwner } from "../../core/owner.ts";
import { health } from "../../core/wire-host.ts";
import type { Context } from "../context.ts";
import type { Head } from "../document/head.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import type { Operation } from "../store/store.ts";
import { readEdge } from "./edge.ts";
import { askers, asking, covers, domainOf, isAsked, isBelow, mostDomains, recordOf } from "./own-domain.ts";
import { readPlacement } from "./placement.ts";
import { readPool, registrars } from "./pools.ts";
import { changeRoster, readRoster } from "./roster.ts";

export const certified = z.object({
  domain: z.string(),
  state: z
    .enum(["unavailable", "unproven", "proven", "asked", "shown"])
    .describe(
      "unproven: the record is not there; proven: it is, and the hosts were not asked; asked: some of them do not show it yet; shown: all that the tenant's phones use do; unavailable: it can't be",
    ),
  advice: z.string().nullable().describe("What is to be done, or why nothing can be"),
  record: z
    .object({ name: z.string(), type: z.literal("CNAME"), value: z.string() })
    .nullable()
    .describe("What the domain's DNS must have, for as long as the hosts are to show it"),
  hosts: z.array(
    z.object({
      edge: z.string(),
      name: z.string(),
      shown: z.boolean(),
      expiresAt: z.iso.datetime().nullable(),
      problem: z.string().nullable().describe("Why it does not show the domain"),
    }),
  ),
});
type Certified = z.output<typeof certified>;

/** As it is now; asks DNS and reads what the hosts said last. */
export async function certifiedOf(ctx: Context, head: Head): Promise<Certified> {
  const { owner } = head;
  const { zone } = ctx;
  const domain = (await domainOf(ctx, owner)) ?? "";
  const [pool] = head.pools;
  const hosts = pool === undefined ? [] : await hostsOf(ctx, head, pool, domain);
  const isShown = hosts.length > 0 && hosts.every(({ shown }) => shown);
  const known = { domain, hosts, record: null };
  if (isShown && (!zone || isBelow(zone, domain))) return { ...known, state: "shown", advice: null };
  const why = await whyNot(ctx, head, domain);
  if (!zone || why !== undefined) return { ...known, state: "unavailable", advice: why ?? noZone };
  const record = { name: `_acme-challenge.${domain}`, type: "CNAME" as const, value: recordOf(owner, zone) };
  const [proven, asked] = await Promise.all([leadsTo(record.name, record.value, zone.alias), isAsked(ctx, owner)]);
  const make = `Publish the record: ${record.name} CNAME ${record.value}`;
  if (!proven)
    return { ...known, record, state: "unproven", advice: `${make}${asked ? "." : ", then ask for the certificate."}` };
  if (!asked) return { ...known, record, state: "proven", advice: "Ask for the certificate." };
  if (isShown) return { ...known, record, state: "shown", advice: null };
  const advice = "Wait: its hosts get a certificate with it now, or six hours after their last one.";
  return { ...known, record, state: "asked", advice: hosts.find(({ problem }) => problem !== null)?.problem ?? advice };
}

const noCertificate =
  "This host gets no certificate by itself: it was given one, or takes no calls by TLS. A Kamailio host does with KAMAILIO_TLS_PORT and without KAMAILIO_CERTIFICATE.";
const noZone = "This installation has no DNS zone, and gets no certificates for its hosts; its operator sets one up.";

async function whyNot(ctx: Context, { pools, sandbox }: Head, domain: string): Promise<string | undefined> {
  if (sandbox !== null) return "A sandbox has no hosts that could show a certificate.";
  if (!ctx.zone) return noZone;
  if (!isBelow(ctx.zone, domain)) return undefined;
  const [pool, operator] = await Promise.all([
    pools[0] === undefined ? undefined : readPool(ctx, pools[0]),
    ctx.store.get(keys.operator),
  ]);
  if (pool && operator?.owner === accountOwner(pool.account))
    return "Wait: hosts of the installation show every domain below its zone by themselves.";
  return `Hosts of another company's pool can't show ${domain}, which is below the installation's zone; give the tenant a domain of its own.`;
}

/** Does the operations in one transaction, and has the hosts of the tenant's pool look for other names. */
export async function toldHosts(ctx: Context, { pools }: Head, operations: Operation[]): Promise<void> {
  const [pool] = pools;
  const { hosts } = pool === undefined ? { hosts: [] } : await readRoster(ctx, pool);
  if (pool === undefined || hosts.length === 0) return ctx.store.transact(operations);
  const namesAt = ctx.now().toISOString();
  await changeRoster(
    ctx,
    pool,
    (roster) => ({ ...roster, namesAt }),
    () => operations,
  );
}

/** Those at which the tenant's phones register. */
async function hostsOf(ctx: Context, head: Head, pool: string, domain: string): Promise<Certified["hosts"]> {
  const [roster, placed] = await Promise.all([readRoster(ctx, pool), readPlacement(ctx, head.owner)]);
  return Promise.all(
    registrars(roster, placed).map(async ({ id, name }) => {
      const { certificate } = health.safeParse((await readEdge(ctx, id))?.health).data ?? {};
      const shown = covers(certificate?.names ?? [], domain) && Date.parse(certificate?.expiresAt ?? "") > +ctx.now();
      const leftOut = certificate?.leftOut?.find((one) => one.name === domain)?.problem;
      const problem = shown ? null : (leftOut ?? (certificate ? certificate.problem : noCertificate));
      return { edge: id, name, shown, expiresAt: certificate?.expiresAt ?? null, problem };
    }),
  );
}

/**
 * What has the pool's hosts show the tenant's domain from their next look on. Throws `conflict`, with the record that is to be made, where DNS does not let
 * them prove it, and `limit_reached` where the pool's certificate is full.
 */
export async function wanting(ctx: Context, head: Head): Promise<Operation[]> {
  const { state, advice, record } = await certifiedOf(ctx, head);
  const [pool] = head.pools;
  if (state === "unavailable" || state === "unproven" || pool === undefined)
    throw new Problem("conflict", advice ?? noZone, record ? { extra: { record } } : {});
  const asked = await askers(ctx, pool);
  if (asked.length >= mostDomains && !asked.includes(head.owner))
    throw new Problem(
      "limit_reached",
      `A certificate holds ${mostDomains} tenants' domains, and this pool's is full; move the tenant to another pool.`,
    );
  return [asking(head.owner, pool)];
}
