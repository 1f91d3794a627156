// A browser phone: an extension's phone in the console. It registers beside the extension's first device, under a name made of that device's, with a credential
// that is lent for minutes. Nothing of the credential is stored: who holds the device's HA1 (the control plane, and each edge) makes the password of it by himself.
import { z } from "zod";
import type { Extension } from "./resources/extension.ts";
import type { Config } from "./routing/config.ts";

/** How long a credential is good for. */
export const lentSeconds = 600;

/** No device's user name holds `~`, so neither of the two below is ever a device's. */
const mark = "~web";

/** The SIP user name (address of record) of the browser phone beside a device. */
export const browserPhoneOf = (device: string): string => `${device}${mark}`;

/** The user name of the device beside which a browser phone of this name is; undefined for what is none. */
export function besideOf(username: string): string | undefined {
  return username.endsWith(mark) ? username.slice(0, -mark.length) : undefined;
}

/** What a credential names itself in the digest: the phone, and until when it is good (seconds since 1970). */
export const lentName = (phone: string, until: number): string => `${phone}~${until}`;

/** Which phone a credential is for, and until when; undefined for a device's own. */
export function readLent(name: string): { phone: string; until: number } | undefined {
  const [, phone, until] = /^([a-z0-9._-]{1,32}~web)~(\d{10})$/.exec(name) ?? [];
  return phone === undefined ? undefined : { phone, until: Number(until) };
}

/** The name that a phone is known by, of the one that it authenticated with. */
export const phoneNamed = (name: string): string => readLent(name)?.phone ?? name;

/** A clock that is behind by less refuses no fresh credential; none lives longer than this from now. */
const toleranceSeconds = 300;

/** Whether a credential is good at this time. */
export const isGood = ({ until }: { until: number }, now: Date): boolean => {
  const left = until - now.getTime() / 1000;
  return left > 0 && left <= lentSeconds + toleranceSeconds;
};

/**
 * The password that goes with a credential's name: HMAC-SHA256 of the name, in hex, under the HA1 of the device that lends it. So it dies with the device and
 * with its password. `hmac`: key and text.
 */
export const lentPassword = (hmac: (key: string, text: string) => string, ha1: string, name: string): string =>
  hmac(ha1, name);

/** Runtime state of an extension, which the control plane alone sets: until when (ISO 8601) a browser phone of it may be registered. */
export const browserPhoneField = "browserPhone";

// asked for each phone that is rung: it is not made anew each time
const instant = z.iso.datetime();

/** The name of the extension's browser phone, if one may be there. */
export function browserPhoneHere(
  config: Pick<Config, "runtime">,
  id: string,
  { devices }: Pick<Extension, "devices">,
  now = new Date(),
): string | undefined {
  const until = instant.safeParse(config.runtime("extension", id, browserPhoneField));
  const [first] = devices;
  return first && until.success && Date.parse(until.data) > now.getTime() ? browserPhoneOf(first.username) : undefined;
}
