// Feature codes: what a dialled code does. What each of them means is in the file of its concept; a code that has none answers as a number that nobody has.
import type { Resource } from "../registry.ts";
import type { FeatureAction } from "../resources/feature-code.ts";
import { callReturn } from "./call-return.ts";
import { codeOf, takesNumber } from "./code.ts";
import { type Feature, refuse } from "./code-answer.ts";
import { scheduleOverride } from "./day-night.ts";
import { hotDeskLogin, hotDeskLogout } from "./hot-desk-code.ts";
import { intercom } from "./intercom.ts";
import { anyMailbox, leaveMessage, ownMailbox } from "./mailbox.ts";
import { monitor, pickUpExtension, pickUpGroup } from "./others-call.ts";
import * as Own from "./own-settings.ts";
import { parkInFirst } from "./parking-lot.ts";
import type { Action } from "./plan.ts";
import { echoTest, sayExtension } from "./test-call.ts";
import { type Ended, named, node, type Way } from "./way.ts";

const features: Partial<Record<FeatureAction, Feature>> = {
  "voicemail-own": ownMailbox,
  "voicemail-any": anyMailbox,
  "voicemail-leave": leaveMessage,
  "do-not-disturb-on": Own.doNotDisturb(true),
  "do-not-disturb-off": Own.doNotDisturb(false),
  "forward-always-on": Own.forward("forwardAlways"),
  "forward-always-off": Own.noForward("forwardAlways"),
  "forward-busy-on": Own.forward("forwardBusy"),
  "forward-busy-off": Own.noForward("forwardBusy"),
  "forward-no-answer-on": Own.forward("forwardNoAnswer"),
  "forward-no-answer-off": Own.noForward("forwardNoAnswer"),
  "follow-me-on": Own.followMe(true),
  "follow-me-off": Own.followMe(false),
  "agent-login": Own.agent("available"),
  "agent-logout": Own.agent("logged-out"),
  "agent-pause": Own.agent("paused"),
  "agent-resume": Own.agent("available"),
  "schedule-override": scheduleOverride,
  intercom,
  "hot-desk-login": hotDeskLogin,
  "hot-desk-logout": hotDeskLogout,
  "caller-id-hide": (way, argument, _, at) => way.dial(argument, at),
  "call-return": callReturn,
  "pickup-group": pickUpGroup,
  "pickup-extension": pickUpExtension,
  "call-park": parkInFirst,
  eavesdrop: monitor("listen"),
  whisper: monitor("whisper"),
  barge: monitor("barge"),
  "echo-test": echoTest,
  "say-extension": sayExtension,
};

/**
 * What the code that was dialled does; undefined where it is none. Codes do something for whoever dials them: only an extension may, by its own hand. A
 * forward that leads to one, or a leg that somebody transfers to one, would do it in another's name.
 */
export function feature(way: Way, to: string, at: string): Action | undefined {
  const caller = dialler(way);
  const dialled = caller && codeOf(way.config, to);
  const act = dialled && features[dialled.action];
  if (!caller || !dialled || !act) return undefined;
  const here = named("feature-code", dialled.action);
  way.step(at, `dialled ${to}`, here);
  if (dialled.argument === "" && takesNumber(dialled.action)) return askNumber(way, dialled.action, here);
  return act(way, dialled.argument, caller, here);
}

function dialler({ config, call, payer }: Way): Resource<"extension"> | undefined {
  if (call.from.kind !== "extension" || call.inside || payer !== undefined) return undefined;
  const caller = config.get("extension", call.from.id);
  return caller?.body.enabled ? caller : undefined;
}

function askNumber(way: Way, action: FeatureAction, at: string): Action {
  way.step(at, "dialled without a number: it is asked for", "number");
  return {
    do: "collect",
    sounds: [{ word: "enter-number" }],
    min: 1,
    max: 20,
    seconds: 10,
    betweenSeconds: 5,
    terminator: "#",
    secret: false,
    otherwise: node("code", action),
  };
}

/** A node is `code.<action>`: the number that belongs to it was asked for. */
export function resumeFeature(way: Way, [action = ""]: string[], { digits }: Ended): Action {
  const at = named("feature-code", action);
  const caller = dialler(way);
  const act = Object.hasOwn(features, action) ? features[action as FeatureAction] : undefined;
  if (!caller || !act) return way.end(at, "nobody may do this any more", "rejected");
  return digits === "" ? refuse(way, at, "no number was dialled", "invalid") : act(way, digits, caller, at);
}
