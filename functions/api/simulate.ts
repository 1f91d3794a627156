// simulate: which way a call would go, and why, by the very code that edges run; loaded when somebody asks.
import type { z } from "zod";
import type { Resource } from "../../core/registry.ts";
import type { Config } from "../../core/routing/config.ts";
import { phonesOf } from "../../core/routing/hot-desk.ts";
import { toE164 } from "../../core/routing/number.ts";
import type { Action, Call, Disposition, Step } from "../../core/routing/plan.ts";
import { resolve } from "../../core/routing/resolve.ts";
import type { Branch } from "../../core/routing/ring.ts";
import { scopeId } from "../accounts/bounds.ts";
import { Problem } from "../problem.ts";
import type { simulation } from "./simulation.ts";
import { typist } from "./typist.ts";

/** A call that has gone on more often than resolve itself lets it. */
const most = 150;

/** What was tried of the call at a time, and how that ended. */
export type Tried = { action: Action; through: string[]; at: Date; ends: Disposition };
/** A call to its end, which is the last that was tried. */
export type Followed = { from: Call["from"]; to: string; steps: Step[]; tried: Tried[] };

/** Which way it goes, and why. Throws as `follow`. */
export function simulate(
  config: Config,
  input: z.output<typeof simulation>,
  now: Date,
): { outcome: Record<string, unknown>; steps: Step[] } {
  const { steps, tried } = follow(config, input, now);
  return { outcome: outcomeOf(config, tried), steps };
}

/**
 * Follows the call until an attempt is answered or it ends. `patience`: phones are picked up after so many seconds, at once by default. Throws `invalid`
 * where `to` is nothing that can be called, `conflict` where it has no end.
 */
export function follow(config: Config, input: z.output<typeof simulation>, now: Date, patience = 0): Followed {
  const caller = config.dialable(input.from);
  const country = config.settings.country;
  const from: Call["from"] =
    caller?.kind === "extension"
      ? { kind: "extension", id: caller.id }
      : { kind: "outside", number: toE164(input.from, country) ?? null, name: null };
  const to = from.kind === "extension" ? input.to : toE164(input.to, country);
  if (to === undefined)
    throw new Problem("invalid", "to: a caller from outside dials a phone number; send it in E.164.", {
      errors: [{ pointer: "/to", detail: "is no phone number" }],
    });
  const keypad = typist(input.digits ?? []);
  let call: Call = {
    ...{ from, to, at: input.at ? new Date(input.at) : now },
    ...(caller?.kind === "extension" ? phoneOf(config, caller as Resource<"extension">) : { did: to }),
    ...goesOn(config, input),
  };
  const steps: Step[] = [];
  const tried: Tried[] = [];
  for (let hop = 1; hop < most; hop++) {
    const plan = resolve(config, call);
    steps.push(...plan.steps);
    const { action } = plan;
    const key = action.do === "queue" ? keypad.press(action.exitKey) : "";
    const ends = key === "" ? attemptOf(config, action, input.assume ?? {}, patience) : "done";
    tried.push({ action, through: plan.through, at: call.at, ends });
    if (!("otherwise" in action) || ends === "answered") return { from, to, steps, tried };
    const digits = key || (action.do === "collect" ? keypad.collect(action) : keypad.miss(action));
    const at = new Date(call.at.getTime() + waited(config, action, ends) * 1000);
    call = {
      ...call,
      at,
      carried: plan.carried,
      hops: hop,
      resume: { node: action.otherwise, disposition: ends, digits },
    };
  }
  throw new Problem("conflict", `The call went on for ${most} steps without an end; look for a loop in its steps.`, {
    extra: { steps },
  });
}

/** The phone that an extension calls from: the one that it uses for a while, else the first of its own. None where another uses its only one. */
function phoneOf(config: Config, caller: Resource<"extension">): Pick<Call, "phone"> {
  const username = phonesOf(config, caller)[0];
  const has = ({ body }: Resource<"extension">) => body.devices.some((device) => device.username === username);
  const owner = has(caller) ? caller : config.list("extension").find(has);
  return username !== undefined && owner ? { phone: { username, extension: owner.id } } : {};
}

