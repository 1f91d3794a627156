// The list of a kind.

import { useState } from "react";
import type { Kind } from "../../core/resources/kind.ts";
import { type Item, useItems } from "../api/queries.ts";
import type { Field } from "../form/field.ts";
import { t } from "../i18n/t.ts";
import { buttonClass } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Empty, More, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { inner, phrase, saying } from "../part/words.ts";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { switchOf } from "../tenant/kinds.ts";
import { columnsOf } from "./columns.ts";
import { Nothing, Shown } from "./value.tsx";

export function ResourceList({ kind }: { kind: Kind }) {
  const tenant = useTenantId();
  const [wanted, setWanted] = useState("");
  const list = useItems(tenant, kind, wanted === "" ? {} : { [kind.key]: wanted });
  const items = list.data?.pages.flatMap((page) => page.data);
  const add = (
    <Link className={buttonClass("main")} to={`/tenants/${tenant}/${kind.plural}/new`}>
      {saying("New {kind}", kind)}
    </Link>
  );
  // finding is for lists of more than one page
  const find = wanted !== "" || list.hasNextPage;
  return (
    <Page title={phrase(kind.plural)} about={t(kind.about)} actions={add}>
      {find ? <Find what={inner(kind.key)} onFind={setWanted} /> : null}
      {list.error && !items ? <Problem error={list.error} onRetry={() => list.refetch()} /> : null}
      {list.isPending ? <Skeleton /> : null}
      {items?.length === 0 ? (
        <Empty
          title={wanted === "" ? saying("No {kinds} yet", kind) : saying("No {kind} {key}", kind, { key: wanted })}
        >
          {wanted === "" ? (
            <p>{saying("Create {a kind} with the button above; edges have it a moment later.", kind)}</p>
          ) : null}
        </Empty>
      ) : null}
      {items && items.length > 0 ? <Table kind={kind} items={items} /> : null}
      <More query={list} />
    </Page>
  );
}

function Find({ what, onFind }: { what: string; onFind(text: string): void }) {
  return (
    <label className="flex max-w-sm items-center gap-2">
      <span className="font-medium whitespace-nowrap">{t("With the {what}", { what })}</span>
      <input className="input" type="search" onChange={({ target }) => onFind(target.value.trim())} />
    </label>
  );
}

/** On a phone's screen the first two columns stay, and the third's value goes below the second's. */
const cell = (index: number): string =>
  `px-2 py-2.5 text-left align-top break-words first:pl-4 last:pr-4 sm:px-3 ${index > 1 ? "max-sm:hidden" : ""}`;

function Table({ kind, items }: { kind: Kind; items: Item[] }) {
  const columns = columnsOf(kind);
  return (
    <div className="card overflow-hidden">
      <table className="w-full table-fixed">
        <thead className="border-line border-b text-muted text-xs">
          <tr>
            {columns.map((field, index) => (
              <th key={field.name} scope="col" className={`${cell(index)} font-medium`}>
                {field.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {items.map((item) => (
            <tr key={item.id} className="relative hover:bg-hover">
              {columns.map((field, index) => (
                <td key={field.name} className={cell(index)}>
                  {field.name === kind.key ? (
                    <Key kind={kind} item={item} />
                  ) : (
                    <Cell field={field} value={item[field.name]} />
                  )}
                  {index === 1 ? <Below field={columns[2]} item={item} /> : null}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Key({ kind, item }: { kind: Kind; item: Item }) {
  const tenant = useTenantId();
  const off = switchOf(kind) !== undefined && item.enabled === false;
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <Link
        className="stretched link min-w-0 font-medium tabular-nums break-words"
        to={`/tenants/${tenant}/${kind.plural}/${item.id}`}
      >
        {String(item[kind.key])}
      </Link>
      {off ? <Chip tone="warn">{t("Disabled")}</Chip> : null}
    </span>
  );
}

function Below({ field, item }: { field: Field | undefined; item: Item }) {
  const value = field && item[field.name];
  if (value === undefined || value === null) return null;
  return (
    <span className="block text-muted text-xs sm:hidden">
      <Shown field={field} value={value} />
    </span>
  );
}

function Cell({ field, value }: { field: Field; value: unknown }) {
  return value === null || value === undefined ? <Nothing /> : <Shown field={field} value={value} />;
}
