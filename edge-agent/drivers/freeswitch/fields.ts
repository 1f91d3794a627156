// A lookup's body (application/x-www-form-urlencoded), read in one pass that decodes only what some answer looks at.
import { asserted } from "./front.ts";
import { variables } from "./variables.ts";

export type Fields = ReadonlyMap<string, string>;

const names = [
  ...[
    "section",
    "key_name",
    "key_value",
    "tag_name",
    "purpose",
    "profile",
    "reconfig",
    "gateway",
    "action",
    "as_channel",
  ],
  ...["user", "domain", "sip_profile", "sip_auth_username", "sip_auth_realm", "sip_auth_method"],
  ...["sip_to_user", "sip_to_host", "sip_from_user", "sip_from_host", "sip_request_host"],
  ...["sip_contact_user", "sip_contact_host", "sip_call_id", "sip_via_protocol", "ip", "client_port"],
  ...[
    "lang",
    "macro_name",
    "data",
    "conference_name",
    "profile_name",
    "Action",
    "Menu-Name",
    "CC-Queue",
    "Fetch-Call-UUID",
    "VM-Action",
    "exten",
  ],
  ...[
    "Unique-ID",
    "Event-Date-Timestamp",
    "Call-Direction",
    "Answer-State",
    "Caller-Context",
    "Caller-Destination-Number",
    "Caller-Caller-ID-Number",
  ],
  ...["Caller-Caller-ID-Name", "Caller-Privacy-Hide-Number", "Caller-Channel-Created-Time"],
  ...["sofia_profile_name", "sip_auth_username", "sip_auth_realm", "domain_name", "sip_network_ip", "sip_refer_to"].map(
    (name) => `variable_${name}`,
  ),
  ...[
    "cc_cause",
    "cc_exit_key",
    "cc_queue_joined_epoch",
    "cc_base_score",
    "cc_cancel_reason",
    "conference_member_id",
    "last_bridge_to",
    "originate_disposition",
    "last_bridge_hangup_cause",
    "last_bridge_proto_specific_hangup_cause",
  ].map((name) => `variable_${name}`),
  // a Kamailio host's, at an INVITE and at a SUBSCRIBE
  ...asserted.flatMap((name) => [`variable_sip_h_${name}`, name]),
  ...Object.values(variables).map((name) => `variable_${name}`),
];
/** What some answer looks at. FreeSWITCH is told to send these alone (install.ts), and what it always sends with them. */
export const wanted: readonly string[] = [...new Set(names)];

const isWanted = new Set(wanted);

/**
 * The wanted fields of `body`, or undefined if it can't be trusted: a wanted field occurs twice with different values. FreeSWITCH writes `key_value`
 * unencoded and it holds the realm that a phone sent (mod_xml_curl.c, xml_url_fetch), so a realm of `acme.example&user=1001` adds fields.
 */
export function parse(body: string): Fields | undefined {
  const fields = new Map<string, string>();
  for (let at = 0, end = 0; at < body.length; at = end + 1) {
    end = body.indexOf("&", at);
    if (end < 0) end = body.length;
    const pair = body.slice(at, end);
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(equals, 0));
    // what else there is, as from a FreeSWITCH configured by others, is passed over without being decoded
    if (!isWanted.has(name)) continue;
    const value = decode(pair.slice(equals + 1));
    const before = fields.get(name);
    if (before !== undefined && before !== value) return undefined;
    fields.set(name, value);
  }
  return fields;
}

/** Percent-decodes UTF-8; bytes that are none become U+FFFD, as carriers send names in any encoding. */
function decode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    const bytes = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, "latin1").toString("utf8");
  }
}
