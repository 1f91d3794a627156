// How hard a password is to guess, by zxcvbn's lists and patterns. Loaded late: its lists are large.
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
const known = new Set(dictionary["passwords-common"]);

/** `score`: 0 to 4. `known`: whether the whole of it, in small letters, is among those that were found out. */
export function strengthOf(password: string, about: readonly string[]): { score: number; known: boolean } {
  return {
    // what is longer takes seconds, and no password was ever found out by its fiftieth character
    score: zxcvbn.check(
      password.slice(0, 50),
      about.map((text) => text.toLowerCase()),
    ).score,
    known: known.has(password.toLowerCase()),
  };
}
