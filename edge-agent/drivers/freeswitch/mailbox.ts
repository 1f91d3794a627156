// Somebody listens to messages: FreeSWITCH's own mailbox, which asks for the box and its PIN where it is not told them.
import type { Mailbox } from "../../../core/routing/mailbox.ts";
import { answered, type Leg, run } from "./actions.ts";
import { number, token } from "./inert.ts";
import type { Xml } from "./xml.ts";

export function renderMailbox(leg: Leg, { number: box, authenticated }: Mailbox): Xml[] {
  const which = box === null ? [] : [number(box)];
  const known = authenticated && box !== null ? ["auth"] : [];
  return [
    ...answered(leg),
    run("voicemail", ["check", ...known, "default", token(leg.domain), ...which].join(" ")),
    run("hangup", "NORMAL_CLEARING"),
  ];
}
