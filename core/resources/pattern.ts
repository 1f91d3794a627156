// Patterns of phone numbers, matched in linear time: no regular expression of a tenant's is ever run.
import { z } from "zod";

/** `+1`, digits, `X` for any digit, `Z` for 1 to 9, `N` for 2 to 9, and at the end `*` for any further digits. */
export const numberPattern = z
  .string()
  .regex(
    /^\+?[0-9XZN]{0,20}\*?$/,
    "must be as in +1*, +4930XXXXXXXX or +33ZX*: digits, X (any), Z (1 to 9), N (2 to 9), and * at the end",
  )
  .refine((value) => value !== "", "must not be empty");

/** Whether `number` (with its plus sign) fits the pattern. Linear in the pattern's length. */
export function fits(pattern: string, number: string): boolean {
  const open = pattern.endsWith("*");
  const wanted = open ? pattern.slice(0, -1) : pattern;
  if (open ? number.length < wanted.length : number.length !== wanted.length) return false;
  for (let index = 0; index < wanted.length; index++) {
    const want = wanted[index] ?? "";
    const is = number[index] ?? "";
    const digit = is >= "0" && is <= "9";
    if (want === "X" ? !digit : want === "Z" ? !digit || is < "1" : want === "N" ? !digit || is < "2" : want !== is)
      return false;
  }
  return true;
}
