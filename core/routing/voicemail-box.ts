// A call to a voicemail box: a greeting, a beep, a message.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import type { Way } from "./way.ts";

export function arriveAtVoicemailBox(way: Way, box: Resource<"voicemail-box">, at: string, why: string): Action {
  way.step(at, why, `voicemail-box/${box.body.number}`);
  const greeting = way.busy ? "busy" : "unavailable";
  const prompt = (greeting === "busy" ? box.body.busyGreeting : null) ?? box.body.greeting;
  const { number, maxSeconds } = box.body;
  return { do: "voicemail", box: box.id, number, maxSeconds, greeting, ...(prompt && { prompt }) };
}
