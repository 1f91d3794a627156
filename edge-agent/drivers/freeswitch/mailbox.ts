// Somebody listens to the messages of a box: FreeSWITCH's own mailbox, which asks for the PIN.
import type { Mailbox } from "../../../core/routing/mailbox.ts";
import { answered, type Leg, run } from "./actions.ts";
import { boxDomain } from "./box.ts";
import { token } from "./inert.ts";
import type { Xml } from "./xml.ts";

export function renderMailbox(leg: Leg, { box, authenticated }: Mailbox): Xml[] {
  const known = authenticated ? ["auth"] : [];
  return [
    ...answered(leg),
    run("voicemail", ["check", ...known, "default", boxDomain, token(box)].join(" ")),
    run("hangup", "NORMAL_CLEARING"),
  ];
}
