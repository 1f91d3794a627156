// Music on hold: prompts that are played one after another while callers wait.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";
import { reference } from "./marks.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    prompts: z.array(reference("prompt", "inherited")).min(1).max(50),
    shuffle: z.boolean().default(false).describe("In an order left to chance, another one for each call"),
  }),
);

export const musicOnHold = defineKind({
  kind: "music-on-hold",
  plural: "music-on-hold",
  prefix: "moh",
  at: ["tenant", "account"],
  about: "Prompts that are played one after another while callers wait.",
  schema,
  key: "name",
  filters: ["name"],
  search: ["name"],
});

export type MusicOnHold = z.output<ReturnType<typeof schema>>;
