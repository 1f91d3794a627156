// Links in mails: to a page of the console, the token after `#`, which no server and no log is told. They lead to addresses that are proven or configured,
// never to what a request called the host.
import type { Owner } from "../../core/owner.ts";
import { brandFor } from "../accounts/brand.ts";
import type { Context } from "../context.ts";
import type { Brand } from "../mail/letter.ts";

export type Page = "accept" | "reset" | "verify" | "welcome" | "";

/** The link, and as whom the mail speaks: in the name of the account that is nearest to its owner. */
export async function linkTo(
  ctx: Context,
  owner: Owner,
  page: Page,
  token: string,
): Promise<{ url: string; brand: Brand }> {
  const found = (await brandFor(ctx.store, owner))?.brand;
  const base = found?.domain ? `https://${found.domain}` : ctx.consoleUrl;
  return {
    url: `${base}/${page}${token === "" ? "" : `#${token}`}`,
    brand: { name: found?.name ?? "Dialplane", replyTo: found?.replyTo ?? undefined },
  };
}
