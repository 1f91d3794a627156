// An account's part of the navigation: its name, its sections.
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { SectionGroups } from "../part/section-groups.tsx";
import { useRoute } from "../router.tsx";
import { useAccount } from "./read.ts";
import { accountSections, firstSection } from "./sections.ts";

export function AccountNavigation({ id }: { id: string }) {
  const { data: me } = useMe();
  const account = useAccount(id);
  const [first, , section] = useRoute();
  const current = first === "accounts" ? (section ?? firstSection) : first === undefined ? firstSection : undefined;
  return (
    <div className="grid gap-3 border-line border-t pt-3">
      <p className="max-w-full px-2 font-semibold break-words">
        {account.data?.name ?? <span className="skeleton inline-block h-4 w-28" />}
      </p>
      <nav aria-label={t("Account sections")} className="grid gap-3">
        <SectionGroups groups={accountSections((scope) => may(me, scope))} at={`/accounts/${id}`} current={current} />
      </nav>
    </div>
  );
}
