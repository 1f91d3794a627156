// Whether a tenant or an account is suspended, by itself or with one above it: every write asks. Without the kinds, which are loaded with what changes.
import { accountOwner, idOf, type Owner } from "../../core/owner.ts";
import type { Suspension } from "../../core/resources/suspension.ts";
import type { Principal } from "../access/access.ts";
import type { Context } from "../context.ts";
import { type Head, sortOf } from "../document/head.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";

/** `of`: whose document has it. */
export type Standing = Suspension & { of: Owner };

/** A document has one at most: its id is made of the owner's. */
export const suspensionId = (owner: Owner): string => `sus_${idOf(owner).slice(4)}`;

/** What suspends `owner`, with the accounts above it from the nearest on: its own, else the nearest one. */
export async function suspensionOf(ctx: Context, owner: Owner, path: string[]): Promise<Standing | undefined> {
  const line = [owner, ...path.map(accountOwner)];
  const items = await ctx.store.getMany(line.map((one) => keys.resource(one, "suspension", suspensionId(one))));
  const at = items.findIndex((item) => item !== undefined);
  const [of, item] = [line[at], items[at]];
  return of && item && { ...(JSON.parse(String(item.text)) as Suspension), of };
}

/** As the API shows it. */
export const presentSuspension = ({ of, ...rest }: Standing): Record<string, unknown> => ({
  ...rest,
  [`${sortOf(of)}Id`]: idOf(of),
});

/** Throws `suspended` where the key's own owner is, or one above that. `head` is of what the key acts on, which is at or below its owner. */
export async function refuseSuspended(ctx: Context, principal: Principal, head: Head): Promise<void> {
  const line = [head.owner, ...head.path.map(accountOwner)];
  const above = line.slice(line.indexOf(principal.owner) + 1).map(idOf);
  const found = await suspensionOf(ctx, principal.owner, above);
  if (!found) return;
  const { of, by, reason } = found;
  throw new Problem(
    "suspended",
    `The ${sortOf(of)} ${idOf(of)} is suspended by account ${by} (${reason}): until it is resumed, this key may read but change nothing; ask that account.`,
    { extra: { suspension: presentSuspension(found) } },
  );
}
