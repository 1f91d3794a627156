// A call to a conference: its PIN says who comes as a participant and who moderates.
import type { Resource } from "../registry.ts";
import { collectPin, type PinOf, pinTries, refuseSpent } from "./ask-pin.ts";
import type { Action } from "./plan.ts";
import { playThenEnd } from "./sound.ts";
import { type Ended, named, node, type Way } from "./way.ts";

/** The caller joins the room, which takes its settings from the resource. It ends with `busy` where the room is full, else with `done` once he left. */
export type Conference = {
  do: "conference";
  conference: string;
  moderator: boolean;
  muted: boolean;
  otherwise: string;
};

type Room = Resource<"conference">;

export function arriveAtConference(way: Way, target: Room, at: string, why: string): Action {
  way.step(at, why, nameOf(target));
  const { pin, moderatorPin } = target.body;
  if (!pin && !moderatorPin) return join(target, false);
  return refuseSpent(way, pinOf(target), nameOf(target)) ?? ask(target, 1);
}

/** A node is `conference.<id>.pin.<try>` or `conference.<id>.in`. */
export function resumeConference(way: Way, [id = "", stage, attempt = "1"]: string[], ended: Ended): Action {
  const room = way.config.get("conference", id);
  if (!room) return way.end(named("conference", id), "the conference is gone", "not-found");
  const at = nameOf(room);
  if (stage === "pin") return judge(way, room, Number(attempt), ended.digits);
  if (ended.disposition !== "busy") return way.end(at, "the conference is over for this caller", "done");
  way.step(at, `is full: ${room.body.maxMembers} are in it`, "hangup/busy");
  return playThenEnd([{ word: "full" }], "busy", true);
}

function judge(way: Way, room: Room, attempt: number, typed: string): Action {
  const { pin, moderatorPin } = room.body;
  const at = nameOf(room);
  const enter = (moderator: boolean, why: string): Action => {
    way.step(at, why, at);
    return join(room, moderator);
  };
  // who types nothing guesses nothing
  const spent = typed === "" ? undefined : refuseSpent(way, pinOf(room), at);
  if (spent) return spent;
  if (way.config.isSecret(moderatorPin, typed)) return enter(true, "the moderator's PIN was typed");
  if (way.config.isSecret(pin, typed)) return enter(false, "the participants' PIN was typed");
  if (!pin && typed === "") return enter(false, "no PIN was typed, and participants need none");
  if (typed !== "") way.wrongPin = pinOf(room);
  const what = typed === "" ? "no PIN was typed" : "a wrong PIN was typed";
  if (attempt < pinTries) {
    way.step(at, `${what} in try ${attempt} of ${pinTries}`, at);
    return ask(room, attempt + 1);
  }
  way.step(at, `${what} in the last of ${pinTries} tries`, "hangup/rejected");
  return playThenEnd([{ word: "invalid" }], "rejected", true);
}

const ask = (room: Room, attempt: number): Action =>
  collectPin(attempt > 1, node("conference", room.id, "pin", attempt));

const join = ({ id, body }: Room, moderator: boolean): Conference => ({
  do: "conference",
  conference: id,
  moderator,
  muted: body.muteOnEntry && !moderator,
  otherwise: node("conference", id, "in"),
});

const pinOf = ({ id }: Room): PinOf => ({ kind: "conference", id, pin: "pin" });
const nameOf = ({ body }: Room): string => named("conference", body.name);
