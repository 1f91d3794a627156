// A call to a parking lot.
import type { Resource } from "../registry.ts";
import type { Action } from "./plan.ts";
import { type Ended, named, type Way } from "./way.ts";

export function arriveAtParkingLot(way: Way, target: Resource<"parking-lot">, at: string, why: string): Action {
  const here = named("parking-lot", target.body.name);
  way.step(at, why, here);
  return way.end(here, "can't take calls yet", "not-found");
}

/** A node is `parking-lot.<id>…`. */
export function resumeParkingLot(way: Way, [id = ""]: string[], _ended: Ended): Action {
  return way.end(named("parking-lot", id), "can't take calls yet", "not-found");
}

/** The call waits in a slot; null: in the first free one of `slots`. */
export type Park = {
  do: "park";
  lot: string;
  slot: string | null;
  slots: string[];
  seconds: number;
  musicOnHold: string | null;
  otherwise: string;
};
/** Takes the call that waits in the slot. */
export type Unpark = { do: "unpark"; lot: string; slot: string; otherwise: string };
