// Who talks to whom: what the legs of one call say of its tenant, direction, caller and called party.
import { idOf, isTenant, type Owner, tenantOwner } from "../../../../core/owner.ts";
import type { CallRecord, Leg as ReportedLeg } from "../../../../core/wire-events.ts";
import { clean } from "../../../clean.ts";
import type { Documents } from "../../../documents.ts";
import type { Leg } from "./leg.ts";

type Party = CallRecord["from"];
export type Parties = Pick<CallRecord, "tenant" | "direction" | "from" | "to" | "trunk">;
type Known = Pick<Documents, "config" | "device" | "tenantByDomain">;

/** The id of a leg's tenant: what the dialplan set, else by the domain that FreeSWITCH authenticated or the context. Nothing of this comes from a phone. */
export function tenantOf(leg: Leg, documents: Known): string | undefined {
  if (leg.tenant !== null) return /^ten_[0-9A-HJKMNP-TV-Z]{26}$/.test(leg.tenant) ? leg.tenant : undefined;
  for (const domain of leg.domains) {
    const owner = documents.tenantByDomain(domain);
    if (owner && isTenant(owner)) return idOf(owner);
  }
  return undefined;
}

/** `root` is the A leg, `others` the legs it made, in order of their start. Undefined where no tenant is known. */
export function partiesOf(root: Leg, others: Leg[], documents: Known): Parties | undefined {
  const tenant = [root, ...others].map((leg) => tenantOf(leg, documents)).find((found) => found !== undefined);
  if (tenant === undefined) return undefined;
  const owner = tenantOwner(tenant);
  const direction = directionOf(root, others);
  const reached = reachedBy(root, others);
  return {
    tenant,
    direction,
    ...(root.calledBack === null
      ? { from: caller(root, owner, direction, documents), to: called(root, others, reached, owner, documents) }
      : calledBack(root, reached, owner, documents)),
    trunk: trunkOfCall(root, others, reached, direction),
  };
}

/** The leg that the caller talked to, or talks to. A mobile that did not press 1 took nothing. */
export function reachedBy(root: Leg, others: Leg[]): Leg | undefined {
  const answered = others.filter(
    (leg) => leg.answeredUs !== null && leg.cause !== "LOSE_RACE" && !(leg.asked && leg.bridgedTo === null),
  );
  return answered.find((leg) => leg.uuid === root.bridgedTo) ?? answered[0];
}

/** The trunk that a leg runs over. A leg to an extension may bear the variable too, for the trunk that its caller came by. */
function trunkOf(leg: Leg): string | null {
  if (leg.gateway === null) return null;
  return leg.trunk ?? (leg.gateway.startsWith("trk_") ? leg.gateway : null);
}

/** Whether what has this id takes a call without anybody picking up: a voicemail box, a menu, a conference … */
export const takesByItself = (id: string): boolean => /^(vmb|mnu|cnf|ann|dir|lot|pag)_/.test(id);

/**
 * When the call was answered. A call that the cloud placed begins with its own caller's phone, whose taking up answers nothing: there it is when the other
 * side was reached, or when something took it that needs nobody: a voicemail box, a menu, one's own echo.
 */
export function answeredUs(root: Leg, others: Leg[]): number | null {
  if (!root.placed) return root.answeredUs;
  const reached = reachedBy(root, others);
  if (reached) return reached.answeredUs;
  if (root.application === "echo") return root.answeredUs;
  const took = root.way.find((entry) => "came" in entry && takesByItself(entry.came));
  return took && root.answeredUs !== null ? Math.max(took.at * 1000, root.answeredUs) : null;
}

export function legOf(leg: Leg, root: Leg, parties: Parties, documents: Known): ReportedLeg {
  const isRoot = leg === root;
  const answered = leg.answeredUs;
  return {
    uuid: leg.uuid,
    direction: leg.direction,
    startedAt: instant(leg.startedUs),
    answeredAt: answered === null ? null : instant(answered),
    endedAt: instant(leg.endedUs ?? leg.startedUs),
    cause: leg.cause,
    q850: leg.q850,
    sipCallId: clean(leg.sipCallId, 128),
    extension: isRoot ? parties.from.extension : extensionOf(leg, tenantOwner(parties.tenant), documents),
    trunk: isRoot ? (parties.direction === "inbound" ? parties.trunk : null) : trunkOf(leg),
  };
}

export const instant = (us: number): string => new Date(Math.floor(us / 1000)).toISOString();

/** Over a trunk if that is where the call got to, or where nobody could be reached; else as the dialplan said it of its last step. */
function directionOf(root: Leg, others: Leg[]): Parties["direction"] {
  const last = reachedBy(root, others) ?? (root.box === null ? others.at(-1) : undefined);
  if ((last && last.gateway !== null) || root.refused === "no-route") return "outbound";
  const said = [root, ...others].map((leg) => leg.callDirection).find((direction) => direction !== null);
  if (said === "internal" || said === "inbound" || said === "outbound") return said;
  return root.username === null && root.fromExtension === null ? "inbound" : "internal";
}

function caller(root: Leg, owner: Owner, direction: Parties["direction"], documents: Known): Party {
  const number = clean(root.callerNumber, 64);
  const name = clean(root.callerName, 64);
  const outside: Party = { number, name: name === number ? null : name, extension: null };
  if (direction === "inbound") return outside;
  // only the A leg's: an answered B leg bears the directory variables of the called user
  const id =
    root.fromExtension ??
    (root.username === null ? null : (documents.device(owner, root.username)?.extension.id ?? null));
  return id === null ? outside : (person(id, owner, documents) ?? { ...outside, extension: id });
}

/** Its agent calls, as far as one has taken it; the A leg is that of who is called. */
function calledBack(root: Leg, agent: Leg | undefined, owner: Owner, documents: Known): Pick<Parties, "from" | "to"> {
  const id = agent ? extensionOf(agent, owner, documents) : null;
  const shown: Party = { number: clean(root.callerNumber, 64), name: null, extension: null };
  const to: Party = { number: clean(root.calledBack, 64), name: null, extension: null };
  return { from: (id === null ? undefined : person(id, owner, documents)) ?? shown, to };
}

function called(root: Leg, others: Leg[], reached: Leg | undefined, owner: Owner, documents: Known): Party {
  const number = clean(root.dialled ?? others.find((leg) => leg.dialled !== null)?.dialled ?? root.requested, 64);
  const id = extensionOf(reached ?? others.at(-1) ?? root, owner, documents);
  return { number, name: id === null ? null : (person(id, owner, documents)?.name ?? null), extension: id };
}

/** The extension that a B leg rings, or that an A leg called last. */
export function extensionOf(leg: Leg, owner: Owner, documents: Known): string | null {
  if (leg.gateway !== null) return null;
  if (leg.toExtension !== null) return leg.toExtension;
  return leg.calledUser === null ? null : (documents.device(owner, leg.calledUser)?.extension.id ?? null);
}

function person(id: string, owner: Owner, documents: Known): Party | undefined {
  const body = documents.config(owner)?.get("extension", id)?.body;
  return body && { number: body.number, name: body.displayName, extension: id };
}

function trunkOfCall(
  root: Leg,
  others: Leg[],
  reached: Leg | undefined,
  direction: Parties["direction"],
): string | null {
  if (direction === "internal") return null;
  if (direction === "inbound") return root.trunk;
  const last = reached ?? others.findLast((leg) => leg.gateway !== null);
  return (last && trunkOf(last)) ?? root.trunk;
}
