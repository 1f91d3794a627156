// What an account, with all below it, may and has used.
import { t } from "../i18n/t.ts";
import { Page } from "../part/page.tsx";
import { Link } from "../router.tsx";
import { LimitsOf } from "./limits.tsx";
import { accountPath } from "./read.ts";
import type { AccountSectionProps } from "./sections.ts";

export const LimitsPage = ({ account }: AccountSectionProps) => (
  <Page
    title={t("Limits")}
    about={
      <>
        {t("What the account and all companies below it may have together. Those of one company are under Manage.")}{" "}
        <Link className="link inline-block leading-6 underline" to={`/accounts/${account}/plans`}>
          {t("Plans are limits under a name.")}
        </Link>
      </>
    }
  >
    <section className="card grid max-w-2xl gap-3 p-4">
      <LimitsOf path={accountPath(account)} account={account} />
    </section>
  </Page>
);
