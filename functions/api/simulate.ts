// simulate: which way a call would go, and why, by the very code that edges run.
import { z } from "zod";
import type { Config } from "../../core/routing/config.ts";
import { toE164 } from "../../core/routing/number.ts";
import type { Action, Call, Disposition, Step } from "../../core/routing/plan.ts";
import { resolve } from "../../core/routing/resolve.ts";
import { Problem } from "../problem.ts";
import { typed, typist } from "./typist.ts";

const disposition = z.enum([
  "answered",
  "busy",
  "no-answer",
  "not-registered",
  "rejected",
  "not-found",
  "trunk-failed",
]);

export const simulation = z.strictObject({
  from: z.string().min(1).max(64).describe("An extension's number, or a number of the outside"),
  to: z
    .string()
    .min(1)
    .max(64)
    .describe("As dialled by the extension; for a caller from outside one of the tenant's phone numbers"),
  at: z.iso.datetime().optional().describe("When; now by default"),
  assume: z
    .record(z.string().max(128), disposition)
    .optional()
    .describe(
      "How attempts end, by extension number or trunk name; answered by default. A conference that is busy is full",
    ),
  busy: z.array(z.string().max(16)).max(1000).optional().describe("Numbers of the extensions that are on a call"),
  digits: typed
    .optional()
    .describe(
      "What the caller types, an entry each time that he is asked, as in 1 or 1002#. Empty, or none left: he types nothing",
    ),
});

export const simulated = z.object({
  outcome: z.object({ do: z.string() }).loose(),
  steps: z.array(z.object({ at: z.string(), why: z.string(), goesTo: z.string() })),
});

/** A call that has gone on more often than resolve itself lets it. */
const most = 150;

/** Follows the call until an attempt is answered or it ends. */
export function simulate(
  config: Config,
  input: z.output<typeof simulation>,
  now: Date,
): { outcome: Record<string, unknown>; steps: Step[] } {
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
  const busy = new Set(input.busy);
  const keypad = typist(input.digits ?? []);
  let call: Call = {
    ...{ from, to, at: input.at ? new Date(input.at) : now },
    ...(from.kind === "outside" && { did: to }),
    onCall: (id) => busy.has(config.get("extension", id)?.body.number ?? ""),
  };
  const steps: Step[] = [];
  for (let hop = 1; hop < most; hop++) {
    const plan = resolve(config, call);
    steps.push(...plan.steps);
    const { action } = plan;
    const ends = attemptOf(config, action, input.assume ?? {});
    if (!("otherwise" in action) || ends === "answered") return { outcome: outcomeOf(config, action), steps };
    const digits = action.do === "collect" ? keypad.collect(action) : keypad.miss(action);
    // who rings in vain rings to the end, and the clock goes on
    const passed = action.do === "ring" && ends === "no-answer" ? action.seconds * 1000 : 0;
    const at = new Date(call.at.getTime() + passed);
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

function attemptOf(config: Config, action: Action, assume: Record<string, Disposition>): Disposition {
  const assumed = (name = ""): Disposition => (Object.hasOwn(assume, name) && assume[name]) || "answered";
  if (action.do === "ring") {
    const ends = action.groups
      .flat()
      .map((branch) => assumed(branch.to === "extension" ? branch.number : branch.dialled));
    return ends.includes("answered") ? "answered" : (ends.at(-1) ?? "no-answer");
  }
  if (action.do === "play" || action.do === "collect") return "done";
  if (action.do === "conference") return assumed(config.get("conference", action.conference)?.body.name);
  if (action.do === "trunk") return assumed(config.find("trunk", action.trunk)?.body.name);
  return "answered";
}

function outcomeOf(config: Config, action: Action): Record<string, unknown> {
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
  return { ...action };
}
