// An outbound route: which calls to the outside take which trunks. Without any, every call may take every trunk by priority.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";
import { reference } from "./marks.ts";
import { numberPattern } from "./pattern.ts";
import { e164 } from "./phone-number-format.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    enabled: z.boolean().default(true),
    order: z.int().min(0).max(10_000).default(100).describe("Routes are tried from the lowest to the highest"),
    patterns: z.array(numberPattern).min(1).max(200).describe("Numbers in E.164 that it serves"),
    trunks: z
      .array(reference("trunk", "inherited"))
      .min(1)
      .max(20)
      .describe("The tenant's own or its accounts', the next where one fails"),
    select: z
      .enum(["order", "least-cost"])
      .default("order")
      .describe("As listed, or the cheapest first by the trunks' rate tables; trunks without a rate come last"),
    strip: z.int().min(0).max(10).default(0).describe("Digits taken off the front, after the trunk's own format"),
    prefix: z
      .string()
      .regex(/^[0-9*#+]{0,10}$/)
      .default("")
      .describe("Then put before it"),
    callerId: z
      .discriminatedUnion("policy", [
        z.strictObject({ policy: z.literal("extension") }),
        z.strictObject({ policy: z.literal("fixed"), number: e164 }),
        z.strictObject({ policy: z.literal("anonymous") }),
      ])
      .default({ policy: "extension" }),
  }),
);

export const outboundRoute = defineKind({
  kind: "outbound-route",
  plural: "outbound-routes",
  prefix: "rou",
  at: ["tenant", "account"],
  about: "Which calls to the outside take which trunks. A tenant's own come before those of its accounts.",
  schema,
  key: "name",
  filters: ["name", "enabled"],
  search: ["name"],
});

export type OutboundRoute = z.output<ReturnType<typeof schema>>;
