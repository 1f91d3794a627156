// The E.164 form of a phone number, as fields hold it (ITU-T E.164: a plus sign and up to 15 digits).
import { z } from "zod";

export const e164 = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, "must be E.164: a plus sign, the country code and the number, as in +15550100");
