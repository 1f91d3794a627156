// The first start of an installation: the operator's account, a pool to place tenants on, and the operator's API key.
import { accountOwner, type Owner } from "../../core/owner.ts";
import { account } from "../../core/resources/account.ts";
import { mint } from "../access/api-key.ts";
import { auditOperation } from "../audit/record.ts";
import type { Context } from "../context.ts";
import { found } from "../document/found.ts";
import { newPool } from "../edges/pools.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";

export type Bootstrapped = { owner: Owner; pool: string; key: string };

/**
 * Makes the operator unless there is one; then undefined. `zone`: tenants without a domain get a name under it. `keep` stores the key before anything is
 * committed, so that a crash can't leave an installation whose key nobody has.
 */
export async function bootstrap(
  ctx: Context,
  zone: string,
  keep: (key: string) => void,
): Promise<Bootstrapped | undefined> {
  if (await ctx.store.get(keys.operator)) return undefined;
  const id = newId("acc");
  const owner = accountOwner(id);
  const at = ctx.now();
  const now = at.toISOString();
  const { pool, operations } = newPool(id, { name: "default", sip: null, iceServers: [] }, now);
  const minted = mint(
    { owner, sandbox: null },
    { name: "operator", scopes: ["*"], expiresAt: null, allowedIps: [], memberId: null },
    at,
  );
  const actor = { type: "system" as const, id: "bootstrap", name: "first start", ip: null, requestId: "bootstrap" };
  const settings = account.schema.parse({ name: "Operator", sipZone: zone });
  await found(ctx, {
    owner,
    path: [],
    pools: [],
    defaultPool: pool.id,
    settings,
    actor,
    also: ({ head }) => {
      keep(minted.key);
      return [
        { put: { ...keys.operator, owner }, if: { absent: true } },
        ...operations,
        ...minted.operations,
        auditOperation(actor, { head, target: { kind: "account", id }, revision: head.revision }, null),
      ];
    },
  });
  return { owner, pool: pool.id, key: minted.key };
}
