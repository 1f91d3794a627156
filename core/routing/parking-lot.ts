// Calls to a parking lot: one waits in a slot until somebody takes it from any phone.
import type { Resource } from "../registry.ts";
import { slotsOf } from "../resources/parking-lot.ts";
import type { LiveLeg } from "./now.ts";
import type { Action, Node } from "./plan.ts";
import { type Ended, named, node, type Way } from "./way.ts";

/** The call waits in a slot; nobody took it in time: routing goes on with `done`. */
export type Park = {
  do: "park";
  lot: string;
  slot: string;
  /** Who dialled hears the number first: he holds the slot for the call that he brings. */
  announce: boolean;
  seconds: number;
  musicOnHold: string | null;
  otherwise: Node;
};

/** Takes the call that waits in the slot. Where it is gone meanwhile, routing goes on with `done`. */
export type Unpark = { do: "unpark"; lot: string; slot: string; call: LiveLeg; otherwise: Node };

type Lot = Resource<"parking-lot">;

/** `number`: the one of the lot's that was dialled or transferred to; undefined where the lot is a destination. */
export function arriveAtParkingLot(way: Way, target: Lot, at: string, why: string, number?: string): Action {
  const { from, inside, resume, transferredBy } = way.call;
  const here = named("parking-lot", target.body.name);
  way.step(at, why, here);
  const brought = inside === true && resume === undefined;
  if (number !== undefined && number !== target.body.extensionNumber)
    return brought ? parkIn(way, target, here, number) : take(way, target, here, number);
  const slot = (brought && heldBy(way, target, transferredBy)) || free(way, target);
  if (slot === undefined) return back(way, here, "every slot is taken");
  way.step(here, brought ? "is the slot for it" : "is the first free slot", named("slot", slot));
  return park(way, target, slot, !brought && from.kind === "extension");
}

function parkIn(way: Way, lot: Lot, at: string, slot: string): Action {
  if (occupant(way, lot, slot)) return back(way, at, `slot ${slot} is taken`);
  way.step(at, `slot ${slot} is free`, named("slot", slot));
  return park(way, lot, slot, false);
}

function take(way: Way, lot: Lot, at: string, slot: string): Action {
  if (way.call.from.kind !== "extension") return way.end(at, "a caller from outside takes no calls", "not-found");
  const waiting = occupant(way, lot, slot);
  if (!waiting) return way.end(at, `nobody waits in slot ${slot}`, "not-found");
  way.step(at, `takes the call in slot ${slot}`, named("slot", slot));
  return { do: "unpark", lot: lot.id, slot, call: waiting.leg, otherwise: node("parking-lot", lot.id, slot, "taken") };
}

function park(way: Way, lot: Lot, slot: string, announce: boolean): Action {
  const { timeoutSeconds } = lot.body;
  return {
    do: "park",
    lot: lot.id,
    slot,
    announce,
    seconds: timeoutSeconds,
    musicOnHold: lot.body.musicOnHold ?? way.config.settings.musicOnHold,
    otherwise: node("parking-lot", lot.id, slot, way.call.transferredBy ?? "-"),
  };
}

const occupant = (way: Way, lot: Lot, slot: string) => way.call.now?.parked(lot.id, slot);
const free = (way: Way, lot: Lot) => slotsOf(lot.body).find((slot) => !occupant(way, lot, slot));
/** The slot that the transferring phone was told of by dialling the lot (an attended transfer). */
const heldBy = (way: Way, lot: Lot, extension: string | undefined) =>
  extension === undefined
    ? undefined
    : slotsOf(lot.body).find((slot) => occupant(way, lot, slot)?.extension === extension);

/** A node is `parking-lot.<id>.<slot>.<who parked it, -, or taken>`. */
export function resumeParkingLot(way: Way, [id = "", slot = "", by = ""]: string[], _ended: Ended): Action {
  const lot = way.config.get("parking-lot", id);
  if (!lot) return way.end(named("parking-lot", id), "the parking lot is gone", "not-found");
  const here = named("parking-lot", lot.body.name);
  if (by === "taken") return way.end(here, `the call in slot ${slot} is gone`, "not-found");
  const { timeout, timeoutSeconds } = lot.body;
  const why = `nobody took the call within ${timeoutSeconds} s`;
  if (timeout !== null) return way.send(timeout, here, why);
  const parker = way.config.get("extension", by);
  return parker ? way.arrive(parker, here, `${why}: back to who parked it`) : way.end(here, why, "no-answer");
}

/** Who brought the call gets it back. */
function back(way: Way, at: string, why: string): Action {
  const by = way.call.transferredBy === undefined ? undefined : way.config.get("extension", way.call.transferredBy);
  return by ? way.arrive(by, at, `${why}: back to who transferred it`) : way.end(at, why, "busy");
}

/** The code for parking, dialled or transferred to: as if the number of the tenant's first parking lot had been. */
export function parkInFirst(way: Way, _argument: string, _caller: unknown, at: string): Action {
  const lot = way.config.first("parking-lot");
  return lot ? way.arrive(lot, at, "parks the call") : way.end(at, "the tenant has no parking lot", "not-found");
}
