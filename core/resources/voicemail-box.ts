// A voicemail box: takes messages for whoever refers to it.
import { z } from "zod";
import { lazy } from "../lazy.ts";
import { line, mailAddress } from "../text.ts";
import { defineKind } from "./kind.ts";
import { secret } from "./marks.ts";
import { internalNumber } from "./number.ts";
import { retentionDays } from "./retention.ts";
import { optionalPrompt } from "./sound.ts";

/** In seconds. An engine may need something for each of them. */
export const messageLengths: readonly number[] = [5, 10, 20, 30, 60, 90, 120, 180, 240, 300, 420, 600, 900];

const schema = lazy(() =>
  z.strictObject({
    number: internalNumber,
    label: line(64).nullable().default(null),
    pin: secret("pin", true)
      .optional()
      .describe("4 to 12 digits: send one, or leave it out and one is made and shown once"),
    greeting: optionalPrompt.describe("Heard by callers, in the place of the one that was recorded by phone"),
    busyGreeting: optionalPrompt.describe("Heard by callers who found the line busy"),
    maxSeconds: z
      .int()
      .refine((value) => messageLengths.includes(value), `must be one of ${messageLengths.join(", ")}`)
      .default(300)
      .describe(
        `A message ends when it is so long: ${messageLengths.join(", ")}. One of less than 2 seconds is none, and its caller is asked again`,
      ),
    email: mailAddress
      .nullable()
      .default(null)
      .describe("Told of each message by mail, where the installation sends any"),
    emailAudio: z.boolean().default(true).describe("Attach the message to the mail"),
    keepAfterEmail: z
      .boolean()
      .default(true)
      .describe("false: a message is deleted once its mail was accepted for delivery"),
    retentionDays: retentionDays.describe("Its messages are deleted after so many days; null: as the tenant says"),
    maxMessages: z.int().min(1).max(1000).default(100).describe("A full box takes no more"),
  }),
);

export const voicemailBox = defineKind({
  kind: "voicemail-box",
  plural: "voicemail-boxes",
  prefix: "vmb",
  at: ["tenant"],
  about: "Takes messages. Its number is mostly that of the extension it belongs to.",
  schema,
  key: "number",
  filters: ["number", "label"],
  search: ["number", "label"],
});

export type VoicemailBox = z.output<ReturnType<typeof schema>>;
