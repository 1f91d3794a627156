// A path that no page has.
import { t } from "../i18n/t.ts";
import { Page } from "../part/page.tsx";
import { Link } from "../router.tsx";

export const NothingHere = () => (
  <Page title={t("Nothing here")}>
    <p>
      {t("There is no such page.")}{" "}
      <Link className="link underline" to="/">
        {t("To the beginning")}
      </Link>
    </p>
  </Page>
);
