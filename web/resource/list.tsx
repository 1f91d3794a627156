// The list of a kind: searched, filtered, in order, many changed at once; how it is asked for stands in the page's address.
import { useDeferredValue, useMemo, useRef, useState } from "react";
import type { Kind } from "../../core/resources/kind.ts";
import { useWholeList } from "../api/lists.ts";
import type { Item } from "../api/queries.ts";
import { t, tn, useLanguage } from "../i18n/t.ts";
import { buttonClass } from "../part/button.tsx";
import { Icon } from "../part/icon.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { phrase, saying } from "../part/words.ts";
import { Link, useParameters } from "../router.tsx";
import { pageOf, useTenantId } from "../tenant/id.ts";
import { Bulk } from "./bulk.tsx";
import { ColumnChoice, FilterChoice } from "./choices.tsx";
import { chosenColumns, columnsOf, keepColumns } from "./columns.ts";
import { CsvButtons, hasTables, ImportDialog } from "./csv.tsx";
import { Table } from "./table.tsx";
import { matching, neededFor, sorted, viewFrom } from "./view.ts";

const none: Item[] = [];

export function ResourceList({ kind }: { kind: Kind }) {
  const tenant = useTenantId();
  const language = useLanguage();
  const [chosen, setChosen] = useState(() => chosenColumns(kind));
  // biome-ignore lint/correctness/useExhaustiveDependencies: columns bear names in the user's language
  const columns = useMemo(() => columnsOf(kind, chosen), [kind, chosen, language]);
  const fields = useMemo(() => neededFor(kind, columns), [kind, columns]);
  const list = useWholeList(tenant, kind, fields);
  const items = list.data?.items ?? none;
  const [parameters, setParameters] = useParameters();
  const view = viewFrom(kind, parameters);
  const sortKey = parameters.get("sort") ?? "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the parameter says all of the order
  const ordered = useMemo(() => sorted(items, view.sort), [items, sortKey]);
  const asked = useDeferredValue(JSON.stringify([view.q, view.filters]));
  const shown = useMemo(() => {
    const [q, filters] = JSON.parse(asked);
    return matching(kind, ordered, { q, filters });
  }, [kind, ordered, asked]);
  const [importing, setImporting] = useState(false);
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const picked = useMemo(() => items.filter(({ id }) => selected.has(id)), [items, selected]);
  const filtered = view.q !== "" || Object.keys(view.filters).length > 0;
  const sortBy = (by: string): void => {
    const next = view.sort?.by !== by ? by : view.sort.descending ? undefined : `-${by}`;
    setParameters({ sort: next });
  };
  return (
    <Page
      title={phrase(kind.plural)}
      about={t(kind.about)}
      actions={
        <Link className={buttonClass("main")} to={`${pageOf(tenant)}/${kind.plural}/new`}>
          {saying("New {kind}", kind)}
        </Link>
      }
    >
      {list.error && !list.data ? <Problem error={list.error} onRetry={() => list.refetch()} /> : null}
      {list.isPending ? <Skeleton rows={8} /> : null}
      {list.data && (items.length > 0 || !list.data.whole) ? (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <Search value={view.q} onChange={(q) => setParameters({ q })} />
            <FilterChoice
              kind={kind}
              filters={view.filters}
              onChange={(name, value) => setParameters({ [name]: value })}
            />
            <ColumnChoice
              kind={kind}
              columns={columns}
              onChange={(names) => {
                keepColumns(kind, names);
                setChosen(names);
              }}
            />
            {hasTables(kind) ? <CsvButtons kind={kind} q={view.q} onImport={() => setImporting(true)} /> : null}
            <p role="status" className="ml-auto text-muted tabular-nums">
              {filtered
                ? t("{n} of {all}", { n: shown.length, all: items.length })
                : tn(items.length, "{n} row", "{n} rows")}
              {list.data.whole ? "" : ` ${t("so far")}`}
            </p>
          </div>
          {shown.length > 0 ? (
            <Table
              kind={kind}
              columns={columns}
              items={shown}
              selected={selected}
              onSelect={setSelected}
              sort={view.sort}
              onSort={sortBy}
            />
          ) : (
            <Empty title={t("Nothing fits")}>
              <p>{t("Search for something else, or take a filter away.")}</p>
            </Empty>
          )}
        </>
      ) : null}
      {list.data?.whole && items.length === 0 ? (
        <Empty title={saying("No {kinds} yet", kind)}>
          <p>{saying("Create {a kind} with the button above; edges have it a moment later.", kind)}</p>
          {hasTables(kind) ? <CsvButtons kind={kind} q="" empty onImport={() => setImporting(true)} /> : null}
        </Empty>
      ) : null}
      {importing ? <ImportDialog kind={kind} onClose={() => setImporting(false)} /> : null}
      {picked.length > 0 ? <Bulk kind={kind} items={picked} onDone={() => setSelected(new Set())} /> : null}
    </Page>
  );
}

/** Typing is shown at once; "/" comes here. */
function Search({ value, onChange }: { value: string; onChange(text: string): void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <label className="relative w-full sm:w-64">
      <span className="sr-only">{t("Search")}</span>
      <Icon name="search" className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted" />
      <input
        ref={input}
        className="input pl-8"
        type="search"
        data-search
        aria-keyshortcuts="/"
        placeholder={t("Search")}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") input.current?.blur();
        }}
      />
    </label>
  );
}
