// An announcement: a prompt is heard, then the call goes on.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { onward } from "./destination.ts";
import { defineKind } from "./kind.ts";
import { reference } from "./marks.ts";
import { optionalNumber } from "./number.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    extensionNumber: optionalNumber,
    prompt: reference("prompt", "inherited"),
    answer: z
      .boolean()
      .default(true)
      .describe("False: heard before the call is answered, where the carrier lets early media through"),
    afterwards: onward().describe("Where the call goes afterwards; without one it ends"),
  }),
);

export const announcement = defineKind({
  kind: "announcement",
  plural: "announcements",
  prefix: "ann",
  at: ["tenant"],
  about: "A prompt is heard, then the call goes on.",
  schema,
  key: "name",
  dialable: "extensionNumber",
  filters: ["name", "extensionNumber"],
  search: ["name", "extensionNumber"],
});

export type Announcement = z.output<ReturnType<typeof schema>>;
