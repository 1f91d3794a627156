// An account's brand: which one stands at an address, and in whose name mails of an owner are written.
import { complete } from "../../core/complete.ts";
import { lineOf } from "../../core/limits.ts";
import { idOf, isTenant, type Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import { type Brand, brand as kind } from "../../core/resources/brand.ts";
import type { Context } from "../context.ts";
import { globalHolder } from "../document/globals.ts";
import { readHead } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import type { Write } from "../document/write.ts";
import * as keys from "../keys.ts";
import type { Store } from "../store/store.ts";
import { operatorOf } from "./operator.ts";

/** An account has one at most: its id is made of the account's. */
const idFor = (owner: Owner): string => `${kind.prefix}_${idOf(owner).slice(4)}`;

export async function brandOn(store: Store, owner: Owner): Promise<Brand | undefined> {
  const item = await store.get(keys.resource(owner, kind.kind, idFor(owner)));
  return item && (complete(kind.kind, fromItem(item).body) as Brand);
}

/** That of the nearest account, itself or above, and whose it is. */
export async function brandFor(store: Store, owner: Owner): Promise<{ of: Owner; brand: Brand } | undefined> {
  const head = await readHead(store, owner);
  for (const at of lineOf(owner, head?.path ?? [])) {
    const found = isTenant(at) ? undefined : await brandOn(store, at);
    if (found) return { of: at, brand: found };
  }
  return undefined;
}

/** Whose console stands at a host, as a browser names it: the account that has the domain, else the operator. */
export async function accountAt(ctx: Context, host: string | undefined): Promise<Owner> {
  const name = host?.split(":")[0]?.toLowerCase() ?? "";
  const holder = /^[a-z0-9.-]{1,253}$/.test(name)
    ? await globalHolder(ctx.store, null, "consoleDomain", name)
    : undefined;
  return holder ?? operatorOf(ctx);
}

type Change = Pick<Write, "edits" | "summary">;

/** The write that puts this brand in the place of the one that was. */
export const branding = (owner: Owner, body: Brand): Change => ({
  summary: "set the brand",
  edits: () => [{ op: "restore", kind: kindOf("brand"), id: idFor(owner), body: { ...body }, pointer: "" }],
});

/** Without effect where there is none. */
export const unbranding = (owner: Owner): Change => ({
  summary: "remove the brand",
  async edits(view) {
    const id = idFor(owner);
    return (await view.get(kind.kind, id)) ? [{ op: "delete", kind: kindOf("brand"), id, pointer: "" }] : [];
  },
});
