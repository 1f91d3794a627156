// API keys: `dp_live_`, in a sandbox `dp_test_`, and 40 letters and digits, shown once, kept as a SHA-256. A key belongs to an account or a tenant. It stands twice: with its owner,
// and under the hash of each secret that works, so that a request needs one read.
import { hash, randomInt } from "node:crypto";
import * as z from "zod/mini";
import { lazy } from "../../core/lazy.ts";
import { contains, within } from "../../core/network.ts";
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import { type Head, readHead } from "../document/head.ts";
import { isId, newId } from "../id.ts";
import * as keys from "../keys.ts";
import { type Flaw, notFound, Problem, unauthenticated } from "../problem.ts";
import { allItems, ConditionFailed, Conflict, type Item, type Operation } from "../store/store.ts";
import type { Access, Principal } from "./access.ts";
import { forgetUse, type LastUse, lastUse, lastUses } from "./last-use.ts";
import { findMember } from "./member.ts";
import { roles } from "./roles.ts";
import { common, covers } from "./scopes.ts";

const form = /^dp_(live|test)_[0-9A-Za-z]{40}$/;
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const hashOf = (key: string): string => hash("sha256", key);

const stored = lazy(() =>
  z.object({
    id: z.string(),
    name: z.string(),
    owner: z.string(),
    scopes: z.array(z.string()),
    expiresAt: z._default(z.nullable(z.string()), null),
    allowedIps: z._default(z.array(z.string()), []),
    /** The member, of the same owner, that it was made for. */
    memberId: z._default(z.nullable(z.string()), null),
    /** The pool, of the same account, whose hosts alone it is for. */
    poolId: z._default(z.nullable(z.string()), null),
    version: z._default(z.number(), 0),
    hash: z.string(),
    hint: z.string(),
    /** The secret before this one, while both work. */
    previous: z._default(z.nullable(z.object({ hash: z.string(), until: z.string() })), null),
    createdAt: z.string(),
  }),
);
type Stored = z.output<ReturnType<typeof stored>>;

/** What a key may be made or changed to. No `expiresAt`: for good; no `allowedIps`: from anywhere. */
export type Settings = Pick<Stored, "name" | "scopes" | "expiresAt" | "allowedIps">;
export type ApiKey = Omit<Stored, "hash" | "previous"> & { previousUntil: string | null } & LastUse;

function present({ hash: _, previous, ...rest }: Stored, use: LastUse, now: Date): ApiKey {
  const overlaps = previous && previous.until > now.toISOString();
  return { ...rest, previousUntil: overlaps ? previous.until : null, ...use };
}

/** 240 bits of chance, so that a plain hash is enough. */
function newSecret({ sandbox }: Pick<Head, "sandbox">): { key: string; hash: string; hint: string } {
  const key = `dp_${sandbox === null ? "live" : "test"}_${Array.from({ length: 40 }, () => alphabet[randomInt(alphabet.length)]).join("")}`;
  return { key, hash: hashOf(key), hint: key.slice(-4) };
}

const child = (record: Pick<Stored, "owner" | "id">) => keys.child(record.owner as Owner, "APIKEY", record.id);

/** A new key and what must be written for it to work. */
export function mint(
  head: Pick<Head, "owner" | "sandbox">,
  settings: Settings & Pick<Stored, "memberId"> & Partial<Pick<Stored, "poolId">>,
  now: Date,
): { key: string; record: ApiKey; operations: Operation[] } {
  const { key, ...secret } = newSecret(head);
  const { owner } = head;
  const record = {
    ...{ id: newId("key"), owner, poolId: null, ...settings, version: 1, ...secret },
    ...{ previous: null, createdAt: now.toISOString() },
  };
  refuseBeyondHosts(record);
  const operations: Operation[] = [
    { put: { ...keys.apiKey(secret.hash), ...record }, if: { absent: true } },
    { put: { ...child(record), ...record }, if: { absent: true } },
  ];
  return { key, record: present(record, { lastUsedAt: null, lastUsedFrom: null }, now), operations };
}

