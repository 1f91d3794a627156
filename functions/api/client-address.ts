// Who asks, by the address that whoever took the connection saw.
import type { Context as HonoContext } from "hono";
import { callerAddress, toldByFront } from "../access/address.ts";
import type { Context } from "../context.ts";

/** The caller's address: what our own front tells; else as Lambda gives it, else the socket's; behind trusted proxies, what they tell. */
export function clientAddress(
  c: HonoContext,
  { trustedProxies, frontSecret }: Pick<Context, "trustedProxies" | "frontSecret">,
): string | null {
  const told = toldByFront((name) => c.req.header(name), frontSecret);
  if (told !== undefined) return told;
  const env = c.env as
    | { incoming?: { socket?: { remoteAddress?: string } }; requestContext?: { http?: { sourceIp?: string } } }
    | undefined;
  const peer = env?.requestContext?.http?.sourceIp ?? env?.incoming?.socket?.remoteAddress ?? null;
  return callerAddress(peer, c.req.header("x-forwarded-for"), trustedProxies);
}
