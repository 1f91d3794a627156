// Commands to edges: a queue message with an id and a deadline, and the item that tells what became of it.
import { z } from "zod";
import type { Owner } from "../../core/owner.ts";
import type { CommandDone } from "../../core/wire-events.ts";
import { encodeMessage } from "../../core/wire-text.ts";
import type { Access } from "../access/access.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../document/change.ts";
import type { Head } from "../document/head.ts";
import { isId, newId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { allItems, type Item, type Operation } from "../store/store.ts";
import { readPlacement } from "./placement.ts";
import { readRoster } from "./roster.ts";
import { simulated } from "./simulated.ts";

/** An edge that does not have it by then does not carry it out. */
const deadlineSeconds = 30;
/** What is carried out may take so much longer, since phones ring, and its answer may come late. */
const answerSeconds = 90;
const keptSeconds = 30 * 86_400;

const stored = z.object({
  id: z.string(),
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  edge: z.string(),
  actor: z.unknown(),
  createdAt: z.string(),
  deadline: z.string(),
  doneAt: z.string().nullable(),
  ok: z.boolean().nullable(),
  detail: z.string().nullable(),
  call: z.string().nullable(),
});
type Stored = z.output<typeof stored>;

/** As the API shows it. */
export const shownCommand = z.object({
  id: z.string(),
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  state: z
    .enum(["pending", "done", "failed", "expired"])
    .describe("expired: nobody told what became of it in the time that it has"),
  detail: z.string().nullable().describe("Why it failed"),
  call: z.string().nullable().describe("The id of the call that it made"),
  createdAt: z.iso.datetime(),
  doneAt: z.iso.datetime().nullable(),
});
export type ShownCommand = z.output<typeof shownCommand>;

export type Place = {
  name: string;
  arguments: Record<string, unknown>;
  /** Arguments that are sent, and neither kept nor shown. */
  secret?: Record<string, unknown>;
  actor: Actor;
  /** The edge to prefer, if it is one of the document's. */
  edge: string | undefined;
  /** The edge to send it to, whosever document it carries. */
  on?: { id: string; queueUrl: string };
  record(shown: ShownCommand): Operation[];
};

/** Writes the command down, then sends it. In a sandbox it ends at once. Throws `conflict` where the tenant has no edge, `unavailable` where the edge's queue can't be reached. */
export async function place(
  ctx: Context,
  { owner, head }: Pick<Access, "owner" | "head">,
  wanted: Place,
): Promise<ShownCommand> {
  const simulatedOne = { id: simulated.id, queueUrl: null };
  const edge = wanted.on ?? (head.sandbox === null ? await edgeFor(ctx, head, wanted.edge) : simulatedOne);
  const now = ctx.now();
  const deadline = new Date(now.getTime() + deadlineSeconds * 1000).toISOString();
  const { name, arguments: given, actor } = wanted;
  const command: Stored = {
    ...{ id: newId("cmd"), name, arguments: given, edge: edge.id, actor, createdAt: now.toISOString(), deadline },
    ...{ doneAt: null, ok: null, detail: null, call: null },
  };
  const item = { ...keys.command(owner, command.id), ...command, ttl: Math.floor(now.getTime() / 1000) + keptSeconds };
  const shown = present(ctx, command);
  await ctx.store.transact([{ put: item as Item, if: { absent: true } }, ...wanted.record(shown)]);
  if (edge.queueUrl === null) {
    const { carryOut } = await import("../sandbox/edge.ts");
    await carryOut(ctx, owner, command);
    return shown;
  }
  const all = { ...given, ...wanted.secret };
  const { requestId } = actor;
  const message = { type: "command", id: command.id, deadline, owner, name, arguments: all, requestId } as const;
  try {
    await ctx.queues.send(edge.queueUrl, encodeMessage(message));
    ctx.log.info({ requestId, command: command.id, owner, edge: edge.id }, "a command was sent");
  } catch (error) {
    ctx.log.warn({ requestId, command: command.id, edge: edge.id, error: String(error) }, "a command was not sent");
    await ctx.store.transact([
      { put: { ...item, doneAt: now.toISOString(), ok: false, detail: "the edge's queue was not reachable" } as Item },
    ]);
    return present(ctx, {
      ...command,
      doneAt: now.toISOString(),
      ok: false,
      detail: "the edge's queue was not reachable",
    });
  }
  return shown;
}

/** Of the hosts that can carry the tenant's calls the preferred one, else its home or, while that is down, its standby, else the first. */
async function edgeFor(
  ctx: Context,
  head: Head,
  preferred: string | undefined,
): Promise<{ id: string; queueUrl: string }> {
  const found: { id: string; queueUrl: string }[] = [];
  for (const pool of head.pools)
    for await (const item of allItems((q) => ctx.store.query(q), { pk: keys.pool(pool).pk, prefix: "E#" }))
      if (item.engine !== "kamailio") found.push({ id: String(item.id), queueUrl: String(item.queueUrl) });
  const edge = found.find(({ id }) => id === preferred) ?? (await atHome(ctx, head, found)) ?? found[0];
  if (!edge)
    throw new Problem("conflict", "No edge carries this tenant's calls; enrol one in its pool with POST /v1/edges.");
  return edge;
}

async function atHome<E extends { id: string }>(ctx: Context, head: Head, found: E[]): Promise<E | undefined> {
  const [pool] = head.pools;
  if (found.length < 2 || pool === undefined) return found[0];
  const [{ home, standby }, { hosts }] = await Promise.all([readPlacement(ctx, head.owner), readRoster(ctx, pool)]);
  const isUp = (id: string) => hosts.some((host) => host.id === id && !host.down);
  const own = [home, standby].flatMap((id) => found.find((edge) => edge.id === id) ?? []);
  return own.find(({ id }) => isUp(id)) ?? own[0];
}

export async function readCommand(ctx: Context, owner: Owner, id: string): Promise<ShownCommand | undefined> {
  const item = isId("cmd", id) ? await ctx.store.get(keys.command(owner, id)) : undefined;
  return item && present(ctx, stored.parse(item));
}

/** The item with how the command ended, of which the first word counts. Undefined where this edge has nothing to say about it. */
export function ended(item: Item | undefined, edge: string, done: CommandDone, at: string): Item | undefined {
  if (!item || item.edge !== edge || item.doneAt !== null) return undefined;
  const call = done.call !== undefined && done.call !== null && isId("cal", done.call) ? done.call : null;
  return { ...item, doneAt: at, ok: done.ok, detail: done.detail?.slice(0, 500) ?? null, call };
}

function present(ctx: Context, command: Stored): ShownCommand {
  const { id, name, arguments: given, createdAt, deadline, doneAt, ok, detail, call } = command;
  const late = ctx.now().getTime() > Date.parse(deadline) + answerSeconds * 1000;
  const state = doneAt === null ? (late ? "expired" : "pending") : ok ? "done" : "failed";
  return { id, name, arguments: given, state, detail, call, createdAt, doneAt };
}
