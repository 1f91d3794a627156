// A speed dial: a short number for a long one, for everybody in the tenant.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";

const schema = lazy(() =>
  z.strictObject({
    number: z.string().regex(/^\*?\d{1,8}$/, "must be 1 to 8 digits, with or without * before"),
    name: line(64).nullable().default(null),
    target: z
      .string()
      .regex(/^\+?[0-9*#]{2,32}$/, "must be a number as dialled from a phone of the tenant")
      .describe("Dialled in its place, with the caller's own permissions"),
  }),
);

export const speedDial = defineKind({
  kind: "speed-dial",
  plural: "speed-dials",
  prefix: "spd",
  at: ["tenant"],
  about: "A short number for a long one.",
  schema,
  key: "number",
  dialable: "number",
  filters: ["number", "name"],
  search: ["number", "name"],
});

export type SpeedDial = z.output<ReturnType<typeof schema>>;
