// Dialplan lookups: who is calling whom, what routing says, and that as FreeSWITCH's actions.
import { isIPv4, isIPv6 } from "node:net";
import { besideOf, phoneNamed } from "../../../core/browser-phone.ts";
import { idOf, type Owner } from "../../../core/owner.ts";
import type { PinOf } from "../../../core/routing/ask-pin.ts";
import type { CallBack } from "../../../core/routing/call-back.ts";
import { chanceOf } from "../../../core/routing/chance.ts";
import type { Config, OwnedTrunk } from "../../../core/routing/config.ts";
import { guestAt } from "../../../core/routing/hot-desk.ts";
import { carrierReadings, toE164 } from "../../../core/routing/number.ts";
import type { Action, Call, Plan } from "../../../core/routing/plan.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import type { Documents } from "../../documents.ts";
import type { Runtime } from "../../runtime.ts";
import type { Leg } from "./actions.ts";
import * as carried from "./carried.ts";
import type { FreeswitchConfig } from "./config.ts";
import { dispositionOf } from "./disposition.ts";
import type { Fields } from "./fields.ts";
import { asPhone, carrierOf, type Front, noFront, ofPhone } from "./front.ts";
import * as inert from "./inert.ts";
import { createLegs, type Legs } from "./legs.ts";
import { nobody, type People } from "./people.ts";
import { render } from "./plan.ts";
import { phoneProfiles } from "./sofia.ts";
import { hearing } from "./sound.ts";
import { variables } from "./variables.ts";
import { extend } from "./way.ts";
import type { Xml } from "./xml.ts";

/**
 * What is so just now on this host: routing asks who is registered, how many wait, who called last, which trunks are dead, and
 * where PINs were tried too often.
 */
export type Present = (
  owner: Owner,
) => Pick<Call, "registered" | "waiting" | "lastCaller" | "callBacks" | "trunkFailed" | "pinSpent" | "used" | "spent">;

/** Writes down that somebody is to be called back. */
export type AskCallBack = (owner: Owner, wish: CallBack) => void;

/** Counts a PIN that was typed wrong. */
export type WrongPin = (owner: Owner, of: PinOf) => void;

/** Undefined: not found, which the caller hears as 404. `remember` is called with what the answer sets, and must be carried out before it is given. */
export function answerDialplan(
  given: Fields,
  documents: Documents,
  host: FreeswitchConfig,
  at = new Date(),
  remember: Runtime["remember"] = () => undefined,
  legs = createLegs(documents),
  present: Present = () => ({}),
  people: People = nobody,
  askCallBack: AskCallBack = () => undefined,
  wrongPin: WrongPin = () => undefined,
  front: Front = noFront,
): Xml | undefined {
  const here = { host, legs, people, present, wrongPin, front };
  const isNew = given.get("Caller-Context") === "public";
  const carrier = isNew ? carrierOf(given, front) : undefined;
  if (carrier !== undefined) return inbound(given, carrier, documents, here, at);
  const fields = isNew ? asPhone(given, documents, front) : given;
  if (!fields) return undefined;
  const context = fields.get("Caller-Context") ?? "";
  const owner = documents.tenantByDomain(context);
  const config = owner && documents.config(owner);
  if (!owner || !config || config.settings.domain !== context) return undefined;
  const who = caller(fields, documents, config, context);
  if (!who) return undefined;
  const { from } = who;
  const to = fields.get("Caller-Destination-Number") ?? "";
  const leg: Leg = {
    uuid: fields.get("Unique-ID") ?? "",
    createdUs: fields.get("Caller-Channel-Created-Time"),
    tenant: idOf(owner),
    domain: context,
    context: isNew ? "public" : context,
    through: front.through,
    entered: isNew ? ofPhone(fields) : undefined,
    from: from.kind === "extension" ? from.id : undefined,
    trunk: fields.get(`variable_${variables.trunk}`),
    dialled: fields.get(`variable_${variables.dialled}`) ?? to,
    did: fields.get(`variable_${variables.did}`),
    hops: hopsOf(fields) + 1,
    answered: fields.get("Answer-State") === "answered",
    takes: undefined,
    wasParked: fields.has(`variable_${variables.parked}`),
    typed: fields.has(`variable_${variables.digits}`),
    calledBack: fields.has(`variable_${variables.calledBack}`),
    bound: fields.has(`variable_${variables.inCall}`),
    carries: fields.has(`variable_${variables.carried}`),
  };
  // whatever it waited for in a slot, it does something else now
  legs.leave(leg.uuid);
  const call =
    continued(fields, from, to, at, front) ?? fresh(fields, from, to, at, transferor(fields, leg.tenant, legs));
  if (!call) return undefined;
  if (!call.resume) leg.dialled = to;
  const plan = planFor(leg, config, { ...call, ...who, ...facts(fields), ...present(owner) }, here);
  if (plan.action.do === "remember") remember(owner, plan.action.changes);
  if (plan.action.do === "call-back") askCallBack(owner, plan.action);
  return render(
    { ...leg, way: wayOf(fields, call, plan) },
    plan,
    hearing(config, host, { leg: leg.uuid, language: plan.language }),
  );
}

