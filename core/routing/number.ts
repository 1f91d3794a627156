// What was dialled, made sense of: the only place that normalises numbers. Emergency first, then the tenant's own, then E.164.
import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/min";
import { isEmergency } from "./emergency.ts";

export type Dialled =
  | { as: "emergency"; digits: string }
  | { as: "internal"; digits: string }
  | { as: "e164"; number: string }
  | { as: "invalid"; why: string };

/** Reads `input` as a phone in `country` means it. `isInternal` says whether digits are a number of the tenant's own. */
export function read(input: string, country: string, isInternal: (digits: string) => boolean): Dialled {
  const digits = input.replace(/[\s().-]/g, "");
  if (!/^\+?[0-9*#]{1,32}$/.test(digits)) return { as: "invalid", why: "it is not a number" };
  if (isEmergency(digits, country)) return { as: "emergency", digits };
  if (isInternal(digits)) return { as: "internal", digits };
  const number = toE164(digits, country);
  return number
    ? { as: "e164", number }
    : { as: "invalid", why: `no number of the tenant, and no phone number as dialled from ${country}` };
}

/** E.164 of a number dialled in `country`, with or without national or international prefixes; undefined if it can't be a phone number. */
export function toE164(input: string, country: string): string | undefined {
  const parsed = /[*#]/.test(input)
    ? undefined
    : parsePhoneNumberFromString(input, { defaultCountry: country as CountryCode, extract: false });
  // "+61 00…": each reading takes one national prefix off, and the number must be the same however often it is read
  if (parsed?.isPossible() && parsed.nationalNumber.startsWith("0") && parsed.number !== input)
    return toE164(parsed.number, country) ?? parsed.number;
  if (parsed?.isPossible()) return parsed.number;
  // spelt out in full it is taken at its word: numbering plans change faster than their descriptions
  return /^\+[1-9]\d{6,14}$/.test(input) ? input : undefined;
}

/** E.164 of a number as a carrier sends it: with a plus sign, with the country code alone, or national. All readings, the likeliest first. */
export function carrierReadings(input: string, country: string): string[] {
  const digits = input.replace(/[\s().-]/g, "");
  if (!/^\+?\d{3,20}$/.test(digits)) return [];
  const candidates = digits.startsWith("+") ? [digits] : [`+${digits}`, toE164(digits, country)];
  return [...new Set(candidates.filter((candidate) => candidate !== undefined))];
}

/** An E.164 number in the form that a trunk declares. */
export function format(number: string, form: "e164" | "e164-without-plus" | "national"): string {
  if (form === "e164") return number;
  if (form === "e164-without-plus") return number.slice(1);
  return parsePhoneNumberFromString(number)?.formatNational().replace(/\D/g, "") ?? number.slice(1);
}
