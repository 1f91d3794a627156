// Feature codes: what a dialled code does.
import type { Action } from "./plan.ts";
import type { Way } from "./way.ts";

/** Somebody listens to the messages of a box. Null: which one is asked. `authenticated`: no PIN is asked. */
export type Mailbox = { do: "mailbox"; box: string | null; number: string | null; authenticated: boolean };

/** What the code that was dialled does; undefined where it is none. */
export function feature(_way: Way, _to: string, _at: string): Action | undefined {
  return undefined;
}
