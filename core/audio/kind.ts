// What a file of audio is, by its bytes and never by what somebody says of it.
import { looksLikeMp3 } from "./mp3.ts";
import { looksLikeWav, readWav } from "./wav.ts";

export const contentTypes = ["audio/wav", "audio/mpeg"] as const;
export type ContentType = (typeof contentTypes)[number];

/** Longer than this nothing is played: an edge decodes it as a whole. */
export const maxSeconds = 1800;

/** The content type of a file of `size` bytes that begins with `bytes`, or a sentence that says why it can't be used. */
export function kindOfAudio(
  bytes: Uint8Array,
  size: number = bytes.length,
): { contentType: ContentType } | { flaw: string } {
  if (looksLikeWav(bytes)) {
    const wav = readWav(bytes, size);
    if (typeof wav === "string") return { flaw: wav };
    return wav.seconds > maxSeconds
      ? { flaw: `it lasts longer than ${maxSeconds / 60} minutes` }
      : { contentType: "audio/wav" };
  }
  return looksLikeMp3(bytes) ? { contentType: "audio/mpeg" } : { flaw: "it is neither a WAV nor an MP3 file" };
}