/** The principal behind an `Authorization` header that came from `address`. Throws `unauthenticated`, `address_refused`. */
export async function keyed(ctx: Context, header: string | undefined, address: string | null): Promise<Principal> {
  if (header === undefined) throw unauthenticated("Send an API key: Authorization: Bearer dp_live_…");
  const [scheme, key = ""] = header.split(" ");
  const item =
    scheme?.toLowerCase() === "bearer" && form.test(key) ? await ctx.store.get(keys.apiKey(hashOf(key))) : undefined;
  const now = ctx.now().toISOString();
  if (!item || (typeof item.until === "string" && item.until <= now))
    throw unauthenticated("The API key is unknown, was revoked or was replaced; check it.");
  const { id, name, owner, scopes, expiresAt, allowedIps, memberId, poolId } = stored().parse(item);
  if (expiresAt !== null && expiresAt <= now)
    throw unauthenticated(`The API key expired at ${expiresAt}; make another with one that is still good.`);
  if (!admits(allowedIps, address))
    throw new Problem(
      "address_refused",
      `This API key may not be used from ${address ?? "an unknown address"}; use it from an address on its list, or add this one with another key.`,
      { extra: { address } },
    );
  if (!(await readHead(ctx.store, owner as Owner)))
    throw unauthenticated("What the API key belongs to was deleted; the key works again when that is restored.");
  const bound = poolId === null ? {} : { poolId };
  const known = { id, name, owner: owner as Owner, scopes, expiresAt, allowedIps, ...bound };
  if (memberId === null) return { ...known, member: null };
  const member = await findMember(ctx.store, known.owner, memberId);
  if (!member) throw unauthenticated("The member whom the API key was made for was removed; use a key of your own.");
  const { role, extension } = member;
  // at each request: what the role may now
  return {
    ...known,
    scopes: common(scopes, roles[role]),
    member: { id: memberId, name: member.name, role, extension },
  };
}

/** Whether a list of networks lets the address in; an empty one lets in everybody. */
export const admits = (allowed: readonly string[], address: string | null): boolean =>
  allowed.length === 0 || (address !== null && allowed.some((network) => contains(network, address)));

/** What of a key would be more than `maker` has. A maker can do no more by a key that it makes, changes or rotates than by itself. */
export function beyond(maker: Principal, key: Settings): Flaw[] {
  const flaws = key.scopes.flatMap((scope, index) =>
    covers(maker.scopes, scope) ? [] : [{ pointer: `/scopes/${index}`, detail: `${scope} is beyond this key` }],
  );
  if (maker.expiresAt !== null && (key.expiresAt === null || key.expiresAt > maker.expiresAt))
    flaws.push({ pointer: "/expiresAt", detail: `this key expires at ${maker.expiresAt}; it can give no longer` });
  const isWithin = (inner: string) => maker.allowedIps.some((outer) => within(inner, outer));
  if (maker.allowedIps.length > 0 && (key.allowedIps.length === 0 || !key.allowedIps.every(isWithin)))
    flaws.push({ pointer: "/allowedIps", detail: `this key is for ${maker.allowedIps.join(", ")} alone` });
  return flaws;
}

/** Throws `invalid` where a pool's key would reach more than hosts. */
function refuseBeyondHosts({ poolId, scopes }: Pick<Stored, "poolId" | "scopes">): void {
  const index = poolId === null ? -1 : scopes.findIndex((scope) => !covers(["edges:*"], scope));
  if (index < 0) return;
  const detail = `a pool's key is for its hosts alone: edges:read and edges:write, and not ${scopes[index]}`;
  throw new Problem("invalid", `/scopes/${index}: ${detail}.`, { errors: [{ pointer: `/scopes/${index}`, detail }] });
}

/** Throws `forbidden` with every flaw. */
export function refuseBeyond(maker: Principal, key: Settings): void {
  const errors = beyond(maker, key);
  if (errors.length > 0)
    throw new Problem("forbidden", `A key can give no more than it has: ${errors[0]?.detail}.`, { errors });
}

/** Throws `forbidden` where a member's key would get the secret of one that outlives the member. */
export function refuseMemberless(maker: Principal, memberId: string | null): void {
  if (maker.member !== null && memberId === null)
    throw new Problem("forbidden", "A member's key makes and rotates members' keys alone; use one that is nobody's.");
}

export async function listKeys(ctx: Context, access: Access): Promise<ApiKey[]> {
  const uses = await lastUses(ctx, access.owner);
  const found: ApiKey[] = [];
  for await (const item of allItems((q) => ctx.store.query(q), { pk: access.owner, prefix: keys.children("APIKEY") })) {
    const record = stored().parse(item);
    found.push(present(record, uses(record.id), ctx.now()));
  }
  return found;
}

async function read(ctx: Context, access: Access, id: string): Promise<Stored> {
  const item = isId("key", id) ? await ctx.store.get(keys.child(access.owner, "APIKEY", id)) : undefined;
  if (!item) throw notFound("API key", id.slice(0, 64));
  return stored().parse(item);
}

export async function getKey(ctx: Context, access: Access, id: string): Promise<ApiKey> {
  return present(await read(ctx, access, id), await lastUse(ctx, access.owner, id), ctx.now());
}

