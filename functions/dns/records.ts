// Records that hosts have in the zone. The table says what each is to hold, whose every value is and until when; the provider is told after it, so that hosts
// that write the same record at once lose nothing, and what a host forgot goes by itself.
import { z } from "zod";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { due, dueAt } from "../outbox.ts";
import { Problem } from "../problem.ts";
import { allItems, ConditionFailed, Conflict, type Item } from "../store/store.ts";
import type { RecordType, Zone } from "./dns.ts";

const stored = z.object({
  name: z.string(),
  type: z.enum(["A", "AAAA", "TXT"]),
  version: z.int(),
  values: z.array(z.object({ value: z.string(), edge: z.string(), until: z.string(), version: z.int() })),
  /** What the provider was told last, and by which token it tells whether that can be seen. */
  told: z.object({ version: z.int(), change: z.string() }).nullable(),
});
type Stored = z.output<typeof stored>;
type Value = Omit<Stored["values"][number], "version">;
export type Which = { name: string; type: RecordType };

const read = async (ctx: Context, which: Which): Promise<Stored | undefined> => {
  const item = await ctx.store.get(keys.dnsRecord(which.name, which.type));
  return item && stored.parse(item);
};

/** What `edge` has in it that is not over yet. */
export async function valuesOf(ctx: Context, which: Which, edge: string): Promise<Value[]> {
  const now = ctx.now().toISOString();
  return ((await read(ctx, which))?.values ?? []).filter((one) => one.edge === edge && one.until > now);
}

/** Writes the record down as `change` makes it of its values, without those that are over. The provider is not told yet. */
async function write(ctx: Context, { name, type }: Which, change: (values: Value[]) => Value[]): Promise<Stored> {
  for (let attempt = 1; attempt <= 20; attempt++) {
    const before = await read(ctx, { name, type });
    const now = ctx.now().toISOString();
    const version = (before?.version ?? 0) + 1;
    const kept = (before?.values ?? []).filter(({ until }) => until > now);
    const values = change(kept).map((one) => {
      const same = kept.find(({ value, edge }) => value === one.value && edge === one.edge);
      return { ...one, version: same?.version ?? version };
    });
    // what does not change what it holds need not be told
    const isTold = before?.told?.version === before?.version && sameValues(before?.values ?? [], values);
    const told = before?.told ? { ...before.told, ...(isTold && { version }) } : null;
    const next: Stored = { name, type, version, values, told };
    try {
      await ctx.store.transact([
        { put: itemOf(ctx, next), if: before ? { equals: { version: before.version } } : { absent: true } },
        ...values
          .filter((one) => one.version === version)
          .map(({ edge }) => ({ put: { ...keys.edgeRecord(edge, name, type), name, type } })),
      ]);
      return next;
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * attempt));
    }
  }
  throw new Problem("busy", "Others keep changing this record; try again in a moment.", {
    headers: { "Retry-After": "2" },
  });
}

const sameValues = (...[some, others]: { value: string }[][]): boolean =>
  JSON.stringify(contentOf(some ?? [])) === JSON.stringify(contentOf(others ?? []));
const contentOf = (values: { value: string }[]): string[] => [...new Set(values.map(({ value }) => value))].sort();

/** In the index by when the first of its values is over; at once where the provider does not know of it. */
function itemOf(ctx: Context, record: Stored): Item {
  const ends = record.told?.version === record.version ? record.values.map(({ until }) => until).sort() : [];
  const first = ends[0] ?? ctx.now().toISOString();
  const place = keys.dnsRecord(record.name, record.type);
  return { ...place, ...record, ...dueAt(keys.index.dns, new Date(first), `${record.type}#${record.name}`) } as Item;
}

