// One leg as FreeSWITCH tells of it, read alike from a channel event and from mod_json_cdr's file.
import { z } from "zod";
import { phoneNamed } from "../../../../core/browser-phone.ts";
import type { Owner } from "../../../../core/owner.ts";
import { type LimitName, limitNames } from "../../../../core/resources/limits.ts";
import type { Reached } from "../../../../core/routing/limits.ts";
import type { EslEvent } from "../esl/event.ts";
import { type RecordingEntry, readRecording } from "../recording.ts";
import { variables } from "../variables.ts";
import { readWay, type WayEntry } from "../way.ts";

export type Leg = {
  uuid: string;
  direction: "inbound" | "outbound";
  /** The leg that made this one, or whose call it took; null for an A leg. */
  originator: string | null;
  /** The legs that this one made, in all its attempts. */
  made: string[];
  /** Microseconds since 1970. */
  startedUs: number;
  answeredUs: number | null;
  /** Null while it lasts. */
  endedUs: number | null;
  cause: string;
  q850: number | null;
  /** How it ended in SIP: `recv_bye`, `send_bye`, `recv_cancel`, `send_cancel`, `recv_refuse`, `send_refuse`. */
  ending: string | null;
  /** How its last attempt to reach somebody ended; `SUCCESS` when it was answered. The A leg of a busy call itself says NORMAL_CLEARING. */
  attempt: string | null;
  bridgedTo: string | null;
  sipCallId: string | null;
  /** As the dialplan set it, or null. */
  tenant: string | null;
  /** Where the tenant is to be looked up by, if not set: the authenticated user's domain, the dialplan context. */
  domains: string[];
  callDirection: string | null;
  dialled: string | null;
  fromExtension: string | null;
  toExtension: string | null;
  trunk: string | null;
  box: string | null;
  /** The queue that it waited in last, or was called for. */
  queue: string | null;
  refused: string | null;
  /** Routing has let its call begin: a leg is told of before that. */
  routed: boolean;
  /** The limit that stopped the call. */
  limit: Reached | null;
  /** What a minute of this leg costs. */
  price: { perMinute: number; currency: string } | null;
  /** What it came to, and when. */
  way: WayEntry[];
  /** What was done to its recording meanwhile. */
  recording: RecordingEntry[];
  gateway: string | null;
  /** The cloud had this leg made: a call from an extension. `beside`: as one of several, of which another is the call if it was not taken up. */
  placed: boolean;
  beside: boolean;
  /** We called this number back, as it had waited in a queue. */
  calledBack: string | null;
  /** Who took it up was to press 1 before he got the call. */
  asked: boolean;
  /** The authenticated user who called; the user who was dialled. */
  username: string | null;
  calledUser: string | null;
  callerNumber: string | null;
  callerName: string | null;
  requested: string | null;
  application: string | null;
};

type Source = {
  uuid: string | undefined;
  direction: string | undefined;
  originator: string | undefined;
  context: string | undefined;
  callerNumber: string | undefined;
  callerName: string | undefined;
  destination: string | undefined;
  created: string | undefined;
  answered: string | undefined;
  variable(name: string): string | undefined;
};

/** Undefined for what is no leg of a call, such as an INVITE that failed to authenticate: it has no start. */
export function legOfEvent({ headers }: EslEvent): Leg | undefined {
  return read({
    uuid: headers["Unique-ID"],
    direction: headers["Call-Direction"],
    originator: headers["Other-Type"] === "originator" ? headers["Other-Leg-Unique-ID"] : undefined,
    context: headers["Caller-Context"],
    callerNumber: headers["Caller-Caller-ID-Number"],
    callerName: headers["Caller-Caller-ID-Name"],
    destination: headers["Caller-Destination-Number"],
    created: headers["Caller-Channel-Created-Time"],
    answered: headers["Caller-Channel-Answered-Time"],
    variable: (name) => headers[`variable_${name}`],
  });
}

const text = z.string().optional();
const cdr = z.object({
  channel_data: z.object({ direction: text }),
  variables: z.record(z.string(), z.unknown()),
  callflow: z
    .array(
      z.object({
        caller_profile: z.object({
          context: text,
          caller_id_number: text,
          caller_id_name: text,
          destination_number: text,
          originator: z.object({ originator_caller_profiles: z.array(z.object({ uuid: text })).optional() }).optional(),
        }),
      }),
    )
    .optional(),
});

/** From the text of a CDR file, whose variables are percent-encoded. Undefined as above; throws if it is no CDR (or only half of one). */
export function legOfCdr(json: string): Leg | undefined {
  const { channel_data, variables: values, callflow } = cdr.parse(JSON.parse(json));
  const profile = callflow?.[0]?.caller_profile;
  const variable = (name: string): string | undefined => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof value === "string" ? percentDecoded(value) : undefined;
  };
  return read({
    uuid: variable("uuid"),
    direction: channel_data.direction,
    originator: profile?.originator?.originator_caller_profiles?.[0]?.uuid,
    context: profile?.context,
    callerNumber: profile?.caller_id_number,
    callerName: profile?.caller_id_name,
    destination: profile?.destination_number,
    created: undefined,
    answered: undefined,
    variable,
  });
}

