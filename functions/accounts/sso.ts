// Single sign-on of an account: whose word (OpenID Connect) counts for whom. It stands beside the document, as webhook endpoints do; a domain of mail is one
// account's alone.
import { z } from "zod";
import { accountOwner, type Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import { readHead } from "../document/head.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import type { Item, Operation, Store } from "../store/store.ts";
import { openSecret, ownerKey, sealSecret } from "../vault/owner-secrets.ts";
import { type Settings, settings } from "./sso-settings.ts";

const stored = settings.extend({ owner: z.string(), secret: z.string(), version: z.int() });
export type Sso = Settings & { owner: Owner; secret: string; version: number };

const read = (item: Item): Sso => {
  const { pk: _pk, sk: _sk, ...rest } = item;
  return stored.parse(rest) as Sso;
};

export async function ssoOf({ store }: { store: Store }, owner: Owner): Promise<Sso | undefined> {
  const item = await store.get(keys.sso(owner));
  return item && read(item);
}

/** Of whose mail an address is: the account whose sign-on counts for it. The same reads, whether or not there is one. */
export async function ssoFor({ store }: { store: Store }, email: string): Promise<Sso | undefined> {
  const name = email.split("@")[1] ?? "";
  const claim = await store.get(keys.global(null, "ssoDomain", name));
  const owner = typeof claim?.owner === "string" ? (claim.owner as Owner) : accountOwner("none");
  const [found, head] = await Promise.all([ssoOf({ store }, owner), readHead(store, owner)]);
  return head && found?.domains.includes(name) ? found : undefined;
}

export async function secretOf(ctx: Context, { owner, secret }: Sso): Promise<string | undefined> {
  return openSecret(await ownerKey(ctx, owner), owner, secret, await ctx.store.get(keys.secret(owner, secret)));
}

/** Puts `wanted` in the place of `before`; `plain` is a new client secret. The transaction fails where a domain is another account's, or somebody changed it. */
export async function setting(
  ctx: Context,
  owner: Owner,
  before: Sso | undefined,
  wanted: Settings,
  plain: string | undefined,
): Promise<Operation[]> {
  const secret = plain === undefined && before ? before.secret : `${newId("sec")}#1`;
  const sealed =
    plain === undefined ? [] : [{ put: sealSecret(await ownerKey(ctx, owner), owner, secret, plain) } as Operation];
  const item = { ...keys.sso(owner), ...wanted, owner, secret, version: (before?.version ?? 0) + 1 };
  return [
    { put: item, if: before ? { equals: { version: before.version } } : { absent: true } },
    ...sealed,
    ...(before && secret !== before.secret ? [{ delete: keys.secret(owner, before.secret) }] : []),
    ...(await claiming(ctx, owner, wanted.domains)),
    ...releasing(owner, before?.domains.filter((name) => !wanted.domains.includes(name)) ?? []),
  ];
}

export const ending = (owner: Owner, before: Sso): Operation[] => [
  { delete: keys.sso(owner), if: { equals: { version: before.version } } },
  { delete: keys.secret(owner, before.secret) },
  ...releasing(owner, before.domains),
];

const keyOf = (name: string) => keys.global(null, "ssoDomain", name);

/** A claim of an account that is gone, or no longer has the domain, is nobody's. */
async function claiming(ctx: Context, owner: Owner, names: string[]): Promise<Operation[]> {
  return Promise.all(
    names.map(async (name): Promise<Operation> => {
      const put = { ...keyOf(name), owner };
      const item = await ctx.store.get(keyOf(name));
      if (!item) return { put, if: { absent: true } };
      const holder = item.owner as Owner;
      const alive = holder !== owner && (await readHead(ctx.store, holder)) !== undefined;
      const held = alive ? await ssoOf(ctx, holder) : undefined;
      if (held?.domains.includes(name)) throw new Taken(name);
      return { put, if: { equals: { owner: holder } } };
    }),
  );
}

/** Another account has the domain. */
export class Taken extends Error {
  readonly domain: string;
  constructor(domain: string) {
    super(`${domain} is taken`);
    this.domain = domain;
  }
}

const releasing = (owner: Owner, names: string[]): Operation[] =>
  names.map((name) => ({ delete: keyOf(name), if: { equals: { owner } } }));
