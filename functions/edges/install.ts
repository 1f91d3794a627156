// What a host that joins is given, without an API key: the script, the list of packages, and with a join token one of them.
import type { Context as HonoContext } from "hono";
import type { Context } from "../context.ts";
import { installScript } from "./install-script.ts";
import { checkJoinToken, listPackages, packageUrl, sums } from "./packages.ts";

/** `what`: the path after `/install/`; nothing: the script. Throws `unauthenticated`, `not_found`. */
export async function give(ctx: Context, c: HonoContext, what: string): Promise<Response> {
  const fresh = { "Cache-Control": "no-store" };
  if (what === "") {
    const { latest, packages } = await listPackages(ctx);
    const wanted = packages.filter(({ version }) => version === latest);
    const headers = { "Content-Type": "text/x-shellscript; charset=utf-8", ...fresh };
    return c.body(installScript(ctx.publicUrl, wanted), 200, headers);
  }
  if (what === "SHA256SUMS") return c.text(sums((await listPackages(ctx)).packages), 200, fresh);
  await checkJoinToken(ctx, c.req.header("authorization"));
  return c.redirect((await packageUrl(ctx, what)).url);
}
