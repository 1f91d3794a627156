// Deleting tenants and accounts, and restoring them as long as they are kept.
import { accountOwner, idOf } from "../../core/owner.ts";
import { type Access, demand, enterDeleted } from "../access/access.ts";
import type { Answer } from "../access/idempotency.ts";
import { childrenOf } from "../accounts/below.ts";
import type { Context } from "../context.ts";
import { graceDays } from "../deletion/grace.ts";
import type { Head } from "../document/head.ts";
import { presentSettings } from "../document/present.ts";
import { Problem } from "../problem.ts";
import { into } from "./into.ts";
import type { Sort } from "./resources.ts";
import { ok, type Request, type Route } from "./route.ts";
import { settingsOf, shownOf } from "./tenants.ts";

const dayMs = 86_400_000;
/** A Lambda answers within 29 seconds; what is left is the sweep's. */
const atOnceMs = 10_000;

const purge =
  "now: it can't be restored and its traces are removed within minutes, also of one that is deleted already; needs the scope purges:write too";
const cascade = "true: with all tenants and accounts below it; without it a 409 names what there is";

export const deletionRoutes = (): Route[] =>
  (["tenant", "account"] as const).flatMap((sort) => [removal(sort), restoration(sort)]);

const removal = (sort: Sort): Route => ({
  method: "delete",
  path: `/v1/${sort}s/{${sort}}`,
  tag: `${sort}s`,
  summary: `Delete ${sort === "tenant" ? "a tenant" : "an account"}: calls stop and keys end at once; it can be restored until its purge`,
  scope: `${sort}s:write`,
  query: { purge, ...(sort === "account" && { cascade }) },
  answers: { 204: { about: "Deleted" } },
  async handle(request) {
    const { ctx, actor } = request;
    const isNow = choice(request, "purge", "now");
    if (isNow) demand(request.principal, "purges:write");
    const access = isNow ? await enterAny(request, sort) : await into(request, sort);
    if (sort === "account") await refuse(request, access, choice(request, "cascade", "true"));
    const answer: Answer = { status: 204, body: null };
    // told of the account above, since of what is purged no record is left
    const [parent, ...path] = access.head.path;
    const about = parent === undefined ? access.head : { owner: accountOwner(parent), path };
    const target = { kind: sort, id: idOf(access.owner) };
    const also = ({ revision }: Head) => request.record({ head: about, target, revision }, answer);
    const purgeAt = new Date(ctx.now().getTime() + (isNow ? 0 : (await graceDays(ctx, access.head)) * dayMs));
    const { hasten, remove } = await import("../deletion/remove.ts");
    if (access.head.deletedAt === null)
      await remove(ctx, access.owner, { actor, ifVersion: request.ifVersion, purgeAt, also });
    else await hasten(ctx, access.owner, actor, also);
    hurry(ctx, access);
    return answer;
  },
});

const restoration = (sort: Sort): Route => ({
  method: "post",
  path: `/v1/${sort}s/{${sort}}/restore`,
  tag: `${sort}s`,
  summary: `Restore ${sort === "tenant" ? "a tenant" : "an account, with what was deleted with it,"} as it was when it was deleted`,
  scope: `${sort}s:write`,
  answers: { 200: { about: "It is there again, also where it always was", schema: shownOf(sort) } },
  async handle(request) {
    const { ctx, actor } = request;
    const access = await enterAny(request, sort);
    const settings = await settingsOf(ctx, access.owner);
    const answer = async (head: Head) => ok(await presentSettings(ctx, head, settings), settings.version);
    const { restore } = await import("../deletion/restore.ts");
    const head = await restore(ctx, access.owner, actor, async (next, isRestored) => {
      const done = { head: next, target: { kind: sort, id: idOf(next.owner) }, revision: next.revision };
      return request.record(isRestored ? done : null, request.recording ? await answer(next) : undefined);
    });
    hurry(ctx, access);
    return answer(head);
  },
});

const enterAny = ({ ctx, principal, params, scope }: Request, sort: Sort): Promise<Access> =>
  enterDeleted(ctx, principal, sort, params[sort] ?? "", scope);

/** What is below an account follows at once, as far as there is time. */
function hurry(ctx: Context, { owner, head }: Access): void {
  const until = Date.now() + atOnceMs;
  const work = async (): Promise<void> => {
    const { carryOn } = await import("../deletion/sweep.ts");
    await carryOn(ctx, owner, { elsewhere: () => {}, until, stages: ["below", "restore"] });
  };
  ctx.after(
    work().catch((error) =>
      ctx.log.warn({ owner, revision: head.revision, error: String(error) }, "what is below is left to the sweep"),
    ),
  );
}

function choice({ query }: Request, name: string, only: string): boolean {
  if (query[name] === undefined || query[name] === only) return query[name] !== undefined;
  throw new Problem("bad_parameter", `${name} must be ${only}; leave it out otherwise.`, {
    errors: [{ pointer: `?${name}`, detail: `must be ${only}` }],
  });
}

/** Nobody deletes the operator, his own account, or with an account what he did not name. */
async function refuse({ ctx, principal }: Request, { owner, head }: Access, isCascade: boolean): Promise<void> {
  if (head.path.length === 0) throw new Problem("conflict", "The operator's account can't be deleted.");
  if (principal.owner === owner)
    throw new Problem("conflict", "A key can't delete its own account; use one of an account above.");
  if (isCascade) return;
  const below: Record<string, string[]> = {};
  for (const what of ["tenant", "account", "pool", "edge"])
    for await (const id of childrenOf(ctx.store, owner, what.toUpperCase())) {
      below[`${what}s`] = [...(below[`${what}s`] ?? []), id];
      if (below[`${what}s`]?.length === 20) break;
    }
  const named = Object.entries(below).map(([what, ids]) => `${what} ${ids.join(", ")}`);
  if (named.length > 0)
    throw new Problem(
      "in_use",
      `It still has ${named.join("; ")}; delete these first, or send cascade=true to delete all with it.`,
      { extra: { below } },
    );
}
