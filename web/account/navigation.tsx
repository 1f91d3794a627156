// An account's part of the navigation: its name, its sections.
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Icon } from "../part/icon.tsx";
import { Link, useRoute } from "../router.tsx";
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
        {accountSections((scope) => may(me, scope)).map(({ name, icon, sections }) => (
          <div key={name} className="grid gap-0.5">
            <p className="flex items-center gap-2 px-2 pb-0.5 text-muted text-xs">
              <Icon name={icon} className="size-3.5" />
              {name}
            </p>
            <ul className="grid gap-0.5">
              {sections.map(({ path, label }) => (
                <li key={path}>
                  <Link
                    to={`/accounts/${id}/${path}`}
                    aria-current={path === current ? "page" : undefined}
                    className="nav-link pl-7.5"
                  >
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </div>
  );
}
