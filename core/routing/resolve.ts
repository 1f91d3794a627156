// resolve: which way a call goes, and why. Pure: the edge runs it at call time, the simulator runs the same code.
import type { Resource } from "../registry.ts";
import { arriveAtAnnouncement, resumeAnnouncement } from "./announcement.ts";
import { blockCaller } from "./block.ts";
import { arriveAtConference, resumeConference } from "./conference.ts";
import type { Config } from "./config.ts";
import { dial, startAtExtension } from "./dial.ts";
import { arriveAtDirectory, resumeDirectory } from "./directory.ts";
import { arriveAtExtension, resumeExtension } from "./extension.ts";
import { resumeFeature } from "./feature.ts";
import { resumeHotDesk } from "./hot-desk-code.ts";
import { recordingRefused, stopLimited } from "./limits.ts";
import { arriveAtMenu, resumeMenu } from "./menu.ts";
import { resumePickup } from "./others-call.ts";
import { outside, resumeOutside } from "./outside.ts";
import { arriveAtPagingGroup } from "./paging-group.ts";
import { arriveAtParkingLot, resumeParkingLot } from "./parking-lot.ts";
import { resumePin } from "./pin.ts";
import type { Action, Call, Carried, Hangup, Plan } from "./plan.ts";
import { arriveAtQueue, resumeQueue } from "./queue.ts";
import { inCallCodes } from "./record-on-demand.ts";
import { arriveAtRingGroup, resumeRingGroup } from "./ring-group.ts";
import { arriveAtSchedule } from "./schedule.ts";
import { stopSuspended } from "./suspension.ts";
import { startAtTransfer } from "./transfer.ts";
import { arriveAtVoicemailBox } from "./voicemail-box.ts";
import { type Ended, statusOf, type Way } from "./way.ts";

/** A call that goes on longer than this has lost its way. Within one answer, and as a whole. */
const most = { arrivals: 20, hops: 100 };

/** The action for `call` under `config`, with the steps that led to it. Reads nothing else, changes nothing. */
export function resolve(config: Config, call: Call): Plan {
  const way = begin(config, { ...call.carried, ...call });
  const action = call.resume ? resume(way, call.resume) : start(way);
  const unrecorded = way.record ? recordingRefused(config, call.used) : undefined;
  if (unrecorded !== undefined) way.step("recording", `${unrecorded}; goes on unrecorded`, "call");
  const record = way.record && unrecorded === undefined;
  const { steps, through, language } = way;
  const { from } = call;
  const inCall = inCallCodes(config, from.kind === "extension" ? config.get("extension", from.id) : undefined);
  const wrong = way.wrongPin && { wrongPin: way.wrongPin };
  return { action, steps, through, record, language, inCall, carried: carriedBy(way), ...wrong };
}

const carriedBy = ({ payer, forwards, call }: Way): Carried => ({
  ...(payer !== undefined && { payer }),
  ...(forwards > 0 && { forwards }),
  ...(call.inside && { inside: true }),
});

/** Whether the extension that calls has its calls recorded. */
function recordsItsCalls(config: Config, { from }: Call): boolean {
  const recording = from.kind === "extension" ? config.get("extension", from.id)?.body.recording : undefined;
  return recording === "outbound" || recording === "all";
}

/** The way of a call that has gone nowhere yet. */
export function begin(config: Config, call: Call): Way {
  let arrivals = 0;
  const number = call.from.kind === "outside" ? config.byKey("phone-number", call.did ?? call.to)?.body : undefined;
  const path = () => way.steps.map(({ goesTo }) => goesTo).join(" → ");
  const way: Way = {
    config,
    call,
    steps: [],
    through: [],
    record: number?.recording ?? recordsItsCalls(config, call),
    language: number?.language ?? config.settings.language,
    payer: call.carried?.payer ?? call.transferredBy,
    forwards: call.carried?.forwards ?? 0,
    busy: call.resume?.disposition === "busy",
    step: (at, why, goesTo) => void way.steps.push({ at, why, goesTo }),
    end(at, why, cause, limit) {
      way.step(at, why, `hangup/${cause}`);
      return { do: "hangup", cause, status: statusOf[cause], ...(limit && { limit }) };
    },
    send(to, at, why) {
      if (to.kind === "hangup") return way.end(at, why, to.cause);
      if (to.kind === "outside-number") {
        way.step(at, why, `outside-number/${to.number}`);
        return outside(way, to.number, false);
      }
      const target = config.get(to.kind, to.ref);
      return target ? way.arrive(target, at, why) : way.end(at, "the destination is gone", "not-found");
    },
    onward: (to, at, why, cause) => (to === null ? way.end(at, why, cause) : way.send(to, at, why)),
    arrive(target, at, why, number) {
      arrivals += 1;
      way.through.push(target.id);
      if (arrivals > most.arrivals) return way.end(at, `the call goes round and round: ${path()}`, "unavailable");
      return arrive(way, target, at, why, number);
    },
    dial: (to, at) => dial(way, to, at),
  };
  return way;
}

