// An owner's secrets in the store: sealed under its data key, named `sec_…#n`.
import { hash } from "node:crypto";
import type { Owner } from "../../core/owner.ts";
import * as keys from "../keys.ts";
import type { Item, Store } from "../store/store.ts";
import { seal, unseal, type Vault } from "./vault.ts";

const bound = (owner: Owner, ref: string): string => `${owner}/${ref}`;

export async function ownerKey(deps: { store: Store; vault: Vault }, owner: Owner): Promise<Uint8Array> {
  return deps.vault.key(owner, async () => {
    const item = await deps.store.get(keys.dataKey(owner));
    if (!(item?.wrapped instanceof Uint8Array)) throw new Error(`${owner} has no data key`);
    return item.wrapped;
  });
}

export const sealSecret = (key: Uint8Array, owner: Owner, ref: string, plain: string): Item => ({
  ...keys.secret(owner, ref),
  sealed: seal(key, Buffer.from(plain), bound(owner, ref)),
});

/** The plain value, or undefined where that version is gone. */
export function openSecret(key: Uint8Array, owner: Owner, ref: string, item: Item | undefined): string | undefined {
  return item?.sealed instanceof Uint8Array ? unseal(key, item.sealed, bound(owner, ref)).toString() : undefined;
}

/** HA1 of RFC 2617, as FreeSWITCH's `a1-hash` and Kamailio's `pv_auth_check` take it: MD5 of user, realm and password. */
export const ha1 = (username: string, realm: string, password: string): string =>
  hash("md5", `${username}:${realm}:${password}`);
