// A trunk's prices by destination, for least-cost routing.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";
import { reference } from "./marks.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    trunk: reference("trunk"),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code, as in USD")
      .default("USD"),
    rates: z
      .array(
        z.strictObject({
          prefix: z.string().regex(/^\+[1-9]\d{0,14}$/, "must begin an E.164 number, as in +4930"),
          perMinute: z.number().min(0).max(1000),
        }),
      )
      .max(2000)
      .default([])
      .describe("The longest prefix that fits counts"),
  }),
);

export const rateTable = defineKind({
  kind: "rate-table",
  plural: "rate-tables",
  prefix: "rat",
  at: ["tenant", "account"],
  about: "A trunk's prices by destination, for least-cost routing.",
  schema,
  key: "name",
  filters: ["name"],
  search: ["name"],
});

export type RateTable = z.output<ReturnType<typeof schema>>;
