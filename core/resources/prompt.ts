// A prompt: audio that callers hear. Its audio is uploaded beside the document (PUT …/prompts/{id}/audio) and fetched by edges by its hash.
import { z } from "zod";
import { contentTypes } from "../audio/kind.ts";
import { lazy } from "../lazy.ts";
import { line } from "../text.ts";
import { defineKind } from "./kind.ts";

const schema = lazy(() =>
  z.strictObject({
    name: line(64),
    audio: z
      .strictObject({
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        bytes: z.int().min(1).max(50_000_000),
        contentType: z.enum(contentTypes),
      })
      .nullable()
      .default(null)
      .describe("Set by uploading; names what must have been uploaded before. Null: a tone is heard"),
  }),
);

export const prompt = defineKind({
  kind: "prompt",
  plural: "prompts",
  prefix: "pmt",
  at: ["tenant", "account"],
  about: "Audio that callers hear. In an account's document its tenants may use it too.",
  schema,
  key: "name",
  filters: ["name"],
  search: ["name"],
});

export type Prompt = z.output<ReturnType<typeof schema>>;
