// A phone number (DID) that the outside world dials, and where its calls go.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { destination } from "./destination.ts";
import { defineKind } from "./kind.ts";
import { language } from "./locale.ts";
import { e164 } from "./phone-number-format.ts";

const schema = lazy(() =>
  z.strictObject({
    number: e164.describe("In E.164; unique in the whole installation"),
    label: line(64).nullable().default(null),
    destination: destination()
      .nullable()
      .default(null)
      .describe("Where its calls go. Without one, callers hear that the number does not exist"),
    callerNamePrefix: line(16)
      .nullable()
      .default(null)
      .describe("Shown before the caller's name, to tell numbers apart"),
    recording: z.boolean().default(false).describe("Record its calls"),
    language: language.nullable().default(null).describe("What its callers hear; the tenant's if null"),
  }),
);

export const phoneNumber = defineKind({
  kind: "phone-number",
  plural: "phone-numbers",
  prefix: "num",
  at: ["tenant", "account"],
  about: "A phone number that the outside world dials. In an account's document it is inventory.",
  schema,
  key: "number",
  filters: ["number", "label"],
  search: ["number", "label"],
  globals: (body) => [["number", body.number]],
});

export type PhoneNumber = z.output<ReturnType<typeof schema>>;
