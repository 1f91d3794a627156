// Sessions: an opaque token in a cookie, kept as a SHA-256. A session is a person's and acts as one of his members at a time. It stands under the hash of its
// token, and with its person, by whom it is listed and ended.
import { hash, randomBytes } from "node:crypto";
import * as z from "zod/mini";
import { lazy } from "../../core/lazy.ts";
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../document/change.ts";
import { readHead } from "../document/head.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem, unauthenticated } from "../problem.ts";
import { allItems, ConditionFailed, Conflict, type Item, type Operation } from "../store/store.ts";
import type { Principal } from "./access.ts";
import { actingIn, endRecords, impersonation } from "./impersonation.ts";
import { findMember } from "./member.ts";
import { findPerson, type Person } from "./person.ts";
import { roles } from "./roles.ts";
import { signInRules } from "./sign-in-rules.ts";

/** With this prefix a browser takes it over TLS alone (or from this very machine), for the whole host, and from no other host. */
const cookieName = "__Host-dialplane";
const longestSeconds = 30 * 86_400;
/** A session that nobody uses is over sooner. */
const idleMs = 7 * 86_400_000;
const touchMs = 60_000;

const stored = lazy(() =>
  z.object({
    id: z.string(),
    personId: z.string(),
    hash: z.string(),
    /** The person's when it began. */
    epoch: z.int(),
    member: z.nullable(
      z.object({
        owner: z.pipe(
          z.string(),
          z.transform((value) => value as Owner),
        ),
        id: z.string(),
      }),
    ),
    /** In which tenant he acts for the time being. */
    acting: z._default(z.nullable(impersonation()), null),
    address: z.nullable(z.string()),
    userAgent: z.string(),
    /** Whether a second factor was shown. */
    strong: z._default(z.boolean(), false),
    /** When he showed last that it is he; null: before that was noted. */
    provenAt: z._default(z.nullable(z.string()), null),
    /** The account by whose single sign-on it began: it goes no further than that and what is below. */
    sso: z._default(z.nullable(z.string()), null),
    createdAt: z.string(),
    lastSeenAt: z.string(),
    expiresAt: z.string(),
    version: z.int(),
  }),
);
export type Session = z.output<ReturnType<typeof stored>>;
export type SignedIn = { session: Session; person: Person };
export type From = { address: string | null; userAgent: string };

const itemOf = (session: Session): Item => ({
  ...keys.session(session.hash),
  ...session,
  ttl: Math.ceil(Date.parse(session.expiresAt) / 1000),
});

/** The `Set-Cookie` for a token; null takes it away. */
export const cookieFor = (token: string | null): string =>
  `${cookieName}=${token ?? ""}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${token === null ? 0 : longestSeconds}`;

/** The session's token in a `Cookie` header. */
export function tokenIn(cookies: string | undefined): string | undefined {
  for (const pair of (cookies ?? "").split(";")) {
    const [name, value] = pair.trim().split("=");
    if (name === cookieName && value !== undefined && /^[\w-]{43}$/.test(value)) return value;
  }
  return undefined;
}

/** A new session, never one that was: whoever planted a token has nothing of it. */
export function beginning(
  person: Pick<Person, "id" | "epoch">,
  how: From &
    Pick<Session, "member" | "strong"> & { provenAt?: string | null | undefined; sso?: string | null | undefined },
  now: Date,
): { token: string; session: Session; operations: Operation[] } {
  const token = randomBytes(32).toString("base64url");
  const at = now.toISOString();
  const { member, address, userAgent, strong, provenAt = at, sso = null } = how;
  const session: Session = {
    ...{ id: newId("ses"), personId: person.id, hash: hash("sha256", token), epoch: person.epoch, member },
    acting: null,
    ...{ address, userAgent: userAgent.slice(0, 300), strong, provenAt, sso, createdAt: at, lastSeenAt: at },
    expiresAt: new Date(now.getTime() + longestSeconds * 1000).toISOString(),
    version: 1,
  };
  return { token, session, operations: [{ put: itemOf(session), if: { absent: true } }, listing(session)] };
}

const listing = ({ personId, id, hash, expiresAt }: Session): Operation => ({
  put: { ...keys.personSession(personId, id), hash, ttl: Math.ceil(Date.parse(expiresAt) / 1000) },
});

/** The same session under a new token, `changes` made: the token before is worth nothing any more. */
export function rotating(
  before: Session,
  changes: Partial<Pick<Session, "member" | "epoch" | "acting" | "strong" | "provenAt">>,
): { token: string; session: Session; operations: Operation[] } {
  const token = randomBytes(32).toString("base64url");
  const session = { ...before, ...changes, hash: hash("sha256", token), version: before.version + 1 };
  return {
    token,
    session,
    operations: [
      { delete: keys.session(before.hash), if: { equals: { version: before.version } } },
      { put: itemOf(session), if: { absent: true } },
      listing(session),
    ],
  };
}

