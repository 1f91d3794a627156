// How long something is kept.
import { z } from "zod";

export const retentionDays = z.int().min(1).max(3650).nullable().default(null);
