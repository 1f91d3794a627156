// Whose word on a runtime field is the last. Edges and cloud decide it alike, so that any order of hearing ends in the same value.
import { canonical } from "./canonical.ts";

/** What somebody said of a field: the value, when (ISO 8601), and at which edge. */
export type Word = { value: unknown; at: string; edge: string };

/** Whether `word` was said after `known`. In the same millisecond the greater edge id counts, and by the same edge the greater value. */
export function isLater(word: Word, known: Word | undefined): boolean {
  if (known === undefined) return true;
  const apart = Date.parse(word.at) - Date.parse(known.at);
  if (apart !== 0) return apart > 0;
  if (word.edge !== known.edge) return word.edge > known.edge;
  return canonical(word.value) > canonical(known.value);
}

/** The time of a word that is to be the last: `now`, but after what was said before, however wrong the clock was by which it was said. */
export function timeAfter(known: { at: string } | undefined, now: Date): string {
  return new Date(Math.max(now.getTime(), known === undefined ? 0 : Date.parse(known.at) + 1)).toISOString();
}
