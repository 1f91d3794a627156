// Taking in what edges report: a batch counts once, whatever is resent. Call records, live calls, registrations and usage come from here.
import { type Owner, tenantOwner } from "../../core/owner.ts";
import type { CallRecord, EdgeEvent, EventBatch } from "../../core/wire.ts";
import type { Context } from "../context.ts";
import type { Edge } from "../edges/edge.ts";
import * as keys from "../keys.ts";
import { ConditionFailed, type Item, type Key, type Operation } from "../store/store.ts";

const daySeconds = 86_400;

type Usage = { calls: number; answered: number; billableSeconds: number };

/** Writes the batch's effects and its number in one transaction. A batch that was taken in before changes nothing. */
export async function ingest(ctx: Context, edge: Edge, batch: EventBatch): Promise<void> {
  const cursor = keys.spool(edge.id, batch.generation);
  const last = await ctx.store.get(cursor);
  if (last && Number(last.batch) >= batch.batch) return;
  const effects = new Effects(ctx, edge);
  for (const event of batch.events) await effects.add(event);
  try {
    await ctx.store.transact([
      { put: { ...cursor, batch: batch.batch }, if: { below: { batch: batch.batch } } },
      ...effects.operations(),
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** The last word on each item that a batch touches, since a transaction may name an item once. */
class Effects {
  readonly #ctx: Context;
  readonly #edge: Edge;
  readonly #items = new Map<string, { key: Key; item: Item | undefined }>();
  readonly #placed = new Map<string, boolean>();

  constructor(ctx: Context, edge: Edge) {
    this.#ctx = ctx;
    this.#edge = edge;
  }

  operations(): Operation[] {
    return [...this.#items.values()].map(({ key, item }) => (item ? { put: item } : { delete: key }));
  }

  async add(event: EdgeEvent): Promise<void> {
    const { data } = event;
    const tenant = "tenant" in data ? data.tenant : null;
    if (tenant !== null && !(await this.#isPlaced(tenantOwner(tenant)))) {
      this.#ctx.log.warn(
        { edge: this.#edge.id, tenant, event: event.id },
        "event of a tenant that is not on the edge's pool was dropped",
      );
      return;
    }
    if (event.type === "call.completed") await this.#completed(event.data);
    if (event.type === "call.updated") {
      const { id, state } = event.data;
      const key = keys.liveCall(tenantOwner(event.data.tenant), id);
      const ended =
        state === "ended" || (await this.#read(keys.call(event.data.tenant, event.data.startedAt, id))) !== undefined;
      this.#set(
        key,
        ended ? undefined : { ...key, ...event.data, edge: this.#edge.id, ttl: this.#seconds() + daySeconds },
      );
    }
    if (event.type === "registration.updated") {
      const { username, contact, expiresAt } = event.data;
      const key = keys.registration(tenantOwner(event.data.tenant), username, contact);
      const until = expiresAt === null ? null : Math.floor(Date.parse(expiresAt) / 1000);
      this.#set(
        key,
        until === null ? undefined : { ...key, ...event.data, edge: this.#edge.id, at: event.at, ttl: until + 300 },
      );
    }
    if (event.type === "trunk.updated") {
      const key = keys.trunkState(this.#edge.id, event.data.trunk);
      this.#set(key, { ...key, ...event.data, at: event.at });
    }
  }

  async #completed(record: CallRecord): Promise<void> {
    const key = keys.call(record.tenant, record.startedAt, record.id);
    const before = await this.#read(key);
    if (before && Number(before.seq) >= record.seq) return;
    this.#set(key, { ...key, ...record, edge: this.#edge.id });
    const live = keys.liveCall(tenantOwner(record.tenant), record.id);
    this.#set(live, undefined);
    const day = keys.usage(record.tenant, record.startedAt.slice(0, 10), this.#edge.id);
    const counted = (await this.#read(day)) ?? { ...day, calls: 0, answered: 0, billableSeconds: 0 };
    const [old, now] = [before ? usageOf(before as unknown as CallRecord) : nothing, usageOf(record)];
    const sum = (name: keyof Usage): number => Number(counted[name]) + now[name] - old[name];
    this.#set(day, {
      ...counted,
      calls: sum("calls"),
      answered: sum("answered"),
      billableSeconds: sum("billableSeconds"),
    });
  }

  async #read(key: Key): Promise<Item | undefined> {
    const mine = this.#items.get(`${key.pk}\n${key.sk}`);
    return mine ? mine.item : this.#ctx.store.get(key);
  }

  #set(key: Key, item: Item | undefined): void {
    this.#items.set(`${key.pk}\n${key.sk}`, { key, item });
  }

  async #isPlaced(owner: Owner): Promise<boolean> {
    const known = this.#placed.get(owner);
    if (known !== undefined) return known;
    const placed = (await this.#ctx.store.get(keys.placement(owner, this.#edge.pool))) !== undefined;
    this.#placed.set(owner, placed);
    return placed;
  }

  #seconds(): number {
    return Math.floor(this.#ctx.now().getTime() / 1000);
  }
}

const nothing: Usage = { calls: 0, answered: 0, billableSeconds: 0 };
const usageOf = (record: CallRecord): Usage => ({
  calls: 1,
  answered: record.answeredAt === null ? 0 : 1,
  billableSeconds: record.billableSeconds,
});
