// What a sign-up comes to: a tenant of the account's template with its first owner, and a number that is lent. Loaded late, for all that founding needs.
import { accountOwner, idOf, type Owner, tenantOwner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import type { SignUpSettings } from "../../core/resources/brand.ts";
import { locale } from "../../core/resources/locale.ts";
import { enter, type Principal } from "../access/access.ts";
import { foundingMember, type Member, membership } from "../access/member.ts";
import { creating, type Person } from "../access/person.ts";
import { brandOn } from "../accounts/brand.ts";
import { startCounter } from "../accounts/counts.ts";
import { zoneDomain } from "../accounts/domain.ts";
import { freeNumbers } from "../accounts/inventory.ts";
import { bodyFor, notePlan } from "../accounts/limits.ts";
import type { Done } from "../audit/record.ts";
import type { Context } from "../context.ts";
import { beginningOf, nothing, together } from "../document/beginning.ts";
import type { Actor } from "../document/change.ts";
import { found } from "../document/found.ts";
import { type Head, readHead } from "../document/head.ts";
import { templateOf } from "../document/template.ts";
import { fromItem } from "../document/view.ts";
import { write } from "../document/write.ts";
import { defaultPool, readPool } from "../edges/pools.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import type { Operation } from "../store/store.ts";
import type { SignUp } from "./sign-up-record.ts";
import { beginTrial, lending, trialLimits } from "./trial.ts";

export type Founded = { person: Person; member: Member; owner: Owner };
const noSettings = { templates: [], plan: null, poolId: null, areaPrefix: null, review: false, accountId: null };

export type By = {
  /** Who does it: he himself, or whoever approves. */
  actor(person: Person, member: Member): Actor;
  /** What else belongs to it; the audit record too. */
  also(actor: Actor, done: Done): Operation[];
};

/** All of it or nothing, but the number, which may have run out. ConditionFailed or `busy` where another was quicker. */
export async function foundFor(ctx: Context, one: SignUp, by: By): Promise<Founded> {
  const settings: SignUpSettings = (await brandOn(ctx.store, one.account))?.signUp ?? noSettings;
  const account = settings.accountId === null ? one.account : accountOwner(settings.accountId);
  const above = await readHead(ctx.store, account);
  if (!above) throw new Problem("conflict", "The account that takes sign-ups is gone; ask whoever runs it.");
  const now = ctx.now();
  const owner = tenantOwner(newId("ten"));
  const person = personOf(one, now);
  const member = memberOf(one, owner, person.id, now);
  const actor = by.actor(person, member);
  const done = (head: Pick<Head, "owner" | "path">): Operation[] => [
    ...creating(person),
    ...foundingMember(member),
    membership(member, person.id, now),
    beginTrial(owner, account),
    { delete: keys.signUp(one.id) },
    { delete: keys.child(one.account, "SIGNUP", one.id) },
    ...by.also(actor, { head, target: { kind: "tenant", id: idOf(owner) }, revision: 0 }),
  ];
  const platform: Principal = { ...nobody, owner: account };
  const template = one.template === null ? nothing : together(nothing, await templateOf(ctx, above, one.template));
  const limits = await bodyFor(ctx, platform, { plan: settings.plan, ...trialLimits });
  await Promise.all([notePlan(ctx, limits, owner), startCounter(ctx, owner)]);
  const beginning = together(template, beginningOf({}, ""));
  // the pool that the brand names may be deleted
  const chosen = settings.poolId === null ? undefined : await readPool(ctx, settings.poolId);
  const pools = above.sandbox === null ? [chosen?.id ?? (await defaultPool(ctx, above))] : [];
  const first = { ...(await placesOf(ctx, account)), ...beginning.settings, name: one.company };
  for (let attempt = 1; ; attempt++) {
    const domain = await zoneDomain(ctx, above, one.company);
    try {
      await found(ctx, {
        ...{ owner, path: [idOf(account), ...above.path], sandbox: above.sandbox, pools, actor, limits },
        settings: { ...first, domain },
        edits: beginning.items,
        summary: `sign up ${one.company}`,
        also: ({ head }) => done(head),
      });
      break;
    } catch (error) {
      const lost = error instanceof Problem && error.code === "taken" && error.extra.domain === domain;
      if (!lost || attempt === 20) throw error;
    }
  }
  if (settings.areaPrefix !== null) await lend(ctx, platform, owner, actor, settings.areaPrefix);
  return { person, member, owner };
}

const nobody = { id: "platform", name: "platform", scopes: ["*"], expiresAt: null, allowedIps: [], member: null };

async function placesOf({ store }: Context, account: Owner): Promise<Record<string, unknown>> {
  const item = await store.get(keys.resource(account, "account", idOf(account)));
  const body = item ? fromItem(item).body : {};
  return Object.fromEntries(Object.keys(locale).flatMap((name) => (name in body ? [[name, body[name]]] : [])));
}

function personOf({ email, name, language, password }: SignUp, now: Date): Person {
  const at = now.toISOString();
  return {
    ...{ id: newId("usr"), email, name, language, password, epoch: 1, version: 1 },
    createdAt: at,
    updatedAt: at,
  };
}

function memberOf({ email, name }: SignUp, owner: Owner, personId: string, now: Date): Member {
  const at = now.toISOString();
  return {
    ...{
      id: newId("mbr"),
      owner,
      email,
      name,
      role: "owner" as const,
      extension: null,
      personId,
      invitedAt: null,
      version: 1,
    },
    ...{ createdAt: at, updatedAt: at },
  };
}

/** A free number for a while. A tenant without one is a tenant all the same. */
async function lend(ctx: Context, platform: Principal, owner: Owner, actor: Actor, areaPrefix: string): Promise<void> {
  const kind = kindOf("phone-number");
  const access = await enter(ctx, platform, "tenant", idOf(owner), "phone-numbers:write");
  for await (const { number } of freeNumbers(ctx, access.head, areaPrefix)) {
    if (number === undefined) continue;
    try {
      await write(ctx, access, {
        ...{ actor, fromInventory: true, summary: `lend ${number}` },
        edits: () => [{ op: "create", kind, body: { number }, pointer: "" }],
        also: async () => [lending(owner, platform.owner, number, ctx.now())],
      });
      return;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      ctx.log.warn({ owner, error: error.message }, "a number was not lent");
      // another was quicker; anything else the next number would not mend
      if (error.code !== "taken") return;
    }
  }
}
