// Audio that a document names must be there and be what the document says: checked by its bytes before a write that names it commits.
import { kindOfAudio } from "../../core/audio/kind.ts";
import type { BodyOf } from "../../core/registry.ts";
import type { Context } from "../context.ts";
import type { ChangedResource } from "../document/draft.ts";
import type { Head } from "../document/head.ts";
import { type Flaw, Problem } from "../problem.ts";
import { objects } from "./media.ts";

export type Audio = NonNullable<BodyOf<"prompt">["audio"]>;

/** So much of a file tells what it is: tags with pictures come before the audio. */
const headBytes = 1_000_000;

/** Throws `invalid` for a prompt whose audio was not uploaded, or is not what the prompt says of it. */
export async function refuseMissingAudio(ctx: Context, head: Head, changes: ChangedResource[]): Promise<void> {
  const errors: Flaw[] = [];
  for (const { before, after } of changes) {
    if (after?.kind !== "prompt") continue;
    const { audio } = after.body as BodyOf<"prompt">;
    const known = (before?.body as BodyOf<"prompt"> | undefined)?.audio;
    if (!audio || JSON.stringify(audio) === JSON.stringify(known)) continue;
    const detail = await flawOf(ctx, head, audio);
    if (detail !== undefined) errors.push({ pointer: "/audio", detail });
  }
  if (errors.length > 0) throw new Problem("invalid", `/audio: ${errors[0]?.detail}.`, { errors });
}

async function flawOf(ctx: Context, head: Head, audio: Audio): Promise<string | undefined> {
  const key = objects.prompt(head.owner, audio.sha256);
  const found = await ctx.media.head(key);
  if (!found) return "no such audio was uploaded; upload it first";
  if (found.bytes !== audio.bytes) return `the audio that was uploaded has ${found.bytes} bytes`;
  const bytes = await ctx.media.get(key, headBytes);
  const kind = kindOfAudio(bytes ?? new Uint8Array(), found.bytes);
  if ("flaw" in kind) return `the audio that was uploaded can't be used: ${kind.flaw}`;
  return kind.contentType === audio.contentType ? undefined : `the audio that was uploaded is ${kind.contentType}`;
}
