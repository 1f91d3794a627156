// Text that a tenant types: what is refused at the boundary, so that the rest of the code can trust a string.
import { z } from "zod";

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]/;
const bidiOverride = /[\u202a-\u202e\u2066-\u2069]/;

/** Why a string is refused as one line of text, or undefined if it is fine. */
export function flaw(value: string): string | undefined {
  if (!value.isWellFormed()) return "holds half of a surrogate pair; send well-formed Unicode";
  if (control.test(value)) return "holds a control character or line break; send one line of text";
  if (bidiOverride.test(value)) return "holds a bidirectional override; remove it";
  return undefined;
}

/** One address for mail, without a name: nothing in it ends a header or begins another address. */
export const mailAddress = z.email("must be one mail address, as in ada@example.com").max(254);

/** One line of text of at most `max` code points, well-formed, without control or bidirectional override characters. */
export function line(max: number, min = 1) {
  return z
    .string()
    .min(min)
    .max(max)
    .superRefine((value, context) => {
      const problem = flaw(value);
      if (problem) context.addIssue({ code: "custom", message: problem });
    });
}
