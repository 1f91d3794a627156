// One's own calls, newest first, with the phone book's names; each is called back by its button.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { kindOf } from "../../core/registry.ts";
import { send } from "../api/client.ts";
import { useWholeList } from "../api/lists.ts";
import type { Page } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Empty, More, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Stamp } from "../part/time.tsx";
import { duration } from "../part/words.ts";
import { useTenantId } from "../tenant/id.ts";
import { CallButton } from "./call-button.tsx";
import type { Own, OwnCall } from "./own.ts";

const contactKind = kindOf("contact");
export const contactFields = ["number", "name", "company"];

/** Names by number, of the tenant's contacts. */
function useNames(): Map<string, string> {
  const { data } = useWholeList(useTenantId(), contactKind, contactFields);
  return new Map(data?.items.map(({ number, name }) => [String(number), String(name)]));
}

export function Calls({ own }: { own: Own }) {
  const [missed, setMissed] = useState(false);
  const names = useNames();
  const calls = useInfiniteQuery({
    queryKey: ["me", "calls", missed],
    queryFn({ pageParam, signal }) {
      const query = new URLSearchParams({ limit: "50", ...(missed && { missed: "true" }) });
      if (pageParam !== null) query.set("after", pageParam);
      return send<Page<OwnCall>>("GET", `/v1/me/calls?${query}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: 5000,
  });
  const all = calls.data?.pages.flatMap((page) => page.data);
  return (
    <>
      <fieldset className="flex gap-2">
        <legend className="sr-only">{t("Filter")}</legend>
        {[false, true].map((only) => (
          <Button
            key={String(only)}
            small
            aria-pressed={missed === only}
            className={pressed}
            onClick={() => setMissed(only)}
          >
            {only ? t("Missed") : t("All")}
          </Button>
        ))}
      </fieldset>
      {calls.error && !all ? <Problem error={calls.error} onRetry={() => calls.refetch()} /> : null}
      {calls.isPending ? <Skeleton height="h-14" /> : null}
      {all?.length === 0 ? (
        <Empty title={missed ? t("No missed calls") : t("No calls yet")}>
          <p>
            {missed
              ? t("Whoever calls while you don't answer is here.")
              : t("Call somebody from Contacts, or have somebody call {number}.", { number: own.number })}
          </p>
        </Empty>
      ) : null}
      {all && all.length > 0 ? (
        <ul className="card divide-y divide-line">
          {all.map((call) => (
            <Row key={call.id} call={call} name={names.get(call.with.number ?? "") ?? call.with.name} />
          ))}
        </ul>
      ) : null}
      <More query={calls} />
    </>
  );
}

const pressed = "aria-pressed:border-accent aria-pressed:text-accent";

/** What it came to, in words; a sign beside it says the same. */
function said({ direction, outcome }: OwnCall): { words: string; sign: string; tone: string } {
  if (direction === "out")
    return outcome === "answered"
      ? { words: t("You called"), sign: "↗", tone: "text-muted" }
      : { words: t("You called, without an answer"), sign: "↗", tone: "text-muted" };
  if (outcome === "answered") return { words: t("Called you"), sign: "↙", tone: "text-good" };
  if (outcome === "elsewhere") return { words: t("Somebody else took it"), sign: "↙", tone: "text-muted" };
  if (outcome === "voicemail") return { words: t("Missed, went to voicemail"), sign: "↙", tone: "text-bad" };
  return { words: t("Missed"), sign: "↙", tone: "text-bad" };
}

function Row({ call, name }: { call: OwnCall; name: string | null }) {
  const { words, sign, tone } = said(call);
  const { number } = call.with;
  const who = name ?? number ?? t("unknown");
  return (
    <li className="flex items-center gap-3 px-3 py-2 sm:px-4">
      <span aria-hidden="true" className={`w-4 text-center text-base ${tone}`}>
        {sign}
      </span>
      <div className="grid min-w-0 flex-1">
        <p className={`font-medium break-words ${tone === "text-bad" ? "text-bad" : ""}`}>
          {who}
          {name && number ? <span className="font-normal text-muted tabular-nums"> {number}</span> : null}
        </p>
        <p className="flex flex-wrap gap-x-2 text-muted text-xs">
          <span>{words}</span>
          <Stamp at={call.startedAt} />
          {call.talkSeconds > 0 ? <span className="tabular-nums">{duration(call.talkSeconds)}</span> : null}
        </p>
      </div>
      {number ? <CallButton number={number} who={who} /> : null}
    </li>
  );
}