/** What goes on in the tenant. Legs are named by whose they are: `ringing/1001`, `talking/1001`, `parked/701`. */
function goesOn(
  config: Config,
  { busy = [], ringing = [], parked = [], lastCaller, used = {} }: z.output<typeof simulation>,
): Pick<Call, "onCall" | "now" | "lastCaller" | "used" | "spent"> {
  const numberOf = (id: string) => config.get("extension", id)?.body.number ?? "";
  const idOf = (number: string) => config.byKey("extension", number)?.id;
  return {
    lastCaller: () => lastCaller,
    used: (limit) => used[limit] ?? 0,
    spent: () => used.spent ?? 0,
    onCall: (id) => busy.includes(numberOf(id)),
    now: {
      ringing: () =>
        ringing.flatMap((number) => {
          const extension = idOf(number);
          return extension === undefined ? [] : [{ extension, leg: `ringing/${number}` }];
        }),
      talking: (id) => (busy.includes(numberOf(id)) ? `talking/${numberOf(id)}` : undefined),
      parked: (_lot, slot) => (parked.includes(slot) ? { leg: `parked/${slot}`, extension: undefined } : undefined),
    },
  };
}

/** The seconds of an attempt in vain: who rings rings to the end, who waits does too, and the clock goes on. */
function waited(config: Config, action: Action, ends: Disposition): number {
  if (action.do === "park") return action.seconds;
  if (ends !== "no-answer") return 0;
  if (action.do === "queue") return config.get("queue", action.queue)?.body.maxWaitSeconds ?? 0;
  return action.do === "ring" ? action.seconds : 0;
}

/** How somebody who is rung ends it. */
export const endOf = (branch: Branch, assume: Record<string, Disposition> = {}): Disposition =>
  assumedOf(assume, branch.to === "extension" ? branch.number : branch.dialled);

/** `*` speaks of all that are not named. */
const assumedOf = (assume: Record<string, Disposition>, name = ""): Disposition =>
  (Object.hasOwn(assume, name) && assume[name]) || assume["*"] || "answered";

function attemptOf(config: Config, action: Action, assume: Record<string, Disposition>, patience: number): Disposition {
  const assumed = (name?: string) => assumedOf(assume, name);
  if (action.do === "ring") {
    const ends = action.groups.flat().map((branch) => endOf(branch, assume));
    if (ends.includes("answered")) return patience < action.seconds ? "answered" : "no-answer";
    return ends.at(-1) ?? "no-answer";
  }
  if (action.do === "play" || action.do === "collect") return "done";
  if (action.do === "conference") return assumed(config.get("conference", action.conference)?.body.name);
  if (action.do === "trunk") return assumed(config.find("trunk", action.trunk)?.body.name);
  if (action.do === "queue") {
    const ends = assumed(config.get("queue", action.queue)?.body.name);
    return ends === "no-answer" || ends === "not-registered" ? ends : "answered";
  }
  if (action.do === "park")
    return assumed(config.get("parking-lot", action.lot)?.body.name) === "no-answer" ? "done" : "answered";
  return "answered";
}

export function outcomeOf(config: Config, tried: Tried[]): Record<string, unknown> {
  const action = tried.at(-1)?.action;
  if (!action) throw new Error("a call was tried nowhere");
  if (action.do === "ring") {
    const [first] = action.groups.flat();
    const one = action.groups.flat().length === 1 && first?.to === "extension";
    return {
      do: "ring",
      ...(one ? { extension: first.number, id: first.extension } : { groups: action.groups }),
      seconds: action.seconds,
      from: action.from,
    };
  }
  if (action.do === "trunk")
    return {
      do: "trunk",
      trunk: config.find("trunk", action.trunk)?.body.name,
      id: action.trunk,
      number: action.number,
      from: action.from,
    };
  if (action.do === "voicemail") return { do: "voicemail", voicemailBox: action.number, id: action.box };
  if (action.do === "hangup" && action.limit) {
    const { scope, ...limit } = action.limit;
    return { ...action, limit: { ...limit, ...scopeId(scope) } };
  }
  return { ...action };
}
