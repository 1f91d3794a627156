// Routes of identity: for strangers and for who is signed in, no API key. What holds for all of them is kept here: who asks, from which page, cookies.
import type { Context as HonoContext } from "hono";
import { ownOrigins } from "../access/authenticate.ts";
import type { Answer } from "../access/idempotency.ts";
import { changes, refuseForeign } from "../access/same-origin.ts";
import { cookieFor, type From, type SignedIn, signedIn, tokenIn, touch } from "../access/session.ts";
import { readJson } from "../api/body.ts";
import { clientAddress } from "../api/client-address.ts";
import { type App, credentialsOf, type Described, queryOf, send } from "../api/route.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../document/change.ts";
import { unauthenticated } from "../problem.ts";

export type Ask = {
  ctx: Context;
  from: From;
  /** The host that the browser asked for; anybody can write another. */
  host: string | undefined;
  requestId: string;
  params: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
  /** The session that came along. */
  signed: SignedIn | undefined;
};

/** `begun`: the token of the session from now on; null ends it. */
export type Reply = Answer & { begun?: string | null };

type About = Omit<Described, "scope" | "by" | "yaml" | "upload">;
export type IdentityRoute = About & { scope: null } & (
    | { by: "anybody"; handle(ask: Ask): Promise<Reply> }
    | { by: "session"; handle(ask: Ask & { signed: SignedIn }): Promise<Reply> }
  );

export const byAnybody = (route: About & { handle(ask: Ask): Promise<Reply> }): IdentityRoute => ({
  ...route,
  ...{ scope: null, by: "anybody" },
});
export const bySession = (
  route: About & { handle(ask: Ask & { signed: SignedIn }): Promise<Reply> },
): IdentityRoute => ({
  ...route,
  ...{ scope: null, by: "session" },
});

export function addIdentityRoute(app: App, ctx: Context, route: IdentityRoute): void {
  const path = route.path.replaceAll(/\{(\w+)\}/g, ":$1");
  app.on(route.method.toUpperCase(), path, async (c) => {
    const { cookie, site, origin } = credentialsOf(c);
    if (changes(c.req.method)) refuseForeign({ site, origin, own: ownOrigins(ctx) }, tokenIn(cookie) !== undefined);
    const address = clientAddress(c, ctx);
    const signed = await signedIn(ctx, cookie);
    const wanted = route.body !== undefined;
    const { body } = route.method === "get" ? { body: undefined } : await readJson(c, { wanted, yaml: false });
    const ask: Ask = {
      ...{ ctx, body, signed },
      from: { address, userAgent: c.req.header("user-agent") ?? "" },
      host: c.req.header("x-forwarded-host") ?? c.req.header("host"),
      requestId: c.get("requestId"),
      params: c.req.param() as Record<string, string>,
      query: queryOf(c, route.query ?? {}),
    };
    c.header("Cache-Control", "no-store");
    return answer(c, route.by === "anybody" ? await route.handle(ask) : await route.handle(present(ask)));
  });
}

/** Throws `unauthenticated` where nobody is signed in. */
function present(ask: Ask): Ask & { signed: SignedIn } {
  const { signed } = ask;
  if (!signed) throw unauthenticated("You are not signed in, or the session is over; sign in again.");
  touch(ask.ctx, signed.session, ask.from.address);
  return { ...ask, signed };
}

function answer(c: HonoContext, { begun, ...reply }: Reply): Promise<Response> {
  if (begun !== undefined) c.header("Set-Cookie", cookieFor(begun));
  return send(c, reply);
}

/** Who did it, as audit records tell. */
export const actorOf = (
  { from, requestId }: Pick<Ask, "from" | "requestId">,
  { id, name }: { id: string; name: string },
): Actor => ({
  ...{ type: "person", id, name, ip: from.address, requestId },
});
