// A caller or who is called, in words.
import { t } from "../i18n/t.ts";

/** `Ada 1001`, or what of it is known. */
export const party = ({ number, name }: { number: string | null; name: string | null }): string =>
  name && number && name !== number ? `${name} ${number}` : (name ?? number ?? t("unknown"));
