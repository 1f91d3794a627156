// What happened, as events: of a revision from its change record, whatever the kind; of edges' reports as ingest wrote it down.
import { canonical } from "../../core/canonical.ts";
import { idOf, isTenant, type Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import { type Change, type DiffLine, readChanges } from "../document/change.ts";
import { readTombstone, sortOf } from "../document/head.ts";
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
    return change.diff.length > 0
      ? change.diff.map((line) => ofLine(owner, change, line))
      : removed(ctx, owner, change);
  return [];
}

/** Secrets stand in documents as their names, so none is in here. */
function ofLine(owner: Owner, change: Change, { op, kind, id, key, before, after }: DiffLine): Outgoing {
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

/** Only deleting a whole document makes a change without a diff. */
async function removed(ctx: Context, owner: Owner, change: Change): Promise<Outgoing[]> {
  const head = await readTombstone(ctx.store, owner);
  if (head?.deletedAt !== change.at) return [];
  const item = await ctx.store.get(keys.resource(owner, sortOf(owner), idOf(owner)));
  const before = item ? fromItem(item).body : {};
  const [id, kind] = [idOf(owner), sortOf(owner)];
  const line: DiffLine = { op: "delete", kind, id, key: String(before.name ?? ""), before, after: null };
  return [ofLine(owner, change, line)];
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
