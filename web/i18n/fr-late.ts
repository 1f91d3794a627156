// French of what comes after the first page: it is fetched with the pages that say it.
import account from "./fr/account.ts";
import audit from "./fr/audit.ts";
import brand from "./fr/brand.ts";
import certificate from "./fr/certificate.ts";
import me from "./fr/me.ts";
import members from "./fr/members.ts";
import operator from "./fr/operator.ts";
import schema from "./fr/schema.ts";
import webhook from "./fr/webhook.ts";
import type { Catalogue } from "./t.ts";

export { default as flaws } from "./fr/flaw.ts";
export default {
  ...schema,
  ...me,
  ...members,
  ...account,
  ...audit,
  ...brand,
  ...certificate,
  ...operator,
  ...webhook,
} satisfies Catalogue;
