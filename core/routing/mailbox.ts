// Voicemail by code: listening to one's messages, or leaving one for somebody without ringing his phone.
import type { Resource } from "../registry.ts";
import { refuseSpent } from "./ask-pin.ts";
import { type Feature, refuse } from "./code-answer.ts";
import { named, type Way } from "./way.ts";

/** Somebody listens to the messages of a box. `authenticated`: no PIN is asked. */
export type Mailbox = { do: "mailbox"; box: string; number: string; authenticated: boolean };

export const ownMailbox: Feature = (way, _, { body }, at) => {
  const box = body.voicemailBox === null ? undefined : way.config.get("voicemail-box", body.voicemailBox);
  if (!box) return refuse(way, at, `${body.number} has no voicemail box`, "invalid");
  way.step(at, "his phone has shown who he is: no PIN is asked", named("voicemail-box", box.body.number));
  return { do: "mailbox", box: box.id, number: box.body.number, authenticated: true };
};

export const anyMailbox: Feature = (way, argument, _caller, at) => {
  const box = boxOf(way, argument);
  if (!box) return refuse(way, at, `${argument} has no voicemail box`, "invalid");
  const spent = refuseSpent(way, { kind: "voicemail-box", id: box.id, pin: "pin" }, at);
  if (spent) return spent;
  way.step(at, "its PIN is asked for", named("voicemail-box", box.body.number));
  return { do: "mailbox", box: box.id, number: box.body.number, authenticated: false };
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
