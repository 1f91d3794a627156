// Pages of what stands below an account: a walk over its accounts and tenants that asks each place for what it holds, and stops where the page is full.
import { tenantOwner } from "../../core/owner.ts";
import { lineTo, type Place, placesBelow } from "../accounts/below.ts";
import { readHead } from "../document/head.ts";
import { inChunks } from "../store/chunks.ts";
import type { Store } from "../store/store.ts";
import { decodeCursor, encodeCursor, limitOf } from "./list.ts";

/** What a place holds of an ordered list: up to `limit` from after the item `after`. */
export type Reader<T> = (place: Place, after: string | undefined, limit: number) => Promise<{ id: string; shown: T }[]>;

/** A page asks so many places, each with the reads that its reader does; one with less than `limit` may have a `next`. */
export const mostPlaces = 200;
const atOnce = 16;

/** Throws `bad_cursor`, also for a place that is not below. */
export async function pageBelow<T>(
  store: Store,
  top: string,
  query: Record<string, string>,
  read: Reader<T>,
): Promise<{ data: T[]; next: string | null }> {
  const limit = limitOf(query);
  const start = query.after === undefined ? undefined : placeOf(query.after);
  const data: T[] = [];
  let last = "";
  let looked = 0;
  for await (const places of inChunks(resumed(store, top, start), () => Math.min(atOnce, limit + 1 - data.length))) {
    const wanted = limit + 1 - data.length;
    const found = await Promise.all(places.map((place) => read(place, place.item, wanted)));
    for (const [index, items] of found.entries()) {
      const place = places[index];
      if (!place) continue;
      for (const { id, shown } of items) {
        if (data.length === limit) return { data, next: encodeCursor(last) };
        data.push(shown);
        last = spell({ ...place, item: id });
      }
      last = spell({ ...place, item: undefined });
      if (++looked === mostPlaces) return { data, next: encodeCursor(last) };
    }
  }
  return { data, next: null };
}

/** A place, and the last item of it that was given; without one, all of it was. */
type Cursor = Place & { item?: string | undefined };

const ulid = "[0-9A-HJKMNP-TV-Z]{26}";
const form = new RegExp(`^acc_${ulid}/(?:ten_${ulid})?/(?:[a-z]{3}_${ulid})?$`);
const spell = ({ account, tenant = "", item = "" }: Cursor): string => `${account}/${tenant}/${item}`;

function placeOf(cursor: string): Cursor {
  const [account = "", tenant, item] = decodeCursor(cursor, form).split("/");
  return { account, ...(tenant && { tenant }), ...(item && { item }) };
}

async function* resumed(store: Store, top: string, start: Cursor | undefined): AsyncGenerator<Cursor> {
  if (start?.item !== undefined) {
    await lineTo(store, top, start.account);
    if (await stands(store, start)) yield start;
  }
  yield* placesBelow(store, top, start && { account: start.account, ...(start.tenant && { tenant: start.tenant }) });
}

/** What a cursor says of a tenant's place counts only where it is so. */
async function stands(store: Store, { account, tenant }: Place): Promise<boolean> {
  return tenant === undefined || (await readHead(store, tenantOwner(tenant)))?.path[0] === account;
}
