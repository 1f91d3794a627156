// Passwords and PINs, kept as they are where they may be; else a new one is made when the document is applied.
import type { Row } from "./ledger.ts";

const forms = {
  "sip-password": {
    fits: /^[\x21-\x7e]{8,64}$/,
    rule: "a password here is 8 to 64 printable characters without spaces",
  },
  password: { fits: /^[\x21-\x7e]{8,64}$/, rule: "a password here is 8 to 64 printable characters without spaces" },
  pin: { fits: /^\d{4,12}$/, rule: "a PIN here is 4 to 12 digits" },
} as const;

/** The secret in `column`, or undefined; why not is in the ledger, its value never. */
export function secret(
  row: Row,
  column: string,
  form: keyof typeof forms,
  otherwise = "a new one is made",
): string | undefined {
  const text = row.text(column);
  if (text === undefined) return undefined;
  const { fits, rule } = forms[form];
  if (fits.test(text)) return text;
  row.lost(column, `${rule}: ${otherwise}`);
  return undefined;
}
