// sofia.conf: the profiles `phones`, `carriers` and `front`, the tenants' domains as aliases of the first, the trunks as gateways of the second.
import type { OwnedTrunk } from "../../../core/routing/config.ts";
import type { Documents } from "../../documents.ts";
import type { FreeswitchConfig } from "./config.ts";
import type { Fields } from "./fields.ts";
import { gateway } from "./gateway.ts";
import { element, params, type Xml } from "./xml.ts";

/** The domains that the rescan under way is to add. It never removes or alters, and a full one of 10,000 tenants holds up REGISTER for half a second. */
export type Fresh = { readonly domains: ReadonlySet<string> };

/** The configuration's body. Without documents it is the static fall-back, for a start with the agent down. */
export function sofia(config: FreeswitchConfig, fields: Fields, documents?: Documents, fresh?: Fresh): Xml[] {
  const profile = fields.get("profile");
  const profiles = [];
  if (profile === undefined || profile === "phones") profiles.push(phones(config, aliases(fields, documents, fresh)));
  if (profile === undefined || profile === "carriers")
    profiles.push(carriers(config, gateways(config, fields, documents)));
  if (profile === undefined || profile === "front") profiles.push(front(config));
  return [element("global_settings", {}, params(globals)), element("profiles", {}, profiles)];
}

/** Voicemail for a domain that is no alias leaks a lock of the profile (sofia_presence.c, mwi handler), after which it can't be restarted. */
function aliases(fields: Fields, documents?: Documents, fresh?: Fresh): Xml[] {
  if (!documents || fields.has("gateway")) return [];
  const domains = fields.get("reconfig") === "true" && fresh ? fresh.domains : documents.domains();
  return [...domains].map((name) => element("alias", { name }));
}

/** At start all of them; `startgw N` asks for one. A rescan would only repeat what is there. */
function gateways(config: FreeswitchConfig, fields: Fields, documents?: Documents): Xml[] {
  if (!documents) return [];
  const one = fields.get("gateway");
  let trunks: (OwnedTrunk | undefined)[] = [];
  if (one !== undefined && one !== "_all_") trunks = [documents.trunk(one)];
  else if (one === "_all_" || fields.get("reconfig") !== "true") trunks = documents.trunks();
  return trunks.flatMap((trunk) => (trunk?.body.enabled ? [gateway(trunk, documents, config.esl.password)] : []));
}

const phones = (config: FreeswitchConfig, aliasTags: Xml[]): Xml =>
  element("profile", { name: "phones" }, [
    element("aliases", {}, aliasTags),
    element("gateways", {}, []),
    element("domains", {}, []),
    element(
      "settings",
      {},
      params({
        ...{ ...common(config), "sip-port": config.sipPort, ...presence, ...forPhones(config) },
        ...forBrowsers(config),
      }),
    ),
  ]);

const carriers = (config: FreeswitchConfig, gatewayTags: Xml[]): Xml =>
  element("profile", { name: "carriers" }, [
    element("aliases", {}, []),
    element("gateways", {}, gatewayTags),
    element("domains", {}, []),
    element("settings", {}, params({ ...common(config), "sip-port": config.carriersPort, ...forCarriers })),
  ]);

const front = (config: FreeswitchConfig): Xml =>
  element("profile", { name: "front" }, [
    element("aliases", {}, []),
    element("gateways", {}, []),
    element("domains", {}, []),
    element(
      "settings",
      {},
      params({
        ...{ ...common(config), "sip-ip": config.front.address, "ext-sip-ip": config.front.address },
        ...{ "sip-port": config.front.port, ...presence, ...forFront },
      }),
    ),
  ]);

const globals = {
  "log-level": 0,
  "abort-on-empty-external-ip": false,
  // with inbound-reg-in-new-thread: a lookup that takes 20 ms no longer holds up every REGISTER
  "max-reg-threads": 32,
  "auto-restart": false,
};

const common = ({ sipAddress, externalAddress }: FreeswitchConfig) => ({
  "user-agent-string": "Dialplane",
  "sip-ip": sipAddress,
  "rtp-ip": sipAddress,
  "ext-sip-ip": externalAddress ?? sipAddress,
  "ext-rtp-ip": externalAddress ?? sipAddress,
  dialplan: "XML",
  context: "public",
  "inbound-codec-prefs": "OPUS,G722,PCMU,PCMA",
  "outbound-codec-prefs": "OPUS,G722,PCMU,PCMA",
  "inbound-codec-negotiation": "generous",
  "rtp-timer-name": "soft",
  "rfc2833-pt": 101,
  "dtmf-type": "rfc2833",
  "track-calls": false,
  "enable-timer": true,
  "session-timeout": 1800,
  // a far end that doesn't answer OPTIONS or a BYE is given up after 16 s, not 32
  "timer-T1X64": 16000,
  "disable-srv": false,
  "disable-naptr": false,
  "manual-redirect": false,
  // on, an INFO from anybody runs commands
  "extended-info-parsing": false,
  "log-auth-failures": true,
});