function read(source: Source): Leg | undefined {
  const { variable } = source;
  const uuid = identifier(source.uuid);
  const startedUs = microseconds(variable("start_uepoch") ?? source.created);
  if (uuid === null || startedUs === null) return undefined;
  // nobody is the originator of an agent's leg: mod_callcenter makes it by itself, and names the waiting leg that it was made for
  const waiting = variable("cc_side") === "agent" ? variable("cc_member_session_uuid") : undefined;
  const made = variable("originator") ?? variable("originating_leg_uuid") ?? source.originator;
  // a caller's leg that somebody takes is told to be made by his, once they are bridged
  const originator = waiting ?? variable(variables.takes) ?? (source.direction === "outbound" ? made : undefined);
  // a called party who was sent on has since called others himself: who he is, his phone's name tells
  const sentOn =
    source.direction === "outbound" &&
    variable(variables.way) !== undefined &&
    variable(variables.placed) === undefined;
  return {
    uuid,
    direction: source.direction === "outbound" ? "outbound" : "inbound",
    originator: identifier(originator),
    made: legsMade(variable("originated_legs"), variable("originate_causes"), variable("cc_agent_uuid")),
    startedUs,
    answeredUs: microseconds(variable("answer_uepoch") ?? source.answered),
    endedUs: microseconds(variable("end_uepoch")),
    cause: word(variable("hangup_cause")) ?? "NONE",
    q850: number(variable("hangup_cause_q850")),
    ending: word(variable("sip_hangup_disposition")),
    attempt: word(variable("originate_disposition")),
    bridgedTo: identifier(variable("bridge_uuid")),
    sipCallId: variable("sip_call_id") ?? null,
    tenant: identifier(variable(variables.tenant)),
    domains: [variable("domain_name"), source.context].filter((domain) => domain !== undefined),
    callDirection: word(variable(variables.direction)),
    dialled: variable(variables.dialled) ?? null,
    fromExtension: identifier(variable(variables.fromExtension)),
    toExtension: sentOn ? null : identifier(variable(variables.toExtension)),
    trunk: identifier(variable(variables.trunk)),
    box: identifier(variable(variables.box)),
    queue: identifier(variable(variables.queue)),
    refused: word(variable(variables.refused)),
    routed: (variable(variables.step) ?? "hangup") !== "hangup",
    limit: limitOf(variable(variables.limit)),
    price: priceOf(variable(variables.price)),
    way: readWay(variable(variables.way)),
    recording: readRecording(variable(variables.recording)),
    placed: variable(variables.placed) !== undefined,
    beside: variable(variables.beside) !== undefined,
    gateway: identifier(variable("sip_gateway_name")),
    asked: variable("group_confirm_key") !== undefined,
    calledBack: variable(variables.calledBack) ?? null,
    username: phoneNamed(variable("sip_auth_username") ?? variable("user_name") ?? "") || null,
    calledUser: variable("dialed_user") ?? (sentOn ? variable("sip_to_user") : undefined) ?? null,
    callerNumber: source.callerNumber ?? null,
    callerName: source.callerName ?? null,
    requested: variable("sip_req_user") ?? source.destination ?? null,
    application: word(variable("current_application")),
  };
}

/** The uuids in `uuid;…` entries. FreeSWITCH adds to both variables with each attempt; a leg may be there twice. */
function legsMade(...lists: (string | undefined)[]): string[] {
  const entries = lists.flatMap((list) => (list ?? "").replace(/^ARRAY::/, "").split("|:"));
  return [...new Set(entries.slice(0, 1000).map((entry) => identifier(entry.split(";")[0])))].filter(
    (uuid) => uuid !== null,
  );
}

function limitOf(value: string | undefined): Reached | null {
  const [, name, scope = "", by = ""] =
    /^(\w+)\.((?:ten|acc)_\w{1,32})\.((?:ten|acc)_\w{1,32})$/.exec(value ?? "") ?? [];
  const known = limitNames.find((one): one is LimitName => one === name);
  const owner: Owner = scope.startsWith("ten_") ? `T#${scope}` : `A#${scope}`;
  return known === undefined ? null : { name: known, scope: owner, by };
}

function priceOf(value: string | undefined): Leg["price"] {
  const [, currency, perMinute] = /^([A-Z]{3})\.(\d{1,4}\.\d{6})$/.exec(value ?? "") ?? [];
  return currency === undefined ? null : { currency, perMinute: Number(perMinute) };
}

const identifier = (value: string | undefined): string | null =>
  value && /^[\w.:-]{1,64}$/.test(value) ? value : null;
const word = (value: string | undefined): string | null => (value && /^[\w-]{1,64}$/.test(value) ? value : null);
const number = (value: string | undefined): number | null => (value && /^\d{1,5}$/.test(value) ? Number(value) : null);
/** FreeSWITCH writes 0 for a time that never came. */
const microseconds = (value: string | undefined): number | null =>
  value && /^[1-9]\d{0,15}$/.test(value) ? Number(value) : null;

function percentDecoded(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    // bytes that are no UTF-8: as the event socket's reader sees them
    const bytes = value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, "latin1").toString("utf8");
  }
}