/** Tells the provider what the record is to hold until that is what the table says. Resolves with the token of it; undefined where nothing is left of it. */
async function tell(ctx: Context, { dns }: Zone, which: Which): Promise<string | undefined> {
  for (let attempt = 1; attempt <= 20; attempt++) {
    const record = await read(ctx, which);
    if (!record) return undefined;
    const change = await dns.put(which.name, which.type, contentOf(record.values));
    const told = { version: record.version, change };
    const same = { equals: { version: record.version } };
    const isGone = record.values.length === 0;
    try {
      await ctx.store.transact([
        isGone
          ? { delete: keys.dnsRecord(which.name, which.type), if: same }
          : { put: itemOf(ctx, { ...record, told }), if: same },
      ]);
      return isGone ? undefined : change;
    } catch (error) {
      // another one wrote it meanwhile: maybe the provider heard of that before it heard this
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
    }
  }
  throw new Problem("busy", "Others keep changing this record; try again in a moment.", {
    headers: { "Retry-After": "2" },
  });
}

/**
 * Puts `value` of `edge` beside the record's others until then; `only` in the place of that edge's others. Done again it tells how far it is. Resolves with
 * whether every server of the zone has it.
 */
export async function put(
  ctx: Context,
  zone: Zone,
  which: Which,
  value: Value,
  how: "beside" | "only",
): Promise<boolean> {
  const known = await read(ctx, which);
  const mine = known?.values.filter(({ edge }) => edge === value.edge) ?? [];
  const there = mine.find((one) => one.value === value.value && one.until > ctx.now().toISOString());
  const told = known?.told;
  const isWritten = there !== undefined && (how === "beside" || mine.length === 1);
  if (isWritten && told && told.version >= there.version) return zone.dns.isVisible(told.change);
  if (!isWritten)
    await write(ctx, which, (values) => [
      ...values.filter((one) => one.edge !== value.edge || (how === "beside" && one.value !== value.value)),
      value,
    ]);
  const change = await tell(ctx, zone, which);
  return change !== undefined && zone.dns.isVisible(change);
}

/** The value stays until then; the provider has it already. */
export const renew = (ctx: Context, which: Which, value: Value): Promise<unknown> =>
  write(ctx, which, (values) =>
    values.map((one) => (one.edge === value.edge && one.value === value.value ? value : one)),
  );

/** Takes a value of `edge` out. */
export async function takeOut(
  ctx: Context,
  zone: Zone,
  which: Which,
  value: Pick<Value, "edge" | "value">,
): Promise<void> {
  if (!(await read(ctx, which))) return;
  await write(ctx, which, (values) => values.filter((one) => one.edge !== value.edge || one.value !== value.value));
  await tell(ctx, zone, which);
}

/** Ends all that an edge has in the zone: the next sweep takes it out. Whoever calls it need not reach the provider. */
export async function endAll(ctx: Context, edge: string): Promise<void> {
  const range = { pk: keys.edge(edge).pk, prefix: keys.edgeRecords };
  for await (const item of allItems((q) => ctx.store.query(q), range)) {
    const { name, type } = stored.pick({ name: true, type: true }).parse(item);
    if (await read(ctx, { name, type }))
      await write(ctx, { name, type }, (values) => values.filter((one) => one.edge !== edge));
  }
}

/** Takes out what is over. Resolves with how many records it brought in step; rejects after all were tried, if any could not be. */
export async function sweepRecords(ctx: Context): Promise<number> {
  const { zone } = ctx;
  let done = 0;
  const failed: unknown[] = [];
  if (!zone) return done;
  for await (const item of due(ctx, keys.index.dns)) {
    const which = stored.pick({ name: true, type: true }).parse(item);
    try {
      await write(ctx, which, (values) => values);
      await tell(ctx, zone, which);
      done += 1;
    } catch (error) {
      ctx.log.warn(
        { ...which, error: String(error) },
        "a record could not be taken out of DNS; the next sweep tries again",
      );
      failed.push(error);
    }
  }
  if (failed.length > 0)
    throw new Error(`${failed.length} records could not be taken out of DNS`, { cause: failed[0] });
  return done;
}
