// A phone number (DID) that the outside world dials, and where its calls go.
import { z } from "zod";
import { line } from "../text.ts";
import { destination } from "./destination.ts";
import { defineKind } from "./kind.ts";
import { e164 } from "./phone-number-format.ts";

const schema = z.strictObject({
  number: e164.describe("In E.164; unique in the whole installation"),
  label: line(64).nullable().default(null),
  destination: destination
    .nullable()
    .default(null)
    .describe("Where its calls go. Without one, callers hear that the number does not exist"),
});

export const phoneNumber = defineKind({
  kind: "phone-number",
  plural: "phone-numbers",
  prefix: "num",
  at: ["tenant", "account"],
  about: "A phone number that the outside world dials. In an account's document it is inventory.",
  schema,
  key: "number",
  filters: ["number", "label"],
  globals: (body) => [["number", body.number]],
});

export type PhoneNumber = z.output<typeof schema>;
