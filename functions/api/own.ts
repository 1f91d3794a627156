// What is the caller's own: the extension that he has as a member of a tenant. Whatever `/v1/me` shows or changes is found from here, never from what was sent.
import { idOf, isTenant } from "../../core/owner.ts";
import type { Extension } from "../../core/resources/extension.ts";
import { type Access, enter, type Principal } from "../access/access.ts";
import type { Context } from "../context.ts";
import { openView, type Stored } from "../document/view.ts";
import { Problem } from "../problem.ts";
import type { Request } from "./route.ts";

export type Own = { access: Access; extension: Stored & { body: Extension } };

/** The member's extension, if he has one that is there. */
export async function extensionOf({ store }: Context, { owner, member }: Principal): Promise<Stored | undefined> {
  if (!isTenant(owner) || !member?.extension) return undefined;
  return openView(store, owner).get("extension", member.extension);
}

/** Throws `not_found` for who has no extension. */
export async function own({ ctx, principal, scope }: Request): Promise<Own> {
  const found = await extensionOf(ctx, principal);
  if (!found)
    throw new Problem(
      "not_found",
      "You have no extension here; whoever runs the phone system gives you one (the member's `extension`).",
    );
  const access = await enter(ctx, principal, "tenant", idOf(principal.owner), scope);
  return { access, extension: found as Own["extension"] };
}
