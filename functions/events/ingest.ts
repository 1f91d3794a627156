// Taking in what edges report: a batch counts once, whatever is resent. Call records, live calls, registrations and usage come from here.
import { idOf, isTenant, tenantOwner } from "../../core/owner.ts";
import { isKindName, kindOf } from "../../core/registry.ts";
import { fieldSchema } from "../../core/routing/runtime.ts";
import type { Runtime } from "../../core/wire.ts";
import type {
  CallRecord,
  CommandDone,
  EdgeEvent,
  EventBatch,
  LiveCall,
  LiveConference,
  LiveQueue,
  Recording,
  Registration,
  SourceBanned,
  VoicemailMessage,
} from "../../core/wire-events.ts";
import type { Context } from "../context.ts";
import { readHead } from "../document/head.ts";
import { ended } from "../edges/commands.ts";
import type { Edge } from "../edges/edge.ts";
import { isPlaced } from "../edges/placed.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";
import { mailOf } from "../mail/voicemail.ts";
import { objects } from "../media/media.ts";
import { Problem } from "../problem.ts";
import { relay } from "../runtime/relay.ts";
import { hearing, keyOf, unchanged } from "../runtime/said.ts";
import { type Condition, ConditionFailed, type Item, type Key, type Operation } from "../store/store.ts";
import type { Outgoing } from "./event.ts";
import { of as waitingEvents } from "./waiting.ts";

const daySeconds = 86_400;
const latest = Date.UTC(9000, 0);
/** A batch of the longest events still fits into a transaction. */
export const longestEvent = 100_000;

type Usage = { calls: number; answered: number; billableSeconds: number };

/** Writes the batch's effects and its number in one transaction. A batch that was taken in before changes nothing. Throws `invalid`. */
export async function ingest(ctx: Context, edge: Edge, batch: EventBatch): Promise<void> {
  if (!/^[\w.-]{1,80}$/.test(batch.generation))
    throw new Problem("invalid", "generation: must be 1 to 80 letters, digits, dots, - and _.", {
      errors: [{ pointer: "/generation", detail: "must be 1 to 80 letters, digits, dots, - and _" }],
    });
  const cursor = keys.spool(edge.id, batch.generation);
  const isIn = async () => Number((await ctx.store.get(cursor))?.batch ?? 0) >= batch.batch;
  const mark: Operation = { put: { ...cursor, batch: batch.batch }, if: { below: { batch: batch.batch } } };
  await takeIn(ctx, edge, batch.events, {
    pk: cursor.pk,
    name: `${batch.generation}#${batch.batch}`,
    also: [mark],
    isIn,
  });
  const now = ctx.now().getTime();
  const times = batch.events.map(({ at }) => Date.parse(at)).filter((at) => at <= now);
  if (times.length > 0) ctx.measure?.("EventAge", [now - Math.min(...times)]);
}

/** `alone`: it says of what was there only that it still is, so that it may be written before the batch counts, and again. */
type Effect = { key: Key; item: Item | undefined; if?: Condition; alone: boolean };

type Teller = Pick<Edge, "id" | "pool">;

/**
 * Writes the effects of events, with `also`, in one transaction. `name` tells it from others in the partition `pk`; where it fails and `isIn`, it was done
 * before.
 */
export async function takeIn(
  ctx: Context,
  edge: Teller,
  events: readonly EdgeEvent[],
  { pk, name, also, isIn }: { pk: string; name: string; also: Operation[]; isIn?(): Promise<boolean> },
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if (await isIn?.()) return;
    const effects = new Effects(ctx, edge);
    for (const event of events) await effects.add(event);
    try {
      await Promise.all(effects.alone().map((operation) => ctx.store.transact([operation])));
      await ctx.store.transact([
        ...also,
        ...effects.operations(),
        ...waitingEvents(pk, name, effects.events, ctx.now().toISOString()),
      ]);
      effects.dropAudio();
      return effects.relay();
    } catch (error) {
      // another edge said something of the same field: it is read again, as is whether the batch came twice at once
      if (!(error instanceof ConditionFailed) || attempt === 20) throw error;
    }
  }
}

