// The phone's panel: whose it is, its calls, and what is dialled next.
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Chip, type Tone } from "../part/chip.tsx";
import { AudioDevices } from "./audio-devices.tsx";
import { CallCard } from "./call.tsx";
import { Choose } from "./choose.tsx";
import { Icon } from "./icon.tsx";
import { Keypad, keys } from "./keypad.tsx";
import { dial, forgetProblem, type Owner, type Phone, press, show, turnOff, usePhone } from "./phone.ts";
import { Suggest } from "./suggest.tsx";

export default function Panel({ tenant, own }: { tenant: string; own: Owner | undefined }) {
  const phone = usePhone();
  const [settings, setSettings] = useState(false);
  const section = useRef<HTMLElement>(null);
  const talking = phone.calls.find(({ state, held }) => state === "talking" && !held);
  useEffect(() => section.current?.focus(), []);
  /** Digits go to whom one talks to, as on any phone. */
  const type = (event: KeyboardEvent): void => {
    if (event.key === "Escape") show(false);
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (!typing && talking && keys.includes(event.key) && !event.ctrlKey && !event.metaKey)
      void press(talking.id, event.key);
  };
  return (
    <section
      id="phone"
      ref={section}
      tabIndex={-1}
      aria-label={t("Phone")}
      onKeyDown={type}
      className="card pointer-events-auto grid max-h-[calc(100dvh-6rem)] w-full gap-3 overflow-y-auto p-3 shadow-xl outline-none sm:w-80"
    >
      <header className="flex min-h-8 items-center gap-2">
        <h2 className="min-w-0 flex-1 font-semibold break-words">
          {phone.owner ? [phone.owner.name, phone.owner.number].filter(Boolean).join(" · ") : t("Phone")}
        </h2>
        {phone.owner ? <StandingChip standing={phone.standing} /> : null}
        {phone.owner ? (
          <IconButton label={t("Phone settings")} pressed={settings} onClick={() => setSettings(!settings)}>
            <Icon name="settings" />
          </IconButton>
        ) : null}
        <IconButton label={t("Close")} onClick={() => show(false)}>
          <Icon name="close" />
        </IconButton>
      </header>
      {phone.problem ? (
        <p role="alert" className="flex items-start gap-2 rounded-md bg-bad-soft px-3 py-2 text-bad">
          <span className="min-w-0 flex-1">{phone.problem}</span>
          <button type="button" aria-label={t("Dismiss")} className="-m-1 p-1" onClick={forgetProblem}>
            <Icon name="close" className="size-4" />
          </button>
        </p>
      ) : null}
      {phone.owner === null ? <Choose tenant={tenant} own={own} /> : null}
      {phone.owner && settings ? (
        <>
          <AudioDevices />
          <Button onClick={() => void turnOff({ forget: true })}>{t("Turn the phone off")}</Button>
        </>
      ) : null}
      {phone.standing === "away" ? (
        <p className="text-muted">
          {t("The phone lost its connection and tries again by itself. Calls that go on can still be heard.")}
        </p>
      ) : null}
      {phone.calls.length > 0 ? (
        <ul className="grid gap-2">
          {phone.calls.map((call) => (
            <li key={call.id}>
              <CallCard call={call} calls={phone.calls} tenant={tenant} />
            </li>
          ))}
        </ul>
      ) : null}
      {phone.owner && !settings ? <Dialler tenant={tenant} phone={phone} /> : null}
    </section>
  );
}

function Dialler({ tenant, phone }: { tenant: string; phone: Phone }) {
  const [number, setNumber] = useState("");
  const ready = phone.standing === "ready";
  const busy = phone.calls.length > 0;
  const call = (to: string): void => {
    if (to.trim() === "" || !ready) return;
    setNumber("");
    void dial(to);
  };
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        call(number);
      }}
    >
      <Suggest
        tenant={tenant}
        label={busy ? t("Call somebody else") : t("Name or number")}
        value={number}
        onChange={setNumber}
        onChoose={call}
      />
      {busy ? null : <Keypad onPress={(key) => setNumber(number + key)} />}
      <Button type="submit" look={busy ? "plain" : "main"} disabled={!ready || number.trim() === ""}>
        <Icon name="phone" className="size-4" /> {t("Call")}
      </Button>
    </form>
  );
}

function StandingChip({ standing }: { standing: Phone["standing"] }) {
  const said: Record<Phone["standing"], [Tone, string]> = {
    off: ["quiet", t("Off")],
    starting: ["quiet", t("Starting")],
    ready: ["good", t("Ready")],
    away: ["warn", t("Not connected")],
  };
  const [tone, words] = said[standing];
  return (
    <span role="status">
      <Chip tone={tone}>{words}</Chip>
    </span>
  );
}

export function IconButton(props: {
  label: string;
  pressed?: boolean;
  onClick(): void;
  children: React.ReactNode;
  look?: "plain" | "bad";
}) {
  const { label, pressed, onClick, children, look = "plain" } = props;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
      className={`inline-flex size-9 items-center justify-center rounded-md hover:bg-hover aria-pressed:bg-hover aria-pressed:text-accent ${look === "bad" ? "text-bad" : ""}`}
    >
      {children}
    </button>
  );
}
