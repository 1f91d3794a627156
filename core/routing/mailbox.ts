// Voicemail by code: listening to one's messages, or leaving one for somebody without ringing his phone.
import type { Resource } from "../registry.ts";
import { type Feature, refuse } from "./code-answer.ts";
import type { Action } from "./plan.ts";
import { named, type Way } from "./way.ts";

/** Somebody listens to the messages of a box. Null: which one is asked. `authenticated`: no PIN is asked. */
export type Mailbox = { do: "mailbox"; box: string | null; number: string | null; authenticated: boolean };

export const ownMailbox: Feature = (way, _, { body }, at) => {
  const box = body.voicemailBox === null ? undefined : way.config.get("voicemail-box", body.voicemailBox);
  if (!box) return refuse(way, at, `${body.number} has no voicemail box`, "invalid");
  way.step(at, "his phone has shown who he is: no PIN is asked", named("voicemail-box", box.body.number));
  return { do: "mailbox", box: box.id, number: box.body.number, authenticated: true };
};

export const anyMailbox: Feature = (way, _argument, _caller, at): Action => {
  way.step(at, "asks for a box and its PIN", "voicemail-box");
  return { do: "mailbox", box: null, number: null, authenticated: false };
};

export const leaveMessage: Feature = (way, argument, _, at) => {
  const box = boxOf(way, argument);
  return box
    ? way.arrive(box, at, `leaves a message for ${argument}`)
    : refuse(way, at, `${argument} has no voicemail box`, "invalid");
};

/** By its own number, or by that of an extension whose calls it takes. */
function boxOf({ config }: Way, number: string): Resource<"voicemail-box"> | undefined {
  const box = config.byKey("voicemail-box", number);
  const of = box ? null : config.byKey("extension", number)?.body.voicemailBox;
  return box ?? (of ? config.get("voicemail-box", of) : undefined);
}
