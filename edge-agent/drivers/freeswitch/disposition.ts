// How an attempt ended, from FreeSWITCH's causes to routing's words.
import type { Disposition } from "../../../core/routing/plan.ts";
import { joined } from "./conference.ts";
import type { Fields } from "./fields.ts";
import { variables } from "./variables.ts";

const ofPhone: Record<string, Disposition> = {
  SUCCESS: "answered",
  NORMAL_CLEARING: "answered",
  USER_BUSY: "busy",
  USER_NOT_REGISTERED: "not-registered",
  SUBSCRIBER_ABSENT: "not-registered",
  CALL_REJECTED: "rejected",
  ORIGINATOR_CANCEL: "cancelled",
};

/** A phone behind a Kamailio host: 404 and 480 are its word for one that has not registered. */
const ofPhoneBehind: Record<string, Disposition> = {
  ...ofPhone,
  UNALLOCATED_NUMBER: "not-registered",
  NO_USER_RESPONSE: "not-registered",
};

const ofTrunk: Record<string, Disposition> = {
  SUCCESS: "answered",
  NORMAL_CLEARING: "answered",
  USER_BUSY: "busy",
  UNALLOCATED_NUMBER: "not-found",
  NO_ROUTE_DESTINATION: "not-found",
  INVALID_NUMBER_FORMAT: "not-found",
  NUMBER_CHANGED: "not-found",
  CALL_REJECTED: "rejected",
  OUTGOING_CALL_BARRED: "rejected",
  INCOMING_CALL_BARRED: "rejected",
  BEARERCAPABILITY_NOTAUTH: "rejected",
  ORIGINATOR_CANCEL: "cancelled",
  NO_ANSWER: "no-answer",
  ALLOTTED_TIMEOUT: "no-answer",
};

/** Whether an outgoing leg ended so that the next trunk is due. */
export const isTrunkFailure = (cause: string): boolean => !Object.hasOwn(ofTrunk, cause);

/** Steps that end by themselves and can't fail; what was typed says the rest. */
const done = new Set(["play", "collect", "remember", "park", "unpark", "pickup", "monitor", "call-back"]);

/** How the step before this lookup ended; `behindFront`: phones are reached through Kamailio. A trunk failed (and the next is due) with 408, 5xx, silence or no way to it, but never once it rang. */
export function dispositionOf(fields: Fields, behindFront = false): Disposition {
  const step = fields.get(`variable_${variables.step}`) ?? "";
  if (done.has(step)) return "done";
  if (step === "conference") return fields.has(`variable_${joined}`) ? "done" : "busy";
  if (step === "queue") return ofWait(fields);
  const cause = fields.get("variable_originate_disposition") ?? "";
  const node = fields.get(`variable_${variables.node}`) ?? "";
  if (!/^(out|sos)\./.test(node)) return (behindFront ? ofPhoneBehind : ofPhone)[cause] ?? "no-answer";
  const known = ofTrunk[cause];
  const status = Number(
    /^sip:(\d{3})$/.exec(fields.get("variable_last_bridge_proto_specific_hangup_cause") ?? "")?.[1] ?? 0,
  );
  if (known === "answered" || known === "cancelled") return known;
  if (rang(fields)) return known ?? "no-answer";
  if (status === 408 || (status >= 500 && status < 600)) return "trunk-failed";
  if (status === 404 || status === 484) return "not-found";
  if (status === 486 || status === 600) return "busy";
  if (status === 403 || (status > 600 && status < 700)) return "rejected";
  return known ?? "trunk-failed";
}

/** mod_callcenter says why it let a caller go (cc_member_cancel_reason2str); nothing where it does not know the queue. */
function ofWait(fields: Fields): Disposition {
  if (fields.get("variable_cc_cause") === "answered") return "answered";
  const reason = fields.get("variable_cc_cancel_reason");
  if (reason === "TIMEOUT") return "no-answer";
  return reason === "NO_AGENT_TIMEOUT" ? "not-registered" : "done";
}

/** Noted on the caller's leg when the far end said so; its own times tell nothing, as it may have been answered before. */
const rang = (fields: Fields): boolean => fields.get(`variable_${variables.rang}`) === "true";
