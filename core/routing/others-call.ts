// Calls of others: picking up what rings elsewhere, listening to what goes on.

/** Takes a call that rings at one of these extensions. */
export type Pickup = { do: "pickup"; extensions: string[]; otherwise: string };

/** Joins a call of that extension: unheard, heard by it alone, heard by both. */
export type Monitor = { do: "monitor"; extension: string; mode: "listen" | "whisper" | "barge"; otherwise: string };
