// What schemas and the API say in English, in the user's language: by its whole sentence, or by one whose holes it fills.
import { inner } from "../part/words.ts";
import { type Catalogue, currentLanguage, fill, flawTexts, t } from "./t.ts";

type Pattern = { like: RegExp; names: string[]; text: string };

const longest = 500;
let of: Catalogue | undefined;
let patterns: Pattern[] = [];

/** Those with holes; what says most by itself comes first. */
function patternsOf(texts: Catalogue): Pattern[] {
  if (of === texts) return patterns;
  of = texts;
  const fixed = (text: string): number => text.replaceAll(/\{\w+\}/g, "").length;
  patterns = Object.entries(texts)
    .filter(([text]) => text.includes("{"))
    .toSorted(([one], [other]) => fixed(other) - fixed(one))
    .map(([english, text]) => {
      const parts = english.split(/\{(\w+)\}/);
      const like = parts.map((part, at) =>
        at % 2 ? "(.+?)" : part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`),
      );
      return {
        like: new RegExp(`^${like.join("")}$`, "s"),
        names: parts.filter((_, at) => at % 2),
        text: String(text),
      };
    });
  return patterns;
}

/** Undefined if it is not known in that language. */
export function translated(english: string): string | undefined {
  const texts = flawTexts();
  const whole = Object.hasOwn(texts, english) ? texts[english] : undefined;
  if (typeof whole === "string") return whole;
  for (const { like, names, text } of patternsOf(texts)) {
    // several holes in a long text would take long to fill
    const found = names.length === 1 || english.length <= longest ? like.exec(english) : null;
    if (!found) continue;
    return fill(text, Object.fromEntries(names.map((name, at) => [name, held(name, found[at + 1] ?? "")])));
  }
  return undefined;
}

function held(name: string, value: string): string {
  if (name === "why" || name.startsWith("type")) return translated(value) ?? value;
  return name === "kind" ? inner(value) : value;
}

/** As it is shown: what is not known stays English, and that is said. */
export function heard(english: string): string {
  if (currentLanguage() === "en") return english;
  return translated(english) ?? t("in English: {text}", { text: english });
}
