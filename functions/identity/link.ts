// Links in mails: to a page of the console, the token after `#`, which no server and no log is told.
import type { Context } from "../context.ts";
import type { Brand } from "../mail/letter.ts";

export type Page = "accept" | "reset" | "verify";

/** The link, and as whom the mail speaks. */
export const linkTo = (ctx: Context, page: Page, token: string): { url: string; brand: Brand } => ({
  url: `${ctx.consoleUrl}/${page}#${token}`,
  brand: { name: "Dialplane" },
});
