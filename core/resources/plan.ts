// A plan: limits under a name, for tenants and accounts below the account that has it.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";
import { limitFields } from "./limits.ts";

const schema = lazy(() => z.strictObject({ name: line(64), ...limitFields }));

export const plan = defineKind({
  kind: "plan",
  plural: "plans",
  prefix: "pln",
  at: ["account"],
  about: "Limits under a name, for tenants and accounts below the account that has it.",
  schema,
  key: "name",
  filters: ["name"],
});

export type Plan = z.output<ReturnType<typeof schema>>;
