// A template: a document from which tenants are made, in the account that has it and in those below.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    description: line(500, 0).default(""),
    document: z
      .record(z.string(), z.unknown())
      .default({})
      .describe(
        "As apply takes it for a tenant, by names; without secrets, audio, a domain and phone numbers, which each tenant has of its own",
      ),
  }),
);

export const template = defineKind({
  kind: "template",
  plural: "templates",
  prefix: "tpl",
  at: ["account"],
  edges: false,
  about: "A document from which tenants are made, in the account that has it and in those below.",
  schema,
  key: "name",
  filters: ["name"],
  search: ["name", "description"],
});

export type Template = z.output<ReturnType<typeof schema>>;
