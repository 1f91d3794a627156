// A suspension: while a document or one above it has it, calls stop, emergency calls excepted. A resource of its own, so that it reaches every edge like
// any other, one write stops all of a reseller's tenants, and no change of settings, apply or rollback can lift it.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";

const schema = lazy(() =>
  z.strictObject({
    reason: line(200).describe("Shown to whoever asks why"),
    by: z.string().describe("The id of the account that suspended; it, or one above it, can resume"),
    since: z.iso.datetime(),
  }),
);

export const suspension = defineKind({
  kind: "suspension",
  plural: "suspensions",
  prefix: "sus",
  at: [],
  about: "Stops calls but for emergency numbers, in a tenant or in all below an account.",
  schema,
  key: "by",
  filters: [],
});

export type Suspension = z.output<ReturnType<typeof schema>>;
