// Suspension of a tenant or an account: one write on its document, which counts for all below it. What is suspended reads on and changes nothing; whoever
// suspended it, or stands above him, resumes it.
import { accountOwner, idOf } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import { suspension as kind, type Suspension } from "../../core/resources/suspension.ts";
import type { Access, Principal } from "../access/access.ts";
import type { Context } from "../context.ts";
import type { ChangedResource, Edit } from "../document/draft.ts";
import { type Head, sortOf } from "../document/head.ts";
import type { Write } from "../document/write.ts";
import * as keys from "../keys.ts";
import { Problem } from "../problem.ts";
import { type Standing, suspensionId, suspensionOf } from "./suspended.ts";

/** The same as a write that is not committed yet leaves it. */
export function suspensionAfter(ctx: Context, head: Head, changes: ChangedResource[]): Promise<Standing | undefined> {
  const [parent, ...path] = head.path;
  const change = changes.find(({ before, after }) => (after ?? before)?.kind === kind.kind);
  if (!change) return suspensionOf(ctx, head.owner, head.path);
  if (change.after) return Promise.resolve({ ...(change.after.body as Suspension), of: head.owner });
  return parent === undefined ? Promise.resolve(undefined) : suspensionOf(ctx, accountOwner(parent), path);
}

/** A change by whoever stands above. The operator's own account can't be stopped, nor can anybody stop himself. */
function refuseOneself({ principal, owner }: Access): void {
  if (principal.owner !== owner) return;
  throw new Problem("conflict", `A key can't suspend or resume its own ${sortOf(owner)}; use one of an account above.`);
}

/** Whether the suspension by account `by` is this principal's to lift or to replace. */
async function isHis(ctx: Context, principal: Principal, by: string): Promise<boolean> {
  if (accountOwner(by) === principal.owner) return true;
  const item = await ctx.store.get(keys.head(accountOwner(by)));
  // an account that is gone holds nobody
  return !item || (item.path as string[]).some((id) => accountOwner(id) === principal.owner);
}

type Change = Pick<Write, "edits" | "summary">;

/** The write that suspends, for a reason. Without effect where it is suspended so, or by an account above the caller's. */
export function suspending(ctx: Context, access: Access, reason: string): Change {
  refuseOneself(access);
  const { owner, principal } = access;
  const id = suspensionId(owner);
  const by = idOf(principal.owner);
  return {
    summary: `suspend: ${reason}`,
    async edits(view): Promise<Edit[]> {
      const before = await view.get(kind.kind, id);
      if (!before) {
        const body = { reason, by, since: ctx.now().toISOString() };
        return [{ op: "create", kind: kindOf("suspension"), id, body, pointer: "" }];
      }
      if (!(await isHis(ctx, principal, String(before.body.by)))) return [];
      return [{ op: "update", kind: kindOf("suspension"), id, patch: { reason, by }, pointer: "" }];
    },
  };
}

/** The write that lifts its own suspension; one of an account above it stays. Without effect where there is none. Throws `conflict` where it is not the caller's to lift. */
export function resuming(ctx: Context, access: Access): Change {
  refuseOneself(access);
  const { owner, principal } = access;
  const id = suspensionId(owner);
  return {
    summary: "resume",
    async edits(view): Promise<Edit[]> {
      const before = await view.get(kind.kind, id);
      if (!before) return [];
      const by = String(before.body.by);
      if (!(await isHis(ctx, principal, by)))
        throw new Problem("conflict", `Account ${by} suspended it; only it, or one above it, can resume it.`);
      return [{ op: "delete", kind: kindOf("suspension"), id, pointer: "" }];
    },
  };
}
