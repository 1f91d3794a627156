// Runtime state in the cloud: of each field the last word, beside the tenant's document, so that no rollback touches it. Edges say it first; the API says
// it in the cloud's name.
import { z } from "zod";
import { isLater, timeAfter } from "../../core/last-word.ts";
import type { Owner } from "../../core/owner.ts";
import type { Runtime } from "../../core/wire.ts";
import type { Context } from "../context.ts";
import type { Head } from "../document/head.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { allItems, type Condition, ConditionFailed, Conflict, type Item, type Operation } from "../store/store.ts";
import { relay } from "./relay.ts";

const stored = z.object({
  kind: z.string(),
  id: z.string(),
  field: z.string(),
  text: z.string(),
  at: z.string(),
  edge: z.string(),
  by: z.string(),
});
/** `by`: the edge, or the API key, that said it. */
export type Said = Omit<z.output<typeof stored>, "text"> & { value: unknown };

/** As an edge names itself; the cloud has a name that is none of theirs. */
const cloud = "cloud";

export function read(item: Item): Said {
  const { text, ...rest } = stored.parse(item);
  return { ...rest, value: JSON.parse(text) };
}

export const keyOf = ({ owner, subject, field }: Pick<Runtime, "owner" | "subject" | "field">) =>
  keys.runtime(owner, subject.kind, subject.id, field);

/** In the pool's index by when the cloud learnt it, so that an edge can ask for what came since. */
function itemOf(head: Head, { owner, subject, field, value, at, edge }: Runtime, by: string, now: Date): Item {
  const key = keyOf({ owner, subject, field });
  const pool = head.pools[0];
  const indexed = pool && { ipk: keys.index.runtime(pool), isk: `${now.toISOString()}#${owner}#${key.sk}` };
  const text = JSON.stringify(value ?? null);
  return { ...key, ...indexed, owner, kind: subject.kind, id: subject.id, field, text, at, edge, by };
}

/** That a field is still as it was read. */
export const unchanged = (before: Item | undefined): Condition =>
  before
    ? { equals: { text: String(before.text), at: String(before.at), edge: String(before.edge) } }
    : { absent: true };

/** The put of a word that an edge said; undefined where another was said later, or this one is known. */
export function hearing(head: Head, word: Runtime, before: Item | undefined, by: string, now: Date): Item | undefined {
  return isLater(word, before && read(before)) ? itemOf(head, word, by, now) : undefined;
}

/** Sets fields of a resource now, as the last word, in one transaction with `also`, and tells the pool's edges. Throws `busy`. */
export async function say(
  ctx: Context,
  head: Head,
  subject: { kind: string; id: string },
  values: Record<string, unknown>,
  by: string,
  also: Operation[] = [],
): Promise<void> {
  const fields = Object.entries(values);
  if (fields.length === 0) return;
  for (let attempt = 0; attempt < 20; attempt++) {
    const now = ctx.now();
    const places = fields.map(([field]) => ({ owner: head.owner, subject, field }));
    const before = await ctx.store.getMany(places.map(keyOf));
    const words = fields.map(([, value], index): Runtime => {
      const known = before[index];
      const place = places[index] ?? { owner: head.owner, subject, field: "" };
      return { type: "runtime", ...place, value, at: timeAfter(known && read(known), now), edge: cloud };
    });
    try {
      await ctx.store.transact([
        ...words.map((word, index): Operation => ({ put: itemOf(head, word, by, now), if: unchanged(before[index]) })),
        ...also,
      ]);
    } catch (error) {
      if (error instanceof ConditionFailed || error instanceof Conflict) continue;
      throw error;
    }
    return relay(ctx, head.pools, words);
  }
  throw new Problem("busy", "Others keep setting it; try again in a moment.", { headers: { "Retry-After": "1" } });
}

/** What is set of the tenant's resources, or of one of them; also what was given back to the configuration, as null. */
export async function list(ctx: Context, owner: Owner, subject?: { kind: string; id: string }): Promise<Said[]> {
  const found: Said[] = [];
  const query = { pk: owner, prefix: keys.runtimes(subject) };
  for await (const item of allItems((q) => ctx.store.query(q), query)) found.push(read(item));
  return found;
}

/** The resources are gone (all of the owner's without a list), and with them what was set of them. */
export async function forget(ctx: Context, owner: Owner, gone?: { kind: string; id: string }[]): Promise<void> {
  for (const subject of gone ?? [undefined]) {
    const query = { pk: owner, prefix: keys.runtimes(subject) };
    for await (const { pk, sk } of allItems((q) => ctx.store.query(q), query))
      await ctx.store.transact([{ delete: { pk, sk } }]);
  }
}
