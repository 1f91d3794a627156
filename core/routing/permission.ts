// Who may call how far: an extension's permission, its countries, and the PIN that its phone is asked for.
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { BodyOf } from "../registry.ts";

/**
 * The country of an E.164 number, ISO 3166-1 alpha-2. Undefined where it has none (satellite, freephone +800) or none that is known: +1, +7 and +44 are
 * shared, and what lies behind them is told from its digits alone.
 */
export const countryOf = (number: string): string | undefined => parsePhoneNumberFromString(number)?.country;

/** Why the extension may not call `number` (E.164), or undefined if it may. `home`: the tenant's country. */
export function notPermitted(body: BodyOf<"extension">, number: string, home: string): string | undefined {
  const { permission, countries } = body.outbound;
  if (permission === "internal") return "may only call inside the tenant";
  const country = countryOf(number);
  if (country === home) return undefined;
  const where = country === undefined ? "belongs to no country that is known" : `is in ${country}`;
  if (permission === "national") return `may only call within ${home}, and ${number} ${where}`;
  if (countries === null || (country !== undefined && countries.includes(country))) return undefined;
  return `may call ${countries.join(", ") || "no other country"} and ${home}, and ${number} ${where}`;
}
