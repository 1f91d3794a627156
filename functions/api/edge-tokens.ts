// Making the one-time token of a host that is to join; loaded when one is asked for.
import { accountOwner, idOf } from "../../core/owner.ts";
import type { Answer } from "../access/idempotency.ts";
import { readHead } from "../document/head.ts";
import { newToken } from "../edges/edge.ts";
import { installCommand, quoted } from "../edges/packages.ts";
import { readPool } from "../edges/pools.ts";
import { Problem } from "../problem.ts";
import { home } from "./edges.ts";
import type { Request } from "./route.ts";

/** Of the key's pool, or the account's default pool, where none is named. Throws `forbidden`, `reference_not_found`. */
export async function make(request: Request, poolId: string | undefined): Promise<Answer> {
  const access = await home(request, "edges:write");
  const bound = request.principal.poolId;
  if (bound !== undefined && poolId !== undefined && poolId !== bound)
    throw new Problem("forbidden", `This API key joins hosts to the pool ${bound} alone; name that one, or none.`, {
      errors: [{ pointer: "/poolId", detail: `is not ${bound}` }],
    });
  const id = poolId ?? bound ?? (await readHead(request.ctx.store, access.owner))?.defaultPool;
  const pool = id ? await readPool(request.ctx, id) : undefined;
  if (!pool || accountOwner(pool.account) !== access.owner)
    throw new Problem("reference_not_found", "There is no such pool in this account; name one with poolId.", {
      errors: [{ pointer: "/poolId", detail: "there is no such pool" }],
    });
  const { publicUrl } = request.ctx;
  const answer = (token: string, expiresAt: string) => ({
    status: 201,
    body: {
      ...{ token, expiresAt, command: installCommand(publicUrl, token) },
      fromSource: `npm run edge -- --join ${quoted(publicUrl)} ${token}`,
    },
  });
  const { token, expiresAt } = await newToken(request.ctx, idOf(access.owner), pool.id, (made, expires) =>
    request.record({ head: access.head, target: { kind: "pool", id: pool.id } }, answer(made, expires)),
  );
  return answer(token, expiresAt);
}
