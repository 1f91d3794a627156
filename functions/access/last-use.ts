// When and from where an API key was used last: written at most once a minute, after the answer, in an item of its own.
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { allItems, ConditionFailed, Conflict, type Item, type Operation, type Store } from "../store/store.ts";
import type { Principal } from "./access.ts";

export type LastUse = { lastUsedAt: string | null; lastUsedFrom: string | null };

const everySeconds = 60;
/** What a process remembers of having written, so that most requests do not even try. */
const maxRemembered = 10_000;
const remembered = new WeakMap<Store, Map<string, number>>();

const place = (owner: Owner, id: string) => keys.child(owner, "KEYUSE", id);
const read = (item: Item | undefined): LastUse => ({
  lastUsedAt: item ? String(item.at) : null,
  lastUsedFrom: typeof item?.from === "string" ? item.from : null,
});

/** Notes a request. Returns at once; what is written is written after the answer, and a failure is no harm. */
export function noteUse(ctx: Context, { id, owner }: Principal, address: string | null): void {
  const now = ctx.now();
  const seconds = Math.floor(now.getTime() / 1000);
  const written = remembered.get(ctx.store) ?? new Map<string, number>();
  remembered.set(ctx.store, written);
  const last = written.get(id);
  if (last !== undefined && seconds - last < everySeconds) return;
  if (written.size >= maxRemembered) written.clear();
  written.set(id, seconds);
  const item = { ...place(owner, id), id, seconds, at: now.toISOString(), from: address };
  const work = ctx.store.transact([
    { check: keys.child(owner, "APIKEY", id), if: { present: true } },
    // other processes remember for themselves
    { put: item, if: { below: { seconds: seconds - everySeconds + 1 } } },
  ]);
  ctx.after(
    work.catch((error) => {
      if (!(error instanceof ConditionFailed || error instanceof Conflict))
        ctx.log.warn({ key: id, error: String(error) }, "last use of a key not written");
    }),
  );
}

export const lastUse = async (ctx: Context, owner: Owner, id: string): Promise<LastUse> =>
  read(await ctx.store.get(place(owner, id)));

/** The last uses of all of an owner's keys. */
export async function lastUses(ctx: Context, owner: Owner): Promise<(id: string) => LastUse> {
  const found = new Map<string, Item>();
  for await (const item of allItems((q) => ctx.store.query(q), { pk: owner, prefix: keys.children("KEYUSE") }))
    found.set(String(item.id), item);
  return (id) => read(found.get(id));
}

export const forgetUse = (owner: Owner, id: string): Operation => ({ delete: place(owner, id) });
