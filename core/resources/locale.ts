// Country, time zone and language, as tenants and accounts hold them.
import { isSupportedCountry } from "libphonenumber-js/min";
import { z } from "zod";

const zones = new Set([...Intl.supportedValuesOf("timeZone"), "UTC"]);

function isLanguage(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value)[0] === value;
  } catch {
    return false;
  }
}

/** Also the names that the platform knows and does not list: it calls Asia/Kolkata Asia/Calcutta. */
function isTimeZone(value: string): boolean {
  if (zones.has(value)) return true;
  if (!/^[A-Z][A-Za-z_]{1,31}(\/[A-Z][A-Za-z_-]{1,31}){1,2}$/.test(value)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

export const timeZone = z.string().max(64).refine(isTimeZone, "must be an IANA time zone, as in Europe/Paris");
export const language = z.string().max(35).refine(isLanguage, "must be a BCP 47 language tag, as in en or fr-CA");

export const locale = {
  country: z
    .string()
    .refine((value) => isSupportedCountry(value), "must be a country in ISO 3166-1 alpha-2, as in US")
    .default("US")
    .describe("How national numbers and emergency numbers are read: ISO 3166-1 alpha-2"),
  timeZone: timeZone.default("UTC"),
  language: language.default("en"),
};
