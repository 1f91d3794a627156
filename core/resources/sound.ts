// Sounds that callers hear: a tenant's own prompts, or those of its accounts.
import { reference } from "./marks.ts";

/** A prompt, or null for none. */
export const optionalPrompt = reference("prompt", "inherited").nullable().default(null);
export const optionalMusic = reference("music-on-hold", "inherited")
  .nullable()
  .default(null)
  .describe("What callers hear while they wait. Without one, a tone");
