// The queues' wallboard: how many wait, for how long, and what agents do. Full screen it can be read from the other end of a room.
import { useEffect, useRef, useState } from "react";
import { party } from "../call/party.ts";
import { t, text, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import type { Tone } from "../part/chip.tsx";
import { Empty } from "../part/page.tsx";
import { useNow } from "../part/time.tsx";
import { duration } from "../part/words.ts";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import type { Queue } from "./follow.ts";

type Agent = Queue["agents"][number];

const states: Record<Agent["state"], { label: string; tone: Tone }> = {
  available: { label: text("Free"), tone: "good" },
  ringing: { label: text("Ringing"), tone: "warn" },
  "on-call": { label: text("On a call"), tone: "bad" },
  "wrap-up": { label: text("Wrapping up"), tone: "warn" },
  paused: { label: text("Paused"), tone: "quiet" },
  "logged-out": { label: text("Logged out"), tone: "quiet" },
};
const order = Object.keys(states) as Agent["state"][];

const dots: Record<Tone, string> = { good: "bg-good", warn: "bg-warn", bad: "bg-bad", quiet: "bg-edge" };

/** A wait of so many seconds is long, and too long. */
const long = { warn: 60, bad: 180 };

export function Wallboard({ queues }: { queues: Queue[] }) {
  const tenant = useTenantId();
  const board = useRef<HTMLElement>(null);
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    const look = (): void => setFull(document.fullscreenElement === board.current && board.current !== null);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);
  if (queues.length === 0)
    return (
      <Empty title={t("No queue tells anything yet")}>
        <p>
          {t("Callers wait in a queue until one of its agents is free. Its state is here as soon as an edge has it.")}
        </p>
        <Link className="link inline-flex min-h-6 items-center underline" to={`/tenants/${tenant}/queues`}>
          {t("To the queues")}
        </Link>
      </Empty>
    );
  const sorted = queues.toSorted((a, b) => a.name.localeCompare(b.name));
  const toggle = (): void =>
    void (isFull ? document.exitFullscreen() : board.current?.requestFullscreen())?.catch(() => undefined);
  return (
    <section
      ref={board}
      aria-label={t("Wallboard")}
      className={isFull ? "grid content-start gap-[2vmin] overflow-auto bg-page p-[2vmin]" : "grid gap-3"}
    >
      {document.fullscreenEnabled ? (
        <p className="flex justify-end">
          <Button small={!isFull} onClick={toggle}>
            {isFull ? t("Leave full screen") : t("Full screen")}
          </Button>
        </p>
      ) : null}
      <ul
        className={
          isFull
            ? "grid grid-cols-[repeat(auto-fit,minmax(min(100%,40vw),1fr))] gap-[2vmin]"
            : "grid gap-3 lg:grid-cols-2"
        }
      >
        {sorted.map((queue) => (
          <Card key={queue.queue} queue={queue} isFull={isFull} />
        ))}
      </ul>
    </section>
  );
}

function Card({ queue, isFull }: { queue: Queue; isFull: boolean }) {
  const now = useNow(1000);
  const longest = queue.waiting[0] ? Math.max(0, (now - Date.parse(queue.waiting[0].joinedAt)) / 1000) : 0;
  const tone =
    queue.waitingCalls === 0
      ? "text-ink"
      : longest >= long.bad
        ? "text-bad"
        : longest >= long.warn
          ? "text-warn"
          : "text-ink";
  const free = queue.agents.filter(({ state }) => state === "available").length;
  const there = queue.agents.filter(({ state }) => state !== "logged-out").length;
  const agents = queue.agents.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const big = isFull ? "text-[clamp(3rem,11vmin,9rem)] leading-none" : "text-3xl";
  const small = isFull ? "text-[clamp(1rem,2.4vmin,2rem)]" : "text-xs";
  return (
    <li className={`card grid content-start ${isFull ? "gap-[2vmin] p-[3vmin]" : "gap-3 p-4"}`}>
      <h2 className={`font-semibold break-words ${isFull ? "text-[clamp(1.5rem,4vmin,3.5rem)]" : "text-base"}`}>
        {queue.name}
      </h2>
      <dl className="grid grid-cols-3 gap-3">
        <Figure name={t("Waiting")} size={small}>
          <span className={`${big} font-semibold tabular-nums ${tone}`}>{queue.waitingCalls}</span>
        </Figure>
        <Figure name={t("Longest wait")} size={small}>
          <span className={`${big} font-semibold tabular-nums ${tone}`}>
            {queue.waiting.length > 0 ? duration(longest) : "–"}
          </span>
        </Figure>
        <Figure name={t("Agents free")} size={small}>
          <span className={`${big} font-semibold tabular-nums`}>
            {free}
            <span className="text-muted text-[0.5em]"> / {there}</span>
          </span>
        </Figure>
      </dl>
      {queue.waiting.length > 0 ? (
        <ol className={`grid gap-1 ${isFull ? small : ""}`} aria-label={t("Who waits")}>
          {queue.waiting.slice(0, isFull ? 3 : 5).map((one) => (
            <li key={one.id} className="flex justify-between gap-3">
              <span className="min-w-0 truncate">{party(one)}</span>
              <span className="tabular-nums">{duration(Math.max(0, (now - Date.parse(one.joinedAt)) / 1000))}</span>
            </li>
          ))}
        </ol>
      ) : null}
      {agents.length === 0 ? (
        <p className="text-muted">{t("It has no agents: nobody will ever take these calls.")}</p>
      ) : (
        <ul className={`flex flex-wrap gap-1.5 ${isFull ? small : ""}`} aria-label={t("Agents")}>
          {agents.slice(0, 60).map((agent) => (
            <AgentChip key={agent.extension} agent={agent} now={now} />
          ))}
          {agents.length > 60 ? <li className="text-muted">{tn(agents.length - 60, "{n} more", "{n} more")}</li> : null}
        </ul>
      )}
    </li>
  );
}

const Figure = ({ name, size, children }: { name: string; size: string; children: React.ReactNode }) => (
  <div className="grid content-start gap-0.5">
    <dt className={`text-muted ${size}`}>{name}</dt>
    <dd>{children}</dd>
  </div>
);

function AgentChip({ agent, now }: { agent: Agent; now: number }) {
  const { label, tone } = states[agent.state];
  const isOut = agent.state === "logged-out";
  return (
    <li
      className={`flex min-w-0 items-center gap-1.5 rounded-md border border-line px-2 py-1 ${isOut ? "text-muted" : ""}`}
    >
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${dots[tone]}`} />
      <span className="min-w-0 truncate font-medium">{party(agent)}</span>
      <span className="whitespace-nowrap text-muted">
        {t(label)}
        {isOut ? null : (
          <span className="tabular-nums"> {duration(Math.max(0, (now - Date.parse(agent.since)) / 1000))}</span>
        )}
      </span>
    </li>
  );
}
