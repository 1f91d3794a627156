// Somebody's second factors, as they stand with him: an authenticator app, passkeys, and codes for when both are lost.
import type { Context } from "../context.ts";
import * as keys from "../keys.ts";
import { allItems, type Item } from "../store/store.ts";
import { type Authenticator, readAuthenticator } from "./authenticator.ts";
import { type Passkey, passkeys, readPasskey } from "./passkey.ts";
import { type RecoveryCodes, readCodes } from "./recovery-code.ts";

export type Factors = {
  totp: Authenticator | undefined;
  codes: RecoveryCodes | undefined;
  /** The oldest first. */
  passkeys: Passkey[];
};
/** By which a sign-in may be finished. */
export const ways = ["passkey", "totp", "recovery-code"] as const;
export type Way = (typeof ways)[number];

export async function factorsOf({ store }: Pick<Context, "store">, person: string): Promise<Factors> {
  const items = new Map<string, Item>();
  const query = { pk: keys.person(person).pk, prefix: keys.factors };
  for await (const item of allItems((q) => store.query(q), query)) items.set(item.sk.slice(keys.factors.length), item);
  const [totp, codes] = [items.get("totp"), items.get("codes")];
  const keyed = [...items].flatMap(([name, item]) => (name.startsWith(passkeys) ? [readPasskey(item)] : []));
  return {
    totp: totp && readAuthenticator(totp),
    codes: codes && readCodes(codes),
    passkeys: keyed.sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

export const hasSecond = ({ totp, passkeys }: Factors): boolean => totp !== undefined || passkeys.length > 0;

/** Of passkeys those count that are for `site`. */
export const waysOf = ({ totp, codes, passkeys }: Factors, site: string | undefined): Way[] => [
  ...(passkeys.some((key) => key.site === site) ? (["passkey"] as const) : []),
  ...(totp ? (["totp"] as const) : []),
  ...(codes && codes.hashes.length > 0 ? (["recovery-code"] as const) : []),
];