/** Where phones are: registered at the one themselves, or behind Kamailio at the other. */
export const phoneProfiles: ReadonlySet<string | undefined> = new Set(["phones", "front"]);

/** The longest time for which a phone watches without asking anew. */
export const subscriptionSeconds = 600;

/**
 * Lamps show what we say. With SUBSCRIBE comes PUBLISH, which FreeSWITCH takes from anybody, and a list of dialogs of its own: both would change what a
 * NOTIFY says (sofia_presence.c). The trigger stays in the profile's database from the first challenge on; shared appearances, which need these, there are none.
 */
const keepEmpty = (table: string): string =>
  `create trigger if not exists no_${table} before insert on ${table} begin select raise(ignore); end; delete from ${table};`;

/** Phones may SUBSCRIBE; what NOTIFYs say comes from presence/presence.ts. */
const presence = {
  "manage-presence": true,
  // asks for presence_map.conf at each SUBSCRIBE
  "presence-proto-lookup": true,
  "auth-subscriptions": true,
  "force-subscription-expires": subscriptionSeconds,
  "db-inner-pre-trans-execute": ["sip_presence", "sip_dialogs"].map(keepEmpty).join(" "),
};

const forPhones = ({ pingSeconds }: FreeswitchConfig) => ({
  "auth-calls": true,
  "auth-all-packets": false,
  "accept-blind-reg": false,
  "accept-blind-auth": false,
  "challenge-realm": "auto_from",
  // whose registration it is, the lookup sees to (directory.ts): a browser phone's credential has a name of its own
  "inbound-reg-force-matching-username": false,
  "nonce-ttl": 60,
  "multiple-registrations": false,
  "inbound-reg-in-new-thread": true,
  "sip-expires-max-deviation": 120,
  // a phone that comes is told once; what changes, at once
  "send-message-query-on-register": "first-only",
  "all-reg-options-ping": true,
  "nat-options-ping": true,
  "ping-mean-interval": pingSeconds,
  "unregister-on-options-fail": true,
  "sip-user-ping-max": 3,
  // what a phone behind NAT watches is told to where it asked from
  "apply-nat-acl": "rfc1918.auto",
  "NDLB-force-rport": "safe",
  "apply-candidate-acl": "any_v4.auto",
  // a transfer to a call on another server is asked for, and refused: else any host that a REFER names is called
  "channel-xml-fetch-on-nightmare-transfer": true,
});

/** WebSocket; what a browser offers (DTLS-SRTP, ICE, rtcp-mux) FreeSWITCH answers in kind by itself. */
const forBrowsers = ({ sipAddress, browsers }: FreeswitchConfig) =>
  browsers === null
    ? {}
    : {
        "tls-cert-dir": browsers.tlsDir,
        "tls-version": "tlsv1.2,tlsv1.3",
        "wss-binding": `${sipAddress}:${browsers.wssPort}`,
        "ws-binding": browsers.wsPort === null ? undefined : `127.0.0.1:${browsers.wsPort}`,
      };

/**
 * A SUBSCRIBE is looked up only if it bears credentials with a nonce that FreeSWITCH has given out. A Kamailio host, which has checked the phone's own,
 * writes `nonce="front"`: it proves nothing (the lookup decides, by the address that it came from), and nothing takes it away.
 */
const nonce = [
  "insert into sip_authentication (nonce, expires, profile_name, hostname, last_nc) select 'front', 0, 'front', 'front', 0 where not exists (select 1 from sip_authentication where nonce = 'front');",
  ...["delete", "update"].map(
    (verb) =>
      `create trigger if not exists keep_${verb} before ${verb} on sip_authentication when old.nonce = 'front' begin select raise(ignore); end;`,
  ),
].join(" ");

/** The lookup believes Kamailio hosts of the pool and nobody else (front.ts). */
const forFront = {
  "auth-calls": false,
  "auth-messages": true,
  "disable-register": true,
  "accept-blind-reg": false,
  // what a phone told Kamailio of its password is not looked at again
  "accept-blind-auth": true,
  "challenge-realm": "auto_from",
  "nonce-ttl": 60,
  "db-inner-pre-trans-execute": `${presence["db-inner-pre-trans-execute"]} ${nonce}`,
  "NDLB-force-rport": false,
  "apply-candidate-acl": "any_v4.auto",
  "channel-xml-fetch-on-nightmare-transfer": true,
};

const forCarriers = {
  "auth-calls": false,
  "disable-register": true,
  "disable-transfer": true,
  "manage-presence": false,
  "accept-blind-reg": false,
  "NDLB-force-rport": false,
};
