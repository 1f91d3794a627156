// SIP domains of tenants: a name under the account's zone, or a domain of one's own that DNS proves.
import { hash } from "node:crypto";
import { z } from "zod";
import { accountOwner, idOf } from "../../core/owner.ts";
import { account } from "../../core/resources/account.ts";
import { domain } from "../../core/resources/network.ts";
import type { Access, Principal } from "../access/access.ts";
import type { Context } from "../context.ts";
import { globalHolder } from "../document/globals.ts";
import { type Head, sortOf } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";

/** Reads a name's TXT records; empty where there are none. */
export type Domains = (name: string) => Promise<string[]>;

const slug = (name: string): string =>
  name
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "") || "tenant";

/** `acme.<zone>`, or `acme-2.<zone>` where that is taken. The zone is the nearest account's that has one. */
export async function zoneDomain(ctx: Context, above: Head, name: string): Promise<string> {
  const zone = await zoneOf(ctx, above);
  for (let suffix = 1; suffix <= 50; suffix++) {
    const wanted = `${slug(name)}${suffix === 1 ? "" : `-${suffix}`}.${zone}`;
    if (!(await globalHolder(ctx.store, above.sandbox, "domain", wanted))) return wanted;
  }
  throw new Problem("taken", "Too many tenants have this name; send a domain.", {
    errors: [{ pointer: "/domain", detail: "is needed" }],
  });
}

async function zoneOf(ctx: Context, above: Head): Promise<string> {
  for (const owner of [above.owner, ...above.path.map(accountOwner)]) {
    const item = await ctx.store.get(keys.resource(owner, account.kind, idOf(owner)));
    const zone = item && fromItem(item).body.sipZone;
    if (typeof zone === "string") return zone;
  }
  throw new Problem("invalid", "No account above has a SIP zone, so the tenant needs a domain; send one.", {
    errors: [{ pointer: "/domain", detail: "is needed" }],
  });
}

/** Checks the domain of a tenant's or the zone of an account's new settings, where it is another than now. What is no domain at all is left to the schema. */
export async function ownSettings(ctx: Context, domains: Domains, access: Access, settings: unknown): Promise<void> {
  const sort = sortOf(access.owner);
  const field = sort === "tenant" ? "domain" : "sipZone";
  const sent = z.looseObject({ [field]: domain }).safeParse(settings).data?.[field];
  if (typeof sent !== "string") return;
  const item = await ctx.store.get(keys.resource(access.owner, sort, idOf(access.owner)));
  if (item && fromItem(item).body[field] === sent) return;
  await ownDomain(ctx, domains, access.principal, access.head, sent);
}

/** Checks that the caller may use a domain: operators may, others below their own zone or by a TXT record; in a sandbox everybody may. Returns it. */
export async function ownDomain(
  ctx: Context,
  domains: Domains,
  principal: Principal,
  above: Head,
  wanted: string,
): Promise<string> {
  if (above.sandbox !== null) return wanted;
  const zone = await zoneOf(ctx, above).catch(() => undefined);
  if (zone !== undefined && wanted.endsWith(`.${zone}`) && !wanted.slice(0, -zone.length - 1).includes("."))
    return wanted;
  await proveDomain(ctx, domains, principal, wanted);
  return wanted;
}

/** Throws `conflict`, with the TXT record that is to be published, where the caller is no operator and DNS does not show that the domain is his. */
export async function proveDomain(ctx: Context, domains: Domains, principal: Principal, wanted: string): Promise<void> {
  const operator = await ctx.store.get(keys.operator);
  if (operator?.owner === principal.owner) return;
  const name = `_dialplane.${wanted}`;
  const proof = `dialplane=${hash("sha256", `${principal.owner}/${wanted}`).slice(0, 32)}`;
  const records = await domains(name);
  if (records.includes(proof)) return;
  throw new Problem(
    "conflict",
    `Show that ${wanted} is yours: publish the TXT record ${name} with the text ${proof}, then try again.`,
    { extra: { record: { name, type: "TXT", value: proof } } },
  );
}
