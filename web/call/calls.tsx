// Calls: the records of those that were, newest first, searched and taken along as a table; and charts of them.
import { type ReactNode, useDeferredValue, useId, useState } from "react";
import { callRecord } from "../../core/wire-events.ts";
import { type Call, useCalls, useTenant } from "../api/queries.ts";
import { t, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Empty, More, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Tabs } from "../part/tabs.tsx";
import { Stamp } from "../part/time.tsx";
import { duration, phrase } from "../part/words.ts";
import { Nothing } from "../resource/value.tsx";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { CallButton } from "./call-button.tsx";
import { Charts } from "./charts.tsx";
import { CallDetails } from "./details.tsx";
import { allCalls, csvOf, download } from "./export.ts";
import { type Filter, queryOf } from "./filter.ts";
import { tones } from "./outcome.ts";
import { party } from "./party.ts";

export function CallsPage({ rest }: { rest: string[] }) {
  const tenant = useTenantId();
  const zone = useTenant(tenant).data?.timeZone;
  const at = `/tenants/${tenant}/calls`;
  const isCharts = rest[0] === "charts";
  return (
    <Page title={t("Calls")}>
      <Tabs
        name={t("What to show")}
        tabs={[
          { to: at, label: t("Records"), isCurrent: !isCharts },
          { to: `${at}/charts`, label: t("Charts"), isCurrent: isCharts },
        ]}
      />
      {zone === undefined ? <Skeleton height="h-14" /> : isCharts ? <Charts zone={zone} /> : <Records zone={zone} />}
    </Page>
  );
}

function Records({ zone }: { zone: string }) {
  const tenant = useTenantId();
  const [filter, setFilter] = useState<Filter>({});
  const [open, setOpen] = useState<Call>();
  const query = queryOf(useDeferredValue(filter), zone);
  const calls = useCalls(tenant, query);
  const records = calls.data?.pages.flatMap((page) => page.data);
  const filtered = Object.keys(query).length > 0;
  return (
    <>
      <Filters filter={filter} onChange={setFilter} zone={zone}>
        <Export query={query} disabled={!records || records.length === 0} />
      </Filters>
      {calls.error && !records ? <Problem error={calls.error} onRetry={() => calls.refetch()} /> : null}
      {calls.isPending ? <Skeleton height="h-12" /> : null}
      {records?.length === 0 ? <None filtered={filtered} /> : null}
      {records && records.length > 0 ? (
        <ul className="card divide-y divide-line">
          {records.map((call) => (
            <Row key={call.id} call={call} onOpen={() => setOpen(call)} />
          ))}
        </ul>
      ) : null}
      <More query={calls} />
      {open ? <CallDetails call={open} onClose={() => setOpen(undefined)} /> : null}
    </>
  );
}

function None({ filtered }: { filtered: boolean }) {
  const tenant = useTenantId();
  if (filtered)
    return (
      <Empty title={t("No calls like that")}>
        <p>{t("Loosen a filter: a longer time, any outcome, fewer digits of the number.")}</p>
      </Empty>
    );
  return (
    <Empty title={t("No calls yet")}>
      <p>
        {t("A call's record is here within a second of its end.")}{" "}
        <Link className="link inline-flex min-h-6 items-center underline" to={`/tenants/${tenant}/simulate`}>
          {t("Try where a call would go")}
        </Link>
      </p>
    </Empty>
  );
}

const choices = { direction: callRecord.shape.direction.options, outcome: callRecord.shape.outcome.options };

type FiltersProps = { filter: Filter; onChange(filter: Filter): void; zone: string; children: ReactNode };

