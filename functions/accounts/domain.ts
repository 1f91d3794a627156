// SIP domains of tenants: a name under the account's zone, or a domain of one's own that DNS proves.
import { hash } from "node:crypto";
import { accountOwner, idOf } from "../../core/owner.ts";
import { account } from "../../core/resources/account.ts";
import type { Principal } from "../access/access.ts";
import type { Context } from "../context.ts";
import type { Head } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";

/** Reads a name's TXT records; empty where there are none. */
export type Domains = (name: string) => Promise<string[]>;

const slug = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "") || "tenant";

/** `acme.<zone>`, or `acme-2.<zone>` where that is taken. The zone is the nearest account's that has one. */
export async function zoneDomain(ctx: Context, above: Head, name: string): Promise<string> {
  const zone = await zoneOf(ctx, above);
  for (let suffix = 1; suffix <= 50; suffix++) {
    const domain = `${slug(name)}${suffix === 1 ? "" : `-${suffix}`}.${zone}`;
    if (!(await ctx.store.get(keys.global("domain", domain)))) return domain;
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

/** Checks that the caller may use a domain: operators may, others below their own zone or by a TXT record. Returns it. */
export async function ownDomain(
  ctx: Context,
  domains: Domains,
  principal: Principal,
  above: Head,
  domain: string,
): Promise<string> {
  const operator = await ctx.store.get(keys.operator);
  if (operator?.owner === principal.owner) return domain;
  const zone = await zoneOf(ctx, above).catch(() => undefined);
  if (zone !== undefined && domain.endsWith(`.${zone}`) && !domain.slice(0, -zone.length - 1).includes("."))
    return domain;
  const proof = `dialplane=${hash("sha256", `${principal.owner}/${domain}`).slice(0, 32)}`;
  const records = await domains(`_dialplane.${domain}`);
  if (records.includes(proof)) return domain;
  throw new Problem(
    "conflict",
    `Show that ${domain} is yours: publish the TXT record _dialplane.${domain} with the text ${proof}, then try again.`,
    {
      extra: { record: { name: `_dialplane.${domain}`, type: "TXT", value: proof } },
    },
  );
}
