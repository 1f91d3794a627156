// The rows of a list. Of a long one only those near the screen are in the page, so that ten thousand scroll like ten: each stands where it belongs by itself, and
// what scrolls out on one side is told to be what comes in on the other, so that a frame makes no elements and lays out new rows alone.
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Kind } from "../../core/resources/kind.ts";
import type { Item } from "../api/queries.ts";
import type { Field } from "../form/field.ts";
import { t } from "../i18n/t.ts";
import { Chip } from "../part/chip.tsx";
import { Icon } from "../part/icon.tsx";
import { Link } from "../router.tsx";
import { pageOf, useTenantId } from "../tenant/id.ts";
import { switchOf } from "../tenant/kinds.ts";
import { Nothing, Shown } from "./value.tsx";
import type { View } from "./view.ts";

const rowHeight = 44;
/** From so many rows on only those near the screen are in the page: shorter lists are whole for the browser's own search. */
const long = 200;

type Props = {
  kind: Kind;
  columns: Field[];
  items: Item[];
  selected: Set<string>;
  onSelect(ids: Set<string>): void;
  sort: View["sort"];
  onSort(by: string): void;
};

export function Table({ kind, columns, items, selected, onSelect, sort, onSort }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  const last = useRef<number>(undefined);
  useLayoutEffect(() => {
    const box = body.current?.getBoundingClientRect();
    if (box) setTop(box.top + scrollY);
  }, []);
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: top,
    enabled: items.length > long,
  });
  const far = items.length > long;
  const inPage = far ? virtual.getVirtualItems().map(({ index }) => index) : items.map((_, at) => at);
  const slots = useRef(0);
  slots.current = Math.max(slots.current, inPage.length);
  const focusRow = (index: number): void => {
    if (index < 0 || index >= items.length) return;
    const link = () => body.current?.querySelector<HTMLElement>(`[data-row="${index}"] a`);
    if (far) virtual.scrollToIndex(index);
    // at once where it is there, as the next key may follow in the same moment
    const here = link();
    if (here) here.focus();
    else requestAnimationFrame(() => link()?.focus());
  };
  const select = (index: number, ranged: boolean): void => {
    const next = new Set(selected);
    const item = items[index];
    if (!item) return;
    const yes = !next.has(item.id);
    const from = ranged && last.current !== undefined ? last.current : index;
    for (const { id } of items.slice(Math.min(from, index), Math.max(from, index) + 1))
      if (yes) next.add(id);
      else next.delete(id);
    last.current = index;
    onSelect(next);
  };
  // rows are drawn once and told of the latest
  const latest = useRef(select);
  latest.current = select;
  const [toggle] = useState(() => (index: number, ranged: boolean) => latest.current(index, ranged));
  useListKeys(body, focusRow, select);
  const all = items.length > 0 && items.every(({ id }) => selected.has(id));
  return (
    <div className="card overflow-clip">
      <table className="block" aria-rowcount={items.length + 1}>
        <thead className="sticky top-12 z-[1] block bg-panel text-muted text-xs shadow-[inset_0_-1px_var(--color-line)] md:top-0">
          <tr className={grid} aria-rowindex={1}>
            <th scope="col" className="pl-3 text-left">
              <label className="grid size-6 place-items-center">
                <input
                  type="checkbox"
                  className="size-4 accent-fill"
                  aria-label={t("Select all")}
                  checked={all}
                  onChange={() => onSelect(all ? new Set() : new Set(items.map(({ id }) => id)))}
                />
              </label>
            </th>
            {columns.map((field, index) => (
              <th
                key={field.name}
                scope="col"
                aria-sort={sort?.by === field.name ? (sort.descending ? "descending" : "ascending") : undefined}
                className={`${cell(index)} py-1`}
              >
                <button
                  type="button"
                  className="flex min-h-7 max-w-full items-center gap-1 font-medium hover:text-ink"
                  onClick={() => onSort(field.name)}
                >
                  <span className="truncate">{field.label}</span>
                  {sort?.by === field.name ? (
                    <Icon name="chevron" className={`size-3 ${sort.descending ? "" : "rotate-180"}`} />
                  ) : null}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} className="relative block" style={far ? { height: items.length * rowHeight } : undefined}>
          {inPage.map((index) => {
            const item = items[index];
            return item ? (
              <Row
                key={far ? index % slots.current : item.id}
                kind={kind}
                columns={columns}
                item={item}
                index={index}
                placed={far}
                selected={selected.has(item.id)}
                onToggle={toggle}
              />
            ) : null;
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The first column as wide as its boxes, the others alike; cells that are not shown leave no gap. */
const grid = "grid grid-flow-col grid-cols-[2.5rem] auto-cols-[minmax(0,1fr)] items-center";

/** On a phone's screen the first two columns stay. */
const cell = (index: number): string => `px-2 text-left sm:px-3 ${index > 1 ? "max-sm:hidden" : ""}`;

type RowProps = {
  kind: Kind;
  columns: Field[];
  item: Item;
  index: number;
  /** It stands where its index says, whatever is above it. */
  placed: boolean;
  selected: boolean;
  onToggle(index: number, ranged: boolean): void;
};

const Row = memo(function Row({ kind, columns, item, index, placed, selected, onToggle }: RowProps) {
  const tenant = useTenantId();
  const row = useRef<HTMLTableRowElement>(null);
  const { id } = item;
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it has become another's, the focus that it had was not for that
  useEffect(
    () => () => void (row.current?.contains(document.activeElement) && (document.activeElement as HTMLElement).blur()),
    [id],
  );
  const name = String(item[kind.key]);
  const off = switchOf(kind) !== undefined && item.enabled === false;
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 2}
      ref={row}
      className={`${grid} ${placed ? "absolute inset-x-0 top-0 contain-strict" : "relative"} h-11 border-line border-t ${selected ? "bg-hover" : "hover:bg-hover"}`}
      style={placed ? { transform: `translateY(${index * rowHeight}px)` } : undefined}
    >
      <td className="relative z-[1] pl-3">
        <label className="grid size-6 place-items-center">
          <input
            type="checkbox"
            className="size-4 accent-fill"
            aria-label={t("Select {name}", { name })}
            checked={selected}
            onChange={({ nativeEvent }) => onToggle(index, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
          />
        </label>
      </td>
      {columns.map((field, at) => (
        <td key={field.name} className={`${cell(at)} truncate`}>
          {field.name === kind.key ? (
            <span className="flex items-center gap-2">
              <Link
                className="stretched link min-w-0 truncate font-medium tabular-nums"
                to={`${pageOf(tenant)}/${kind.plural}/${item.id}`}
              >
                {name}
              </Link>
              {off ? <Chip tone="warn">{t("Disabled")}</Chip> : null}
            </span>
          ) : item[field.name] === null || item[field.name] === undefined ? (
            <Nothing />
          ) : (
            <Shown field={field} value={item[field.name]} />
          )}
        </td>
      ))}
    </tr>
  );
});

/** j and k or arrows go through rows, x selects; Enter opens, as the row's link has the focus. */
function useListKeys(
  body: React.RefObject<HTMLElement | null>,
  focusRow: (index: number) => void,
  select: (index: number, ranged: boolean) => void,
): void {
  const act = (event: globalThis.KeyboardEvent): void => {
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    if (event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (target.closest("textarea, select, [popover], input:not([type=checkbox])")) return;
    const row = target.closest<HTMLElement>("[data-row]");
    const inside = row !== null && body.current?.contains(row) === true;
    // arrows scroll the page unless a row has the focus
    if (event.key.startsWith("Arrow") && !inside) return;
    const at = inside ? Number(row.dataset.row) : -1;
    if (event.key === "j" || event.key === "ArrowDown") focusRow(at + 1);
    else if (event.key === "k" || event.key === "ArrowUp") focusRow(Math.max(0, at - 1));
    else if (event.key === "x" && inside) select(at, event.shiftKey);
    else return;
    event.preventDefault();
  };
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent): void => latest.current(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}
