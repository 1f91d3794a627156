// What a role may, in plain words; the table is functions/access/roles.ts.
import { t } from "../i18n/t.ts";

export const roleWords: Record<string, () => string> = {
  owner: () => t("Everything, and decides who else is an owner."),
  admin: () => t("Everything day by day: people, phones, numbers, calls, recordings and keys. Makes no owners."),
  billing: () => t("Sees who called whom for how long, numbers and prices. Changes nothing but their own phone."),
  support: () =>
    t(
      "Sees how everything is set up and what became of calls, and sets forwards for people. No messages, recordings or passwords.",
    ),
  user: () => t("Their own phone, with its calls, voicemail and forwards, and the phone book."),
};
