// One page of a table after another.
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";

export function Pager({ page, last, onPage }: { page: number; last: number; onPage(page: number): void }) {
  if (last <= 1) return null;
  return (
    <nav aria-label={t("Pages")} className="flex items-center justify-end gap-2">
      <span className="text-muted tabular-nums">{t("Page {n} of {last}", { n: page, last })}</span>
      <Button small disabled={page <= 1} onClick={() => onPage(page - 1)}>
        {t("Back")}
      </Button>
      <Button small disabled={page >= last} onClick={() => onPage(page + 1)}>
        {t("Next")}
      </Button>
    </nav>
  );
}
