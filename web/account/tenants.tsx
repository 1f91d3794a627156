// The companies below an account: found by a text, a state or a plan, put in order, each with what it has and how it fares now; and what can be done about one.
import { useQueries } from "@tanstack/react-query";
import { Suspense, useDeferredValue } from "react";
import { send } from "../api/client.ts";
import { type Call, type Page as Listed, tenantPath } from "../api/queries.ts";
import { may, useMe } from "../frame/me.ts";
import { t, text, tn } from "../i18n/t.ts";
import { Button, buttonClass } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Icon } from "../part/icon.tsx";
import { onDemand } from "../part/on-demand.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Time } from "../part/time.tsx";
import { Link, useParameters } from "../router.tsx";
import { Pager } from "./pager.tsx";
import { accountPath, type Standing, type TenantRow, useAccountsBelow, useAll, useTenantsBelow } from "./read.ts";
import { SearchBox } from "./search.tsx";
import type { AccountSectionProps } from "./sections.ts";

const TenantDrawer = onDemand(() => import("./tenant-drawer.tsx"), "TenantDrawer");
const perPage = 25;
export type Health = "suspended" | "failing" | "behind" | "well";

const states: Record<Health, string> = {
  suspended: text("Suspended"),
  failing: text("Settings refused"),
  behind: text("Behind"),
  well: text("Live"),
};

export const healthOf = (row: TenantRow, standing: Standing | undefined): Health =>
  row.suspension ? "suspended" : (standing?.failures ?? 0) > 0 ? "failing" : standing ? "behind" : "well";

export const HealthChip = ({ health }: { health: Health }) => (
  <Chip tone={({ suspended: "warn", failing: "bad", behind: "warn", well: "good" } as const)[health]}>
    {t(states[health])}
  </Chip>
);

const orders = {
  name: (a: TenantRow, b: TenantRow) => a.name.localeCompare(b.name),
  extensions: (a: TenantRow, b: TenantRow) => (b.counts?.extensions ?? 0) - (a.counts?.extensions ?? 0),
  newest: (a: TenantRow, b: TenantRow) => (a.createdAt < b.createdAt ? 1 : -1),
};
type Order = keyof typeof orders;
const orderNames: Record<Order, string> = {
  name: text("By name"),
  extensions: text("Most extensions first"),
  newest: text("Newest first"),
};

