// resolve: which way a call goes, and why. Pure: the edge runs it at call time, the simulator runs the same code.
import type { Resource } from "../registry.ts";
import type { Destination } from "../resources/destination.ts";
import type { Config, OwnedTrunk } from "./config.ts";
import { format, read } from "./number.ts";
import type { Action, Call, Disposition, Plan, Shown, Step } from "./plan.ts";

/** A carrier that shows no sign of life within this time is passed over. */
const progressSeconds = 4;
const statusOf = {
  "not-found": 404,
  busy: 486,
  rejected: 403,
  unavailable: 480,
  "no-answer": 480,
  "no-route": 503,
} as const;

/** The action for `call` under `config`, with the steps that led to it. Reads nothing else, changes nothing. */
export function resolve(config: Config, call: Call): Plan {
  const steps: Step[] = [];
  const action = call.resume ? resume(config, call, call.resume, steps) : start(config, call, steps);
  if (!call.inside || action.do !== "trunk") return { action, steps };
  return {
    action: end(
      steps,
      `outside-number/${action.dialled}`,
      "a transfer may only lead to numbers inside the tenant",
      "rejected",
    ),
    steps,
  };
}

function start(config: Config, call: Call, steps: Step[]): Action {
  if (call.from.kind === "extension") return dial(config, call, call.from.id, steps);
  if (call.inside) return transferred(config, call, steps);
  const number = config.byKey("phone-number", call.to);
  if (!number) return end(steps, `phone-number/${call.to}`, "the tenant has no such number", "not-found");
  if (!number.body.destination)
    return end(steps, `phone-number/${call.to}`, "the number has no destination", "not-found");
  return send(config, call, number.body.destination, `phone-number/${call.to}`, "is the number's destination", steps);
}

function dial(config: Config, call: Call, callerId: string, steps: Step[]): Action {
  const caller = config.get("extension", callerId);
  if (!caller?.body.enabled)
    return end(
      steps,
      `extension/${caller?.body.number ?? callerId}`,
      "the caller's extension is disabled or gone",
      "rejected",
    );
  const at = `extension/${caller.body.number}`;
  const dialled = read(call.to, config.settings.country, (digits) => config.dialable(digits) !== undefined);
  if (dialled.as === "emergency") {
    steps.push({
      at,
      why: `${dialled.digits} is an emergency number in ${config.settings.country}`,
      goesTo: `emergency/${dialled.digits}`,
    });
    return outside(config, call, dialled.digits, true, 0, steps);
  }
  if (dialled.as === "internal") {
    const target = config.dialable(dialled.digits);
    if (target) return arrive(config, call, target, at, `dialled ${call.to}`, steps);
  }
  if (dialled.as === "e164") {
    const own = config.byKey("phone-number", dialled.number);
    if (own?.body.destination) {
      steps.push({
        at,
        why: `dialled ${call.to}, a number of the tenant's own`,
        goesTo: `phone-number/${dialled.number}`,
      });
      return send(
        config,
        call,
        own.body.destination,
        `phone-number/${dialled.number}`,
        "is the number's destination",
        steps,
      );
    }
    steps.push({
      at,
      why: `dialled ${call.to}, which is ${dialled.number}`,
      goesTo: `outside-number/${dialled.number}`,
    });
    return outside(config, call, dialled.number, false, 0, steps);
  }
  return end(
    steps,
    at,
    `dialled ${call.to}: ${dialled.as === "invalid" ? dialled.why : "nobody has this number"}`,
    "not-found",
  );
}

/** A caller from outside whom somebody in the tenant passes on. */
function transferred(config: Config, call: Call, steps: Step[]): Action {
  const target = config.dialable(call.to);
  if (target) return arrive(config, call, target, "transfer", `transferred to ${call.to}`, steps);
  return end(steps, "transfer", `transferred to ${call.to}: nobody in the tenant has this number`, "not-found");
}

function send(config: Config, call: Call, destination: Destination, at: string, why: string, steps: Step[]): Action {
  if (destination.kind === "hangup") return end(steps, at, `${destination.cause} ${why}`, destination.cause);
  if (destination.kind === "outside-number") {
    steps.push({ at, why, goesTo: `outside-number/${destination.number}` });
    return outside(config, call, destination.number, false, 0, steps);
  }
  const target = config.get(destination.kind, destination.ref);
  if (!target) return end(steps, at, "the destination is gone", "not-found");
  return arrive(config, call, target, at, why, steps);
}

function arrive(config: Config, call: Call, target: Resource, at: string, why: string, steps: Step[]): Action {
  if (target.kind === "extension") return ring(config, call, target as Resource<"extension">, at, why, steps);
  if (target.kind === "voicemail-box") return leave(target as Resource<"voicemail-box">, at, why, steps);
  return end(steps, at, `${target.kind} can't take calls`, "not-found");
}

