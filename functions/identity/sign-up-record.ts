// A sign-up as it waits: for its address to be proven, or for somebody's approval.
import { z } from "zod";
import { idOf, type Owner } from "../../core/owner.ts";
import { languages } from "../access/person.ts";
import type { Context } from "../context.ts";
import { isId } from "../id.ts";
import * as keys from "../keys.ts";

const stored = z.object({
  id: z.string(),
  /** The account by whose brand. */
  account: z.string().transform((value) => value as Owner),
  email: z.string(),
  name: z.string(),
  company: z.string(),
  template: z.string().nullable(),
  language: z.enum(languages),
  password: z.string(),
  /** `mailed`: the address is not proven yet. */
  state: z.enum(["mailed", "review"]),
  createdAt: z.string(),
});
export type SignUp = z.output<typeof stored>;

/** One that nobody followed for a week, or decided about for a month, is gone. */
export async function findSignUp({ store, now }: Context, id: string): Promise<SignUp | undefined> {
  const item = isId("sup", id) ? await store.get(keys.signUp(id)) : undefined;
  return item && Number(item.ttl) * 1000 > now().getTime() ? stored.parse(item) : undefined;
}

/** What the API tells of one that waits. */
export const present = ({ password: _, account, state: __, ...rest }: SignUp) => ({
  ...rest,
  accountId: idOf(account),
});
