// Somebody who is called with others: an extension of the tenant, or a number of the outside.
import { z } from "zod";
import { reference } from "./marks.ts";
import { e164 } from "./phone-number-format.ts";

/** Where a list of members may hold numbers of the outside too. Exactly one of `extension` and `number` is set. */
export const member = z
  .strictObject({
    extension: reference("extension").nullable().default(null),
    number: e164.nullable().default(null).describe("A number of the outside"),
    delaySeconds: z.int().min(0).max(120).default(0).describe("It begins to ring so much later"),
    ringSeconds: z.int().min(5).max(120).default(25),
  })
  .refine((value) => (value.extension === null) !== (value.number === null), {
    message: "needs either extension or number",
  });

export type Member = z.output<typeof member>;
