// Routing's actions as FreeSWITCH's: what a leg is told to do. Whatever can fail ends in a transfer to the action's node, where routing goes on,
// because FreeSWITCH reads a whole reply's conditions before its bridge runs.
import type { Action } from "../../../core/routing/plan.ts";
import { inert, number, token } from "./inert.ts";
import { variables } from "./variables.ts";
import { document, element, type Xml } from "./xml.ts";

/** What is known of the calling leg. `context` is where it is now, `domain` the context of its tenant. */
export type Leg = {
  tenant: string;
  domain: string;
  context: string;
  from: string | undefined;
  trunk: string | undefined;
  dialled: string;
};

type Of<What extends Action["do"]> = Extract<Action, { do: What }>;

const run = (application: string, data?: string): Xml =>
  element("action", data === undefined ? { application } : { application, data });
const set = (name: string, value: string): Xml => run("set", `${name}=${value}`);
/** On this leg and on the legs it makes. */
const share = (name: string, value: string): Xml => run("export", `${name}=${value}`);
/** Only on the legs it makes. */
const hand = (name: string, value: string): Xml => run("export", `nolocal:${name}=${value}`);

export function render(leg: Leg, action: Action): Xml {
  const steps = [...common(leg, action), ...stepsOf(leg, action)];
  const extension = element("extension", { name: action.do }, [element("condition", {}, steps)]);
  return document("dialplan", [element("context", { name: leg.context }, [extension])]);
}

function common(leg: Leg, action: Action): Xml[] {
  const direction = action.do === "trunk" ? "outbound" : leg.from === undefined ? "inbound" : "internal";
  return [
    share(variables.tenant, token(leg.tenant)),
    share(variables.direction, direction),
    share(variables.dialled, number(leg.dialled)),
    ...(leg.from === undefined ? [] : [share(variables.fromExtension, token(leg.from))]),
    share("force_transfer_context", token(leg.domain)),
    share("force_transfer_dialplan", "XML"),
    // X- headers of one side are none of the other's business
    share("sip_copy_custom_headers", "false"),
  ];
}

function stepsOf(leg: Leg, action: Action): Xml[] {
  switch (action.do) {
    case "ring":
      return ring(leg, action);
    case "trunk":
      return trunk(leg, action);
    case "voicemail":
      return voicemail(leg, action);
    case "hangup":
      // else FreeSWITCH passes on what the last leg it tried was answered, whatever routing made of that
      return [
        set(variables.refused, action.cause),
        set("sip_ignore_remote_cause", "true"),
        run("hangup", causes[action.cause]),
      ];
  }
}

function ring(leg: Leg, action: Of<"ring">): Xml[] {
  const targets = action.usernames.map((username) => `sofia/phones/${token(username)}%${token(leg.domain)}`);
  return [
    share(variables.toExtension, token(action.extension)),
    ...(leg.trunk === undefined ? [] : [share(variables.trunk, token(leg.trunk))]),
    set("call_timeout", String(action.seconds)),
    ...attempt(leg, action, targets.join(",")),
  ];
}

function trunk(leg: Leg, action: Of<"trunk">): Xml[] {
  const target = `[leg_progress_timeout=${action.progressSeconds}]sofia/gateway/${token(action.trunk)}/${number(action.number)}`;
  return [share(variables.trunk, token(action.trunk)), set("call_timeout", "120"), ...attempt(leg, action, target)];
}

/** Calls `target` and, if nobody answers, goes on at the action's node. */
function attempt(leg: Leg, action: Of<"ring"> | Of<"trunk">, target: string): Xml[] {
  const shown = number(action.from.number) || "anonymous";
  return [
    set(variables.node, token(action.otherwise)),
    set("effective_caller_id_number", shown),
    set("effective_caller_id_name", inert(action.from.name ?? "") || shown),
    // a redirect would make us call any host it names
    hand("outbound_redirect_fatal", "true"),
    set("hangup_after_bridge", "true"),
    set("continue_on_fail", "true"),
    run("bridge", target),
    run("transfer", `dp-${token(action.otherwise)} XML ${token(leg.domain)}`),
  ];
}

function voicemail(leg: Leg, action: Of<"voicemail">): Xml[] {
  return [
    set(variables.box, token(action.box)),
    run("answer"),
    // the first words are lost on phones that open their audio late
    run("sleep", "500"),
    run("voicemail", `default ${token(leg.domain)} ${token(action.number)}`),
    run("hangup", "NORMAL_CLEARING"),
  ];
}

/** Causes that FreeSWITCH sends as the plan's SIP status (mod_sofia.c, hangup_cause_to_sip): 404, 486, 403, 480, 480, 503. */
const causes: Record<Of<"hangup">["cause"], string> = {
  "not-found": "UNALLOCATED_NUMBER",
  busy: "USER_BUSY",
  rejected: "OUTGOING_CALL_BARRED",
  unavailable: "SUBSCRIBER_ABSENT",
  "no-answer": "NO_ANSWER",
  "no-route": "NORMAL_TEMPORARY_FAILURE",
};
