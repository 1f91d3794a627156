// A directory: callers spell a name on their keys and reach the person.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { onward } from "./destination.ts";
import { defineKind } from "./kind.ts";
import { reference } from "./marks.ts";
import { optionalNumber } from "./number.ts";
import { optionalPrompt } from "./sound.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    extensionNumber: optionalNumber,
    greeting: optionalPrompt.describe("Without one, a tone"),
    members: z
      .array(reference("extension"))
      .max(1000)
      .nullable()
      .default(null)
      .describe("Who can be found; null: every enabled extension that has a displayName"),
    by: z.enum(["last-name", "first-name", "either"]).default("either"),
    digits: z.int().min(2).max(8).default(3).describe("So many letters are spelt"),
    tries: z.int().min(1).max(10).default(3),
    afterwards: onward().describe("Where callers go who found nobody"),
  }),
);

export const directory = defineKind({
  kind: "directory",
  plural: "directories",
  prefix: "dir",
  at: ["tenant"],
  about: "Callers spell a name on their keys and reach the person.",
  schema,
  key: "name",
  dialable: "extensionNumber",
  filters: ["name", "extensionNumber"],
  search: ["name", "extensionNumber"],
});

export type Directory = z.output<ReturnType<typeof schema>>;
