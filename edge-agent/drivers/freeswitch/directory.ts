// Directory lookups: who a phone is (REGISTER, INVITE, SUBSCRIBE, MESSAGE …), and whose voicemail box this is.
import { createHmac, hash } from "node:crypto";
import { isIP } from "node:net";
import { besideOf, isGood, lentPassword, readLent } from "../../../core/browser-phone.ts";
import { contains } from "../../../core/network.ts";
import { idOf, type Owner } from "../../../core/owner.ts";
import type { Documents } from "../../documents.ts";
import { boxAccount, boxDomain, boxFolder, messagesIn } from "./box.ts";
import type { FreeswitchConfig } from "./config.ts";
import type { Present } from "./dialplan.ts";
import type { Fields } from "./fields.ts";
import { type Front, isSubscriber, noFront } from "./front.ts";
import { token } from "./inert.ts";
import { phone } from "./phone.ts";
import { subjectOf } from "./presence/lamp.ts";
import type { Presence } from "./presence/presence.ts";
import { untold, variables } from "./variables.ts";
import { document, element, param, params, type Xml } from "./xml.ts";

const expiresSeconds = 600;
type BoxConfig = Pick<FreeswitchConfig, "voicemailDir">;

/** Undefined: not found, which FreeSWITCH answers with 403. */
export function answerDirectory(
  fields: Fields,
  documents: Documents,
  config: BoxConfig,
  presence?: Pick<Presence, "mayUse">,
  present: Present = () => ({}),
  front: Front = noFront,
  now = new Date(),
): Xml | undefined {
  // gateways and aliases come with sofia.conf, and there are no network lists of ours
  if (fields.has("purpose") || fields.get("tag_name") !== "domain") return undefined;
  const domain = fields.get("domain") ?? "";
  if (domain !== fields.get("key_value") || domain !== domain.toLowerCase()) return undefined;
  const action = fields.get("action");
  if (domain === boxDomain && fields.get("VM-Action") === "change-password") return noNewPin(fields.get("user") ?? "");
  if (domain === boxDomain) return isBoxLookup(action) ? box(fields, documents, config, present) : undefined;
  const owner = documents.tenantByDomain(domain);
  if (!owner) return undefined;
  if (action === "sip_auth") return authenticate(fields, documents, owner, domain, front, now, presence);
  if (action === "user_call" || fields.get("as_channel") === "true")
    return dial(fields, documents, owner, domain, front);
  return undefined;
}

/**
 * FreeSWITCH compares the digest with the HA1 we give, and of the names nothing but user and To user at REGISTER (sofia_reg.c): here realm, From and
 * To host must be the one domain, and the user who he claims to be. `cacheable` users would bypass this, so nobody is.
 */
function authenticate(
  fields: Fields,
  documents: Documents,
  owner: Owner,
  domain: string,
  front: Front,
  now: Date,
  presence?: Pick<Presence, "mayUse">,
): Xml | undefined {
  const user = fields.get("user") ?? "";
  const profile = fields.get("sip_profile");
  const vouched = profile === "front" && isSubscriber(fields, owner, front);
  if (!vouched && (profile !== "phones" || front.inUse)) return undefined;
  const hosts = ["sip_auth_realm", "sip_from_host", "sip_to_host"].map((name) => fields.get(name));
  if (hosts.some((host) => host !== domain)) return undefined;
  const lent = readLent(user);
  const name = lent?.phone ?? user;
  if (fields.get("sip_auth_username") !== user || fields.get("sip_from_user") !== name) return undefined;
  if (fields.get("sip_auth_method") === "REGISTER" && fields.get("sip_to_user") !== name) return undefined;
  if (fields.get("sip_auth_method") === "SUBSCRIBE") {
    const own = presence?.mayUse(fields.get("sip_call_id") ?? "", `${name}@${domain}`) ?? true;
    if (!own || !(vouched || asksForItself(fields)) || !isLamp(fields, documents, owner)) return undefined;
  }
  const found = documents.device(owner, name);
  if (!found) return undefined;
  // a disabled one may still call: routing lets it reach the emergency services alone
  if (!found.extension.body.enabled && fields.get("sip_auth_method") !== "INVITE") return undefined;
  // Kamailio has checked its password: without one here, FreeSWITCH checks none
  if (vouched) return userIn(domain, user, { params: {}, variables: { [variables.tenant]: idOf(owner) } });
  const password = found.device.password;
  const ha1 = typeof password === "object" ? documents.secret(password.secret) : undefined;
  if (!ha1 || !/^[0-9a-f]{32}$/.test(ha1)) return undefined;
  const good = lent ? lentHa1(ha1, user, domain, lent, now) : besideOf(user) === undefined ? ha1 : undefined;
  if (good === undefined) return undefined;
  const { id, body } = found.extension;
  return userIn(domain, user, {
    params: {
      "a1-hash": good,
      "sip-force-contact": contactOf(fields),
      ...(lent ? untilOver(lent, now) : { "sip-force-expires": expiresSeconds }),
      "mwi-account": body.voicemailBox === null ? undefined : boxAccount(body.voicemailBox),
    },
    variables: {
      user_context: domain,
      force_transfer_context: domain,
      force_transfer_dialplan: "XML",
      [variables.tenant]: idOf(owner),
      [variables.fromExtension]: id,
      ...untold,
    },
  });
}

/**
 * A contact is where the REGISTER came from, whatever it claims: else calls could be sent anywhere from this trusted address. Browsers' say `transport=ws` by
 * TLS too (RFC 7118, 5.2.2), and by that FreeSWITCH would look for a connection without; written out here, it finds theirs. An address in brackets it can't take.
 */
