// The phone book to call from: the tenant's contacts and its speed dials.
import { useDeferredValue, useId, useState } from "react";
import { kindOf } from "../../core/registry.ts";
import { useWholeList } from "../api/lists.ts";
import { t } from "../i18n/t.ts";
import { Empty, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { useTenantId } from "../tenant/id.ts";
import { CallButton } from "./call-button.tsx";
import { contactFields } from "./calls.tsx";

const contactKind = kindOf("contact");
const speedDialKind = kindOf("speed-dial");
/** More than that nobody reads through: a search finds the rest. */
const mostShown = 200;

type Entry = { id: string; name: string; number: string; about: string };

export function Contacts() {
  const tenant = useTenantId();
  const id = useId();
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text).trim().toLowerCase();
  const contacts = useWholeList(tenant, contactKind, contactFields);
  const dials = useWholeList(tenant, speedDialKind, ["number", "name", "target"]);
  const error = contacts.error ?? dials.error;
  const all: Entry[] = [
    ...(dials.data?.items ?? []).map((one) => ({
      ...{ id: one.id, number: String(one.number), name: String(one.name ?? one.target) },
      about: t("Speed dial {number}", { number: String(one.number) }),
    })),
    ...(contacts.data?.items ?? []).map((one) => ({
      ...{ id: one.id, number: String(one.number), name: String(one.name) },
      about: [one.company, one.number].filter(Boolean).join(" · "),
    })),
  ].sort((a, b) => a.name.localeCompare(b.name));
  const found = all.filter(({ name, number, about }) => `${name} ${number} ${about}`.toLowerCase().includes(wanted));
  if (error && all.length === 0) return <Problem error={error} onRetry={() => contacts.refetch()} />;
  if (contacts.isPending || dials.isPending) return <Skeleton height="h-14" />;
  if (all.length === 0)
    return (
      <Empty title={t("The phone book is empty")}>
        <p>{t("Contacts and speed dials of your company are here, once somebody adds them.")}</p>
      </Empty>
    );
  return (
    <>
      <div className="grid max-w-sm gap-1">
        <label htmlFor={id} className="text-muted text-xs">
          {t("Search by name or number")}
        </label>
        <input id={id} type="search" className="input" value={text} onChange={({ target }) => setText(target.value)} />
      </div>
      {found.length === 0 ? <p role="status">{t("Nobody fits.")}</p> : null}
      <ul className="card divide-y divide-line empty:hidden">
        {found.slice(0, mostShown).map(({ id: key, name, number, about }) => (
          <li key={key} className="flex items-center gap-3 px-3 py-2 sm:px-4">
            <div className="grid min-w-0 flex-1">
              <p className="font-medium break-words">{name}</p>
              <p className="text-muted text-xs break-words tabular-nums">{about}</p>
            </div>
            <CallButton number={number} who={name} />
          </li>
        ))}
      </ul>
      {found.length > mostShown ? <p className="text-muted">{t("Search for the others.")}</p> : null}
    </>
  );
}
