// API keys: `dp_live_` and 40 letters and digits, shown once, kept as a SHA-256. A key belongs to an account or a tenant.
import { hash, randomInt } from "node:crypto";
import { z } from "zod";
import type { Owner } from "../../core/owner.ts";
import type { Context } from "../context.ts";
import { isId, newId } from "../id.ts";
import * as keys from "../keys.ts";
import { notFound, Problem } from "../problem.ts";
import { allItems, type Item, type Operation } from "../store/store.ts";
import type { Access, Principal } from "./access.ts";
import type { Scope } from "./scopes.ts";

const form = /^dp_live_[0-9A-Za-z]{40}$/;
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const hashOf = (key: string): string => hash("sha256", key);

const stored = z.object({
  id: z.string(),
  name: z.string(),
  owner: z.string(),
  scopes: z.array(z.string()),
  hash: z.string(),
  hint: z.string(),
  createdAt: z.string(),
});
export type ApiKey = Omit<z.output<typeof stored>, "hash">;

const present = (item: Item): ApiKey => {
  const { hash: _, ...rest } = stored.parse(item);
  return rest;
};

/** A new key and what must be written for it to work. 240 bits of chance, so that a plain hash is enough. */
export function mint(
  owner: Owner,
  name: string,
  scopes: Scope[],
  createdAt: string,
): { key: string; record: ApiKey; operations: Operation[] } {
  const key = `dp_live_${Array.from({ length: 40 }, () => alphabet[randomInt(alphabet.length)]).join("")}`;
  const record = { id: newId("key"), name, owner, scopes, hint: key.slice(-4), createdAt };
  const item = { ...record, hash: hashOf(key) };
  const operations: Operation[] = [
    { put: { ...keys.apiKey(item.hash), ...item }, if: { absent: true } },
    { put: { ...keys.child(owner, "APIKEY", record.id), ...item }, if: { absent: true } },
  ];
  return { key, record, operations };
}

/** The principal behind an `Authorization` header. Throws `unauthenticated`. */
export async function authenticate(ctx: Context, header: string | undefined): Promise<Principal> {
  const [scheme, key = ""] = (header ?? "").split(" ");
  const item =
    scheme?.toLowerCase() === "bearer" && form.test(key) ? await ctx.store.get(keys.apiKey(hashOf(key))) : undefined;
  if (!item) {
    const detail = header
      ? "The API key is unknown or was revoked; check it."
      : "Send an API key: Authorization: Bearer dp_live_…";
    throw new Problem("unauthenticated", detail, { headers: { "WWW-Authenticate": 'Bearer realm="dialplane"' } });
  }
  const { id, name, owner, scopes } = present(item);
  return { id, name, owner: owner as Owner, scopes };
}

export async function listKeys(ctx: Context, access: Access): Promise<ApiKey[]> {
  const found: ApiKey[] = [];
  for await (const item of allItems((q) => ctx.store.query(q), { pk: access.owner, prefix: keys.children("APIKEY") }))
    found.push(present(item));
  return found;
}

export async function revoke(ctx: Context, access: Access, id: string): Promise<void> {
  const item = isId("key", id) ? await ctx.store.get(keys.child(access.owner, "APIKEY", id)) : undefined;
  if (!item) throw notFound("API key", id.slice(0, 64));
  const { hash: hashed } = stored.parse(item);
  await ctx.store.transact([{ delete: keys.apiKey(hashed) }, { delete: keys.child(access.owner, "APIKEY", id) }]);
}
