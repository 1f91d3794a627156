// What happened, as events: of a revision from its change record, whatever the kind; of edges' reports as ingest wrote it down.
import { canonical } from "../../core/canonical.ts";
import { idOf, isTenant, type Owner } from "../../core/owner.ts";
import { placement } from "../../core/resources/placement.ts";
import { suspension } from "../../core/resources/suspension.ts";
import type { Context } from "../context.ts";
import { type Change, type DiffLine, readChanges } from "../document/change.ts";
import { sortOf } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import * as keys from "../keys.ts";
import { shownCall } from "./calls.ts";
import type { Outgoing } from "./event.ts";
import type { Waiting } from "./waiting.ts";

/** Longer data is left out, and the event says so: it is there to be fetched. */
const longest = 64 * 1024;

export async function derive(ctx: Context, waiting: Waiting): Promise<Outgoing[]> {
  if (waiting.owner === null)
    return Promise.all((JSON.parse(waiting.text) as Outgoing[]).map((one) => filled(ctx, one)));
  const owner = waiting.owner as Owner;
  const { revision } = waiting;
  for await (const change of readChanges(ctx.store, owner, revision, { upTo: revision }))
    return (
      change.whole
        ? [await ofWhole(ctx, owner, change)]
        : change.diff.filter(({ kind }) => kind !== placement.kind).map((line) => ofLine(owner, change, line))
    ).map((one) => ({ ...one, requestId: change.actor.requestId }));
  return [];
}

/** Secrets stand in documents as their names, so none is in here. */
function ofLine(owner: Owner, change: Change, line: DiffLine): Outgoing {
  const { op, kind, id, key, before, after } = line;
  if (kind === suspension.kind) return ofSuspension(owner, change, line);
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const same = (name: string) => canonical(before?.[name] ?? null) === canonical(after?.[name] ?? null);
  const object = after ?? before ?? {};
  return {
    type: `${kind}.${op}d`,
    owner,
    data: {
      ...{ id, kind, key, revision: change.revision, actor: who(change) },
      ...short({ object: { ...object, id } }),
      ...(op === "update" && { fields: names.filter((name) => !same(name)) }),
    },
  };
}

const who = ({ actor: { type, id, name } }: Change) => ({ type, id, name });

/** It is told of what is suspended, whose calls stop or go on with it. */
function ofSuspension(owner: Owner, change: Change, { op, after, before }: DiffLine): Outgoing {
  const [id, kind] = [idOf(owner), sortOf(owner)];
  const { reason, by } = after ?? before ?? {};
  const data = { id, kind, revision: change.revision, actor: who(change), reason, by };
  return { type: `${kind}.${op === "delete" ? "resumed" : "suspended"}`, owner, data };
}

/** Of the document as a whole: `object` is its settings. */
async function ofWhole(ctx: Context, owner: Owner, change: Change): Promise<Outgoing> {
  const item = await ctx.store.get(keys.resource(owner, sortOf(owner), idOf(owner)));
  const settings = item ? fromItem(item).body : {};
  const [id, kind] = [idOf(owner), sortOf(owner)];
  const { what, from } = change.whole ?? {};
  return {
    type: `${kind}.${what}`,
    owner,
    data: {
      ...{ id, kind, key: String(settings.name ?? ""), revision: change.revision, actor: who(change) },
      ...short({ object: { ...settings, id } }),
      ...(what === "moved" && { fromAccountId: from ?? null }),
    },
  };
}

async function filled(ctx: Context, { call, ...event }: Outgoing): Promise<Outgoing> {
  if (!call || !isTenant(event.owner)) return event;
  const record = await ctx.store.get(keys.call(idOf(event.owner), call.startedAt, call.id));
  if (!record) return { ...event, data: { id: call.id } };
  const { legs, segments, ...rest } = shownCall(record);
  return { ...event, data: { ...rest, ...short({ legs, segments }) } };
}

/** These members, or `truncated` in their place. */
function short(members: Record<string, unknown>): Record<string, unknown> {
  return Buffer.byteLength(JSON.stringify(members)) <= longest ? members : { truncated: true };
}
