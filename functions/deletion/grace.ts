// How long what was deleted can be restored.
import { accountOwner } from "../../core/owner.ts";
import type { BodyOf } from "../../core/registry.ts";
import type { Context } from "../context.ts";
import type { Head } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import * as keys from "../keys.ts";

const days = 30;

/** In days, as the nearest account above says. */
export async function graceDays(ctx: Context, { path }: Pick<Head, "path">): Promise<number> {
  const items = await ctx.store.getMany(path.map((id) => keys.resource(accountOwner(id), "account", id)));
  for (const item of items) {
    // written by the API after the kind's schema, maybe before it had this field
    const { deletionGraceDays } = (item ? fromItem(item).body : {}) as Partial<BodyOf<"account">>;
    if (typeof deletionGraceDays === "number") return deletionGraceDays;
  }
  return days;
}
