// A simulated call's end as a sentence.
import { phrase } from "../part/words.ts";

export function outcomeText(outcome: Record<string, unknown>): string {
  const { from } = outcome as { from?: { number?: string; name?: string | null } };
  const shown = from ? `, showing ${[from.name, from.number].filter(Boolean).join(" ")}` : "";
  if (outcome.do === "ring") return `Extension ${outcome.extension} rings for ${outcome.seconds} seconds${shown}.`;
  if (outcome.do === "trunk") return `It leaves over trunk ${outcome.trunk} to ${outcome.number}${shown}.`;
  if (outcome.do === "voicemail") return `Voicemail box ${outcome.voicemailBox} takes a message.`;
  if (outcome.do === "hangup")
    return `It ends: ${phrase(String(outcome.cause)).toLowerCase()} (SIP ${outcome.status}).`;
  return `It ends with: ${phrase(String(outcome.do)).toLowerCase()}.`;
}
