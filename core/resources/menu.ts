// A menu (IVR): a greeting, and digits that lead on.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { destination, onward } from "./destination.ts";
import { defineKind } from "./kind.ts";
import { reference } from "./marks.ts";
import { optionalNumber } from "./number.ts";
import { optionalPrompt } from "./sound.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    extensionNumber: optionalNumber,
    greeting: optionalPrompt.describe("Without one, a tone"),
    invalidPrompt: optionalPrompt.describe("Heard after digits that lead nowhere"),
    options: z
      .array(
        z.strictObject({
          digits: z.string().regex(/^[0-9*#]{1,8}$/, "must be 1 to 8 of 0-9, * and #"),
          label: line(64).nullable().default(null),
          destination: destination(),
        }),
      )
      .max(50)
      .default([]),
    dialByExtension: z.boolean().default(false).describe("Callers may dial an extension's number"),
    directory: reference("directory")
      .nullable()
      .default(null)
      .describe("Callers who press 9 9 spell a name; needs no option of its own"),
    timeoutSeconds: z.int().min(1).max(60).default(5).describe("Waiting for the first digit"),
    betweenDigitsSeconds: z.int().min(1).max(15).default(3),
    tries: z.int().min(1).max(10).default(3),
    timeout: onward().describe("Where callers go who press nothing in all tries"),
    invalid: onward().describe(
      "Where callers go who press what leads nowhere in all tries; without one, where timeout leads",
    ),
  }),
);

export const menu = defineKind({
  kind: "menu",
  plural: "menus",
  prefix: "mnu",
  at: ["tenant"],
  about: "A greeting, and digits that lead on.",
  schema,
  key: "name",
  dialable: "extensionNumber",
  filters: ["name", "extensionNumber"],
  search: ["name", "extensionNumber"],
  check(body) {
    const seen = new Set<string>();
    return body.options.flatMap(({ digits }, index) => {
      const again = seen.has(digits);
      seen.add(digits);
      return again
        ? [{ pointer: `/options/${index}/digits`, detail: `${digits} leads to two places; remove one` }]
        : [];
    });
  },
});

export type Menu = z.output<ReturnType<typeof schema>>;
