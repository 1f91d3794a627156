// Mail to a person about a change of how he signs in: whoever did not do it himself hears of it.
import type { Person } from "../access/person.ts";
import { accountAt } from "../accounts/brand.ts";
import { newId } from "../id.ts";
import { waitingItem } from "../mail/outbox.ts";
import type { Operation } from "../store/store.ts";
import type { Ask } from "./route.ts";

const notices = [
  "totp-on",
  "totp-off",
  "passkey-added",
  "passkey-removed",
  "recovery-codes",
  "recovery-code-used",
] as const;
export type Notice = (typeof notices)[number];

export const isNotice = (text: string): text is Notice => notices.some((one) => one === text);

/** What puts the mail into the outbox. `more`: a passkey's name, or how many codes are left. */
export async function noticing(
  { ctx, host }: Pick<Ask, "ctx" | "host">,
  { id }: Pick<Person, "id">,
  what: Notice,
  more = "",
): Promise<Operation> {
  const owner = await accountAt(ctx, host);
  const about = { person: id, what, more };
  return { put: waitingItem({ owner, task: "security-notice", id: newId("mail"), about }, ctx.now()) };
}
