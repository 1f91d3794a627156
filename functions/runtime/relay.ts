// Telling a pool's edges what was set: at once by their queues, and whenever they ask for what came since.
import * as z from "zod/mini";
import { lazy } from "../../core/lazy.ts";
import type { Runtime, RuntimePage } from "../../core/wire.ts";
import { encodeMessage } from "../../core/wire-text.ts";
import type { Context } from "../context.ts";
import { readHead } from "../document/head.ts";
import type { Edge } from "../edges/edge.ts";
import * as keys from "../keys.ts";
import { allItems, type Item } from "../store/store.ts";

/** Sends after the answer is on its way. An edge that can't be told, or loses it, asks by itself. `except`: who said it. */
export function relay(ctx: Context, pools: string[], words: Runtime[], except?: string): void {
  if (words.length === 0) return;
  ctx.after(
    send(ctx, pools, words, except).catch((error) =>
      ctx.log.warn({ pools, error: String(error) }, "edges not told of runtime state; they will ask"),
    ),
  );
}

async function send(ctx: Context, pools: string[], words: Runtime[], except: string | undefined): Promise<void> {
  for (const pool of pools)
    for await (const item of allItems((q) => ctx.store.query(q), { pk: keys.pool(pool).pk, prefix: "E#" }))
      if (item.id !== except)
        await Promise.all(words.map((word) => ctx.queues.send(String(item.queueUrl), encodeMessage(word))));
}

const pageItems = 500;
/** The index may be so much behind, and the clocks of those who write to it apart. */
const overlapMs = 60_000;

const indexed = lazy(() =>
  z.object({ owner: z.string(), kind: z.string(), id: z.string(), field: z.string(), text: z.string() }),
);

/** What the cloud learnt of the pool's tenants since a time (ISO 8601), from the beginning without one. */
export async function since(
  ctx: Context,
  edge: Edge,
  from: string | undefined,
  after: string | undefined,
): Promise<RuntimePage> {
  const upTo = new Date(ctx.now().getTime() - overlapMs).toISOString();
  const page = await ctx.store.queryIndex({
    pk: keys.index.runtime(edge.pool),
    limit: pageItems,
    ...(from !== undefined && { from: new Date(from).toISOString() }),
    ...(after !== undefined && { after }),
  });
  const words = page.items.map(wordOf);
  // of a tenant that was deleted a new edge is told nothing
  const owners = [...new Set(words.map(({ owner }) => owner))];
  const heads = await Promise.all(owners.map((owner) => readHead(ctx.store, owner)));
  const live = new Set(heads.map((head) => head?.owner));
  return { runtime: words.filter(({ owner }) => live.has(owner)), next: page.next ?? null, upTo };
}

function wordOf(item: Item): Runtime {
  const { owner, kind, id, field, text } = indexed().parse(item);
  const said = { value: JSON.parse(text) as unknown, at: String(item.at), edge: String(item.edge) };
  return { type: "runtime", owner: owner as Runtime["owner"], subject: { kind, id }, field, ...said };
}
