// Enrolment: an agent brings a one-time token and the key that it made, and is an edge of the token's pool from then on.
import { createPublicKey, hash } from "node:crypto";
import type { z } from "zod";
import { accountOwner } from "../../core/owner.ts";
import { flaw } from "../../core/text.ts";
import type { enrolment } from "../../core/wire-host.ts";
import type { Via } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../document/change.ts";
import { newId } from "../id.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { ConditionFailed, type Item, type Operation } from "../store/store.ts";
import { audited, type Edge, readEdge } from "./edge.ts";
import { readPool } from "./pools.ts";
import { admit, changeRoster } from "./roster.ts";
import { edgeItem } from "./silent.ts";
import { entryOf, type PoolRoster } from "./stored-roster.ts";

/** One for one key, however its PEM is laid out. Throws where it is no Ed25519 key. */
export function fingerprint(publicKey: string): string {
  const refused = new Problem("invalid", "publicKey: must be an Ed25519 public key, SPKI in PEM.", {
    errors: [{ pointer: "/publicKey", detail: "must be Ed25519, SPKI in PEM" }],
  });
  try {
    const key = createPublicKey(publicKey);
    if (key.asymmetricKeyType === "ed25519" && publicKey.includes("PUBLIC KEY"))
      return hash("sha256", key.export({ type: "spki", format: "der" }));
  } catch {
    throw refused;
  }
  throw refused;
}

/** What others will read must be one line of text. */
function checkText(input: z.output<typeof enrolment>): void {
  for (const [pointer, text] of Object.entries({ "/name": input.name, "/sip/server": input.sip?.server ?? "" })) {
    const detail = flaw(text);
    if (detail !== undefined) throw new Problem("invalid", `${pointer}: ${detail}.`, { errors: [{ pointer, detail }] });
  }
}

/**
 * Enrols the agent: uses the token up, makes its queue. The same key with the same token gets the same edge again, so a lost answer does no harm. `from`:
 * the request that asks, and from where.
 */
export async function enrol(
  ctx: Context,
  input: z.output<typeof enrolment>,
  from: Pick<Actor, "ip" | "requestId">,
): Promise<Edge> {
  checkText(input);
  const place = keys.joinToken(hash("sha256", input.token));
  const token = await ctx.store.get(place);
  const key = fingerprint(input.publicKey);
  const known = await ctx.store.get(keys.edgeByKey(key));
  const before = known && (await readEdge(ctx, String(known.edge)));
  if (before && token?.usedBy === key) return before;
  const fresh = token?.state === "new" && Number(token.expires) * 1000 > ctx.now().getTime();
  if (before && fresh && token.pool === before.pool) {
    const operations = [used(token, key), ...(await audited(ctx, before, from, via))];
    await spending(ctx.store.transact(operations)).catch(async (error) => {
      // the same agent may have asked twice at once
      if ((await ctx.store.get(place))?.usedBy !== key) throw error;
    });
    return before;
  }
  if (!token || !fresh)
    throw new Problem(
      "unauthenticated",
      "The join token is unknown, used or older than a day; make a new one with POST /v1/edges.",
    );
  const pool = String(token.pool);
  const id = newId("edg");
  const adopting = await adoptSip(ctx, pool, id, input.sip);
  const queueUrl = await ctx.queues.create(id, 1);
  const edge: Edge = {
    id,
    pool,
    account: String(token.account),
    name: input.name,
    engine: input.engine,
    publicKey: input.publicKey,
    queueUrl,
    sip: input.sip,
    createdAt: ctx.now().toISOString(),
    seenAt: null,
    health: null,
    engineDownSince: null,
  };
  const operations: Operation[] = [
    used(token, key),
    { put: edgeItem(ctx, edge), if: { absent: true } },
    { put: { ...keys.edgeByKey(key), edge: id } },
    { put: { ...keys.poolEdge(pool, id), id, name: edge.name, engine: edge.engine, queueUrl } },
    { put: { ...keys.child(accountOwner(edge.account), "EDGE", id), id } },
    ...adopting,
    ...(await audited(ctx, edge, from, via)),
  ];
  const withIt = (roster: PoolRoster) => admit(roster, entryOf(edge, input.front));
  try {
    await spending(changeRoster(ctx, pool, withIt, () => operations));
  } catch (error) {
    await ctx.queues.remove(queueUrl).catch(() => undefined);
    // the same agent may have asked twice at once
    const now = await ctx.store.get(place);
    const other = now?.usedBy === key ? await ctx.store.get(keys.edgeByKey(key)) : undefined;
    const winner = other && (await readEdge(ctx, String(other.edge)));
    if (winner) return winner;
    throw error;
  }
  return edge;
}

const via: Via = { method: "post", route: "/v1/edges/enroll", path: "/v1/edges/enroll", status: 201 };

const used = (token: Item, key: string): Operation => ({
  put: { ...token, state: "used", usedBy: key },
  if: { equals: { state: "new" } },
});

async function spending(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    throw new Problem("unauthenticated", "The join token was used a moment ago; make a new one with POST /v1/edges.");
  }
}

/** A pool without an address of its own tells phones that of its first edge. Throws `unauthenticated` where the pool was deleted since the token was made. */
async function adoptSip(
  ctx: Context,
  id: string,
  edge: string,
  sip: z.output<typeof enrolment>["sip"],
): Promise<Operation[]> {
  const pool = await readPool(ctx, id);
  if (!pool)
    throw new Problem(
      "unauthenticated",
      "The pool that the join token is for was deleted; make a token of another pool with POST /v1/edges.",
    );
  if (pool.sip || !sip) return [{ check: keys.pool(id), if: { present: true } }];
  return [{ put: { ...keys.pool(id), ...pool, sip, sipFrom: edge } as Item, if: { present: true } }];
}
