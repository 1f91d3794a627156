// The right to act on the tenant or account that a request's path names.
import { type Access, enter } from "../access/access.ts";
import type { Scope } from "../access/scopes.ts";
import type { Request } from "./route.ts";

/** Throws `not_found` for a stranger's, `forbidden` without the scope, the route's own unless another is given. */
export const into = (request: Request, sort: "tenant" | "account", scope: Scope = request.scope): Promise<Access> =>
  enter(request.ctx, request.principal, sort, request.params[sort] ?? "", scope);
