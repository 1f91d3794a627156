// A call to a carrier.
import type { Carrier, Trunk } from "../../../core/routing/outside.ts";
import { type Leg, set, share } from "./actions.ts";
import { attempt } from "./attempt.ts";
import { inert, number, token } from "./inert.ts";
import { variables } from "./variables.ts";
import type { Xml } from "./xml.ts";

export function renderTrunk(leg: Leg, action: Trunk): Xml[] {
  const from = action.hidden ? { number: "anonymous", name: "Anonymous" } : action.from;
  return [
    share(variables.trunk, token(action.trunk)),
    set(variables.rang, "false"),
    set("call_timeout", "120"),
    ...attempt(leg, { from, otherwise: action.otherwise }, target(leg, action)),
  ];
}

function target(leg: Leg, action: Trunk): string {
  const more = {
    leg_progress_timeout: String(action.progressSeconds),
    // the caller's own leg may have been answered long ago: what this one hears is noted there
    ...Object.fromEntries(
      ["ring", "pre_answer"].map((on) => [`api_on_${on}`, `uuid_setvar \${uuid} ${variables.rang} true`]),
    ),
    ...(action.location === null ? {} : { "sip_h_X-Emergency-Location": inert(action.location, 256) }),
  };
  if (!action.direct) return carrierLeg(leg, action, more);
  const { host, port, transport } = action.direct;
  const address = `${host.includes(":") ? `[${host}]` : token(host)}${port === null ? "" : `:${port}`}`;
  const around = `sofia/carriers/${number(action.number)}@${address};transport=${transport}`;
  return `${bracket({ ...facts(leg, action), ...more, sip_use_gateway: token(action.trunk) })}${around}`;
}

/** The part of a dial string that calls a carrier; `more` are variables of that leg. */
export const carrierLeg = (leg: Pick<Leg, "domain">, carrier: Carrier, more: Record<string, string> = {}): string =>
  `${bracket({ ...facts(leg, carrier), ...more })}sofia/gateway/${token(carrier.trunk)}/${number(carrier.number)}`;

/** What FreeSWITCH calls the codecs that trunks name. */
const codecs: Record<string, string> = { opus: "OPUS", g722: "G722", pcmu: "PCMU", pcma: "PCMA" };

function facts({ domain }: Pick<Leg, "domain">, carrier: Carrier): Record<string, string> {
  const wanted = carrier.codecs.flatMap((name) => codecs[name] ?? []);
  return {
    ...(wanted.length === 0 ? {} : { absolute_codec_string: wanted.join(",") }),
    ...counted(carrier),
    ...priced(carrier),
    ...(carrier.hidden ? hidden(carrier, domain) : {}),
  };
}

/**
 * Counted on the carrier's own leg, before its INVITE leaves, and by FreeSWITCH itself: one lock, so never one too many, and wherever the leg is
 * transferred it still counts. A leg beyond the most is hung up, and the next trunk is due.
 */
const counted = ({ trunk, maxChannels }: Carrier): Record<string, string> => ({
  limit_ignore_transfer: "true",
  execute_on_originate: `limit hash carrier ${token(trunk)} ${maxChannels === null ? "-1" : `${maxChannels} !SWITCH_CONGESTION`}`,
});

/** What it costs is told with the leg (spend.ts); its end is FreeSWITCH's own matter, whatever becomes of the agent. */
const priced = ({ price, maxSeconds }: Carrier): Record<string, string> => ({
  ...(price && { [variables.price]: `${token(price.currency)}.${price.perMinute.toFixed(6)}` }),
  ...(maxSeconds !== null && { execute_on_answer: `sched_hangup +${maxSeconds} ALLOTTED_TIMEOUT` }),
});

/** RFC 3323 and 3325: From is nobody; the carrier alone is told who it is, and asked to keep it. */
const hidden = ({ from }: Carrier, domain: string): Record<string, string> => ({
  origination_privacy: "hide_name:hide_number",
  sip_h_Privacy: "id",
  "sip_h_P-Asserted-Identity": `<sip:${number(from.number)}@${token(domain)}>`,
});

/** A leg's variables. Between them is `;`, as codecs have commas between them. */
export const bracket = (of: Record<string, string>): string =>
  `[^^;${Object.entries(of)
    .map(([name, value]) => `${name}=${value.replaceAll(";", ".")}`)
    .join(";")}]`;
