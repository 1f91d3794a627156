// Signing in by the word of an account's identity provider. Who comes so for the first time becomes a member. Such a session goes no further than the account
// and what is below it: another's provider has no say elsewhere. Loaded late.
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { idOf, type Owner } from "../../core/owner.ts";
import { enter, type Principal } from "../access/access.ts";
import { addMember, becoming, findMember, type Member, memberByEmail } from "../access/member.ts";
import { creating, findPerson, type Person, personByEmail } from "../access/person.ts";
import { sentEmail } from "../access/sent-email.ts";
import { type Sso, ssoFor, ssoOf } from "../accounts/sso.ts";
import { auditOperation } from "../audit/record.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { plain } from "../mail/mail.ts";
import { Problem, unauthenticated } from "../problem.ts";
import { ConditionFailed, type Operation } from "../store/store.ts";
import { siteAt } from "./passkey.ts";
import { authorize, type Word, wordOf } from "./provider.ts";
import { type Ask, actorOf } from "./route.ts";
import { type Begun, begin } from "./sign-in.ts";
import { placeOf, rules, take } from "./throttle.ts";

const goodMs = 15 * 60_000;
const path = "/v1/identity/sso/finish";
const stored = z.object({
  account: z.string(),
  version: z.int(),
  redirect: z.string(),
  ...{ state: z.string(), nonce: z.string(), verifier: z.string() },
  until: z.number(),
});

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const refuse = (why: string): Problem => unauthenticated(`The single sign-on was refused: ${why}.`, "sso_refused");

/** Where the provider sends the browser back to: the console's page at the host that was asked. */
export async function redirectAt({ ctx, host }: Pick<Ask, "ctx" | "host">): Promise<string> {
  return `${(await siteAt(ctx, host))?.origin ?? ctx.consoleUrl}/sso`;
}

/** Where the browser is to go, and a token that it keeps, by which it finishes. Throws `invalid` where nobody's sign-on counts for the address, `unavailable`. */
export async function beginSso(ask: Ask, email: string): Promise<{ url: string; token: string }> {
  const { ctx, from } = ask;
  await take(ctx, rules.ssoFrom, placeOf(from.address));
  const sso = await ssoFor(ctx, email);
  if (!sso) {
    const detail = "is of no company that signs in by single sign-on here; sign in with your password";
    throw new Problem("invalid", `/email: ${detail}.`, { errors: [{ pointer: "/email", detail }] });
  }
  const redirect = await redirectAt(ask);
  const { url, ...begun } = await authorize(ctx, sso, redirect, email).catch((error: unknown) => {
    ctx.log.warn({ owner: sso.owner, error: String(error) }, "an identity provider was not found");
    throw new Problem(
      "unavailable",
      "Your company's identity provider does not answer as it should; tell who runs it.",
    );
  });
  const token = randomBytes(32).toString("base64url");
  const until = ctx.now().getTime() + goodMs;
  const about = { account: sso.owner, version: sso.version, redirect, ...begun, until, ttl: Math.ceil(until / 1000) };
  await ctx.store.transact([{ put: { ...keys.ssoBegun(sha256(token)), ...about } }]);
  return { url, token };
}

/** `query`: with what the provider sent the browser back. Throws `sso_refused`, which says why. */
export async function finishSso(ask: Ask, token: string, query: string): Promise<Begun> {
  const { ctx, from } = ask;
  await take(ctx, rules.ssoFrom, placeOf(from.address));
  const key = keys.ssoBegun(sha256(token));
  const item = await ctx.store.get(key);
  const over = refuse("it took too long, or was finished before; begin again");
  if (!item) throw over;
  // spent before anything else: a second try begins anew
  await orThrow(ctx.store.transact([{ delete: key, if: { present: true } }]), over);
  const begun = stored.parse(item);
  const sso = await ssoOf(ctx, begun.account as Owner);
  if (begun.until <= ctx.now().getTime() || sso?.version !== begun.version) throw over;
  const word = await wordOf(ctx, sso, begun, query).catch((error: unknown) => {
    ctx.log.warn({ owner: sso.owner, error: String(error) }, "an identity provider's answer was refused");
    throw refuse(
      "your company's identity provider did not vouch for you; begin again, and if it stays tell who runs it",
    );
  });
  const { person, member } = await known(ask, sso, word);
  const wanted = { owner: member.owner, id: member.id };
  return begin(ask, person, { strong: true, provenAt: null, sso: idOf(sso.owner), wanted });
}

