// Mail that waits to be sent: an item that is written in the transaction of what it tells of, and stands until the mail was accepted. Whoever sends it
// takes it first, so that no two do; who dies before it is accepted leaves it to the next. Only a death between the acceptance and the next write sends
// a mail twice, since SES knows no name for a mail that it was given before.
import { z } from "zod";
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { due, dueAt, take } from "../outbox.ts";
import type { Item, Operation } from "../store/store.ts";
import type { Mailer } from "./mail.ts";
import { type Sparing, sparing } from "./returned.ts";

const stored = z.object({
  owner: z.string().transform((value) => value as Owner),
  task: z.string(),
  id: z.string(),
  about: z.record(z.string(), z.string()),
  attempts: z.int(),
  createdAt: z.string(),
});
export type Waiting = z.output<typeof stored>;

/** Does what waits. Resolves with what is to be written when it is done, or `again` where that is to be asked later; rejects where it failed. */
export type Task = (ctx: Context, mailer: Sparing, waiting: Waiting) => Promise<Operation[] | "again">;
export type Tasks = Record<string, Task>;

const firstMs = 60_000;
const longestMs = 3_600_000;
const givenUpMs = 3 * 86_400_000;

/** What is to be done, and about what: `id` is unique among the owner's tasks of that name. */
export const waitingItem = (wanted: Pick<Waiting, "owner" | "task" | "id" | "about">, now: Date): Item =>
  itemOf({ ...wanted, attempts: 0, createdAt: now.toISOString() }, now);

function itemOf(waiting: Waiting, when: Date): Item {
  const { owner, task, id } = waiting;
  const key = keys.mail(owner, task, id);
  return { ...key, ...dueAt(keys.index.mail, when, `${owner}#${key.sk}`), ...waiting };
}

/** Does everything that is due, one after another. Rejects after all were tried, if any failed. */
export async function sendDue(ctx: Context, mailer: Mailer, tasks: Tasks): Promise<number> {
  let [sent, failed] = [0, 0];
  const items = [];
  for await (const item of due(ctx, keys.index.mail)) items.push(item);
  for (const item of items)
    if (await sendOne(ctx, mailer, tasks, item)) sent++;
    else failed++;
  if (failed > 0) throw new Error(`${failed} of ${sent + failed} mails could not be sent; they will be tried again`);
  return sent;
}

/** `item` as it was read: where somebody else has it by now, that one does it. False where it failed and will be tried again. */
export async function sendOne(ctx: Context, mailer: Mailer, tasks: Tasks, item: Item): Promise<boolean> {
  const waiting = stored.parse(item);
  const { owner, task, id, attempts } = waiting;
  const key = keys.mail(owner, task, id);
  const about = { owner, task, id, attempts: attempts + 1 };
  const late = ctx.now().getTime() - Date.parse(waiting.createdAt) > givenUpMs;
  const later = new Date(ctx.now().getTime() + Math.min(firstMs * 2 ** attempts, longestMs));
  const next = late ? { delete: key } : { put: itemOf({ ...waiting, attempts: attempts + 1 }, later) };
  if (!(await take(ctx.store, next, { attempts }))) return true;
  const act = Object.hasOwn(tasks, task) ? tasks[task] : undefined;
  if (late || !act) {
    ctx.log.error(about, "a mail was given up");
    return true;
  }
  try {
    const done = await act(ctx, sparing(ctx, mailer), waiting);
    if (done !== "again") await ctx.store.transact([{ delete: key }, ...done]);
    return true;
  } catch (error) {
    ctx.log.warn({ ...about, error: String(error) }, "a mail was not sent; it will be tried again");
    return false;
  }
}
