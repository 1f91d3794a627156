// Numbers that can be dialled in a tenant.
import { z } from "zod";

/** 2 to 8 digits: of an extension, a group, a queue … */
export const internalNumber = z.string().regex(/^\d{2,8}$/, "must be 2 to 8 digits");

/** As above, or null for what is reached only as a destination. */
export const optionalNumber = internalNumber
  .nullable()
  .default(null)
  .describe("The number to dial it by, unique in the tenant. Without one it is reached as a destination only");
