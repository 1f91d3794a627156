// The account at the top of the installation.
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";

export async function operatorOf({ store }: Pick<Context, "store">): Promise<Owner> {
  const item = await store.get(keys.operator);
  if (!item) throw new Error("there is no operator yet");
  return item.owner as Owner;
}
