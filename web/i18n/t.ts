// Texts in the user's language. The English text is the key, so that code reads as the page does; a catalogue a language, loaded when it is chosen.
import { useSyncExternalStore } from "react";

export const languages = { en: "English", fr: "Français" } as const;
export type Language = keyof typeof languages;
/** A text, or its forms for one and for many. */
export type Catalogue = Record<string, string | readonly [one: string, many: string]>;
type Values = Record<string, string | number>;

/** `flaws`: what schemas and the API say is wrong, for `heard`. */
type Late = { default: Catalogue; flaws: Catalogue };
const none: Late = { default: {}, flaws: {} };
/** What the first page says, and what is only said by pages that are fetched when they are wanted. */
const load: Record<Language, { first: () => Promise<Catalogue>; late: () => Promise<Late> }> = {
  en: { first: async () => ({}), late: async () => none },
  fr: {
    first: async () => (await import("./fr.ts")).default,
    late: () => import("./fr-late.ts"),
  },
};

const kept = "dialplane.language";

/** What the user chose in this browser, else the first of the browser's languages that there is. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(kept) ?? "", ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find((tag): tag is Language => Object.hasOwn(languages, tag)) ?? "en";
}

let language: Language = "en";
let catalogue: Catalogue = {};
let flaws: Catalogue = {};
let plurals = new Intl.PluralRules(language);
let late: Promise<void> = Promise.resolve();
/** Moves with every change of what is said. */
let version = 0;
const listeners = new Set<() => void>();

export const currentLanguage = (): Language => language;
export const flawTexts = (): Catalogue => flaws;

function changed(): void {
  version++;
  for (const listener of listeners) listener();
}

/** Resolves when what the first page says is in that language, `whole`: when all is; `keep`: from now on in this browser. */
export async function setLanguage(next: Language, { keep = false, whole = true } = {}): Promise<void> {
  if (keep) localStorage.setItem(kept, next);
  const [first, rest] = await Promise.all([load[next].first(), whole ? load[next].late() : none]);
  catalogue = { ...rest.default, ...first };
  flaws = rest.flaws;
  language = next;
  plurals = new Intl.PluralRules(next);
  document.documentElement.lang = next;
  changed();
  if (!whole) late = fetchLate(next);
}

/** A catalogue that does not come leaves English. */
async function fetchLate(of: Language): Promise<void> {
  const rest = await load[of].late().catch(() => none);
  if (language !== of) return;
  catalogue = { ...rest.default, ...catalogue };
  flaws = rest.flaws;
  changed();
}

/** Resolves when pages that are fetched when they are wanted can be said. */
export const lateTexts = (): Promise<void> => late;

/** For the component at the top: what is below it is drawn anew when the language changes. */
export function useLanguage(): Language {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => version,
  );
  return language;
}

export const fill = (text: string, values: Values): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? whole : typeof value === "number" ? value.toLocaleString(language) : value;
  });

/** Marks a text of a table, which is shown through `t` once the language is known. */
export const text = (english: string): string => english;

/** `t("Delete {name}?", { name })`. What the catalogue lacks stays English. */
export function t(text: string, values: Values = {}): string {
  const found = Object.hasOwn(catalogue, text) ? catalogue[text] : undefined;
  return fill(typeof found === "string" ? found : text, values);
}

/** `tn(n, "{n} call", "{n} calls")`; the catalogue has both forms under the second. */
export function tn(n: number, one: string, many: string, values: Values = {}): string {
  const found = Object.hasOwn(catalogue, many) ? catalogue[many] : undefined;
  const [single, several] = typeof found === "object" ? found : [one, many];
  return fill(plurals.select(n) === "one" ? single : several, { n, ...values });
}
