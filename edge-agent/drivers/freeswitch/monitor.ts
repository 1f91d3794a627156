// A supervisor listens to a call, whispers to the one or joins both.
import type { Monitor } from "../../../core/routing/others-call.ts";
import { answered, expect, goOn, type Leg, run, set } from "./actions.ts";
import { token } from "./inert.ts";
import type { Xml } from "./xml.ts";

/**
 * On the extension's own leg: what it hears is its write stream, what it says the read stream (switch_ivr_async.c, eavesdrop_callback). Digits change nothing,
 * so that who may listen only stays unheard.
 */
export function renderMonitor(leg: Leg, action: Monitor): Xml[] {
  return [
    expect(action.otherwise),
    ...answered(leg),
    set("eavesdrop_enable_dtmf", "false"),
    set("eavesdrop_whisper_aleg", String(action.mode === "barge")),
    set("eavesdrop_whisper_bleg", String(action.mode !== "listen")),
    run("eavesdrop", token(action.call)),
    goOn(leg, action.otherwise),
  ];
}
