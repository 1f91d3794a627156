// One call: how it went from its first ring to its end, whom it came to on the way, its recordings and its legs.
import { useQuery } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import { type Call, type Page, tenantPath } from "../api/queries.ts";
import { may, useMe } from "../frame/me.ts";
import { t, text } from "../i18n/t.ts";
import { Chip } from "../part/chip.tsx";
import { Drawer } from "../part/drawer.tsx";
import { Stamp } from "../part/time.tsx";
import { duration, phrase } from "../part/words.ts";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { placeOf } from "../tenant/kinds.ts";
import { CallButton } from "./call-button.tsx";
import { tones } from "./outcome.ts";
import { party } from "./party.ts";
import { Player } from "./player.tsx";

type Recording = { id: string; startedAt: string; seconds: number };

export function CallDetails({ call, onClose }: { call: Call; onClose(): void }) {
  return (
    <Drawer title={`${party(call.from)} → ${party(call.to)}`} onClose={onClose}>
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {[call.from, call.to].map((one, index) => (
          <li key={index === 0 ? "from" : "to"} className="flex items-center gap-1">
            <span className="min-w-0 break-words">{party(one)}</span>
            <CallButton number={one.number} />
          </li>
        ))}
      </ul>
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-3 gap-y-1.5">
        <Fact name={t("Began")}>
          <Stamp at={call.startedAt} />
        </Fact>
        <Fact name={phrase("outcome")}>
          <Chip tone={tones[call.outcome] ?? "warn"}>{phrase(call.outcome)}</Chip>
        </Fact>
        <Fact name={phrase("direction")}>{phrase(call.direction)}</Fact>
        <Fact name={t("Waited")}>{duration(waitedSeconds(call))}</Fact>
        <Fact name={t("Time talked")}>{call.billableSeconds > 0 ? duration(call.billableSeconds) : "–"}</Fact>
        <Fact name={t("Ended by")}>
          {phrase(call.hangupBy)}, {call.hangupCause}
        </Fact>
        {call.limit ? <Fact name={t("Stopped by the limit")}>{phrase(call.limit)}</Fact> : null}
      </dl>
      <Recordings call={call} />
      <Way call={call} />
      <Legs call={call} />
    </Drawer>
  );
}

/** Until somebody answered, or else until it ended. */
const waitedSeconds = ({ startedAt, answeredAt, endedAt }: Call): number =>
  Math.max(0, (Date.parse(answeredAt ?? endedAt) - Date.parse(startedAt)) / 1000);

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
);

function Recordings({ call }: { call: Call }) {
  const tenant = useTenantId();
  const { data: me } = useMe();
  const path = `${tenantPath(tenant)}/recordings`;
  const { data } = useQuery({
    queryKey: ["tenant", tenant, "recordings", call.id],
    queryFn: ({ signal }) => send<Page<Recording>>("GET", `${path}?call=${encodeURIComponent(call.id)}`, { signal }),
    enabled: may(me, "recordings:read"),
  });
  if (!data || data.data.length === 0) return null;
  return (
    <section className="grid gap-2">
      <h3 className="font-semibold">{t("Recording")}</h3>
      {data.data.map(({ id, seconds }) => (
        <Player key={id} path={`${path}/${id}/audio`} what={t("Recording")} seconds={seconds} />
      ))}
    </section>
  );
}

/** Who was tried when, and how that ended. */
function Way({ call }: { call: Call }) {
  const tenant = useTenantId();
  const segments = call.segments ?? [];
  if (segments.length === 0) return null;
  return (
    <section className="grid gap-2">
      <h3 className="font-semibold">{t("Its way")}</h3>
      <ol className="grid gap-3 border-line border-l pl-4">
        {segments.map(({ kind, id, number, name, outcome, startedAt, endedAt }) => {
          const place = id === null ? undefined : placeOf(tenant, kind, id);
          const who = [name, number].filter((one) => one !== null).join(" ") || t("unknown");
          return (
            <li key={`${startedAt}${id}${kind}${number}`} className="relative grid gap-0.5">
              <span
                aria-hidden="true"
                className="absolute top-1.5 -left-[1.3rem] size-2.5 rounded-full border-2 border-panel bg-accent"
              />
              <span className="break-words">
                <span className="text-muted">{phrase(kind)}</span>{" "}
                {place ? (
                  <Link className="link inline-flex min-h-6 items-center font-medium" to={place}>
                    {who}
                  </Link>
                ) : (
                  <span className="font-medium">{who}</span>
                )}
              </span>
              <span className="flex flex-wrap items-center gap-2 text-muted text-xs tabular-nums">
                <Chip tone={tones[outcome] ?? "quiet"}>{phrase(outcome)}</Chip>
                {t("after {time}, for {length}", {
                  time: duration(Math.max(0, (Date.parse(startedAt) - Date.parse(call.startedAt)) / 1000)),
                  length: duration(Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000)),
                })}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

const Legs = ({ call }: { call: Call }) => (
  <details>
    <summary className="link min-h-6 w-fit py-1 text-xs">{t("For who looks after telephony: legs and ids")}</summary>
    <dl className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 gap-y-1 pt-2 text-xs">
      <Fact name="ID">
        <span className="font-mono break-all">{call.id}</span>
      </Fact>
      {call.legs.map((leg, index) => (
        <Fact key={leg.uuid} name={t("Leg {n}", { n: index + 1 })}>
          {legText(leg)}, {leg.cause}
          {leg.sipCallId ? <span className="block font-mono text-muted break-all">{leg.sipCallId}</span> : null}
        </Fact>
      ))}
    </dl>
  </details>
);

function legText({ direction, extension, trunk }: Call["legs"][number]): string {
  const inbound = direction === "inbound";
  if (extension)
    return t(inbound ? text("From extension {number}") : text("To extension {number}"), { number: extension });
  if (trunk) return t(inbound ? text("From trunk {name}") : text("To trunk {name}"), { name: trunk });
  return inbound ? t("From outside") : t("To outside");
}
