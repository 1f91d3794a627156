// Calls: the records of those that were, newest first. They read themselves anew.

import { useId, useState } from "react";
import { callRecord } from "../../core/wire.ts";
import { type Call, useCalls } from "../api/queries.ts";
import { t, text } from "../i18n/t.ts";
import { Chip, type Tone } from "../part/chip.tsx";
import { Empty, More, Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Stamp } from "../part/time.tsx";
import { duration, phrase } from "../part/words.ts";
import { Nothing } from "../resource/value.tsx";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { party } from "./party.ts";

export function CallsPage() {
  const tenant = useTenantId();
  const [filter, setFilter] = useState<Record<string, string>>({});
  const calls = useCalls(tenant, filter);
  const records = calls.data?.pages.flatMap((page) => page.data);
  const filtered = Object.keys(filter).length > 0;
  return (
    <Page title={t("Calls")}>
      <Filters filter={filter} onChange={setFilter} />
      {calls.error && !records ? <Problem error={calls.error} onRetry={() => calls.refetch()} /> : null}
      {calls.isPending ? <Skeleton height="h-14" /> : null}
      {records?.length === 0 ? (
        <Empty title={filtered ? t("No calls like that") : t("No calls yet")}>
          {filtered ? null : (
            <p>
              {t("A call's record is here within a second of its end.")}{" "}
              <Link className="link underline" to={`/tenants/${tenant}/simulate`}>
                {t("Try where a call would go")}
              </Link>
            </p>
          )}
        </Empty>
      ) : null}
      {records && records.length > 0 ? (
        <ul className="card divide-y divide-line">
          {records.map((call) => (
            <Record key={call.id} call={call} />
          ))}
        </ul>
      ) : null}
      <More query={calls} />
    </Page>
  );
}

const choices = { direction: callRecord.shape.direction.options, outcome: callRecord.shape.outcome.options };

function Filters(props: { filter: Record<string, string>; onChange(filter: Record<string, string>): void }) {
  const { filter, onChange } = props;
  const id = useId();
  const set = (name: string, value: string): void => {
    const { [name]: _, ...rest } = filter;
    onChange(value === "" ? rest : { ...rest, [name]: value });
  };
  return (
    <div className="grid grid-cols-2 gap-3 sm:flex">
      {Object.entries(choices).map(([name, options]) => (
        <div key={name} className="grid gap-1 sm:w-40">
          <label htmlFor={id + name} className="text-muted text-xs">
            {phrase(name)}
          </label>
          <select
            id={id + name}
            className="input"
            value={filter[name] ?? ""}
            onChange={({ target }) => set(name, target.value)}
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
      <div className="grid gap-1 sm:w-40">
        <label htmlFor={`${id}extension`} className="text-muted text-xs">
          {t("Extension's number")}
        </label>
        <input
          id={`${id}extension`}
          className="input"
          inputMode="numeric"
          value={filter.extension ?? ""}
          onChange={({ target }) => set("extension", target.value.trim())}
        />
      </div>
    </div>
  );
}

const tones: Record<string, Tone> = { answered: "good", voicemail: "quiet", failed: "bad" };

function Record({ call }: { call: Call }) {
  return (
    <li className="grid gap-1 px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 basis-full break-words sm:basis-52">
          <span className="font-medium">{party(call.from)}</span>
          <span className="text-muted"> → </span>
          <span className="font-medium">{party(call.to)}</span>
        </span>
        <span className="text-muted sm:w-20">{phrase(call.direction)}</span>
        <span className="sm:w-24">
          <Chip tone={tones[call.outcome] ?? "warn"}>{phrase(call.outcome)}</Chip>
        </span>
        <span className="tabular-nums sm:w-16 sm:text-right" title={t("Time talked")}>
          {call.billableSeconds > 0 ? duration(call.billableSeconds) : <Nothing />}
        </span>
        <span className="ml-auto text-right text-muted sm:w-44">
          <Stamp at={call.startedAt} />
        </span>
      </div>
      <details>
        <summary className="link w-fit text-xs">{t("Details")}</summary>
        <dl className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 gap-y-0.5 pt-1 sm:grid-cols-[8rem_minmax(0,1fr)]">
          <Detail name={t("Ended by")}>
            {phrase(call.hangupBy)}, {call.hangupCause}
          </Detail>
          <Detail name={t("Length")}>
            {t("{length} from the first ring", { length: duration(call.durationSeconds) })}
          </Detail>
          {(call.segments ?? []).map(({ kind, id, number, name, outcome, startedAt }) => (
            <Detail key={`${startedAt}${id}${kind}${number}`} name={phrase(kind)}>
              {[number, name].filter((text) => text !== null).join(" ") || t("unknown")}, {phrase(outcome)}
            </Detail>
          ))}
          {call.legs.map((leg, index) => (
            <Detail key={leg.uuid} name={t("Leg {n}", { n: index + 1 })}>
              {legText(leg)}, {leg.cause}
              {leg.sipCallId ? (
                <span className="block font-mono text-muted text-xs break-all">{leg.sipCallId}</span>
              ) : null}
            </Detail>
          ))}
        </dl>
      </details>
    </li>
  );
}

function legText({ direction, extension, trunk }: Call["legs"][number]): string {
  const inbound = direction === "inbound";
  if (extension)
    return t(inbound ? text("From extension {number}") : text("To extension {number}"), { number: extension });
  if (trunk) return t(inbound ? text("From trunk {name}") : text("To trunk {name}"), { name: trunk });
  return inbound ? t("From outside") : t("To outside");
}

const Detail = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
);
