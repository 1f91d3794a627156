// A block rule: calls that are refused, from certain callers or to certain numbers.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { onward } from "./destination.ts";
import { defineKind } from "./kind.ts";
import { numberPattern } from "./pattern.ts";
import { optionalPrompt } from "./sound.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    enabled: z.boolean().default(true),
    direction: z.enum(["inbound", "outbound"]).default("inbound"),
    patterns: z.array(numberPattern).max(500).default([]).describe("Inbound: of callers. Outbound: of called numbers"),
    anonymous: z.boolean().default(false).describe("Inbound: callers who hide their number"),
    message: optionalPrompt.describe("Heard by who is refused"),
    destination: onward().describe("Inbound: where such calls go instead of being refused"),
  }),
);

export const blockRule = defineKind({
  kind: "block-rule",
  plural: "block-rules",
  prefix: "blk",
  at: ["tenant"],
  about: "Calls that are refused. Emergency calls never are.",
  schema,
  key: "name",
  filters: ["name", "direction", "enabled"],
  search: ["name"],
});

export type BlockRule = z.output<ReturnType<typeof schema>>;