function contactOf(fields: Fields): string {
  const [protocol, user = "", ip = "", port = ""] = ["sip_via_protocol", "sip_contact_user", "ip", "client_port"].map(
    (name) => fields.get(name),
  );
  const isPlain = /^[\w.~+-]{1,64}$/.test(user) && isIP(ip) === 4 && /^\d{1,5}$/.test(port);
  const isByTls = protocol === "wss" && fields.get("sip_auth_method") === "REGISTER";
  return isByTls && isPlain ? `<sip:${user}@${ip}:${port};transport=wss;fs_nat=yes>` : "NDLB-connectile-dysfunction";
}

/** A registration does not outlast the credential that it was made with. */
const untilOver = ({ until }: { until: number }, now: Date) => ({
  "sip-force-expires": Math.max(60, Math.min(expiresSeconds, Math.floor(until - now.getTime() / 1000))),
  "sip-expires-max-deviation": 1,
});

/** HA1 of a credential that was lent to a browser phone; undefined when it is no longer good. `ha1`: of the device that lends it. */
function lentHa1(
  ha1: string,
  name: string,
  domain: string,
  lent: NonNullable<ReturnType<typeof readLent>>,
  now: Date,
): string | undefined {
  const password = lentPassword((key, text) => createHmac("sha256", key).update(text).digest("hex"), ha1, name);
  return isGood(lent, now) ? hash("md5", `${name}:${domain}:${password}`) : undefined;
}

/**
 * NOTIFYs go where the Contact says, unless that is private (`apply-nat-acl`) or no address (WebSocket): then where it asked from. Of a phone behind Kamailio
 * they go back the way that the SUBSCRIBE came.
 */
function asksForItself(fields: Fields): boolean {
  const contact = (fields.get("sip_contact_host") ?? "").replace(/^\[|\]$/g, "");
  const own = contact !== "" && contact === fields.get("ip");
  return own || contact.endsWith(".invalid") || privateNetworks.some((network) => contains(network, contact));
}

/** Lamps of the own tenant alone: in a To user FreeSWITCH reads `proto+user+host`, whatever To's host is (sofia_presence.c). */
function isLamp(fields: Fields, documents: Documents, owner: Owner): boolean {
  const config = documents.config(owner);
  return config !== undefined && subjectOf(config, fields.get("sip_to_user") ?? "") !== undefined;
}

/** FreeSWITCH's `rfc1918.auto`. */
const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Voicemail asks for a box, or counts its messages. */
const isBoxLookup = (action: string | undefined): boolean =>
  action === "voicemail-lookup" || action === "message-count";

/** A PIN is configuration: one that FreeSWITCH kept beside ours would be good whatever becomes of ours, and is refused. */
const noNewPin = (id: string): Xml =>
  document("directory", [
    element("domain", { name: boxDomain }, [
      element("user", { id: token(id) }, [element("result", { success: "false" })]),
    ]),
  ]);

/**
 * A box is a user of its own, by its id. Without a PIN nobody can listen, as an empty `vm-password` would let everybody in; nor by one that was typed wrong
 * too often lately.
 */
function box(fields: Fields, documents: Documents, config: BoxConfig, present: Present): Xml | undefined {
  const found = documents.voicemailBox(fields.get("user") ?? "");
  if (!found) return undefined;
  const { id, owner, body } = found;
  const folder = boxFolder(config.voicemailDir, idOf(owner), id);
  const spent = present(owner).pinSpent?.({ kind: "voicemail-box", id, pin: "pin" });
  const pin = typeof body.pin === "object" && !spent ? documents.secret(body.pin.secret) : undefined;
  return userIn(boxDomain, id, {
    params: {
      "vm-enabled": true,
      "vm-password": pin ?? crypto.randomUUID(),
      // who has recorded no greeting: his number is said
      "vm-alternate-greet-id": body.number,
      "vm-message-ext": "wav",
      "vm-storage-dir": folder,
      // FreeSWITCH counts seconds: where there is no room for a message, there is none for a second
      "vm-disk-quota": messagesIn(folder) >= body.maxMessages ? 1 : undefined,
      "vm-email-all-messages": false,
    },
    variables: { [variables.tenant]: idOf(owner) },
  });
}

/** Only for what dials `user/…` by itself; our own plans dial a device's registration directly. */
function dial(fields: Fields, documents: Documents, owner: Owner, domain: string, front: Front): Xml | undefined {
  const user = fields.get("user") ?? "";
  const found = documents.device(owner, user);
  if (!found?.extension.body.enabled) return undefined;
  return userIn(domain, user, {
    params: { "dial-string": `[outbound_redirect_fatal=true]${phone(user, domain, front.through)}` },
    variables: { user_context: domain, [variables.tenant]: idOf(owner) },
  });
}

type User = { params: Record<string, string | number | boolean | undefined>; variables: Record<string, string> };

function userIn(domain: string, id: string, user: User): Xml {
  return document("directory", [
    element("domain", { name: domain }, [
      element("user", { id }, [
        element("params", {}, params(user.params)),
        element(
          "variables",
          {},
          Object.entries(user.variables).map(([name, value]) => element("variable", { name, value })),
        ),
      ]),
    ]),
  ]);
}

/** An attended transfer to a call on another server: FreeSWITCH would call whatever host the REFER names, without any lookup. Refused. */
export const answerChannels: Xml = document("channels", [
  element("params", {}, [param("dial-prefix", ""), param("absolute-dial-string", "error/CALL_REJECTED")]),
]);