/** The last word on each item that a batch touches, since a transaction may name an item once. */
class Effects {
  readonly #ctx: Context;
  readonly #edge: Teller;
  readonly #items = new Map<string, Effect>();
  /** Objects that nothing names once the batch is in. */
  readonly #gone: string[] = [];
  readonly #placed = new Map<string, boolean>();
  readonly #words: { pools: string[]; word: Runtime }[] = [];
  readonly #events: Outgoing[] = [];

  constructor(ctx: Context, edge: Teller) {
    this.#ctx = ctx;
    this.#edge = edge;
  }

  operations(): Operation[] {
    return [...this.#items.values()].filter(({ alone }) => !alone).map(operationOf);
  }

  /** What goes by itself, which costs half. */
  alone(): Operation[] {
    return [...this.#items.values()].filter(({ alone }) => alone).map(operationOf);
  }

  /** What callers are told of the batch. */
  get events(): Outgoing[] {
    return this.#events;
  }

  #tell(type: string, tenant: string, data: Record<string, unknown>): void {
    this.#events.push({ type, owner: tenantOwner(tenant), data: { ...shortened(data), edgeId: this.#edge.id } });
  }

  /** Tells the pool's other edges what was set on this one. */
  relay(): void {
    for (const { pools, word } of this.#words) relay(this.#ctx, pools, [word], this.#edge.id);
  }

  async add(event: EdgeEvent): Promise<void> {
    const why = await this.#unfit(event);
    if (why !== undefined) {
      this.#ctx.log.warn({ edge: this.#edge.id, event: event.id.slice(0, 64), why }, "an event was dropped");
      return;
    }
    if (event.type === "call.completed") await this.#completed(event.data);
    if (event.type === "call.updated") await this.#updated(event.data);
    if (event.type === "registration.updated") await this.#registered(event.data, event.at);
    if (event.type === "runtime.updated") await this.#remembered(event.data);
    if (event.type === "command.done") await this.#commandEnded(event.data, event.at);
    if (event.type === "monitor.started") {
      const at = instant(event.at);
      const key = keys.monitoring(tenantOwner(event.data.tenant), at, event.id);
      this.#set(key, { ...key, ...event.data, id: event.id, startedAt: at, edge: this.#edge.id });
      const { tenant, ...heard } = event.data;
      this.#tell("monitor.started", tenant, { id: event.id, ...heard, startedAt: at });
    }
    if (event.type === "conference.updated") this.#conference(event.data);
    if (event.type === "queue.updated") this.#queue(event.data);
    if (event.type === "pin.locked") {
      const at = instant(event.at);
      const key = keys.pinLock(tenantOwner(event.data.tenant), at, event.id);
      const { id: resource, ...lock } = event.data;
      this.#set(key, { ...key, ...lock, resource, id: event.id, lockedAt: at, edge: this.#edge.id });
      const { tenant, ...told } = lock;
      this.#tell("pin.locked", tenant, { id: event.id, ...told, resource, lockedAt: at });
    }
    if (event.type === "limit.reached") {
      const { tenant, limit, scope, by } = event.data;
      const of = isId("ten", scope) ? { tenantId: scope } : { accountId: scope };
      this.#tell("limit.reached", tenant, { id: event.id, limit, ...of, by, reachedAt: instant(event.at) });
    }
    if (event.type === "source.banned") this.#banned(event.data, event.at);
    if (event.type === "recording.completed") await this.#recorded(event.data);
    if (event.type === "voicemail.received") await this.#message(event.data);
    if (event.type === "voicemail.updated") await this.#messageRead(event.data);
    if (event.type === "voicemail.deleted") await this.#messageGone(event.data);
    if (event.type === "trunk.updated") {
      const key = keys.trunkState(this.#edge.id, event.data.trunk);
      const before = await this.#read(key);
      this.#set(key, { ...key, ...event.data, at: event.at });
      const { tenant, trunk, state } = event.data;
      if (tenant !== null && before?.state !== state) this.#tell("trunk.status", tenant, { id: trunk, state });
    }
  }

  /** Why an event counts for nothing. One bad event must not hold up its batch, which would be sent for ever. */
  async #unfit(event: EdgeEvent): Promise<string | undefined> {
    const { data } = event;
    if (JSON.stringify(data).length > longestEvent) return "it is too long";
    const box = "box" in data ? data.box : "none";
    if (!/^[\w.-]{1,80}$/.test(box)) return "its box is not one of ours";
    const name = event.type === "trunk.updated" ? event.data.trunk : "id" in data ? data.id : "none";
    if (!/^[\w.-]{1,80}$/.test(name)) return "its id is not one of ours";
    const tenant = "tenant" in data ? data.tenant : null;
    if (tenant !== null && !(await this.#isPlaced(tenant)))
      return `tenant ${tenant.slice(0, 64)} is not on the edge's pool`;
    return event.type === "runtime.updated" ? this.#unfitWord(event.data) : undefined;
  }

  async #unfitWord({ owner, subject, field, value, at, edge }: Runtime): Promise<string | undefined> {
    const { kind, id } = subject;
    const schema = fieldSchema(kind, field);
    if (!schema?.safeParse(value).success || !/^[\w.-]{1,80}$/.test(edge))
      return "no resource has such a field or value";
    // times are compared, and one is counted on from
    if (Date.parse(at) > latest) return "its time is too far off";
    if (!isTenant(owner) || !(await this.#isPlaced(idOf(owner)))) return "its tenant is not on the edge's pool";
    if (!isKindName(kind) || !isId(kindOf(kind).prefix, id)) return "its id is not one of ours";
    return (await this.#ctx.store.get(keys.resource(owner, kind, id))) ? undefined : "there is no such resource";
  }

  async #remembered(word: Runtime): Promise<void> {
    const key = keyOf(word);
    const head = await readHead(this.#ctx.store, word.owner);
    const before = await this.#read(key);
    const item = head && hearing(head, word, before, this.#edge.id, this.#ctx.now());
    if (!head || !item) return;
    this.#set(key, item, unchanged(before));
    this.#words.push({ pools: head.pools, word });
    const { subject, field, value, at } = word;
    this.#tell("runtime.updated", idOf(word.owner), { ...subject, field, value: value ?? null, at });
  }

  async #commandEnded(done: CommandDone, at: string): Promise<void> {
    if (done.owner === undefined || !isId("cmd", done.command)) return;
    const key = keys.command(done.owner, done.command);
    const item = ended(await this.#read(key), this.#edge.id, done, instant(at));
    if (!item) return;
    this.#set(key, item);
    const { command, ok, detail, call } = done;
    if (isTenant(done.owner))
      this.#tell("command.done", idOf(done.owner), { id: command, ok, detail, call: call ?? null });
  }

  async #recorded(recording: Recording): Promise<void> {
    if (!isId("rec", recording.id)) return;
    const key = keys.recording(tenantOwner(recording.tenant), recording.id);
    const before = await this.#read(key);
    this.#set(key, { ...key, ...recording, startedAt: instant(recording.startedAt), edge: this.#edge.id });
    const { tenant, ...shown } = recording;
    if (!before) this.#tell("recording.ready", tenant, shown);
  }

  #banned({ source, why, userAgent, until }: SourceBanned, at: string): void {
    const key = keys.ban(this.#edge.id, source);
    if (until === null) {
      this.#set(key, undefined);
      return;
    }
    const ttl = Math.floor(Date.parse(until) / 1000);
    const times = { bannedAt: instant(at), expiresAt: instant(until) };
    this.#set(key, { ...key, source, why, ...shortened({ userAgent }), ...times, ttl });
  }

  /** Told again, it is the same message: what is true of it now counts, and it is mailed no second time. */
  async #message(message: VoicemailMessage): Promise<void> {
    if (!isId("vmb", message.box) || !isId("msg", message.id)) return;
    const key = keys.message(tenantOwner(message.tenant), message.box, message.id);
    const before = await this.#read(key);
    this.#set(key, { ...before, ...key, ...message, receivedAt: instant(message.receivedAt), edge: this.#edge.id });
    if (before) return;
    const { tenant, ...shown } = message;
    this.#tell("voicemail.received", tenant, { ...shown, from: shortened(message.from) });
    for (const item of await mailOf(this.#ctx, tenantOwner(message.tenant), message)) this.#set(item, item);
  }

  async #messageRead({
    tenant,
    box,
    id,
    read,
  }: Pick<VoicemailMessage, "tenant" | "box" | "id" | "read">): Promise<void> {
    const key = keys.message(tenantOwner(tenant), box, id);
    const item = await this.#read(key);
    if (!item) return;
    this.#set(key, { ...item, read });
    if (item.read !== read) this.#tell("voicemail.read", tenant, { id, box, read });
  }

  async #messageGone({ tenant, box, id }: Pick<VoicemailMessage, "tenant" | "box" | "id">): Promise<void> {
    const key = keys.message(tenantOwner(tenant), box, id);
    if (await this.#read(key)) this.#tell("voicemail.deleted", tenant, { id, box });
    this.#set(key, undefined);
    this.#gone.push(objects.message(tenant, id));
  }

  /** Once the batch is in; an object that stays for a failure here is nobody's to find. */
  dropAudio(): void {
    const { media, log, after } = this.#ctx;
    const dropped = Promise.all(this.#gone.map((key) => media.remove(key))).then(() => undefined);
    after(dropped.catch((error) => log.warn({ error: String(error) }, "audio was not removed")));
  }

  async #updated(call: LiveCall): Promise<void> {
    const key = keys.liveCall(tenantOwner(call.tenant), call.id);
    const record = await this.#read(keys.call(call.tenant, instant(call.startedAt), call.id));
    const gone = call.state === "ended" || record !== undefined;
    this.#set(key, gone ? undefined : { ...key, ...call, edge: this.#edge.id, ttl: this.#seconds() + daySeconds });
  }

  #conference(is: LiveConference): void {
    if (!isId("cnf", is.conference)) return;
    const key = keys.liveConference(tenantOwner(is.tenant), is.conference, this.#edge.id);
    const ttl = this.#seconds() + daySeconds;
    this.#set(key, is.members.length === 0 ? undefined : { ...key, ...is, edge: this.#edge.id, ttl });
  }

  #queue(is: LiveQueue): void {
    if (!isId("que", is.queue)) return;
    const key = keys.liveQueue(tenantOwner(is.tenant), is.queue, this.#edge.id);
    const ttl = this.#seconds() + daySeconds;
    const isEmpty = is.waitingCalls === 0 && is.agents.length === 0;
    this.#set(key, isEmpty ? undefined : { ...key, ...is, edge: this.#edge.id, ttl });
  }

  async #registered(registration: Registration, at: string): Promise<void> {
    const { tenant, username, contact, expiresAt } = registration;
    const key = keys.registration(tenantOwner(tenant), username, contact);
    const before = await this.#read(key);
    const was = before !== undefined && Date.parse(String(before.expiresAt)) > this.#ctx.now().getTime();
    const { tenant: _, ...shown } = registration;
    // a phone registers anew every few minutes: only what changes is told
    if (was !== (expiresAt !== null))
      this.#tell(expiresAt === null ? "extension.unregistered" : "extension.registered", tenant, shown);
    if (expiresAt === null) {
      this.#set(key, undefined);
      return;
    }
    const ttl = Math.floor(Date.parse(expiresAt) / 1000) + 300;
    const item = { ...key, ...registration, expiresAt: instant(expiresAt), edge: this.#edge.id, at, ttl };
    if (was) this.#set(key, item, { equals: { at: String(before.at) } }, true);
    else this.#set(key, item);
  }

  async #completed(sent: CallRecord): Promise<void> {
    const { limit, ...rest } = sent;
    const stopped = typeof limit === "string" ? { limit } : {};
    const record = { ...rest, ...stopped, segments: sent.segments ?? [], startedAt: instant(sent.startedAt) };
    const key = keys.call(record.tenant, record.startedAt, record.id);
    const before = await this.#read(key);
    if (before && Number(before.seq) >= record.seq) return;
    this.#set(key, { ...key, ...record, edge: this.#edge.id, ...(await this.#indexed(record, before)) });
    this.#set(keys.liveCall(tenantOwner(record.tenant), record.id), undefined);
    this.#events.push({
      type: before ? "call.corrected" : "call.completed",
      owner: tenantOwner(record.tenant),
      data: {},
      call: { id: record.id, startedAt: record.startedAt },
    });
    if (before) await this.#count(before as unknown as CallRecord, String(before.edge), -1);
    await this.#count(record, this.#edge.id, 1);
  }

  /** Its place among the calls of the account that has the tenant: a correction stays where the call is. */
  async #indexed({ tenant, startedAt, id }: CallRecord, before: Item | undefined): Promise<Record<string, string>> {
    const account = (await readHead(this.#ctx.store, tenantOwner(tenant)))?.path[0];
    const ipk = before?.ipk ?? (account === undefined ? undefined : keys.index.calls(account));
    return ipk === undefined ? {} : { ipk: String(ipk), isk: `${startedAt}#${id}#${tenant}` };
  }

  /** Adds a call to the usage of its day, or takes it out of where it was counted. */
  async #count(record: CallRecord, edge: string, sign: 1 | -1): Promise<void> {
    const day = keys.usage(record.tenant, record.startedAt.slice(0, 10), edge);
    const counted = (await this.#read(day)) ?? { ...day, calls: 0, answered: 0, billableSeconds: 0 };
    const usage = usageOf(record);
    const sum = (name: keyof Usage): number => Number(counted[name]) + sign * usage[name];
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

  /** A condition is on the item as it is stored: the first that a batch names counts. */
  #set(key: Key, item: Item | undefined, condition?: Condition, alone = false): void {
    const name = `${key.pk}\n${key.sk}`;
    const before = this.#items.get(name);
    const first = before ? before.if : condition;
    this.#items.set(name, { key, item, ...(first && { if: first }), alone: alone && (before?.alone ?? true) });
  }

  async #isPlaced(tenant: string): Promise<boolean> {
    if (!isId("ten", tenant)) return false;
    const known = this.#placed.get(tenant);
    if (known !== undefined) return known;
    const placed = await isPlaced(this.#ctx, this.#edge.pool, tenantOwner(tenant));
    this.#placed.set(tenant, placed);
    return placed;
  }

  #seconds(): number {
    return Math.floor(this.#ctx.now().getTime() / 1000);
  }
}

function operationOf({ key, item, if: condition }: Effect): Operation {
  const operation = item ? { put: item } : { delete: key };
  return condition ? { ...operation, if: condition } : operation;
}

/** Phones and callers write some of it, at any length. */
const shortened = (data: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === "string" ? value.slice(0, 512).toWellFormed() : value,
    ]),
  );

/** One spelling of a moment, so that keys sort by time. */
const instant = (text: string): string => new Date(text).toISOString();

const usageOf = (record: CallRecord): Usage => ({
  calls: 1,
  answered: record.answeredAt === null ? 0 : 1,
  billableSeconds: record.billableSeconds,
});
