// A caller who types, for the simulator: the digits that an engine would have collected.
import { z } from "zod";
import type { Action } from "../../core/routing/plan.ts";
import type { Collect } from "../../core/routing/sound.ts";

export const typed = z.array(z.string().regex(/^[0-9*#]{0,32}$/, "must be up to 32 of 0-9, * and #")).max(50);

/**
 * Types `entries`, one each time that he is asked. An entry may hold more than is asked for at once: where nothing is heard in between, and only there,
 * it is the same entry that goes on; what is left of it is typed ahead into the next question.
 */
export function typist(entries: readonly string[]) {
  const coming = [...entries];
  let left = "";

  return {
    /** What is collected: to its end by `max` digits or the terminator, else as far as the entry goes. */
    collect({ sounds, max, terminator }: Collect): string {
      if (left === "" && sounds.length > 0) left = coming.shift() ?? "";
      const end = terminator === "" ? -1 : left.indexOf(terminator);
      const whole = end >= 0 && end < max;
      const digits = left.slice(0, whole ? end : max);
      left = left.slice(whole ? end + 1 : max);
      return digits;
    },
    /** The key that ends something, where it comes next; else nothing is pressed. */
    press(key: string | null): string {
      if (key === null || left !== "" || coming[0] !== key) return "";
      coming.shift();
      return key;
    },
    /** Keys pressed while something else is heard are lost. */
    miss({ do: what }: Action): string {
      if (what === "play") left = "";
      return "";
    },
  };
}
