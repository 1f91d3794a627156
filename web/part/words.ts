// Names of the schema as people read them.

const abbreviations: Record<string, string> = {
  id: "ID",
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
export function phrase(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[\s_-]+/)
    .map((word) => abbreviations[word.toLowerCase()] ?? word.toLowerCase());
  const text = words.join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The same within a sentence: `phone numbers`. */
export function inner(name: string): string {
  const text = phrase(name);
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** `Devices` as `Device`, `Inbound addresses` as `Inbound address`. */
export const singular = (label: string): string =>
  label.replace(/(?<=[sx])es$|ies$|(?<!s)s$/, (end) => (end === "ies" ? "y" : ""));

/** `1 device`, `3 devices`. */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString()} ${n === 1 ? one : many}`;

/** `an extension`, `a trunk`. */
export const a = (noun: string): string => `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;

/** Seconds as `0:07`, `3:05` or `1:02:03`. */
export function duration(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
