// Who asks, by the address that whoever took the connection saw.
import type { Context as HonoContext } from "hono";
import { callerAddress } from "../access/address.ts";

/** The caller's address: as API Gateway gives it, else the socket's; behind trusted proxies, what they tell. */
export function clientAddress(c: HonoContext, trusted: readonly string[]): string | null {
  const env = c.env as
    | { incoming?: { socket?: { remoteAddress?: string } }; requestContext?: { http?: { sourceIp?: string } } }
    | undefined;
  const peer = env?.requestContext?.http?.sourceIp ?? env?.incoming?.socket?.remoteAddress ?? null;
  return callerAddress(peer, c.req.header("x-forwarded-for"), trusted);
}
