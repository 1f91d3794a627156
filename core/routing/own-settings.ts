// What people set for their own extension by a code: do not disturb, forwards, follow-me, their work as an agent.
import type { Resource } from "../registry.ts";
import { destinationKinds } from "../resources/destination.ts";
import { type Feature, refuse, remember } from "./code-answer.ts";
import { read } from "./number.ts";
import { legOutside } from "./outside.ts";
import { fieldSchema, runtimeOf } from "./runtime.ts";
import type { Sound } from "./sound.ts";
import type { Way } from "./way.ts";

const field = (id: string, name: string, value: unknown) => [{ kind: "extension" as const, id, field: name, value }];
const word = (name: "on" | "off" | "confirmed"): Sound[] => [{ word: name }];

export const doNotDisturb =
  (on: boolean): Feature =>
  (way, _, { id }, at) =>
    remember(way, at, `is set ${on ? "on" : "off"}`, field(id, "doNotDisturb", on), word(on ? "on" : "off"));

export const followMe =
  (on: boolean): Feature =>
  (way, _, { id }, at) =>
    remember(way, at, `is set ${on ? "on" : "off"}`, field(id, "followMe", on), word(on ? "on" : "off"));

type Forward = "forwardAlways" | "forwardBusy" | "forwardNoAnswer";

export const forward =
  (name: Forward): Feature =>
  (way, number, caller, at) => {
    const flaw = forwardFlaw(way, caller, number);
    if (flaw !== undefined) return refuse(way, at, `can't lead to ${number}: ${flaw}`, "not-permitted");
    const sounds: Sound[] = [{ word: "on" }, { digits: number }];
    return remember(way, at, `leads to ${number} from now on`, field(caller.id, name, number), sounds);
  };

/** Also a forward of the configuration is off then. */
export const noForward =
  (name: Forward): Feature =>
  (way, _, { id }, at) =>
    remember(way, at, "is off, whatever the configuration says", field(id, name, ""), word("off"));

/** Why an extension may not forward its calls to `number`, as it would dial it: only where it may call by itself without being asked. */
export function forwardFlaw(way: Way, { id, body }: Resource<"extension">, number: string): string | undefined {
  const { config } = way;
  if (!fieldSchema("extension", "forwardAlways")?.safeParse(number).success) return "it is no number to dial";
  const dialled = read(number, config.settings.country, (digits) => config.dialable(digits) !== undefined);
  if (dialled.as === "emergency") return "emergency services take no forwarded calls";
  if (dialled.as === "internal") {
    const target = config.dialable(dialled.digits);
    if (target?.id === id) return "calls would lead back to it";
    const takesCalls = destinationKinds.some((kind) => kind === target?.kind);
    return takesCalls ? undefined : `a ${target?.kind} takes no forwarded calls`;
  }
  if (dialled.as === "invalid") return dialled.why;
  if (config.byKey("phone-number", dialled.number)?.body.destination) return undefined;
  if (body.outbound.pin) return "it is asked for a PIN before it calls outside";
  const leg = legOutside(way, dialled.number, id);
  return typeof leg === "string" ? leg : undefined;
}

const spoken = { available: "on", paused: "confirmed", "logged-out": "off" } as const;

export const agent =
  (state: keyof typeof spoken): Feature =>
  (way, _, { id, body }, at) => {
    const queues = way.config.list("queue").filter((queue) => queue.body.agents.some((one) => one.extension === id));
    if (queues.length === 0) return refuse(way, at, `${body.number} is an agent of no queue`, "not-permitted");
    const out = runtimeOf(way.config, "extension", id, "agent") === "logged-out";
    if (out && state === "paused") return refuse(way, at, "it is logged out, and can't pause", "invalid");
    const names = queues.map((queue) => queue.body.name).join(", ");
    return remember(way, at, `is ${state} for ${names}`, field(id, "agent", state), word(spoken[state]));
  };
