// The phones that are registered: whose, which, from where, on which edge.
import { useId, useState } from "react";
import { useSync } from "../api/queries.ts";
import { t, tn } from "../i18n/t.ts";
import { Empty } from "../part/page.tsx";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import type { Phone } from "./follow.ts";

/** So many are drawn; more are found by searching. */
const most = 200;

export function Phones({ phones }: { phones: Phone[] | undefined }) {
  const tenant = useTenantId();
  const id = useId();
  const [wanted, setWanted] = useState("");
  const edges = new Map(useSync(tenant).data?.edges.map((edge) => [edge.id, edge.name]));
  if (!phones)
    return <Empty title={t("This key may not see phones")}>{t("It lacks the scope registrations:read.")}</Empty>;
  if (phones.length === 0)
    return (
      <Empty title={t("No phone is registered")}>
        <p>{t("An extension's page shows what to type into its phone. A phone that logs in is here at once.")}</p>
        <Link className="link inline-flex min-h-6 items-center underline" to={`/tenants/${tenant}/extensions`}>
          {t("To the extensions")}
        </Link>
      </Empty>
    );
  const text = wanted.trim().toLowerCase();
  const found = phones
    .filter(({ username, extension, userAgent, source }) =>
      [username, extension, userAgent, source].some((one) => one?.toLowerCase().includes(text)),
    )
    .toSorted((a, b) =>
      (a.extension ?? a.username).localeCompare(b.extension ?? b.username, undefined, { numeric: true }),
    );
  return (
    <div className="grid gap-3">
      <div className="grid gap-1 sm:w-72">
        <label htmlFor={id} className="text-muted text-xs">
          {t("Search by number, model or address")}
        </label>
        <input
          id={id}
          type="search"
          className="input"
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
      </div>
      <p role="status" className="text-muted text-xs">
        {tn(found.length, "{n} phone", "{n} phones")}
      </p>
      <ul className="card divide-y divide-line empty:hidden">
        {found.slice(0, most).map((phone) => (
          <li key={phone.id} className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-0.5 px-4 py-2">
            <span className="w-20 font-medium break-all">{phone.extension ?? phone.username}</span>
            <span className="min-w-0 flex-1 basis-48 break-words">
              {phone.userAgent ?? t("a phone that does not say its model")}
            </span>
            <span className="text-muted break-all sm:w-40">{phone.source ?? t("address unknown")}</span>
            <span className="text-muted break-all sm:w-32">{edges.get(phone.edge) ?? ""}</span>
          </li>
        ))}
      </ul>
      {found.length > most ? (
        <p className="text-muted">{t("Only the first {n} are shown; search for others.", { n: most })}</p>
      ) : null}
    </div>
  );
}
