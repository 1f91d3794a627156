// What one sets of one's own phone: where calls go, whether a second one comes, work in queues; and which phones are there. As set by phone.
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip } from "../part/chip.tsx";
import { Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Switch } from "../part/switch.tsx";
import { Link } from "../router.tsx";
import { useSession } from "../session/session.ts";
import { Forwards } from "./forwards.tsx";
import { type AgentState, type Own, type Settings, type SwitchName, useOwnPhones, useSet, useSettings } from "./own.ts";

export const isOn = (own: Own, settings: Settings, name: SwitchName): boolean => settings[name] ?? own.configured[name];
/** What to set: nothing where the configuration says the same. */
export const turned = (own: Own, name: SwitchName, on: boolean): boolean | null =>
  own.configured[name] === on ? null : on;

export function OwnSettings({ own }: { own: Own }) {
  const { data: settings, error, refetch } = useSettings();
  const set = useSet();
  if (error && !settings) return <Problem error={error} onRetry={() => refetch()} />;
  if (!settings) return <Skeleton height="h-14" />;
  const flip = (name: SwitchName) => (on: boolean) => set.mutate({ [name]: turned(own, name, on) });
  return (
    <div className="grid max-w-2xl gap-4">
      {own.queues.length > 0 ? (
        <Work own={own} state={settings.agent} onChange={(agent) => set.mutate({ agent })} />
      ) : null}
      <Forwards own={own} settings={settings} />
      <section className="card grid gap-1 p-4">
        <h2 className="font-semibold text-base">{t("During a call")}</h2>
        <Switch
          label={t("Call waiting")}
          about={t("A second call rings while you talk; without it, callers find you busy")}
          on={isOn(own, settings, "callWaiting")}
          onChange={flip("callWaiting")}
        />
        <Switch
          label={t("Follow me")}
          about={t("Your other numbers ring too, as whoever runs the phone system listed them")}
          on={isOn(own, settings, "followMe")}
          onChange={flip("followMe")}
        />
        {set.error ? <Problem error={set.error} title={t("It can't be switched")} /> : null}
      </section>
      <Phones own={own} />
      <Account />
    </div>
  );
}

const states: Record<AgentState, () => string> = {
  available: () => t("Available"),
  paused: () => t("Paused"),
  "logged-out": () => t("Logged out"),
};

type WorkProps = { own: Own; state: AgentState | null; onChange(state: AgentState): void };

function Work({ own, state, onChange }: WorkProps) {
  return (
    <section className="card grid gap-2 p-4">
      <h2 className="font-semibold text-base">{t("Queues")}</h2>
      <p className="text-muted break-words">{own.queues.join(", ")}</p>
      <div className="flex flex-wrap gap-2">
        {(Object.keys(states) as AgentState[]).map((one) => (
          <Button
            key={one}
            look={(state ?? "available") === one ? "main" : "plain"}
            aria-pressed={(state ?? "available") === one}
            onClick={() => onChange(one)}
          >
            {states[one]()}
          </Button>
        ))}
      </div>
    </section>
  );
}

function Phones({ own }: { own: Own }) {
  const { data } = useOwnPhones();
  const there = data?.data ?? [];
  const rows = [
    ...own.devices,
    ...there
      .filter(({ username }) => username.includes("~"))
      .map(({ username }) => ({ username, label: t("Browser phone") })),
  ];
  return (
    <section className="card grid gap-2 p-4">
      <h2 className="font-semibold text-base">{t("My phones")}</h2>
      <ul className="divide-y divide-line">
        {rows.map(({ username, label }) => {
          const phone = there.find((one) => one.username === username);
          return (
            <li key={username} className="flex min-h-11 items-center gap-3 py-1.5">
              <div className="grid min-w-0 flex-1">
                <span className="font-medium break-words">{label}</span>
                <span className="truncate text-muted text-xs">{phone?.userAgent ?? username}</span>
              </div>
              {data ? <Chip tone={phone ? "good" : "quiet"}>{phone ? t("Connected") : t("Not connected")}</Chip> : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Account() {
  if (useSession()?.by !== "person") return null;
  return (
    <section className="card grid gap-1 p-4">
      <h2 className="font-semibold text-base">{t("Your account")}</h2>
      <p>
        <Link className="link inline-flex min-h-9 items-center" to="/account">
          {t("Name, language, password and where you are signed in")}
        </Link>
      </p>
    </section>
  );
}