function ring(
  config: Config,
  call: Call,
  target: Resource<"extension">,
  at: string,
  why: string,
  steps: Step[],
): Action {
  const { number, enabled, devices, ringSeconds } = target.body;
  steps.push({ at, why, goesTo: `extension/${number}` });
  if (!enabled) return end(steps, `extension/${number}`, "the extension is disabled", "not-found");
  const usernames = devices.map((device) => device.username);
  return {
    do: "ring",
    extension: target.id,
    number,
    usernames,
    seconds: ringSeconds,
    from: shownInside(config, call),
    otherwise: `ring.${target.id}`,
  };
}

function leave(box: Resource<"voicemail-box">, at: string, why: string, steps: Step[]): Action {
  steps.push({ at, why, goesTo: `voicemail-box/${box.body.number}` });
  return { do: "voicemail", box: box.id, number: box.body.number };
}

function outside(config: Config, call: Call, number: string, emergency: boolean, from: number, steps: Step[]): Action {
  const trunks = usable(config);
  const trunk = trunks[from];
  const at = `${emergency ? "emergency" : "outside-number"}/${number}`;
  if (!trunk)
    return end(steps, at, trunks.length === 0 ? "there is no trunk to the outside" : "every trunk failed", "no-route");
  steps.push({
    at,
    why: from === 0 ? "is the first trunk by priority" : "is the next trunk by priority",
    goesTo: `trunk/${trunk.body.name}`,
  });
  return {
    do: "trunk",
    trunk: trunk.id,
    number: emergency ? number : format(number, trunk.body.numberFormat),
    dialled: number,
    from: shownOutside(config, call),
    progressSeconds,
    otherwise: `${emergency ? "sos" : "out"}.${from + 1}.${number.replace("+", "")}`,
    emergency,
  };
}

function usable(config: Config): OwnedTrunk[] {
  const owners = [...new Set(config.trunks().map((trunk) => trunk.owner))];
  const rank = (trunk: OwnedTrunk) => owners.indexOf(trunk.owner);
  return config
    .trunks()
    .filter((trunk) => trunk.body.enabled)
    .sort((a, b) => rank(a) - rank(b) || a.body.priority - b.body.priority || (a.body.name < b.body.name ? -1 : 1));
}

/** A node is `ring.<extension id>`, or `out|sos.<index of the next trunk>.<digits>`. */
function resume(config: Config, call: Call, { node, disposition }: NonNullable<Call["resume"]>, steps: Step[]): Action {
  const [what, first = "", digits = ""] = node.split(".");
  if (what === "ring") return unanswered(config, first, disposition, steps);
  if (what !== "out" && what !== "sos") return end(steps, `node/${what}`, "routing knows no such node", "not-found");
  const number = what === "sos" ? digits : `+${digits}`;
  const at = `outside-number/${number}`;
  if (disposition === "trunk-failed") return outside(config, call, number, what === "sos", Number(first), steps);
  if (disposition === "busy") return end(steps, at, "the called party is busy", "busy");
  if (disposition === "not-found") return end(steps, at, "the number does not exist", "not-found");
  if (disposition === "rejected") return end(steps, at, "the call was rejected", "rejected");
  return end(steps, at, "the called party did not answer", "no-answer");
}

const reasons: Partial<Record<Disposition, string>> = {
  busy: "is busy",
  "not-registered": "has no phone registered",
  rejected: "declined the call",
};

function unanswered(config: Config, id: string, disposition: Disposition, steps: Step[]): Action {
  const target = config.get("extension", id);
  if (!target) return end(steps, `extension/${id}`, "the extension is gone", "not-found");
  const at = `extension/${target.body.number}`;
  const why = reasons[disposition] ?? "did not answer";
  const box = target.body.voicemailBox ? config.get("voicemail-box", target.body.voicemailBox) : undefined;
  if (box) return leave(box, at, `${why}, and has a voicemail box`, steps);
  return end(
    steps,
    at,
    `${why}, and has no voicemail box`,
    disposition === "busy" ? "busy" : disposition === "rejected" ? "rejected" : "unavailable",
  );
}

function end(steps: Step[], at: string, why: string, cause: keyof typeof statusOf): Action {
  steps.push({ at, why, goesTo: `hangup/${cause}` });
  return { do: "hangup", cause, status: statusOf[cause] };
}

function shownInside(config: Config, call: Call): Shown {
  if (call.from.kind === "outside") return { number: call.from.number ?? "anonymous", name: call.from.name };
  const caller = config.get("extension", call.from.id);
  return { number: caller?.body.number ?? "anonymous", name: caller?.body.displayName ?? null };
}

/** To the outside an extension shows its external number if the tenant still has it, else the tenant's first; a caller passed through shows as it came. */
function shownOutside(config: Config, call: Call): Shown {
  if (call.from.kind === "outside") return { number: call.from.number ?? "anonymous", name: call.from.name };
  const caller = config.get("extension", call.from.id);
  const own = caller?.body.externalCallerId;
  const number = (own && config.byKey("phone-number", own)?.body.number) || config.first("phone-number")?.body.number;
  return { number: number ?? "anonymous", name: null };
}
