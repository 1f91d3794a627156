// A store whose readers see of every document what is published. While a change that is larger than a transaction is under way (large.ts), an item that it
// writes holds, beside what stands, what comes `next`; which of the two is told, the document's head says. Where no such change is, nothing more is read.
import type { Owner } from "../../core/owner.ts";
import * as keys from "../keys.ts";
import type { Item, Key, Page, Query, Store } from "../store/store.ts";

/** What a large change makes of an item; `item` null: it goes. `of` is the change's id. */
type Next = { of: string; revision: number; item: Record<string, Item[string]> | null };

/** The item as it stands, if it stands, with what comes next. `change`: the large change, and the revision that it becomes. */
export function staged(
  change: { id: string; revision: number },
  key: Key,
  before: Item | undefined,
  after: Item | undefined,
): Item {
  const next: Next = { of: change.id, revision: change.revision, item: after ? withoutKey(after) : null };
  return { ...before, pk: key.pk, sk: key.sk, next };
}

const withoutKey = ({ pk: _, sk: __, ...rest }: Item): Record<string, Item[string]> => rest;

/** Everything but reading is the store's own. */
export function published(store: Store): Store {
  /** What these items say now, or undefined in the rare case that a change of theirs is over by now: they are to be read again. */
  async function seen(items: (Item | undefined)[]): Promise<(Item | undefined)[] | undefined> {
    const owners = new Set(items.flatMap((item) => (item?.next === undefined ? [] : [item.pk])));
    if (owners.size === 0) return items;
    const heads = new Map<string, Item | undefined>();
    // after the items: what is published by then was never unpublished again
    for (const pk of owners) heads.set(pk, await store.get(keys.head(pk as Owner)));
    const said = items.map((item) => item && standing(item, heads.get(item.pk)));
    return said.includes("over") ? undefined : (said as (Item | undefined)[]);
  }

  async function getMany(wanted: Key[]): Promise<(Item | undefined)[]> {
    for (;;) {
      const items = await seen(await store.getMany(wanted));
      if (items) return items;
    }
  }

  async function page(query: Query): Promise<Page> {
    for (;;) {
      const found = await store.query(query);
      const items = await seen(found.items);
      if (items === found.items) return found;
      if (items) return { items: items.filter((item) => item !== undefined), next: found.next };
    }
  }

  return {
    ...store,
    getMany,
    async get(key) {
      const item = await store.get(key);
      return item?.next === undefined ? item : (await getMany([key]))[0];
    },
    async query(query) {
      const all = await page(query);
      const { limit } = query;
      // what is not there yet does not count
      while (limit !== undefined && all.items.length < limit && all.next !== undefined) {
        const more = await page({ ...query, after: all.next, limit: limit - all.items.length });
        all.items.push(...more.items);
        all.next = more.next;
      }
      return all;
    },
  };
}

/** What an item says in a document with this head. "over": its change is not the one that made the head's revision; it has been settled since. */
function standing(item: Item, head: Item | undefined): Item | undefined | "over" {
  const next = item.next as Next | undefined;
  if (!next) return item;
  const { pk, sk, next: _, ...before } = item;
  if (head?.changed === next.of) return next.item ? { pk, sk, ...next.item } : undefined;
  if (head && Number(head.revision) >= next.revision) return "over";
  return Object.keys(before).length > 0 ? { pk, sk, ...before } : undefined;
}