/** The leg's way with this lookup's steps, by FreeSWITCH's own clock. */
function wayOf(fields: Fields, call: Call, plan: Plan): string | undefined {
  const at = new Date(Number(fields.get("Event-Date-Timestamp") ?? 0) / 1000 || call.at);
  const before = ["variable_sip_refer_to", `variable_${variables.hops}`];
  const sent = !call.resume && (call.inside || before.some((name) => fields.has(name)));
  const cause = { ...(call.resume && { ended: call.resume.disposition }), ...(sent && { transfer: call.to }) };
  return extend(fields.get(`variable_${variables.way}`), at, cause, plan);
}

/** What this host knows of what goes on. */
type Here = {
  host: FreeswitchConfig;
  legs: Legs;
  people: People;
  present: Present;
  wrongPin: WrongPin;
  front: Front;
};

/** What routing says, which is true at once: the next answer neither takes the same call nor the same slot. */
function planFor(leg: Leg, config: Config, call: Call, { legs, people, wrongPin }: Here): Plan {
  const { onCall, inEmergency } = people;
  const emergencyWithin = () => people.anyInEmergency((id) => config.get("extension", id) !== undefined);
  const counted = legs.used(leg.uuid);
  const { used } = call;
  const plan = resolve(config, {
    ...{ ...call, now: legs.now(leg.tenant), onCall, inEmergency, emergencyWithin },
    used: (limit, scope) => counted(limit, scope) + (used?.(limit, scope) ?? 0),
  });
  if (!call.resume && plan.action.do !== "hangup") legs.begins(leg.uuid, leg.tenant);
  if (plan.action.do === "trunk" && plan.action.emergency && leg.from) people.calledEmergency(leg.from);
  happens(leg, plan.action, legs);
  if (plan.wrongPin) wrongPin(config.owner, plan.wrongPin);
  return plan;
}

function happens(leg: Leg, action: Action, legs: Legs): void {
  if (action.do === "park") legs.park(leg.uuid, leg.tenant, action);
  if (action.do === "monitor") {
    const { by, extension, mode } = action;
    legs.monitored({ tenant: leg.tenant, by, extension, mode });
  }
  if (action.do !== "unpark" && action.do !== "pickup") return;
  leg.takes = legs.rootOf(action.call);
  legs.take(action.call);
}

/** Whose phone transferred this leg: the one that it talked to last (sofia.c, sofia_handle_sip_i_refer; the REFER itself could name anybody). */
function transferor(fields: Fields, tenant: string, legs: Legs): string | undefined {
  if (!fields.has("variable_sip_refer_to")) return undefined;
  const leg = legs.find(fields.get("variable_last_bridge_to") ?? "");
  return leg?.tenant === tenant ? leg.extension : undefined;
}

const hopsOf = (fields: Fields): number => Number(fields.get(`variable_${variables.hops}`) ?? 0) || 0;

/** What routing may look at beside who calls whom. Chance is the call's own: the same as long as it lasts. */
function facts(fields: Fields): Pick<Call, "chance" | "hops" | "did"> {
  const chance = chanceOf(fields.get("Unique-ID") ?? "");
  const did = fields.get(`variable_${variables.did}`);
  return { chance, hops: hopsOf(fields), ...(did !== undefined && { did }) };
}

/**
 * Whose leg this is. On a phone's leg FreeSWITCH's own authentication says it: its realm is the context; a phone that somebody else uses for a while is
 * his. On a carrier's leg, and on a leg towards a phone that somebody transfers, the tenant is what an earlier answer of ours set. Nothing is taken from
 * From or any other header.
 */
function caller(
  fields: Fields,
  documents: Documents,
  config: Config,
  domain: string,
): Pick<Call, "from" | "phone"> | undefined {
  const { owner } = config;
  if (fields.get(`variable_${variables.tenant}`) !== idOf(owner)) return undefined;
  const name = fields.get("variable_sip_auth_username");
  if (name !== undefined) {
    const username = phoneNamed(name);
    if (fields.get("variable_sip_auth_realm") !== domain || fields.get("variable_domain_name") !== domain)
      return undefined;
    if (!phoneProfiles.has(fields.get("variable_sofia_profile_name"))) return undefined;
    const extension = documents.device(owner, username)?.extension;
    if (!extension) return undefined;
    const user = (extension.body.enabled ? guestAt(config, username) : undefined) ?? extension;
    // a browser phone is gone with its page: nobody makes it his own for a while
    const phone = besideOf(username) === undefined ? { phone: { username, extension: extension.id } } : {};
    return { from: { kind: "extension", id: user.id }, ...phone };
  }
  if (isPlaced(fields))
    return { from: { kind: "extension", id: fields.get(`variable_${variables.fromExtension}`) ?? "" } };
  const back = fields.get(`variable_${variables.calledBack}`);
  if (back !== undefined) return { from: { kind: "outside", number: back, name: null } };
  const called =
    fields.get("Call-Direction") === "outbound" ? fields.get(`variable_${variables.toExtension}`) : undefined;
  return { from: called ? { kind: "extension", id: called } : outsider(fields, (text) => text) };
}

