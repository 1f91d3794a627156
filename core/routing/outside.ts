// Calls to the outside: who may, over which trunks, and the next one where one fails. Emergency calls go first and always.
import type { Resource } from "../registry.ts";
import { blockNumber, ruleAgainst } from "./block.ts";
import { shownOutside } from "./caller.ts";
import { hidesNumber } from "./code.ts";
import { type Allowance, allowanceFor, numberRefused } from "./limits.ts";
import { notPermitted } from "./permission.ts";
import { askPin } from "./pin.ts";
import type { Action, Node, Shown } from "./plan.ts";
import { type Attempt, attempts } from "./route.ts";
import { type Ended, node, type Way } from "./way.ts";

/** A leg to a carrier: all that an engine must know of it. */
export type Carrier = {
  trunk: string;
  /** As the trunk wants it, and as it was meant: E.164, or an emergency number. */
  number: string;
  dialled: string;
  from: Shown;
  /** `from` is for the carrier alone: the called party sees nobody (RFC 3323). */
  hidden: boolean;
  /** Offered in this order; none: the engine's own. */
  codecs: string[];
  /** A leg beyond so many of this trunk's fails as if the trunk had; null: as many as come. Whatever it says, every leg counts. */
  maxChannels: number | null;
  /** Nothing where there is no rate. */
  price: Allowance["price"];
  /** It is ended so long after its answer. */
  maxSeconds: number | null;
};

export type Trunk = Carrier & {
  do: "trunk";
  /** The extension that pays; null: the tenant, whose configuration sends the call there. */
  payer: string | null;
  progressSeconds: number;
  emergency: boolean;
  /** Where the caller of an emergency is, as the extension of his phone says. */
  location: string | null;
  /** Not through the trunk's gateway, which may be down. */
  direct: { host: string; port: number | null; transport: "udp" | "tcp" | "tls" } | null;
  otherwise: Node;
};

/** A carrier that shows no sign of life within this time is passed over. */
const progressSeconds = 4;
const nodeLength = 120;

/** Who pays for a transferred call is unknown, until somebody forwards it. */
const insideOnly = "a transfer may only lead to numbers inside the tenant";

/** The extension that pays for a way outside; null: the tenant. */
export const payerOf = ({ payer, call }: Way): string | null =>
  payer ?? (call.from.kind === "extension" ? call.from.id : null);

/** Somebody unknown transferred the call, and nobody forwarded it since. */
const nobodyPays = ({ call, payer }: Way): boolean => call.inside === true && payer === undefined;

/** `typed`: the number comes from a phone (dialled, a forward set by code), not from the tenant's configuration. */
export function outside(way: Way, number: string, emergency: boolean, typed = false): Action {
  const at = `${emergency ? "emergency" : "outside-number"}/${number}`;
  if (nobodyPays(way)) return way.end(at, insideOnly, "rejected");
  if (emergency) return over(way, number, true, at, []);
  const own = toOwnNumber(way, number, at, "is a number of the tenant's own");
  if (own) return own;
  const blocked = blockNumber(way, number, at);
  if (blocked) return blocked;
  const elsewhere = numberRefused(way, number);
  if (elsewhere) return way.end(at, elsewhere.why, "rejected", elsewhere.limit);
  const payer = payerOf(way);
  if (payer === null)
    return typed
      ? way.end(at, "a caller from outside can't dial outside", "rejected")
      : over(way, number, false, at, []);
  const body = way.config.get("extension", payer)?.body;
  const why = refusal(way, body, number);
  if (why !== undefined) return way.end(at, why, "rejected");
  if (!body?.outbound.pin) return over(way, number, false, at, []);
  if (way.payer === undefined) return askPin(way, number, at);
  // his phone is not at hand; what the configuration says needs none
  return typed
    ? way.end(at, `${body.number} pays, and can't be asked for its PIN`, "rejected")
    : over(way, number, false, at, []);
}

/** A number of the tenant's own leads where its destination says, without leaving; undefined for any other. */
export function toOwnNumber(way: Way, number: string, at: string, why: string): Action | undefined {
  const own = way.config.byKey("phone-number", number);
  if (!own?.body.destination) return undefined;
  const here = `phone-number/${number}`;
  if (way.steps.some((step) => step.at === here)) return way.end(here, "leads back to itself", "unavailable");
  way.step(at, why, here);
  return way.send(own.body.destination, here, "is the number's destination");
}

function refusal(way: Way, body: Resource<"extension">["body"] | undefined, number: string): string | undefined {
  if (!body?.enabled) return "the extension that pays is disabled or gone";
  const why = notPermitted(body, number, way.config.settings.country);
  return why && `${body.number} ${why}`;
}

/** The first trunk that takes `number` and is not known to be dead, for a leg beside others (follow-me, a group's member): or why there is none. Paid by `payer`; null: the tenant. */
export function legOutside(way: Way, number: string, payer: string | null): Carrier | string {
  const legs = legsOutside(way, number, payer);
  return typeof legs === "string" ? legs : legs[0];
}

