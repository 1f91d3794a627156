// A person's address as a body brings it.
import { z } from "zod";
import { mailAddress } from "../../core/text.ts";

/** Capitals and blanks around it don't count. */
export const sentEmail = z
  .string()
  .max(300)
  .transform((text) => text.trim().toLowerCase())
  .pipe(mailAddress);