export function TenantsBelow({ account }: AccountSectionProps) {
  const { data: me } = useMe();
  const tenants = useTenantsBelow(account);
  const accounts = useAccountsBelow(account);
  const behind = useAll<Standing>(`${accountPath(account)}/sync?behind=true`, {
    refreshMs: 10_000,
    enabled: may(me, "sync:read"),
  });
  const plans = useAll<{ id: string; name: string }>(`${accountPath(account)}/plans`, {
    enabled: may(me, "plans:read"),
  });
  const [parameters, set] = useParameters();
  const asked = useDeferredValue((parameters.get("q") ?? "").trim().toLowerCase());
  const [state = "", plan = "", open = ""] = ["state", "plan", "tenant"].map((name) => parameters.get(name) ?? "");
  const order = (parameters.get("sort") ?? "name") as Order;
  const standing = new Map(behind.data?.items.map((one) => [one.tenantId, one]));
  const planName = new Map(plans.data?.items.map(({ id, name }) => [id, name]));
  const accountName = new Map(accounts.data?.items.map(({ id, name }) => [id, name]));
  const all = tenants.data?.items ?? [];
  const shown = all
    .filter((row) => asked === "" || `${row.name} ${row.domain}`.toLowerCase().includes(asked))
    .filter((row) => state === "" || healthOf(row, standing.get(row.id)) === state)
    .filter((row) => plan === "" || row.plans?.includes(plan))
    .toSorted(orders[order] ?? orders.name);
  const last = Math.max(1, Math.ceil(shown.length / perPage));
  const page = Math.min(last, Math.max(1, Number(parameters.get("page")) || 1));
  const rows = shown.slice((page - 1) * perPage, page * perPage);
  const opened = all.find(({ id }) => id === open);
  return (
    <Page
      title={t("Companies")}
      about={t("Each company is a tenant with a phone system of its own. Open one, or see what it has and may.")}
      actions={
        may(me, "tenants:write") ? (
          <Link className={buttonClass("main")} to={`/tenants/new?account=${account}`}>
            {t("New tenant")}
          </Link>
        ) : null
      }
    >
      {tenants.error && !tenants.data ? <Problem error={tenants.error} onRetry={() => tenants.refetch()} /> : null}
      {tenants.isPending ? <Skeleton rows={8} /> : null}
      {tenants.data && all.length === 0 ? (
        <Empty title={t("No tenants yet")}>
          <p>
            {t(
              "A tenant is a company with its phone system. Create one, then its first extension: a phone can log in a moment later.",
            )}
          </p>
        </Empty>
      ) : null}
      {all.length > 0 ? (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <SearchBox value={parameters.get("q") ?? ""} onChange={(q) => set({ q, page: undefined })} />
            <Select
              label={t("State")}
              value={state ?? ""}
              options={[
                ["", t("All states")],
                ...Object.entries(states).map(([name, label]) => [name, t(label)] as [string, string]),
              ]}
              onChange={(value) => set({ state: value, page: undefined })}
            />
            {planName.size > 0 ? (
              <Select
                label={t("Plan")}
                value={plan ?? ""}
                options={[["", t("All plans")], ...planName]}
                onChange={(value) => set({ plan: value, page: undefined })}
              />
            ) : null}
            <Select
              label={t("Order")}
              value={order}
              options={Object.entries(orderNames).map(([name, label]) => [name, t(label)])}
              onChange={(value) => set({ sort: value === "name" ? undefined : value, page: undefined })}
            />
            <p role="status" className="ml-auto text-muted tabular-nums">
              {shown.length === all.length
                ? tn(all.length, "{n} company", "{n} companies")
                : t("{n} of {all}", { n: shown.length, all: all.length })}
            </p>
          </div>
          {shown.length === 0 ? (
            <Empty title={t("Nothing fits")}>
              <p>{t("Search for something else, or take a filter away.")}</p>
            </Empty>
          ) : (
            <Rows
              rows={rows}
              account={account}
              standing={standing}
              planName={planName}
              accountName={accountName}
              onOpen={(id) => set({ tenant: id })}
            />
          )}
          <Pager page={page} last={last} onPage={(next) => set({ page: next === 1 ? undefined : String(next) })} />
        </>
      ) : null}
      {opened ? (
        <Suspense fallback={null}>
          <TenantDrawer
            account={account}
            row={opened}
            standing={standing.get(opened.id)}
            onClose={() => set({ tenant: undefined })}
          />
        </Suspense>
      ) : null}
    </Page>
  );
}

type SelectProps = { label: string; value: string; options: [string, string][]; onChange(value: string): void };

export const Select = ({ label, value, options, onChange }: SelectProps) => (
  <select
    className="input w-auto max-w-full"
    aria-label={label}
    value={value}
    onChange={({ target }) => onChange(target.value)}
  >
    {options.map(([name, shown]) => (
      <option key={name} value={name}>
        {shown}
      </option>
    ))}
  </select>
);

type Now = { phones: number | null; calls: number | null; lastCall: string | null };

