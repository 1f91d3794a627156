// The roles of members in words.
import { t } from "../i18n/t.ts";

export const roleNames: Record<string, () => string> = {
  owner: () => t("Owner"),
  admin: () => t("Administrator"),
  billing: () => t("Billing"),
  support: () => t("Support"),
  user: () => t("User"),
};
