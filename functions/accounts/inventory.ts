// The numbers that stand free in the documents of accounts, for tenants and accounts below.
import { accountOwner } from "../../core/owner.ts";
import { kindOf } from "../../core/registry.ts";
import type { PhoneNumber } from "../../core/resources/phone-number.ts";
import type { Context } from "../context.ts";
import { type Held, heldMany } from "../document/globals.ts";
import { type Head, hearing } from "../document/head.ts";
import { fromItem } from "../document/view.ts";
import * as keys from "../keys.ts";
import { inChunks } from "../store/chunks.ts";
import { allItems } from "../store/store.ts";

const kind = kindOf("phone-number");
export const isFreeAt = (account: string, held: Held | undefined): boolean => held?.owner === accountOwner(account);

const chunk = 50;

/** The numbers of the accounts above that may give it some, the nearest first; those without `number` are not free or begin otherwise. One read for fifty, and fifty claims. */
export async function* freeNumbers(
  ctx: Context,
  head: Head,
  prefix: string,
  after?: { account: string; id: string },
): AsyncGenerator<{ position: string; number: string | undefined }> {
  const path = hearing(head);
  const begun = after === undefined ? path : path.slice(path.indexOf(after.account));
  const list = keys.resources(kind.kind);
  for (const account of begun) {
    const from = account === after?.account ? `${list}${after.id}\u0001` : list;
    const query = { pk: accountOwner(account), from, to: `${list}\u{10FFFF}`, limit: chunk };
    for await (const items of inChunks(
      allItems((q) => ctx.store.query(q), query),
      () => chunk,
    )) {
      const numbers = items.map((item) => (fromItem(item).body as PhoneNumber).number);
      const held = await heldMany(ctx.store, head.sandbox, "number", numbers);
      for (const [index, item] of items.entries()) {
        const number = numbers[index] ?? "";
        const free = number.startsWith(prefix) && isFreeAt(account, held[index]);
        yield { position: `${account}/${String(item.id)}`, number: free ? number : undefined };
      }
    }
  }
}