function Filters({ filter, onChange, zone, children }: FiltersProps) {
  const id = useId();
  const set = (name: keyof Filter, value: string): void => {
    const { [name]: _, ...rest } = filter;
    onChange(value === "" ? rest : { ...rest, [name]: value });
  };
  const texts = [
    ["number", t("Number"), "search", "tel"],
    ["extension", t("Extension's number"), "text", "numeric"],
    ["from", t("From day"), "date", undefined],
    ["to", t("To day"), "date", undefined],
  ] as const;
  return (
    <fieldset className="grid grid-cols-2 items-end gap-3 sm:flex sm:flex-wrap">
      <legend className="sr-only">{t("Filter")}</legend>
      {Object.entries(choices).map(([name, options]) => (
        <div key={name} className="grid gap-1 sm:w-32">
          <label htmlFor={id + name} className="text-muted text-xs">
            {phrase(name)}
          </label>
          <select
            id={id + name}
            className="input"
            value={filter[name as keyof Filter] ?? ""}
            onChange={({ target }) => set(name as keyof Filter, target.value)}
          >
            <option value="">{t("All")}</option>
            {options.map((option) => (
              <option key={option} value={option}>
                {phrase(option)}
              </option>
            ))}
          </select>
        </div>
      ))}
      {texts.map(([name, label, type, inputMode]) => (
        <div key={name} className={`grid min-w-0 gap-1 ${type === "date" ? "sm:w-40" : "sm:w-32"}`}>
          <label htmlFor={id + name} className="text-muted text-xs">
            {label}
          </label>
          <input
            id={id + name}
            type={type}
            className="input"
            inputMode={inputMode}
            autoComplete="off"
            title={type === "date" ? t("In the time zone {zone}", { zone }) : undefined}
            value={filter[name] ?? ""}
            onChange={({ target }) => set(name, target.value.trim())}
          />
        </div>
      ))}
      <div className="col-span-2 sm:ml-auto">{children}</div>
    </fieldset>
  );
}

function Export({ query, disabled }: { query: Record<string, string>; disabled: boolean }) {
  const tenant = useTenantId();
  const [state, setState] = useState<{ busy: boolean; said: string; error?: unknown }>({ busy: false, said: "" });
  const go = async (): Promise<void> => {
    setState({ busy: true, said: t("Fetching the records") });
    try {
      const { calls, isWhole } = await allCalls(tenant, query);
      download("calls.csv", csvOf(calls));
      const said = tn(calls.length, "{n} call is in the file.", "{n} calls are in the file.");
      setState({
        busy: false,
        said: isWhole ? said : `${said} ${t("There are more: choose a shorter time for the rest.")}`,
      });
    } catch (error) {
      setState({ busy: false, said: "", error });
    }
  };
  return (
    <>
      <Button busy={state.busy} disabled={disabled} className="disabled:opacity-50" onClick={go}>
        {t("Download CSV")}
      </Button>
      <span role="status" className="block text-muted text-xs">
        {state.said}
      </span>
      {state.error ? <Problem error={state.error} /> : null}
    </>
  );
}

const Row = ({ call, onOpen }: { call: Call; onOpen(): void }) => (
  <li className="relative flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 hover:bg-hover">
    <button
      type="button"
      className="stretched min-w-0 flex-1 basis-full text-left break-words sm:basis-52"
      aria-haspopup="dialog"
      onClick={onOpen}
    >
      <span className="font-medium">{party(call.from)}</span>
      <span className="text-muted"> → </span>
      <span className="font-medium">{party(call.to)}</span>
    </button>
    <span className="text-muted sm:w-20">{phrase(call.direction)}</span>
    <span className="sm:w-24">
      <Chip tone={tones[call.outcome] ?? "warn"}>{phrase(call.outcome)}</Chip>
    </span>
    <span className="tabular-nums sm:w-16 sm:text-right" title={t("Time talked")}>
      {call.billableSeconds > 0 ? duration(call.billableSeconds) : <Nothing />}
    </span>
    <span className="ml-auto text-right text-muted sm:w-36">
      <Stamp at={call.startedAt} />
    </span>
    <span className="relative z-[1] w-8">
      <CallButton number={(call.direction === "outbound" ? call.to : call.from).number} />
    </span>
  </li>
);
