// The day/night switch: a code that holds a schedule closed, then open, then gives it back to its hours.
import type { Resource } from "../registry.ts";
import { type Feature, refuse, remember } from "./code-answer.ts";
import type { Config } from "./config.ts";
import { runtimeOf } from "./runtime.ts";

/** What follows what, and the word that tells it. */
const next = {
  automatic: { value: "closed", word: "off" },
  closed: { value: "open", word: "on" },
  open: { value: null, word: "confirmed" },
} as const;

export const scheduleOverride: Feature = (way, argument, _, at) => {
  const schedule = scheduleOf(way.config, argument);
  if (!schedule) return refuse(way, at, `no schedule has the number ${argument}, by itself or in the list`, "invalid");
  const { id, body } = schedule;
  const { value, word } = next[runtimeOf(way.config, "schedule", id, "override") ?? "automatic"];
  const changes = [{ kind: "schedule" as const, id, field: "override", value }];
  return remember(way, at, `${body.name} is ${value ?? "automatic"} from now on`, changes, [{ word }]);
};

/** By its own number, else by its place among all schedules, from 1 in the order of their names. */
export function scheduleOf(config: Config, argument: string): Resource<"schedule"> | undefined {
  const schedules = config.list("schedule");
  return schedules.find(({ body }) => body.extensionNumber === argument) ?? schedules[Number(argument) - 1];
}