/** Reads, makes and commits until nobody came between. `ifVersion`: throws `version_mismatch` for another. */
async function revise<T>(
  ctx: Context,
  access: Access,
  id: string,
  ifVersion: number | undefined,
  make: (before: Stored) => { result: T; operations: Operation[] },
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const before = await read(ctx, access, id);
    if (ifVersion !== undefined && ifVersion !== before.version)
      throw new Problem("version_mismatch", `The key is at version ${before.version}; fetch it again.`, {
        extra: { version: before.version },
      });
    const { result, operations } = make(before);
    try {
      await ctx.store.transact(operations);
      return result;
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict) || attempt === 20) throw error;
    }
  }
}

/** Nobody changed or revoked the key since it was read. */
const unmoved = ({ version }: Stored) => ({ present: true as const, below: { version: version + 1 } });
const seconds = (time: string): number => Math.ceil(Date.parse(time) / 1000);
const overlapping = (previous: NonNullable<Stored["previous"]>, after: Stored): Item => ({
  ...{ ...keys.apiKey(previous.hash), ...after, previous: null },
  ...{ hash: previous.hash, until: previous.until, ttl: seconds(previous.until) },
});

/** Changes a key, in one transaction with `also`. `allow` throws where it may not become what it would. */
export function change(
  ctx: Context,
  access: Access,
  id: string,
  patch: Partial<Settings>,
  {
    ifVersion,
    allow,
    also,
  }: { ifVersion: number | undefined; allow(before: Settings, after: Settings): void; also: Operation[] },
): Promise<ApiKey> {
  const now = ctx.now();
  const changed = revise(ctx, access, id, ifVersion, (before) => {
    const after: Stored = { ...before, ...patch, version: before.version + 1 };
    allow(before, after);
    refuseBeyondHosts(after);
    const { previous } = after;
    const operations: Operation[] = [
      { put: { ...child(after), ...after }, if: unmoved(before) },
      { put: { ...keys.apiKey(after.hash), ...after } },
      ...(previous && previous.until > now.toISOString() ? [{ put: overlapping(previous, after) }] : []),
      ...also,
    ];
    return { result: after, operations };
  });
  return changed.then(async (after) => present(after, await lastUse(ctx, access.owner, id), now));
}

/**
 * Gives a key another secret. The present one works for `overlapSeconds` more, one from before that no longer. `allow` throws where the caller may not have
 * the key's secret; `record` makes the answer part of the transaction.
 */
export async function rotate(
  ctx: Context,
  access: Access,
  id: string,
  overlapSeconds: number,
  { allow, record }: { allow(key: Stored): void; record(made: ApiKey & { key: string }): Operation[] },
): Promise<ApiKey & { key: string }> {
  const now = ctx.now();
  const until = new Date(now.getTime() + overlapSeconds * 1000).toISOString();
  const use = await lastUse(ctx, access.owner, id);
  return revise(ctx, access, id, undefined, (before) => {
    allow(before);
    const { key, ...secret } = newSecret(access.head);
    const previous = overlapSeconds > 0 ? { hash: before.hash, until } : null;
    const after: Stored = { ...before, ...secret, previous, version: before.version + 1 };
    const result = { ...present(after, use, now), key };
    const operations: Operation[] = [
      { put: { ...child(after), ...after }, if: unmoved(before) },
      { put: { ...keys.apiKey(after.hash), ...after }, if: { absent: true } },
      previous ? { put: overlapping(previous, after) } : { delete: keys.apiKey(before.hash) },
      ...(before.previous ? [{ delete: keys.apiKey(before.previous.hash) }] : []),
      ...record(result),
    ];
    return { result, operations };
  });
}

/** The secret before the present one works no more, in one transaction with `also`. Without effect where there is none. */
export function endOverlap(ctx: Context, access: Access, id: string, also: Operation[]): Promise<void> {
  return revise(ctx, access, id, undefined, (before) => {
    const after: Stored = { ...before, previous: null, version: before.version + 1 };
    const operations: Operation[] = before.previous
      ? [
          { put: { ...child(after), ...after }, if: unmoved(before) },
          { put: { ...keys.apiKey(after.hash), ...after } },
          { delete: keys.apiKey(before.previous.hash) },
          ...also,
        ]
      : [{ check: child(before), if: { present: true } }];
    return { result: undefined, operations };
  });
}

/** Deletes a key, in one transaction with `also`. */
export function revoke(
  ctx: Context,
  access: Access,
  id: string,
  { ifVersion, also }: { ifVersion: number | undefined; also: Operation[] },
): Promise<void> {
  return revise(ctx, access, id, ifVersion, (before) => ({
    result: undefined,
    operations: [
      { delete: child(before), if: unmoved(before) },
      { delete: keys.apiKey(before.hash) },
      ...(before.previous ? [{ delete: keys.apiKey(before.previous.hash) }] : []),
      forgetUse(access.owner, id),
      ...also,
    ],
  }));
}