/** The same with every trunk, in the order in which they are to be tried: those known to be dead last. */
export function legsOutside(way: Way, number: string, payer: string | null): [Carrier, ...Carrier[]] | string {
  if (nobodyPays(way) && payer === null) return insideOnly;
  const rule = ruleAgainst(way, number);
  if (rule) return `the rule ${rule.body.name} blocks calls to it`;
  const elsewhere = numberRefused(way, number);
  if (elsewhere) return elsewhere.why;
  const why = payer === null ? undefined : refusal(way, way.config.get("extension", payer)?.body, number);
  if (why !== undefined) return why;
  const { list, why: none } = attempts(way.config, number, false);
  const dead = ({ trunk }: Attempt) => way.call.trunkFailed?.(trunk.id) ?? false;
  const inOrder = [...list.filter((attempt) => !dead(attempt)), ...list.filter(dead)];
  let refused: string | undefined;
  const [first, ...others] = inOrder.flatMap((attempt) => {
    const allowance = allowanceFor(way, attempt.trunk, number);
    if (!("why" in allowance)) return [carrier({ ...way, payer: payer ?? undefined }, attempt, number, allowance)];
    refused ??= allowance.why;
    return [];
  });
  return first ? [first, ...others] : (refused ?? none);
}

/** The first attempt that is not yet marked as tried; the routes may have changed since. */
export function over(way: Way, number: string, emergency: boolean, at: string, tried: string[]): Action {
  const { list, why } = attempts(way.config, number, emergency);
  const here = node(emergency ? "sos" : "out", number.replace("+", ""), way.payer ?? "-", "");
  const room = here.length + 4 * tried.length + 4 <= nodeLength;
  const attempt = room ? list.find((one) => !tried.includes(markOf(one))) : undefined;
  if (!attempt) return way.end(at, tried.length === 0 ? why : "every trunk failed", "no-route");
  const { trunk, direct } = attempt;
  const allowance = emergency ? "emergency" : allowanceFor(way, trunk, number);
  if (allowance !== "emergency" && "why" in allowance) return way.end(at, allowance.why, "rejected", allowance.limit);
  way.step(at, attempt.why, `trunk/${trunk.body.name}`);
  const { host, port, transport } = trunk.body;
  const payer = payerOf(way);
  const place = way.call.phone?.extension ?? payer;
  const location = emergency && place !== null ? way.config.get("extension", place)?.body.emergencyLocation : null;
  return {
    do: "trunk",
    ...carrier(way, attempt, number, allowance),
    payer,
    progressSeconds,
    emergency,
    location: location ?? null,
    direct: direct ? { host, port, transport } : null,
    otherwise: `${here}${[...tried, markOf(attempt)].join("")}`,
  };
}

function carrier(
  way: Way,
  { trunk, route, number }: Attempt,
  dialled: string,
  allowance: Allowance | "emergency",
): Carrier {
  const emergency = allowance === "emergency";
  const shown = shownOutside(way.config, way.call, way.payer, emergency);
  const policy = route?.body.callerId ?? { policy: "extension" };
  return {
    trunk: trunk.id,
    number,
    dialled,
    from: policy.policy === "fixed" && !emergency ? fixed(way, policy.number, route?.owner, shown) : shown,
    hidden: (policy.policy === "anonymous" || hidesNumber(way.config, way.call)) && !emergency,
    codecs: trunk.body.codecs,
    maxChannels: emergency ? null : trunk.body.maxChannels,
    ...(emergency ? { price: null, maxSeconds: null } : allowance),
  };
}

/** A tenant can show its own numbers alone; an account answers for what it sets. */
const fixed = ({ config }: Way, number: string, owner: string | undefined, otherwise: Shown): Shown =>
  owner !== config.owner || config.byKey("phone-number", number) ? { number, name: null } : otherwise;

/** Four characters that tell attempts apart, whatever becomes of their order. FNV-1a. */
function markOf({ trunk, route, direct }: Attempt): string {
  let hash = 0x811c9dc5;
  for (const character of `${trunk.id} ${route?.id ?? ""} ${direct}`)
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return hash.toString(36).padStart(4, "0").slice(-4);
}

/** A node is `out|sos.<digits>.<who pays>.<marks of what was tried>`. */
export function resumeOutside(
  way: Way,
  name: string,
  [digits = "", payer = "", marks = ""]: string[],
  { disposition }: Ended,
): Action {
  if (payer.startsWith("ext_")) way.payer = payer;
  const emergency = name === "sos";
  const number = emergency ? digits : `+${digits}`;
  const at = `${emergency ? "emergency" : "outside-number"}/${number}`;
  if (nobodyPays(way)) return way.end(at, insideOnly, "rejected");
  if (!/^\d{2,15}$/.test(digits)) return way.end(at, "routing knows no such node", "not-found");
  const final = emergency
    ? ["answered", "no-answer", "cancelled"]
    : ["answered", "no-answer", "cancelled", "busy", "not-found", "rejected"];
  if (!final.includes(disposition)) return over(way, number, emergency, at, marks.match(/.{4}/g) ?? []);
  switch (disposition) {
    case "busy":
      return way.end(at, "the called party is busy", "busy");
    case "not-found":
      return way.end(at, "the number does not exist", "not-found");
    case "rejected":
      return way.end(at, "the call was rejected", "rejected");
    default:
      return way.end(at, "the called party did not answer", "no-answer");
  }
}
