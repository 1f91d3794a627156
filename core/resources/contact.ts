// A contact: the name that is shown for a caller from outside.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";
import { e164 } from "./phone-number-format.ts";

const schema = lazy(() =>
  z.strictObject({
    number: e164,
    name: line(64),
    company: line(64).nullable().default(null).describe("Shown after the name"),
  }),
);

export const contact = defineKind({
  kind: "contact",
  plural: "contacts",
  prefix: "con",
  at: ["tenant"],
  about: "The name that is shown for a caller from outside.",
  schema,
  key: "number",
  filters: ["number", "name", "company"],
  search: ["number", "name", "company"],
});

export type Contact = z.output<ReturnType<typeof schema>>;
