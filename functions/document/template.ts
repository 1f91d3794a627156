// Templates of accounts: one that no tenant could be made of is refused when it is written, and the one that a new tenant names is found.
import { lineOf } from "../../core/limits.ts";
import { idOf, tenantOwner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import { locale } from "../../core/resources/locale.ts";
import { type Template, template } from "../../core/resources/template.ts";
import { findTemplate } from "../accounts/template.ts";
import type { Context } from "../context.ts";
import { type Flaw, Problem } from "../problem.ts";
import { refuse } from "./apply.ts";
import { type Beginning, beginningOf, nothing, together } from "./beginning.ts";
import { type Draft, draft } from "./draft.ts";
import type { Head } from "./head.ts";
import { openView, type View } from "./view.ts";

/** Of no tenant: what is drafted for it is never written. */
const nobody = tenantOwner("ten_00000000000000000000000000");

/**
 * Throws a Problem that names the flaws in a template's document, each by its place. `accounts`: the account as the write leaves it, and those above it.
 */
export async function refuseUnfit(ctx: Context, accounts: View[], { changes, pointers }: Draft): Promise<void> {
  for (const { before, after } of changes) {
    if (after?.kind !== template.kind) continue;
    const { document } = after.body as Template;
    if (before && JSON.stringify(before.body.document) === JSON.stringify(document)) continue;
    await tryOut(ctx, accounts, document, `${pointers.get(after.id) ?? ""}/document`);
  }
}

/** Drafts a tenant of it in the account. */
async function tryOut(ctx: Context, accounts: View[], document: Template["document"], at: string): Promise<void> {
  const { settings, items } = together(nothing, beginningOf(document, at));
  const own = "each tenant has its own; leave it out, and send it with the tenant";
  refuse("domain" in settings ? [{ pointer: `${at}/settings/domain`, detail: own }] : []);
  const [account] = accounts;
  const above = account && (await account.get("account", idOf(account.owner)));
  const places = Object.fromEntries(Object.keys(locale).map((name) => [name, above?.body[name]]));
  const body = { name: "Tenant", domain: "tenant.invalid", ...places, ...settings };
  const made = await draft(
    openView(ctx.store, nobody, true),
    accounts,
    [{ op: "create", kind: kindOf("tenant"), id: idOf(nobody), body, pointer: `${at}/settings` }, ...items],
    0,
    ctx.now().toISOString(),
  );
  const flaws: Flaw[] = made.claims.globals.put
    .filter(({ what }) => what !== "domain")
    .map(({ pointer }) => ({ pointer, detail: own }));
  for (const { generated, resource, pointer } of made.secrets)
    if (!generated) flaws.push({ pointer: `${made.pointers.get(resource.id)}${pointer}`, detail: own });
  for (const { after } of made.changes)
    if (after?.kind === "prompt" && after.body.audio !== null)
      flaws.push({
        pointer: `${made.pointers.get(after.id)}/audio`,
        detail: "is uploaded to each tenant; leave it out",
      });
  refuse(flaws);
}

/** By id or name, of the account or the nearest one above it that has it. Throws `reference_not_found`. */
export async function templateOf(ctx: Context, account: Head, ref: string): Promise<Beginning & { name: string }> {
  const found = await findTemplate(ctx.store, lineOf(account.owner, account.path), ref);
  if (found) return { name: found.name, ...beginningOf(found.document, "/template") };
  const detail = `there is no template ${JSON.stringify(ref.slice(0, 64))} in the account or above it; create it first or name another`;
  throw new Problem("reference_not_found", `/template: ${detail}.`, { errors: [{ pointer: "/template", detail }] });
}
