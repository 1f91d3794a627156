// What who signs up chooses from: the templates of the brand at the host, with what is in each.
import { lineOf } from "../../core/limits.ts";
import { accountOwner } from "../../core/owner.ts";
import { contentsOf, findTemplate } from "../accounts/template.ts";
import { readHead } from "../document/head.ts";
import type { Ask } from "./route.ts";
import { brandAt } from "./sign-up.ts";

export type Offered = { name: string; description: string; contents: Record<string, number> };

/** In the brand's order; without those that are gone. */
export async function offeredTemplates(ask: Pick<Ask, "ctx" | "host">): Promise<Offered[]> {
  const { store } = ask.ctx;
  const { owner, brand } = await brandAt(ask);
  const settings = brand?.signUp;
  if (!settings) return [];
  const account = settings.accountId === null ? owner : accountOwner(settings.accountId);
  const head = await readHead(store, account);
  const found = await Promise.all(
    settings.templates.map((name) => findTemplate(store, lineOf(account, head?.path ?? []), name)),
  );
  return found.flatMap((one) =>
    one ? [{ name: one.name, description: one.description, contents: contentsOf(one) }] : [],
  );
}