/** Our own command made this leg for an extension. */
const isPlaced = (fields: Fields): boolean =>
  fields.get("Call-Direction") === "outbound" && fields.has(`variable_${variables.placed}`);

/** The first lookup of such a leg, which dials what it was made for: in its extension's name, as if its phone had dialled it. */
const isPlacing = (fields: Fields, to: string): boolean =>
  isPlaced(fields) && to === fields.get(`variable_${variables.placed}`) && !fields.has(`variable_${variables.hops}`);

/** Who wants to stay unknown (RFC 3323, `Privacy: id`) does, whatever his carrier tells us. */
function outsider(fields: Fields, normalise: (number: string) => string): Call["from"] {
  if (fields.get("Caller-Privacy-Hide-Number") === "true") return { kind: "outside", number: null, name: null };
  const number = inert.number(fields.get("Caller-Caller-ID-Number") ?? "");
  const name = inert.inert(fields.get("Caller-Caller-ID-Name") ?? "");
  return { kind: "outside", number: normalise(number) || null, name: name && name !== number ? name : null };
}

/** A step of ours failed and routing goes on: the channel itself must know the node, so that nobody can dial his way to one. */
function continued(fields: Fields, from: Call["from"], to: string, at: Date, front: Front): Call | undefined {
  const node = fields.get(`variable_${variables.node}`);
  if (!node || to !== `dp-${node}`) return undefined;
  const disposition = dispositionOf(fields, front.inUse);
  if (disposition === "answered") return undefined;
  const waited = fields.get(`variable_${variables.step}`) === "queue";
  const digits = fields.get(waited ? "variable_cc_exit_key" : `variable_${variables.digits}`) ?? "";
  return {
    from,
    to: fields.get(`variable_${variables.dialled}`) ?? "",
    at,
    resume: { node, disposition, digits },
    ...(waited && waitingSince(fields)),
    carried: carried.read(fields.get(`variable_${variables.carried}`)),
  };
}

/** When the wait that just ended began: mod_callcenter's own time, and what had been waited before. */
function waitingSince(fields: Fields): Pick<Call, "waitingSince"> {
  const seconds =
    Number(fields.get("variable_cc_queue_joined_epoch")) - Number(fields.get("variable_cc_base_score") ?? 0);
  return seconds > 0 && Number.isFinite(seconds) ? { waitingSince: new Date(seconds * 1000) } : {};
}

/** A phone dialled, or somebody transferred this leg: where it isn't known who, it stays inside. */
function fresh(fields: Fields, from: Call["from"], to: string, at: Date, transferredBy: string | undefined): Call {
  const own = fields.has("variable_sip_auth_username") || isPlacing(fields, to);
  const transferred = fields.has("variable_sip_refer_to") || !own;
  return { from, to, at, ...(transferred && { inside: true }), ...(transferredBy !== undefined && { transferredBy }) };
}

/** From a carrier: a trunk that this address belongs to must be the number's tenant's own or one of its accounts'. `sip_gateway` proves nothing. */
function inbound(fields: Fields, address: string, documents: Documents, here: Here, at: Date): Xml | undefined {
  const { present, front } = here;
  if (!isIPv4(address) && !isIPv6(address)) return undefined;
  const dialled = fields.get("Caller-Destination-Number") ?? "";
  for (const trunk of documents.trunksByAddress(address)) {
    const country = documents.country(trunk.owner);
    for (const to of carrierReadings(dialled, country)) {
      const owner = documents.tenantByNumber(to);
      if (!owner || !(trunk.owner === owner || documents.ancestors(owner).includes(trunk.owner))) continue;
      const config = documents.config(owner);
      if (!config) continue;
      const from = outsider(fields, (number) => international(number, trunk, country));
      const leg = {
        uuid: fields.get("Unique-ID") ?? "",
        createdUs: fields.get("Caller-Channel-Created-Time"),
        tenant: idOf(owner),
        domain: config.settings.domain,
        context: "public",
        through: front.through,
        entered: fields.get("variable_sofia_profile_name") === "front" ? {} : undefined,
        from: undefined,
        trunk: trunk.id,
        dialled: to,
        did: to,
        hops: 0,
        answered: false,
        takes: undefined,
        wasParked: false,
        typed: false,
        counts: trunk.body.maxChannels !== null,
        calledBack: false,
        bound: false,
        carries: false,
      };
      const call = { from, to, at, did: to, ...facts(fields), ...present(owner) };
      const plan = planFor(leg, config, call, here);
      return render(
        { ...leg, way: wayOf(fields, call, plan) },
        plan,
        hearing(config, here.host, { leg: leg.uuid, language: plan.language }),
      );
    }
  }
  return undefined;
}

function international(number: string, trunk: OwnedTrunk, country: string): string {
  if (number.startsWith("+") || !/^\d{3,}$/.test(number)) return number;
  const other = trunk.body.numberFormat === "national" ? toE164(number, country) : toE164(`+${number}`, country);
  return other ?? number;
}
