// What verbs of the control plane work with, on any store and with nothing around it: no server, no edges.
import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { accountOwner, idOf, type Owner, tenantOwner } from "../../core/owner.ts";
import { tenant } from "../../core/resources/tenant.ts";
import { type Access, enter } from "../../functions/access/access.ts";
import { bootstrap } from "../../functions/accounts/bootstrap.ts";
import type { Context } from "../../functions/context.ts";
import type { Actor } from "../../functions/document/change.ts";
import { found } from "../../functions/document/found.ts";
import { published } from "../../functions/document/published.ts";
import { newId } from "../../functions/id.ts";
import { noMedia } from "../../functions/media/media.ts";
import type { Store } from "../../functions/store/store.ts";
import { seal, unseal, Vault } from "../../functions/vault/vault.ts";
import { createTargets } from "../../functions/webhooks/address.ts";

export const actor: Actor = { type: "system", id: "test", name: "test", ip: null, requestId: "req_1" };

export function contextOn(store: Store, more: Partial<Context> = {}): Context {
  const key = randomBytes(32);
  return {
    store: published(store),
    vault: new Vault({
      wrap: async (plain, context) => seal(key, plain, context),
      unwrap: async (wrapped, context) => unseal(key, wrapped, context),
    }),
    queues: {
      create: async () => "",
      send: async () => {},
      remove: async () => {},
      access: () => Promise.reject(new Error("no queues")),
    },
    media: noMedia("the test"),
    log: pino({ level: "silent" }),
    publicUrl: "https://api.example",
    consoleUrl: "https://api.example",
    trustedProxies: [],
    sendsMail: false,
    breached: async () => false,
    targets: createTargets(async () => []),
    startJob: async () => {},
    live: { how: "told", seconds: 600 },
    now: () => new Date(),
    after: (work) => void work.catch(() => undefined),
    ...more,
  };
}

/** An installation's operator account; makes tenants. */
export async function operatorOn(ctx: Context): Promise<{ owner: Owner; newTenant(): Promise<Owner> }> {
  const made = await bootstrap(ctx, "pbx.example", () => {});
  if (!made) throw new Error("there is an operator already");
  return {
    owner: made.owner,
    async newTenant() {
      const owner = tenantOwner(newId("ten"));
      const domain = `${idOf(owner).toLowerCase().replace("_", "-")}.example`;
      const settings = tenant.schema.parse({ name: "Acme", domain });
      await found(ctx, { owner, path: [idOf(made.owner)], pools: [made.pool], settings, actor });
      return owner;
    },
  };
}

/** The right to do anything to a document. */
export const accessTo = (ctx: Context, owner: Owner): Promise<Access> => {
  const sort = owner === accountOwner(idOf(owner)) ? "account" : "tenant";
  const principal = { id: "key_1", name: "test", owner, scopes: ["*"], expiresAt: null, allowedIps: [], member: null };
  return enter(ctx, principal, sort, idOf(owner), "*:write");
};
