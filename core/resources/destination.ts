// Where a call can be sent: one type, used by every kind that routes calls.
import { z } from "zod";
import { reference } from "./marks.ts";
import { e164 } from "./phone-number-format.ts";

export const hangupCause = z.enum(["rejected", "busy", "not-found", "unavailable"]);

/** `{"kind": "extension", "ref": "1001"}`, `{"kind": "outside-number", "number": "+1…"}`, `{"kind": "hangup", "cause": "busy"}`. */
export const destination = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("extension"), ref: reference("extension") }),
    z.strictObject({ kind: z.literal("voicemail-box"), ref: reference("voicemail-box") }),
    z.strictObject({ kind: z.literal("outside-number"), number: e164 }),
    z.strictObject({ kind: z.literal("hangup"), cause: hangupCause }),
  ])
  .describe("Where a call is sent");

export type Destination = z.output<typeof destination>;
