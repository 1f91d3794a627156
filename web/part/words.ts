// Names of the schema as people read them, in their language.
import type { Kind } from "../../core/resources/kind.ts";
import { t } from "../i18n/t.ts";

const abbreviations: Record<string, string> = {
  id: "ID",
  ice: "ICE",
  sip: "SIP",
  pin: "PIN",
  ip: "IP",
  e164: "E.164",
  url: "URL",
  udp: "UDP",
  tcp: "TCP",
  tls: "TLS",
};

/** `displayName` and `phone-numbers` as `Display name` and `Phone numbers`. */
export function english(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[\s_-]+/)
    .map((word) => abbreviations[word.toLowerCase()] ?? word.toLowerCase());
  const text = words.join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The same in the user's language. */
export const phrase = (name: string): string => t(english(name));

/** A text as it stands within a sentence; abbreviations stay. */
export const lower = (text: string): string =>
  /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

/** The same within a sentence: `phone numbers`. */
export const inner = (name: string): string => lower(phrase(name));

/** `Devices` as `Device`, `Inbound addresses` as `Inbound address`. */
export const singular = (label: string): string =>
  label.replace(/(?<=[sx])es$|ies$|(?<!s)s$/, (end) => (end === "ies" ? "y" : ""));

/** What one of a list's items is called: `devices` as `Device`. */
export const itemOf = (name: string): string => t(singular(english(name)));

const a = (noun: string): string => `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;

/**
 * A sentence on a kind, a text of its own in each language as its words agree: `saying("New {kind}", kind)` is `t("New ring group")`. `{kinds}` are several,
 * `{a kind}` has the article; the values fill in the rest.
 */
export function saying(
  pattern: string,
  kind: Pick<Kind, "kind" | "plural">,
  values: Record<string, string> = {},
): string {
  const [one, many] = [lower(english(kind.kind)), lower(english(kind.plural))];
  return t(pattern.replace("{kind}", one).replace("{kinds}", many).replace("{a kind}", a(one)), values);
}

/** Seconds as `0:07`, `3:05` or `1:02:03`. */
export function duration(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
