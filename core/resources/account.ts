// An account's own settings: the operator, a reseller, a reseller's reseller.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";
import { locale } from "./locale.ts";
import { domain } from "./network.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(128),
    sipZone: domain.nullable().default(null).describe("Tenants created without a domain get a name under it"),
    deletionGraceDays: z
      .int()
      .min(1)
      .max(365)
      .nullable()
      .default(null)
      .describe("So many days what was deleted below can be restored; without it as the account above says, else 30"),
    ...locale,
  }),
);

export const account = defineKind({
  kind: "account",
  plural: "accounts",
  prefix: "acc",
  at: [],
  about: "An operator or reseller, with the trunks and numbers that its tenants share.",
  schema,
  key: "name",
  filters: ["name"],
  search: ["name"],
  globals: (body) => (body.sipZone === null ? [] : [["sipZone", body.sipZone]]),
});

export type Account = z.output<ReturnType<typeof schema>>;