function start(way: Way): Action {
  const { call } = way;
  if (call.inside) return startAtTransfer(way);
  if (call.from.kind === "extension") return startAtExtension(way, call.from.id);
  const at = `phone-number/${call.to}`;
  const number = way.config.byKey("phone-number", call.to);
  if (!number) return way.end(at, "the tenant has no such number", "not-found");
  const stopped = stopSuspended(way, at, "unavailable") ?? stopLimited(way, at);
  if (stopped) return stopped;
  const blocked = blockCaller(way, call.from.number, at);
  if (blocked) return blocked;
  if (!number.body.destination) return way.end(at, "the number has no destination", "not-found");
  return way.send(number.body.destination, at, "is the number's destination");
}

type Arrive = (way: Way, target: never, at: string, why: string, number?: string) => Action;
const arrivals: Partial<Record<Resource["kind"], Arrive>> = {
  extension: arriveAtExtension,
  "ring-group": arriveAtRingGroup,
  queue: arriveAtQueue,
  menu: arriveAtMenu,
  schedule: arriveAtSchedule,
  announcement: arriveAtAnnouncement,
  "voicemail-box": arriveAtVoicemailBox,
  conference: arriveAtConference,
  "paging-group": arriveAtPagingGroup,
  "parking-lot": arriveAtParkingLot,
  directory: arriveAtDirectory,
};

function arrive(way: Way, target: Resource, at: string, why: string, number?: string): Action {
  const go = arrivals[target.kind];
  if (!go) return way.end(at, `${target.kind} can't take calls`, "not-found");
  return go(way, target as never, at, why, number);
}

/** Who reads a node, by its first word. */
const resumes: Record<string, (way: Way, rest: string[], ended: Ended, name: string) => Action> = {
  ring: resumeExtension,
  "ring-group": resumeRingGroup,
  queue: resumeQueue,
  menu: resumeMenu,
  announcement: resumeAnnouncement,
  conference: resumeConference,
  "parking-lot": resumeParkingLot,
  pickup: resumePickup,
  directory: resumeDirectory,
  code: resumeFeature,
  "hot-desk": resumeHotDesk,
  out: (way, rest, ended, name) => resumeOutside(way, name, rest, ended),
  sos: (way, rest, ended, name) => resumeOutside(way, name, rest, ended),
  pin: resumePin,
  end: (way, [cause = ""]) =>
    way.end("call", "that was all", Object.hasOwn(statusOf, cause) ? (cause as Hangup["cause"]) : "done"),
};

function resume(way: Way, { node, disposition, digits = "" }: NonNullable<Call["resume"]>): Action {
  const [name = "", ...rest] = node.split(".");
  const go = Object.hasOwn(resumes, name) ? resumes[name] : undefined;
  if (!go) return way.end(`node/${name}`, "routing knows no such node", "not-found");
  const { from } = way.call;
  const caller = from.kind === "extension" ? way.config.get("extension", from.id)?.body : undefined;
  if (caller && !caller.enabled && name !== "sos")
    return way.end(`extension/${caller.number}`, "the caller's extension is disabled", "rejected");
  way.language = caller?.language ?? way.language;
  if ((way.call.hops ?? 0) > most.hops) return way.end(`node/${name}`, "the call goes round and round", "unavailable");
  return go(way, rest, { disposition, digits }, name);
}
