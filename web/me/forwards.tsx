// Where one's calls go: always, when busy, when nobody answers. A switch and a number each; what whoever runs the phone system configured counts until one says otherwise.
import { type FormEvent, useState } from "react";
import { t } from "../i18n/t.ts";
import { flawOf, sentenceOf } from "../identity/fields.tsx";
import { Button } from "../part/button.tsx";
import { Switch } from "../part/switch.tsx";
import { phrase } from "../part/words.ts";
import { dialled } from "../phone/phone.ts";
import { Suggest } from "../phone/suggest.tsx";
import { useTenantId } from "../tenant/id.ts";
import { type ForwardName, type ForwardTo, type Own, type Settings, useSet } from "./own.ts";

const names: Record<ForwardName, () => string> = {
  forwardAlways: () => t("All calls"),
  forwardBusy: () => t("When I am busy"),
  forwardNoAnswer: () => t("When I don't answer"),
};

export const Forwards = ({ own, settings }: { own: Own; settings: Settings }) => (
  <section className="card grid gap-1 p-4">
    <h2 className="font-semibold text-base">{t("Forward my calls")}</h2>
    <ul className="divide-y divide-line">
      {(Object.keys(names) as ForwardName[]).map((name) => (
        <Forward key={name} name={name} label={names[name]()} set={settings[name]} configured={own.configured[name]} />
      ))}
    </ul>
  </section>
);

const placeOf = (to: NonNullable<ForwardTo>): string =>
  [to.name ?? phrase(to.kind), to.number].filter(Boolean).join(" ");

type Props = { name: ForwardName; label: string; set: string | null; configured: ForwardTo };

function Forward({ name, label, set, configured }: Props) {
  const save = useSet();
  const [asking, setAsking] = useState(false);
  /** The number that was here before it was turned off, to come back by one touch. */
  const [last, setLast] = useState("");
  const isOn = set === null ? configured !== null : set !== "";
  const about = !isOn
    ? t("Off")
    : set
      ? t("To {number}", { number: set })
      : t("To {number}", { number: configured ? placeOf(configured) : "" });
  const turn = (on: boolean): void => {
    save.reset();
    if (!on) {
      setAsking(false);
      setLast(set ?? "");
      save.mutate({ [name]: configured ? "" : null });
    } else if (configured) save.mutate({ [name]: null });
    else if (last !== "") save.mutate({ [name]: last });
    else setAsking(true);
  };
  return (
    <li className="grid gap-2 py-2">
      <Switch label={label} about={asking ? undefined : about} on={isOn || asking} onChange={turn} />
      {asking ? (
        <NumberForm
          label={t("{what}: name or number", { what: label })}
          value={set ?? ""}
          wrong={save.error ? (flawOf(save.error, `/${name}`) ?? sentenceOf(save.error)) : undefined}
          busy={save.isPending}
          onSend={(number) => save.mutate({ [name]: number }, { onSuccess: () => setAsking(false) })}
          onCancel={() => {
            save.reset();
            setAsking(false);
          }}
        />
      ) : isOn ? (
        <div>
          <Button small aria-label={`${t("Change the number")}: ${label}`} onClick={() => setAsking(true)}>
            {t("Change the number")}
          </Button>
        </div>
      ) : null}
      {save.error && !asking ? (
        <p role="alert" className="font-medium text-bad">
          {flawOf(save.error, `/${name}`) ?? sentenceOf(save.error)}
        </p>
      ) : null}
    </li>
  );
}

type FormProps = {
  label: string;
  value: string;
  wrong: string | undefined;
  busy: boolean;
  onSend(number: string): void;
  onCancel(): void;
};

function NumberForm({ label, value, wrong, busy, onSend, onCancel }: FormProps) {
  const tenant = useTenantId();
  const [text, setText] = useState(value);
  const number = dialled(text);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!busy && number !== "") onSend(number);
  };
  return (
    <form noValidate className="grid gap-2" onSubmit={submit}>
      <Suggest tenant={tenant} label={label} value={text} onChange={setText} onChoose={setText} />
      {wrong ? (
        <p role="alert" className="font-medium text-bad">
          {wrong}
        </p>
      ) : null}
      <div className="flex gap-2">
        <Button type="submit" look="main" busy={busy} disabled={number === ""}>
          {t("Save")}
        </Button>
        <Button onClick={onCancel}>{t("Cancel")}</Button>
      </div>
    </form>
  );
}