export const ending = ({ hash, personId, id }: Pick<Session, "hash" | "personId" | "id">): Operation[] => [
  { delete: keys.session(hash) },
  { delete: keys.personSession(personId, id) },
];

const isGood = (session: Session, person: Person | undefined, now: Date): person is Person =>
  person !== undefined &&
  session.epoch === person.epoch &&
  session.expiresAt > now.toISOString() &&
  Date.parse(session.lastSeenAt) + idleMs > now.getTime();

/** Who is signed in by a `Cookie` header. */
export async function signedIn(ctx: Context, cookies: string | undefined): Promise<SignedIn | undefined> {
  const token = tokenIn(cookies);
  const item = token === undefined ? undefined : await ctx.store.get(keys.session(hash("sha256", token)));
  if (!item) return undefined;
  const session = stored().parse(item);
  const person = await findPerson(ctx.store, session.personId);
  return isGood(session, person, ctx.now()) ? { session, person } : undefined;
}

/** The principal that a session acts as now. Throws `unauthenticated`, `second_factor_needed`. */
export async function actAs(
  ctx: Context,
  cookies: string | undefined,
  from: Pick<From, "address">,
): Promise<Principal> {
  const found = await signedIn(ctx, cookies);
  if (!found) throw unauthenticated("The session is over; sign in again.");
  const { session, person } = found;
  if (!session.member) throw unauthenticated("You are a member of nothing yet; accept an invitation first.");
  const { owner, id } = session.member;
  const [member, head, rules] = await Promise.all([
    findMember(ctx.store, owner, id),
    readHead(ctx.store, owner),
    signInRules(ctx.store, owner),
  ]);
  if (!head || member?.personId !== person.id)
    throw unauthenticated("You are no longer a member there; choose another of your places, or sign in again.");
  if (rules.secondFactor && !session.strong)
    throw new Problem(
      "second_factor_needed",
      "Members here need a second factor; set one up on your page “Security”, or choose another of your places.",
    );
  touch(ctx, session, from.address);
  if (session.acting) return actingIn(ctx, session.acting, member, person);
  const { name, role, extension } = member;
  return {
    ...{ id, name: person.name, owner, scopes: [...roles[role]], expiresAt: null, allowedIps: [] },
    member: { id, name, role, extension },
    person: { id: person.id, name: person.name },
  };
}

/** Notes that it was used, once a minute at the most, after the answer. Where it was ended or changed meanwhile nothing is written. */
export function touch(ctx: Context, session: Session, address: string | null): void {
  const now = ctx.now();
  if (now.getTime() - Date.parse(session.lastSeenAt) < touchMs) return;
  const put = itemOf({ ...session, address, lastSeenAt: now.toISOString() });
  const written = ctx.store.transact([{ put, if: { equals: { version: session.version } } }]);
  ctx.after(
    written.catch((error) => {
      if (!(error instanceof ConditionFailed || error instanceof Conflict))
        ctx.log.warn({ session: session.id, error: String(error) }, "last use of a session not written");
    }),
  );
}

/** All sessions of a person that are good, the latest first. */
export async function sessionsOf(ctx: Context, person: Person): Promise<Session[]> {
  const listed: Item[] = [];
  const query = { pk: keys.person(person.id).pk, prefix: keys.personSessions };
  for await (const item of allItems((q) => ctx.store.query(q), query)) listed.push(item);
  const items = await ctx.store.getMany(listed.map((item) => keys.session(String(item.hash))));
  return items
    .flatMap((item) => (item ? [stored().parse(item)] : []))
    .filter((session) => isGood(session, person, ctx.now()))
    .sort((a, b) => (a.lastSeenAt < b.lastSeenAt ? 1 : -1));
}

/** Clears away the sessions that a new epoch ended; they are worth nothing already. */
export async function sweepSessions(ctx: Context, person: Person): Promise<void> {
  const query = { pk: keys.person(person.id).pk, prefix: keys.personSessions };
  for await (const pointer of allItems((q) => ctx.store.query(q), query)) {
    const item = await ctx.store.get(keys.session(String(pointer.hash)));
    const session = item && stored().parse(item);
    if (session?.epoch === person.epoch) continue;
    const by: Actor = { ...{ type: "person", id: person.id, name: person.name }, ip: null, requestId: newId("req") };
    const records = session ? await endRecords(ctx, session, by) : [];
    await ctx.store.transact([{ delete: keys.session(String(pointer.hash)) }, { delete: pointer }, ...records]);
  }
}
