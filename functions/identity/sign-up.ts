// Signing up: an account, by its brand, lets people make tenants of their own. What is asked for waits until they show that they read mail at their address,
// and where the account reviews it, until somebody of it approves.
import type { Owner } from "../../core/owner.ts";
import type { Brand } from "../../core/resources/brand.ts";
import type { Language } from "../access/person.ts";
import { accountAt, brandOn } from "../accounts/brand.ts";
import { auditOperation } from "../audit/record.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { waitingItem } from "../mail/outbox.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed, type Operation } from "../store/store.ts";
import { disposable, openMailers } from "./mail-domains.ts";
import { keep, refuseWeak } from "./password.ts";
import { needMail } from "./recovery.ts";
import { type Ask, actorOf } from "./route.ts";
import { type Begun, begin } from "./sign-in.ts";
import { findSignUp, type SignUp } from "./sign-up-record.ts";
import { networkOf, placeOf, rules, take } from "./throttle.ts";
import { redeeming, spent, subjectOf } from "./token.ts";

const days = 7;
const reviewDays = 30;
export type Wanted = Pick<SignUp, "email" | "name" | "company"> & {
  password: string;
  template?: string | undefined;
  language?: Language | undefined;
};

/** The brand at the host of the request, and its account. */
export async function brandAt({
  ctx,
  host,
}: Pick<Ask, "ctx" | "host">): Promise<{ owner: Owner; brand: Brand | undefined }> {
  const owner = await accountAt(ctx, host);
  return { owner, brand: await brandOn(ctx.store, owner) };
}

/** Mails a link to the address, whoever has it; who has an account already is told so there. Throws `conflict` where nobody may sign up, `invalid`. */
export async function signUp(ask: Ask, wanted: Wanted): Promise<void> {
  const { ctx, from } = ask;
  const { owner, brand } = await brandAt(ask);
  const settings = brand?.signUp;
  if (!settings)
    throw new Problem("conflict", "Nobody signs up here by himself; ask whoever runs it for an invitation.");
  needMail(ctx);
  const { email, name, company, language = "en" } = wanted;
  const domain = email.split("@")[1] ?? "";
  refuseAt("/email", disposable.has(domain), "is of a mail service for a moment; use an address that stays yours");
  const template = wanted.template ?? settings.templates[0] ?? null;
  const known = template === null || settings.templates.includes(template);
  refuseAt("/template", !known, `is none of these: ${settings.templates.join(", ") || "there are none"}`);
  await refuseWeak(ctx, wanted.password, [email, name, company]);
  await take(ctx, rules.mailFrom, placeOf(from.address));
  await take(ctx, rules.signUpIn, networkOf(from.address));
  await take(ctx, rules.mailTo, email);
  if (!openMailers.has(domain)) await take(ctx, rules.signUpAt, domain);
  const now = ctx.now();
  const one: SignUp = {
    ...{ id: newId("sup"), account: owner, email, name, company, template, language },
    ...{ password: await keep(wanted.password), state: "mailed", createdAt: now.toISOString() },
  };
  await ctx.store.transact([
    { put: { ...keys.signUp(one.id), ...one, ttl: Math.ceil(now.getTime() / 1000) + days * 86_400 } },
    { put: waitingItem({ owner, task: "sign-up", id: newId("mail"), about: { signUp: one.id } }, now) },
  ]);
}

function refuseAt(pointer: string, bad: boolean, detail: string): void {
  if (bad) throw new Problem("invalid", `${pointer}: ${detail}.`, { errors: [{ pointer, detail }] });
}

/** The address is proven: the tenant is there with its first owner, who is signed in; undefined where it is reviewed first. Throws `link_spent`. */
export async function welcome(ask: Ask, token: string): Promise<Begun | undefined> {
  const { ctx, from } = ask;
  await take(ctx, rules.linkFrom, placeOf(from.address));
  const one = await findSignUp(ctx, subjectOf(token)[0] ?? "");
  if (one?.state !== "mailed") throw spent();
  const { spending } = await redeeming(ctx, keys.signUpToken(one.id), token);
  const { foundFor } = await import("./sign-up-founding.ts");
  const brand = await brandOn(ctx.store, one.account);
  if (brand?.signUp?.review) {
    await orSpent(ctx.store.transact([spending, ...toReview(one)]));
    return undefined;
  }
  const path = "/v1/identity/sign-up/verify";
  const { person, member } = await orSpent(
    foundFor(ctx, one, {
      actor: ({ id, name }, by) => ({ ...actorOf(ask, { id, name }), member: { id: by.id, name: by.name } }),
      also: (actor, done) => [
        spending,
        auditOperation(actor, done, { method: "post", route: path, path, status: 200 }),
      ],
    }),
  );
  return begin(ask, person, { strong: false, wanted: member });
}

/** It waits in the account's queue, until somebody decides. */
function toReview(one: SignUp): Operation[] {
  const ttl = Math.ceil(Date.parse(one.createdAt) / 1000) + reviewDays * 86_400;
  return [
    { put: { ...keys.signUp(one.id), ...one, state: "review", ttl }, if: { equals: { state: "mailed" } } },
    { put: { ...keys.child(one.account, "SIGNUP", one.id), id: one.id, ttl } },
  ];
}

/** Where another was quicker, or the address is somebody's by now. */
async function orSpent<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ConditionFailed || (error instanceof Problem && error.code === "busy")) throw spent();
    throw error;
  }
}
