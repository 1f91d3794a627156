// A paging group: a voice to many phones at once, which answer by themselves.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";
import { reference } from "./marks.ts";
import { optionalNumber } from "./number.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    extensionNumber: optionalNumber,
    members: z.array(reference("extension")).max(100).default([]),
    twoWay: z.boolean().default(false).describe("Everybody may speak (intercom), not the caller alone"),
    skipBusy: z.boolean().default(true),
  }),
);

export const pagingGroup = defineKind({
  kind: "paging-group",
  plural: "paging-groups",
  prefix: "pag",
  at: ["tenant"],
  about: "A voice to many phones at once, which answer by themselves.",
  schema,
  key: "name",
  dialable: "extensionNumber",
  filters: ["name", "extensionNumber"],
  search: ["name", "extensionNumber"],
});

export type PagingGroup = z.output<ReturnType<typeof schema>>;
