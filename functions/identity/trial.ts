// The trial of who signed up: until an account above ends it, calls go inside and to the owner's own phone alone, two at a time and an hour a day; and the number
// that is lent goes back to the inventory after 14 days.
import { idOf, type Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import type { Limits } from "../../core/resources/limits.ts";
import { enter } from "../access/access.ts";
import { limitsId } from "../accounts/bounds.ts";
import type { Context } from "../context.ts";
import { readHead } from "../document/head.ts";
import type { View } from "../document/view.ts";
import { type Write, write } from "../document/write.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { due, dueAt } from "../outbox.ts";
import { Problem } from "../problem.ts";
import type { Item, Operation } from "../store/store.ts";

export const lentDays = 14;
const againMs = 86_400_000;

/** What a trial may. The account in which it is sets them, beside the plan. */
export const trialLimits = { onlyNumbers: [] as string[], concurrentCalls: 2, minutesPerDay: 60 };

/** `by`: the account that made the tenant. */
export const beginTrial = (owner: Owner, by: Owner): Operation => ({ put: { ...keys.trial(owner), owner, by } });

type Lent = { owner: Owner; by: Owner; number: string; until: Date };
const lentItem = ({ owner, by, number, until }: Lent, when = until): Item => ({
  ...keys.trial(owner),
  ...dueAt(keys.index.trials, when, owner),
  ...{ owner, by, number, until: until.toISOString() },
});

export const lending = (owner: Owner, by: Owner, number: string, now: Date): Operation => ({
  put: lentItem({ owner, by, number, until: new Date(now.getTime() + lentDays * 86_400_000) }),
});

export type Trial = { number: string | null; until: string | null; by: Owner };

export async function trialOf({ store }: Context, owner: Owner): Promise<Trial | undefined> {
  const item = await store.get(keys.trial(owner));
  if (!item) return undefined;
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return { number: text(item.number), until: text(item.until), by: String(item.by) as Owner };
}

/** The write that lifts what a trial may not, and leaves all else that the account set. */
export const endingTrial = ({ by }: Trial): Pick<Write, "edits" | "summary"> => ({
  summary: "end the trial",
  async edits(view) {
    const body = await limitsOf(view, by);
    if (!body) return [];
    const lifted = Object.fromEntries(
      Object.entries(trialLimits).flatMap(([name, value]) =>
        name === "onlyNumbers" || body[name as keyof Limits] === value ? [[name, null]] : [],
      ),
    );
    return [
      { op: "restore", kind: kindOf("limits"), id: limitsId(body.by), body: { ...body, ...lifted }, pointer: "" },
    ];
  },
});

async function limitsOf(view: View, by: Owner): Promise<Limits | undefined> {
  return (await view.get("limits", limitsId(idOf(by))))?.body as Limits | undefined;
}

/** Gives back what is due. Where something still refers to the number it is tried again the next day. */
export async function sweepTrials(ctx: Context): Promise<void> {
  for await (const item of due(ctx, keys.index.trials)) {
    const [owner, by, number] = [item.owner as Owner, item.by as Owner, String(item.number)];
    try {
      await giveBack(ctx, owner, by, number);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      ctx.log.warn({ owner, error: error.message }, "a lent number was not given back; it will be tried again");
      const again = new Date(ctx.now().getTime() + againMs);
      const lent = { owner, by, number, until: new Date(String(item.until)) };
      await ctx.store.transact([{ put: lentItem(lent, again), if: { present: true } }]);
    }
  }
}

/** The trial itself goes on. */
async function giveBack(ctx: Context, owner: Owner, by: Owner, number: string): Promise<void> {
  if (!(await readHead(ctx.store, owner))) return ctx.store.transact([{ delete: keys.trial(owner) }]);
  const given = beginTrial(owner, by);
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
    also: async () => [given],
  });
  if (revision === null) await ctx.store.transact([given]);
}
