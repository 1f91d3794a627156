// Phone numbers of an account and all below it: free ones are given to companies, others taken back; many come in as a list.
import { useState } from "react";
import type { Kind } from "../../core/resources/kind.ts";
import { phoneNumber } from "../../core/resources/phone-number.ts";
import { settled } from "../api/batch.ts";
import { send } from "../api/client.ts";
import { may, useMe } from "../frame/me.ts";
import { t, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Empty, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { toast } from "../part/toast.tsx";
import { Link, useParameters } from "../router.tsx";
import { Pager } from "./pager.tsx";
import { accountPath, type TenantRow, useAll, useChange, useTenantsBelow } from "./read.ts";
import { SearchBox } from "./search.tsx";
import type { AccountSectionProps } from "./sections.ts";
import { Select } from "./tenants.tsx";

type NumberRow = {
  id: string;
  number: string;
  label: string | null;
  accountId: string;
  tenantId: string | null;
  inventoryId: string | null;
};

const perPage = 50;

export function Inventory({ account }: AccountSectionProps) {
  const { data: me } = useMe();
  const numbers = useAll<NumberRow>(`${accountPath(account)}/phone-numbers`);
  const tenants = useTenantsBelow(account);
  const [parameters, set] = useParameters();
  const [adding, add] = useState(false);
  const [assigning, assign] = useState<NumberRow>();
  const release = useChange(
    ({ number, inventoryId }: NumberRow) =>
      send("POST", `${accountPath(inventoryId ?? account)}/phone-numbers/${encodeURIComponent(number)}/release`),
    (_, { number }) => toast(t("{number} is free again.", { number })),
  );
  const drop = useChange(
    ({ id, accountId }: NumberRow) => send("DELETE", `${accountPath(accountId)}/phone-numbers/${id}`),
    (_, { number }) => toast(t("{number} is no longer in the inventory.", { number })),
  );
  const nameOf = new Map(tenants.data?.items.map(({ id, name }) => [id, name]));
  const [q, state] = [(parameters.get("q") ?? "").trim().toLowerCase(), parameters.get("state") ?? ""];
  const all = numbers.data?.items ?? [];
  const shown = all
    .filter(({ tenantId }) => state === "" || (state === "free") === (tenantId === null))
    .filter((one) =>
      `${one.number} ${one.label ?? ""} ${nameOf.get(one.tenantId ?? "") ?? ""}`.toLowerCase().includes(q),
    )
    .toSorted((a, b) => (a.number < b.number ? -1 : 1));
  const last = Math.max(1, Math.ceil(shown.length / perPage));
  const page = Math.min(last, Math.max(1, Number(parameters.get("page")) || 1));
  const free = all.filter(({ tenantId }) => tenantId === null).length;
  const writes = may(me, "phone-numbers:write");
  const error = release.error ?? drop.error;
  return (
    <Page
      title={t("Phone numbers")}
      about={t("A free number rings nowhere. Give it to a company, or let companies claim it themselves.")}
      actions={
        writes ? (
          <Button look="main" onClick={() => add(true)}>
            {t("Add numbers")}
          </Button>
        ) : null
      }
    >
      {numbers.error && !numbers.data ? <Problem error={numbers.error} onRetry={() => numbers.refetch()} /> : null}
      {numbers.isPending ? <Skeleton rows={6} /> : null}
      {error ? <Problem error={error} /> : null}
      {numbers.data && all.length === 0 ? (
        <Empty title={t("No numbers yet")}>
          <p>{t("Add the numbers that your carrier gave you; companies below get theirs out of them.")}</p>
        </Empty>
      ) : null}
      {all.length > 0 ? (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <SearchBox value={parameters.get("q") ?? ""} onChange={(next) => set({ q: next, page: undefined })} />
            <Select
              label={t("State")}
              value={state}
              options={[
                ["", t("All numbers")],
                ["free", t("Free")],
                ["given", t("Given")],
              ]}
              onChange={(value) => set({ state: value, page: undefined })}
            />
            <p role="status" className="ml-auto text-muted tabular-nums">
              {t("{free} free of {all}", { free, all: all.length })}
            </p>
          </div>
          <ul className="card divide-y divide-line">
            {shown.slice((page - 1) * perPage, page * perPage).map((one) => (
              <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                <span className="w-40 font-medium tabular-nums">{one.number}</span>
                <span className="min-w-0 flex-1 basis-32 break-words">
                  {one.tenantId ? (
                    <Link
                      className="link inline-block leading-6"
                      to={`/tenants/${one.tenantId}/phone-numbers/${one.id}`}
                    >
                      {nameOf.get(one.tenantId) ?? one.tenantId}
                    </Link>
                  ) : (
                    <Chip tone="good">{t("Free")}</Chip>
                  )}{" "}
                  <span className="text-muted">{one.label}</span>
                </span>
                {writes && one.tenantId === null ? (
                  <span className="flex gap-2">
                    <Button small aria-label={t("Assign {number}", { number: one.number })} onClick={() => assign(one)}>
                      {t("Assign")}
                    </Button>
                    <Button
                      small
                      look="danger"
                      aria-label={t("Remove {number}", { number: one.number })}
                      busy={drop.isPending && drop.variables?.id === one.id}
                      onClick={() => drop.mutate(one)}
                    >
                      {t("Remove")}
                    </Button>
                  </span>
                ) : null}
                {writes && one.tenantId !== null && one.inventoryId !== null ? (
                  <Button
                    small
                    aria-label={t("Take back {number}", { number: one.number })}
                    busy={release.isPending && release.variables?.id === one.id}
                    onClick={() => release.mutate(one)}
                  >
                    {t("Take back")}
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
          <Pager page={page} last={last} onPage={(next) => set({ page: next === 1 ? undefined : String(next) })} />
        </>
      ) : null}
      {adding ? <AddNumbers account={account} onClose={() => add(false)} /> : null}
      {assigning ? (
        <Assign row={assigning} tenants={tenants.data?.items ?? []} onClose={() => assign(undefined)} />
      ) : null}
    </Page>
  );
}

/** The numbers in a text, one a line or with commas; brackets, blanks and dashes don't count. */
export const numbersIn = (typed: string): string[] => [
  ...new Set(
    typed
      .split(/[\n,;\t]+/)
      .map((part) => part.replaceAll(/[\s().-]/g, ""))
      .filter((part) => part !== ""),
  ),
];

function AddNumbers({ account, onClose }: { account: string; onClose(): void }) {
  const [typed, setTyped] = useState("");
  const numbers = numbersIn(typed);
  const kind = phoneNumber as unknown as Kind;
  const add = useChange(
    async () =>
      settled(
        await send("POST", `${accountPath(account)}/${kind.plural}/batch`, {
          body: { create: numbers.map((number) => ({ number })) },
        }),
      ),
    () => {
      toast(tn(numbers.length, "{n} number is in the inventory.", "{n} numbers are in the inventory."));
      onClose();
    },
  );
  return (
    <Dialog
      title={t("Add numbers")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            look="main"
            disabled={numbers.length === 0}
            busy={add.isPending}
            onClick={() => add.mutate(undefined)}
          >
            {tn(numbers.length, "Add {n} number", "Add {n} numbers")}
          </Button>
        </>
      }
    >
      <label className="grid gap-1 font-medium">
        {t("Numbers, one a line, as in +15550100")}
        <textarea
          className="input min-h-40 font-mono font-normal"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      </label>
      <label className="grid gap-1 text-muted text-xs">
        {t("Or a file with them")}
        <input
          type="file"
          accept=".csv,.txt,text/csv,text/plain"
          onChange={async ({ target }) => {
            const [file] = target.files ?? [];
            if (file) setTyped(await file.text());
          }}
        />
      </label>
      {add.error ? <Problem error={add.error} /> : null}
    </Dialog>
  );
}

function Assign({ row, tenants, onClose }: { row: NumberRow; tenants: TenantRow[]; onClose(): void }) {
  const [typed, setTyped] = useState("");
  const [to, setTo] = useState("");
  const low = typed.trim().toLowerCase();
  const fitting = tenants.filter(({ name, domain }) => `${name} ${domain}`.toLowerCase().includes(low)).slice(0, 100);
  const chosen = fitting.some(({ id }) => id === to) ? to : (fitting[0]?.id ?? "");
  const assign = useChange(
    () =>
      send("POST", `${accountPath(row.accountId)}/phone-numbers/${row.id}/assign`, {
        body: { tenantId: chosen, ...(row.label !== null && { label: row.label }) },
      }),
    () => {
      const name = tenants.find(({ id }) => id === chosen)?.name ?? "";
      toast(t("{number} is now {name}'s.", { number: row.number, name }));
      onClose();
    },
  );
  return (
    <Dialog
      title={t("Give {number} to a company", { number: row.number })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button look="main" disabled={chosen === ""} busy={assign.isPending} onClick={() => assign.mutate(undefined)}>
            {t("Assign")}
          </Button>
        </>
      }
    >
      <SearchBox value={typed} onChange={setTyped} />
      <label className="grid gap-1 font-medium">
        {t("Company")}
        <select className="input font-normal" size={6} value={chosen} onChange={({ target }) => setTo(target.value)}>
          {fitting.map(({ id, name, domain }) => (
            <option key={id} value={id}>
              {name} – {domain}
            </option>
          ))}
        </select>
      </label>
      {assign.error ? <Problem error={assign.error} /> : null}
    </Dialog>
  );
}
