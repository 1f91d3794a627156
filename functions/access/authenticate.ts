// Who asks: a program by its API key, or a person by the session in his cookie.
import type { Context } from "../context.ts";
import type { Principal } from "./access.ts";
import { keyed } from "./api-key.ts";
import { changes, refuseForeign } from "./same-origin.ts";
import { actAs, tokenIn } from "./session.ts";

export type Credentials = {
  method: string;
  /** The headers of these names. */
  authorization: string | undefined;
  cookie: string | undefined;
  site: string | undefined;
  origin: string | undefined;
};

/** An API key goes before a cookie. Throws `unauthenticated`, `address_refused`, `cross_site`. */
export async function authenticate(ctx: Context, sent: Credentials, address: string | null): Promise<Principal> {
  if (sent.authorization !== undefined || tokenIn(sent.cookie) === undefined)
    return keyed(ctx, sent.authorization, address);
  if (changes(sent.method)) refuseForeign({ ...sent, own: ownOrigins(ctx) }, true);
  return actAs(ctx, sent.cookie, { address });
}

export const ownOrigins = ({ consoleUrl, publicUrl }: Context): string[] =>
  [consoleUrl, publicUrl].map((url) => new URL(url).origin);
