// Routing's actions as FreeSWITCH's: what a leg is told to do. Whatever can fail ends in a transfer to the action's node, where routing goes on,
// because FreeSWITCH reads a whole reply's conditions before its bridge runs.
import { idOf } from "../../../core/owner.ts";
import type { Action, Hangup, Plan } from "../../../core/routing/plan.ts";
import { hand, type Leg, run, set, share } from "./actions.ts";
import * as carried from "./carried.ts";
import { renderCollect } from "./collect.ts";
import { renderConference } from "./conference.ts";
import { headers } from "./front.ts";
import { renderInCall } from "./in-call.ts";
import { number, token } from "./inert.ts";
import { ownLanguage } from "./languages.ts";
import { renderMailbox } from "./mailbox.ts";
import { renderMonitor } from "./monitor.ts";
import { renderPage } from "./page.ts";
import { renderPark } from "./park.ts";
import { renderPlay } from "./play.ts";
import { renderQueue } from "./queue.ts";
import { renderRecording } from "./recording.ts";
import { renderRing } from "./ring.ts";
import { type Hearing, musicOf } from "./sound.ts";
import { renderTake } from "./take.ts";
import { renderTest } from "./test-call.ts";
import { renderTrunk } from "./trunk.ts";
import { untold, variables } from "./variables.ts";
import { renderVoicemail } from "./voicemail.ts";
import { document, element, type Xml } from "./xml.ts";

export function render(leg: Leg, plan: Plan, hearing: Hearing): Xml {
  const { action } = plan;
  const recording = renderRecording(leg, plan, hearing.config.recordingsDir);
  const steps = [
    ...common(leg, plan),
    ...held(hearing),
    ...renderInCall(leg, plan),
    ...recording,
    ...stepsOf(leg, action, hearing),
  ];
  const extension = element("extension", { name: action.do }, [element("condition", {}, steps)]);
  return document("dialplan", [element("context", { name: leg.context }, [extension])]);
}

function common(leg: Leg, { action, carried: taken, language }: Plan): Xml[] {
  const direction =
    action.do === "trunk" || leg.calledBack ? "outbound" : leg.from === undefined ? "inbound" : "internal";
  return [
    ...(leg.entered ? enter(leg.entered) : []),
    share(variables.tenant, token(leg.tenant)),
    share(variables.direction, direction),
    share(variables.dialled, number(leg.dialled)),
    set(variables.step, action.do),
    set(variables.hops, String(leg.hops)),
    // what FreeSWITCH says by itself: voicemail
    ...(language === ownLanguage ? [] : [set("default_language", token(language))]),
    ...carry(leg, carried.write(taken)),
    ...(leg.typed ? [run("unset", variables.digits)] : []),
    ...(leg.way === undefined ? [] : [set(variables.way, leg.way)]),
    ...(leg.wasParked ? [run("unset", variables.parked), run("unset", "playback_timeout_sec")] : []),
    // who completes an attended transfer while this leg hears something: the other one goes where this one called (sofia.c, sofia_handle_sip_i_refer)
    ...(leg.hops > 1 ? [set("inline_destination", `transfer:${number(leg.dialled)} XML ${token(leg.domain)}`)] : []),
    ...(leg.did === undefined ? [] : [set(variables.did, number(leg.did))]),
    ...(leg.from === undefined ? [] : [share(variables.fromExtension, token(leg.from))]),
    share("force_transfer_context", token(leg.domain)),
    share("force_transfer_dialplan", "XML"),
    // X- headers of one side are none of the other's business
    share("sip_copy_custom_headers", "false"),
    hand("presence_id", untold.presence_id),
    ...(leg.counts && leg.trunk !== undefined ? count(leg.trunk) : []),
  ];
}

/** Its headers were for us alone: a re-INVITE would send them back. */
const enter = (told: Readonly<Record<string, string>>): Xml[] => [
  ...headers.map((name) => run("unset", `sip_h_${name}`)),
  ...Object.entries(told).map(([name, value]) => set(name, value)),
];

/** What the other side hears when either puts it on hold: FreeSWITCH asks the leg that does. Without it, freeswitch.xml's chord. */
function held(hearing: Hearing): Xml[] {
  const music = musicOf(hearing.hold, hearing);
  return music === undefined ? [] : [share("hold_music", music)];
}

/** Calls that come in take channels of their trunk too; they are never refused. */
const count = (trunk: string): Xml[] => [
  set("limit_ignore_transfer", "true"),
  run("limit", `hash carrier ${token(trunk)} -1`),
];

function carry(leg: Leg, taken: string | undefined): Xml[] {
  if (taken !== undefined) return [set(variables.carried, taken)];
  return leg.carries ? [run("unset", variables.carried)] : [];
}

function stepsOf(leg: Leg, action: Action, hearing: Hearing): Xml[] {
  switch (action.do) {
    case "ring":
      return renderRing(leg, action, hearing);
    case "trunk":
      return renderTrunk(leg, action);
    case "voicemail":
      return renderVoicemail(action, hearing);
    case "play":
      return renderPlay(leg, action, hearing);
    case "collect":
      return renderCollect(leg, action, hearing);
    case "conference":
      return renderConference(leg, action);
    case "remember":
      return renderPlay(leg, { ...action, do: "play", answer: true }, hearing);
    case "mailbox":
      return renderMailbox(leg, action);
    case "call-back":
      return renderPlay(leg, { ...action, do: "play", sounds: [{ word: "confirmed" }], answer: true }, hearing);
    case "test":
      return renderTest(leg, action, hearing);
    case "page":
      return renderPage(leg, action);
    case "queue":
      return renderQueue(leg, action, hearing);
    case "park":
      return renderPark(leg, action, hearing);
    case "unpark":
    case "pickup":
      return renderTake(leg, action);
    case "monitor":
      return renderMonitor(leg, action);
    case "hangup":
      return renderHangup(action);
    default:
      return renderHangup({ cause: "unavailable" });
  }
}

/** Else FreeSWITCH passes on what the last leg it tried was answered, whatever routing made of that. */
function renderHangup({ cause, limit }: Pick<Hangup, "cause" | "limit">): Xml[] {
  return [
    ...(limit ? [set(variables.limit, [limit.name, idOf(limit.scope), limit.by].map(token).join("."))] : []),
    ...(cause === "done" ? [] : [set(variables.refused, cause)]),
    set("sip_ignore_remote_cause", "true"),
    run("hangup", causes[cause]),
  ];
}

/** Causes that FreeSWITCH sends as the plan's SIP status (mod_sofia.c, hangup_cause_to_sip): 404, 486, 403, 480, 480, 503, 503. */
const causes: Record<Hangup["cause"], string> = {
  "not-found": "UNALLOCATED_NUMBER",
  busy: "USER_BUSY",
  rejected: "OUTGOING_CALL_BARRED",
  unavailable: "SUBSCRIBER_ABSENT",
  "no-answer": "NO_ANSWER",
  "no-route": "NORMAL_TEMPORARY_FAILURE",
  congestion: "NORMAL_CIRCUIT_CONGESTION",
  done: "NORMAL_CLEARING",
};