/** Of the rows that are shown alone: three small reads each, twice a minute. */
function useNowOf(rows: TenantRow[]): Map<string, Now | undefined> {
  const { data: me } = useMe();
  const [sees, hears] = [may(me, "calls:read"), may(me, "registrations:read")];
  const found = useQueries({
    queries: rows.map(({ id }) => ({
      queryKey: ["account", "now", id],
      enabled: me !== undefined && sees,
      staleTime: 25_000,
      refetchInterval: 30_000,
      async queryFn({ signal }: { signal: AbortSignal }): Promise<Now> {
        const [live, last] = await Promise.all([
          send<{ calls: unknown[]; registrations?: { extension: string | null }[] }>("GET", `${tenantPath(id)}/live`, {
            signal,
          }),
          send<Listed<Call>>("GET", `${tenantPath(id)}/calls?limit=1`, { signal }),
        ]);
        const phones = hears ? (live.registrations?.length ?? null) : null;
        return { phones, calls: live.calls.length, lastCall: last.data[0]?.startedAt ?? null };
      },
    })),
  });
  return new Map(rows.map(({ id }, index) => [id, found[index]?.data]));
}

type RowsProps = {
  rows: TenantRow[];
  account: string;
  standing: Map<string, Standing>;
  planName: Map<string, string>;
  accountName: Map<string, string>;
  onOpen(id: string): void;
};

const cell = "px-3 py-2";
const number = `${cell} text-right tabular-nums`;

function Rows({ rows, account, standing, planName, accountName, onOpen }: RowsProps) {
  const now = useNowOf(rows);
  const dash = "–";
  return (
    <div className="card overflow-x-auto">
      <table className="w-full text-left">
        <caption className="sr-only">{t("Companies")}</caption>
        <thead className="border-line border-b text-muted text-xs">
          <tr>
            <th scope="col" className={`${cell} font-normal`}>
              {t("Name")}
            </th>
            <th scope="col" className={`${cell} font-normal`}>
              {t("State")}
            </th>
            <th scope="col" className={`${cell} font-normal max-lg:hidden`}>
              {t("Plan")}
            </th>
            <th scope="col" className={`${number} font-normal max-sm:hidden`}>
              {t("Extensions")}
            </th>
            <th scope="col" className={`${number} font-normal max-sm:hidden`}>
              {t("Phones now")}
            </th>
            <th scope="col" className={`${number} font-normal max-sm:hidden`}>
              {t("Calls now")}
            </th>
            <th scope="col" className={`${cell} font-normal max-md:hidden`}>
              {t("Last call")}
            </th>
            <th scope="col" className={cell}>
              <span className="sr-only">{t("What can be done")}</span>
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => {
            const at = now.get(row.id);
            const plans = (row.plans ?? []).map((id) => planName.get(id) ?? t("of an account above"));
            const within = row.accountId === account ? undefined : accountName.get(row.accountId);
            return (
              <tr key={row.id} className="h-14 hover:bg-hover">
                <th scope="row" className={`${cell} max-w-72 font-normal`}>
                  <Link className="link block truncate font-medium leading-6" to={`/tenants/${row.id}`}>
                    {row.name}
                  </Link>
                  <span className="block truncate text-muted text-xs">
                    {row.domain}
                    {within ? ` · ${within}` : ""}
                  </span>
                </th>
                <td className={cell}>
                  <HealthChip health={healthOf(row, standing.get(row.id))} />
                </td>
                <td className={`${cell} max-lg:hidden`}>{plans.join(", ") || dash}</td>
                <td className={`${number} max-sm:hidden`}>{row.counts?.extensions ?? dash}</td>
                <td className={`${number} max-sm:hidden`}>{at?.phones ?? dash}</td>
                <td className={`${number} max-sm:hidden`}>{at?.calls ?? dash}</td>
                <td className={`${cell} text-muted max-md:hidden`}>
                  {at?.lastCall ? <Time at={at.lastCall} /> : dash}
                </td>
                <td className={`${cell} text-right`}>
                  <Button
                    small
                    aria-haspopup="dialog"
                    aria-label={t("Manage {name}", { name: row.name })}
                    onClick={() => onOpen(row.id)}
                  >
                    <span className="max-sm:hidden">{t("Manage")}</span>
                    <Icon name="chevron" className="size-4 -rotate-90 sm:hidden" />
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
