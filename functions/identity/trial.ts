// Numbers that are lent to who signed up: after 14 days one goes back to the inventory, unless an account above has said that it stays.
import { idOf, type Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import { enter } from "../access/access.ts";
import type { Context } from "../context.ts";
import { readHead } from "../document/head.ts";
import { write } from "../document/write.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { due, dueAt } from "../outbox.ts";
import { Problem } from "../problem.ts";
import type { Item, Operation } from "../store/store.ts";

export const lentDays = 14;
const againMs = 86_400_000;

const itemOf = (owner: Owner, number: string, until: Date, when = until): Item => ({
  ...keys.trial(owner),
  ...dueAt(keys.index.trials, when, owner),
  ...{ owner, number, until: until.toISOString() },
});

export const lending = (owner: Owner, number: string, now: Date): Operation => ({
  put: itemOf(owner, number, new Date(now.getTime() + lentDays * 86_400_000)),
});

/** Gives back what is due. Where something still refers to the number it is tried again the next day. */
export async function sweepTrials(ctx: Context): Promise<void> {
  for await (const item of due(ctx, keys.index.trials)) {
    const [owner, number] = [item.owner as Owner, String(item.number)];
    try {
      await giveBack(ctx, owner, number);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      ctx.log.warn({ owner, error: error.message }, "a lent number was not given back; it will be tried again");
      const again = new Date(ctx.now().getTime() + againMs);
      await ctx.store.transact([
        { put: itemOf(owner, number, new Date(String(item.until)), again), if: { present: true } },
      ]);
    }
  }
}

async function giveBack(ctx: Context, owner: Owner, number: string): Promise<void> {
  const gone: Operation = { delete: keys.trial(owner) };
  if (!(await readHead(ctx.store, owner))) return ctx.store.transact([gone]);
  const platform = {
    id: "platform",
    name: "platform",
    owner,
    scopes: ["*"],
    expiresAt: null,
    allowedIps: [],
    member: null,
  };
  const access = await enter(ctx, platform, "tenant", idOf(owner), "tenants:read");
  const { revision } = await write(ctx, access, {
    actor: { type: "system", id: "trial", name: "Trial", ip: null, requestId: newId("req") },
    summary: `${number} was lent for ${lentDays} days`,
    async edits(view) {
      const kind = kindOf("phone-number");
      const theirs = await view.byKey(kind, number);
      return theirs ? [{ op: "delete", kind, id: theirs.id, pointer: "" }] : [];
    },
    also: async () => [gone],
  });
  if (revision === null) await ctx.store.transact([gone]);
}
