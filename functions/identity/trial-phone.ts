// The one number outside that a tenant on trial calls: its owner's phone, to which a code was spoken and from which it came back.
import { createHash, randomInt, timingSafeEqual } from "node:crypto";
import { lineOf } from "../../core/limits.ts";
import { idOf, type Owner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import type { Limits } from "../../core/resources/limits.ts";
import { toE164 } from "../../core/routing/number.ts";
import { countryOf } from "../../core/routing/permission.ts";
import type { Access } from "../access/access.ts";
import { limitsId } from "../accounts/bounds.ts";
import { hasTrunk } from "../api/emergency.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../document/change.ts";
import { fromItem } from "../document/view.ts";
import { write } from "../document/write.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed, type Operation } from "../store/store.ts";
import { rules, take } from "./throttle.ts";
import { type Trial, trialOf } from "./trial.ts";

const goodMs = 10 * 60_000;
const mostTries = 5;

/** A code as it is kept. */
export const hashOf = (owner: Owner, code: string): string =>
  createHash("sha256").update(`${owner} ${code}`).digest("hex");
const flaw = (pointer: string, detail: string): Problem =>
  new Problem("invalid", `${pointer}: ${detail}.`, { errors: [{ pointer, detail }] });
const wrong = (): Problem => flaw("/code", "is not the code that was spoken, or too old; have another one spoken");

async function onTrial(ctx: Context, owner: Owner): Promise<Trial> {
  const trial = await trialOf(ctx, owner);
  if (trial) return trial;
  throw new Problem("conflict", "The tenant is not on trial: it calls as its limits say.");
}

/**
 * A new code for a number of the tenant's country, in place of one that was asked for before. Throws `conflict` where there is no trial, or no trunk to speak
 * it over, `invalid`, `rate_limited`.
 */
export async function askCode(
  ctx: Context,
  { owner, head }: Access,
  text: string,
): Promise<{ number: string; code: string }> {
  await onTrial(ctx, owner);
  const settings = await ctx.store.get(keys.resource(owner, "tenant", idOf(owner)));
  const country = settings ? String(fromItem(settings).body.country) : "";
  const number = toE164(text, country);
  if (number === undefined || countryOf(number) !== country) throw flaw("/number", `must be a number in ${country}`);
  const trunks = await Promise.all(lineOf(owner, head.path).map((one) => hasTrunk(ctx.store, one)));
  if (!trunks.includes(true))
    throw new Problem("conflict", "There is no trunk to call it over: your provider sets one up.");
  await take(ctx, rules.spokenOf, owner);
  await take(ctx, rules.spokenTo, number);
  const code = String(randomInt(1_000_000)).padStart(6, "0");
  const until = ctx.now().getTime() + goodMs;
  const item = { ...keys.trialPhone(owner), number, hash: hashOf(owner, code), tries: 0, until };
  await ctx.store.transact([{ put: { ...item, ttl: Math.ceil(until / 1000) } }]);
  return { number, code };
}

/** The number whose code this is may be called from now on. Each try counts, before it is looked at. Throws `conflict`, `invalid`. */
export async function verifyCode(
  ctx: Context,
  access: Access,
  code: string,
  by: { actor: Actor; also(): Operation[] },
): Promise<string> {
  const { owner } = access;
  const trial = await onTrial(ctx, owner);
  const key = keys.trialPhone(owner);
  const item = await ctx.store.get(key);
  const tries = Number(item?.tries ?? 0);
  if (!item || Number(item.until) < ctx.now().getTime() || tries >= mostTries) throw wrong();
  const hash = String(item.hash);
  const counted: Operation = { put: { ...item, ...key, tries: tries + 1 }, if: { equals: { hash, tries } } };
  await ctx.store.transact([counted]).catch((error: unknown) => {
    throw error instanceof ConditionFailed ? wrong() : error;
  });
  if (!timingSafeEqual(Buffer.from(hashOf(owner, code)), Buffer.from(hash))) throw wrong();
  const number = String(item.number);
  const spent: Operation = { delete: key, if: { equals: { hash } } };
  await write(ctx, access, {
    summary: "verify the owner's phone",
    actor: by.actor,
    async edits(view) {
      const id = limitsId(idOf(trial.by));
      const body = (await view.get("limits", id))?.body as Limits | undefined;
      if (!body || body.onlyNumbers === null) return [];
      return [{ op: "restore", kind: kindOf("limits"), id, body: { ...body, onlyNumbers: [number] }, pointer: "" }];
    },
    also: async () => [spent, ...by.also()],
  });
  return number;
}
