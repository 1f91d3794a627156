// A voicemail box: takes messages for whoever refers to it.
import { z } from "zod";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";
import { secret } from "./marks.ts";

const schema = z.strictObject({
  number: z.string().regex(/^\d{2,8}$/, "must be 2 to 8 digits"),
  label: line(64).nullable().default(null),
  pin: secret("pin", true)
    .optional()
    .describe("4 to 12 digits: send one, or leave it out and one is made and shown once"),
});

export const voicemailBox = defineKind({
  kind: "voicemail-box",
  plural: "voicemail-boxes",
  prefix: "vmb",
  at: ["tenant"],
  about: "Takes messages. Its number is mostly that of the extension it belongs to.",
  schema,
  key: "number",
  filters: ["number", "label"],
});

export type VoicemailBox = z.output<typeof schema>;
