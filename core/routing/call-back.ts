// Call-back from a queue: who waits presses a digit, says where, and keeps his place. When it is his turn he is called, and waits on where he was.
import type { Resource } from "../registry.ts";
import { isEmergency } from "./emergency.ts";
import { toE164 } from "./number.ts";
import { type Carrier, legsOutside } from "./outside.ts";
import type { Action, Call, Node } from "./plan.ts";
import type { Sound } from "./sound.ts";
import { suspensionOf } from "./suspension.ts";
import { named, node, type Way } from "./way.ts";

type Queue = Resource<"queue">;

/** The wish is written down, the caller hears so, and routing goes on with `done`. `number` is E.164, `sinceSeconds` of the epoch: since when he waits. */
export type CallBack = { do: "call-back"; queue: string; number: string; sinceSeconds: number; otherwise: Node };

/** So many wishes are open in a queue at most. */
const most = 100;
const tries = 3;

/** Since when the caller waits, in seconds of the epoch. */
export const sinceOf = ({ call }: Way): number => Math.floor((call.waitingSince ?? call.at).getTime() / 1000);

/** The caller pressed the queue's digit. Undefined where nobody is called back. */
export function offerCallBack(way: Way, target: Queue, sinceSeconds: number): Action | undefined {
  const { callBack, name } = target.body;
  if (callBack === null) return undefined;
  const here = named("queue", name);
  if ((way.call.callBacks?.(target.id) ?? 0) >= most) {
    way.step(here, `${most} wait for a call back, and no more may`, here);
    return undefined;
  }
  way.step(here, "the caller wants to be called back, and is asked where", "call-back");
  return ask(way, target, sinceSeconds, tries, []);
}

/** 1 for the number that he calls from, where it will do; else the number, as dialled in the tenant's country. */
function ask(way: Way, { id, body }: Queue, sinceSeconds: number, left: number, before: Sound[]): Action {
  const own = ownNumber(way, body);
  const sounds: Sound[] =
    own === undefined ? [{ word: "enter-number" }] : [{ digits: own }, { word: "press-1-to-accept" }];
  return {
    do: "collect",
    sounds: [...before, ...sounds],
    min: 1,
    max: 20,
    seconds: 10,
    betweenSeconds: 3,
    terminator: "#",
    secret: false,
    otherwise: node("queue", id, "call-back", sinceSeconds, left - 1),
  };
}

/** What was typed. Undefined: he waits on. */
export function takeNumber(
  way: Way,
  target: Queue,
  sinceSeconds: number,
  left: number,
  typed: string,
): Action | undefined {
  const { callBack, name } = target.body;
  const here = named("queue", name);
  if (callBack === null || typed === "") return undefined;
  const number = typed === "1" ? ownNumber(way, target.body) : toE164(typed, way.config.settings.country);
  const flaw = number === undefined ? "that is no phone number" : flawOf(way, target.body, number);
  if (number !== undefined && flaw === undefined) {
    way.step(here, "the caller keeps his place and hangs up", `call-back/${number}`);
    return { do: "call-back", queue: target.id, number, sinceSeconds, otherwise: "end.done" };
  }
  way.step(here, `${number ?? typed} can't be called back: ${flaw}`, "call-back");
  return left > 0 ? ask(way, target, sinceSeconds, left, [{ word: "not-permitted" }]) : undefined;
}

function ownNumber(way: Way, body: Queue["body"]): string | undefined {
  const { from } = way.call;
  const number =
    from.kind === "outside" && from.number !== null && /^\+\d{7,15}$/.test(from.number) ? from.number : undefined;
  return number !== undefined && flawOf(way, body, number) === undefined ? number : undefined;
}

/** Why nobody is called back there: it must be outside, and the payer must be allowed to call it. */
function flawOf(way: Way, { callBack }: Queue["body"], number: string): string | undefined {
  if (way.config.byKey("phone-number", number)?.body.destination) return "it is a number of the tenant's own";
  if (isEmergency(number.replace("+", ""), way.config.settings.country)) return "it is an emergency number";
  const legs = legsOutside({ ...way, payer: undefined }, number, callBack?.payer ?? "");
  return typeof legs === "string" ? legs : undefined;
}

/** Who was called back has taken it up; a mailbox may have, too. */
export function confirm(way: Way, { id, body }: Queue, sinceSeconds: number): Action {
  way.step(named("queue", body.name), "is called back, and asked to press 1", "call-back");
  // this call comes to the queue now
  way.through.push(id);
  return {
    do: "collect",
    sounds: [{ word: "press-1-to-accept" }],
    min: 1,
    max: 1,
    seconds: 10,
    betweenSeconds: 3,
    terminator: "",
    secret: false,
    otherwise: node("queue", id, "accept", sinceSeconds),
  };
}

/** How the queue calls `number` back now, by every trunk in order, or why it does not. `way`: of a call from that number. */
export function legsBack(way: Way, body: Queue["body"], number: string): readonly Carrier[] | string {
  if (body.callBack === null) return "the queue calls nobody back any more";
  if (suspensionOf(way.config)) return "the tenant is suspended";
  return flawOf(way, body, number) ?? legsOutside(way, number, body.callBack.payer);
}

/** The call as routing sees it that is made to `number`. */
export const callBackFrom = (number: string, at: Date): Call => ({
  from: { kind: "outside", number, name: null },
  to: number,
  at,
});

/** Where a call goes that was made to call somebody back. */
export const backNode = (queue: string, sinceSeconds: number): Node => node("queue", queue, "back", sinceSeconds);
