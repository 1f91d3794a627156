// Calls of others: picking up what rings elsewhere, listening to what goes on. Always in the caller's own tenant: what goes on elsewhere, he isn't told.
import type { Resource } from "../registry.ts";
import type { LiveLeg } from "./now.ts";
import type { Action, Hangup, Node } from "./plan.ts";
import { playThenEnd, type Word } from "./sound.ts";
import { type Ended, named, node, type Way } from "./way.ts";

/** Takes a call that rings at the extension. Where it is gone meanwhile, routing goes on with `done`. */
export type Pickup = { do: "pickup"; extension: string; call: LiveLeg; otherwise: Node };

/** Joins a call of that extension until either ends: unheard, heard by it alone, heard by both. It is told who listens to whom. */
export type Monitor = {
  do: "monitor";
  extension: string;
  call: LiveLeg;
  mode: "listen" | "whisper" | "barge";
  by: string;
  otherwise: Node;
};

type Caller = Resource<"extension">;
const ringing = (way: Way) => way.call.now?.ringing() ?? [];

/** Takes the call that rings the longest at an extension of the caller's group. */
export function pickUpGroup(way: Way, _argument: string, caller: Caller, at: string): Action {
  const { pickupGroup } = caller.body;
  if (pickupGroup === null) return no(way, at, "the caller is in no group", "not-permitted", "rejected");
  const found = ringing(way).find(
    ({ extension }) =>
      extension !== caller.id && way.config.get("extension", extension)?.body.pickupGroup === pickupGroup,
  );
  if (!found) return no(way, at, `nothing rings in the group ${pickupGroup}`, "invalid", "not-found");
  return pickUp(way, found, at);
}

/** Takes the call that rings at the extension of that number. */
export function pickUpExtension(way: Way, argument: string, _caller: Caller, at: string): Action {
  const target = extensionOf(way, argument);
  if (!target) return no(way, at, `${argument} is no extension`, "invalid", "not-found");
  const found = ringing(way).find(({ extension }) => extension === target.id);
  if (!found) return no(way, at, `nothing rings at ${argument}`, "invalid", "not-found");
  return pickUp(way, found, at);
}

function pickUp(way: Way, { extension, leg }: { extension: string; leg: LiveLeg }, at: string): Action {
  const number = way.config.get("extension", extension)?.body.number ?? extension;
  way.step(at, `takes the call that rings at ${number}`, named("extension", number));
  return { do: "pickup", extension, call: leg, otherwise: node("pickup", extension) };
}

/** A node is `pickup.<extension id>`. */
export function resumePickup(way: Way, [id = ""]: string[], _ended: Ended): Action {
  const number = way.config.get("extension", id)?.body.number ?? id;
  return no(way, named("extension", number), "the call is gone", "invalid", "not-found");
}

/** Listens to, whispers into or joins a call of the extension of that number. */
export const monitor =
  (mode: Monitor["mode"]) =>
  (way: Way, argument: string, caller: Caller, at: string): Action => {
    if (!caller.body.supervisor) return no(way, at, "the caller is no supervisor", "not-permitted", "rejected");
    const target = extensionOf(way, argument);
    if (!target || target.id === caller.id)
      return no(way, at, `${argument} is no other extension`, "invalid", "not-found");
    const call = way.call.now?.talking(target.id);
    if (call === undefined) return no(way, at, `${argument} is not on a call`, "invalid", "not-found");
    way.step(
      at,
      `${mode === "listen" ? "listens to" : mode === "whisper" ? "whispers to" : "joins"} ${argument}`,
      argument,
    );
    return { do: "monitor", extension: target.id, call, mode, by: caller.id, otherwise: "end.done" };
  };

function extensionOf(way: Way, number: string): Caller | undefined {
  const found = way.config.dialable(number);
  return found?.kind === "extension" ? (found as Caller) : undefined;
}

function no(way: Way, at: string, why: string, word: Word, cause: Hangup["cause"]): Action {
  way.step(at, why, `hangup/${cause}`);
  return playThenEnd([{ word }], cause, false);
}