async function orThrow(work: Promise<void>, otherwise: Problem): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ConditionFailed) throw otherwise;
    throw error;
  }
}

/** Whom the word is about: who came by it before, else who has the address, else somebody new. */
async function known(ask: Ask, sso: Sso, word: Word): Promise<{ person: Person; member: Member }> {
  const { ctx } = ask;
  const email = sentEmail.safeParse(word.email ?? "").data;
  if (email === undefined || !word.verified) throw refuse("your company's identity provider told no verified address");
  if (!sso.domains.includes(email.split("@")[1] ?? ""))
    throw refuse(`${email} is of no domain for which your company's word counts`);
  const key = keys.ssoSubject(sso.owner, sha256(`${sso.issuer} ${word.subject}`));
  const bound = await ctx.store.get(key);
  const before = bound ? await findPerson(ctx.store, String(bound.person)) : await personByEmail(ctx.store, email);
  // with another address he is out of its reach
  if (bound && (!before || !sso.domains.includes(before.email.split("@")[1] ?? "")))
    throw refuse("your account here has another address by now; sign in with your password");
  const person = before ?? newPerson(ask, email, word.name);
  const binding: Operation = {
    put: { ...key, person: person.id },
    if: bound ? { equals: { person: person.id } } : { absent: true },
  };
  const also = [binding, ...(before ? [] : creating(person))];
  try {
    return { person, member: await memberFor(ask, sso, person, also) };
  } catch (error) {
    // he came twice at once, or the address was taken meanwhile
    if (error instanceof ConditionFailed) throw refuse("somebody else came in as you at the same time; begin again");
    throw error;
  }
}

function newPerson({ ctx }: Ask, email: string, name: string | undefined): Person {
  const at = ctx.now().toISOString();
  return {
    ...{ id: newId("usr"), email, name: plain(name ?? "", 64) || (email.split("@")[0] ?? email).slice(0, 64) },
    ...{ language: "en", password: null, epoch: 1, version: 1, createdAt: at, updatedAt: at },
  };
}

/** The member of the account who he is, was invited as, or becomes. */
async function memberFor(ask: Ask, sso: Sso, person: Person, also: Operation[]): Promise<Member> {
  const { ctx } = ask;
  const platform: Principal = { ...nobody, owner: sso.owner };
  const access = await enter(ctx, platform, "account", idOf(sso.owner), "members:write");
  const actor = actorOf(ask, person);
  const via = { method: "post", route: path, path, status: 200 };
  const done = (member: Member): Operation =>
    auditOperation(
      { ...actor, member: { id: member.id, name: member.name } },
      { head: access.head, target: { kind: "member", id: member.id } },
      via,
    );
  const found = await memberByEmail(ctx.store, sso.owner, person.email);
  if (found?.personId === person.id) {
    await ctx.store.transact(also);
    return found;
  }
  if (found && found.personId !== null)
    throw refuse(`${person.email} is another's place here; ask an owner to mend it`);
  if (!found)
    await addMember(ctx, access, { email: person.email, name: person.name, role: sso.role }, async (made) => [
      done(made),
    ]);
  const added = found ?? (await memberByEmail(ctx.store, sso.owner, person.email));
  const fresh = added && (await findMember(ctx.store, sso.owner, added.id));
  if (!fresh || fresh.personId !== null) throw refuse("somebody else came in as you at the same time; begin again");
  const { member, operations } = becoming(fresh, person.id, ctx.now());
  await ctx.store.transact([...operations, ...also, ...(found ? [done(member)] : [])]);
  return member;
}

const nobody = { id: "platform", name: "platform", scopes: ["*"], expiresAt: null, allowedIps: [], member: null };
