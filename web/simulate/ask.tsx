// What the simulator is asked: who calls, when, what he types, and how those who are rung take it.
import { useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import type { Simulation } from "../api/queries.ts";
import { Errors } from "../form/errors.ts";
import type { Field } from "../form/field.ts";
import { type Described, Labelled } from "../form/labelled.tsx";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Problem } from "../part/problem.tsx";
import { momentOf } from "./zone.ts";

type Props = {
  /** Where the call goes; asked for where it is not given. */
  to?: string;
  timeZone: string;
  busy: boolean;
  error: unknown;
  onAsk(asked: Simulation): void;
  /** Beside the button. */
  children?: React.ReactNode;
};

const field = (name: string, label: string, about: string, required = false): Field => ({
  ...{ name, label, about, required },
  nullable: false,
  initial: required ? undefined : "",
  control: { as: "text" },
});

/** A caller whose number is withheld. */
const withheld = "anonymous";

export function Ask({ to: fixed, timeZone, busy, error, onAsk, children }: Props) {
  const inside = fixed !== undefined && !fixed.startsWith("+");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [at, setAt] = useState("");
  const [keys, setKeys] = useState("");
  const [taken, setTaken] = useState("answered");
  const flaws = error instanceof ApiProblem ? error.errors : [];
  const ask = (): void => {
    const moment = momentOf(at, timeZone);
    const digits = keys.split(/[\s,;]+/).filter((part) => part !== "");
    onAsk({
      from: from.trim() || (fixed !== undefined && !inside ? withheld : ""),
      to: fixed ?? to.trim(),
      ...(moment !== undefined && { at: moment }),
      ...(digits.length > 0 && { digits: digits.map((part) => (part === "-" ? "" : part)) }),
      ...(taken !== "answered" && { assume: { "*": taken } }),
    });
  };
  const text = (value: string, onChange: (value: string) => void) => (described: Described) => (
    <input
      className="input"
      autoComplete="off"
      spellCheck={false}
      {...described}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
  const about =
    fixed === undefined
      ? t("An extension's number, or a number of the outside world, as in +15550123")
      : inside
        ? t("The number of the extension that calls")
        : t("A number, as in +15550123; empty: withheld");
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) ask();
      }}
    >
      {error ? <Problem error={error} /> : null}
      <Errors value={flaws}>
        <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
          <Labelled
            field={field("from", fixed === undefined ? t("From") : t("Caller"), about, fixed === undefined || inside)}
            pointer="/from"
          >
            {text(from, setFrom)}
          </Labelled>
          {fixed === undefined ? (
            <Labelled
              field={field(
                "to",
                t("To"),
                t("As dialled by the extension; for a caller from outside one of this tenant's phone numbers"),
                true,
              )}
              pointer="/to"
            >
              {text(to, setTo)}
            </Labelled>
          ) : null}
          <Labelled
            field={field("at", t("When"), t("By the clocks of {timeZone}; empty: now", { timeZone }))}
            pointer="/at"
          >
            {(described) => (
              <input
                className="input min-w-0"
                type="datetime-local"
                {...described}
                value={at}
                onChange={({ target }) => setAt(target.value)}
              />
            )}
          </Labelled>
          <Labelled
            field={field(
              "digits",
              t("Keys"),
              t("Typed each time that the caller is asked, as in 1 or 1 1002#; - for none"),
            )}
            pointer="/digits"
          >
            {text(keys, setKeys)}
          </Labelled>
          <Labelled field={field("assume", t("Who is rung"), t("How everybody takes it"))} pointer="/assume">
            {(described) => (
              <select className="input" {...described} value={taken} onChange={({ target }) => setTaken(target.value)}>
                <option value="answered">{t("Answers")}</option>
                <option value="no-answer">{t("Does not answer")}</option>
                <option value="busy">{t("Is busy")}</option>
                <option value="not-registered">{t("Has no phone there")}</option>
                <option value="rejected">{t("Declines")}</option>
              </select>
            )}
          </Labelled>
        </div>
      </Errors>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" look="main" busy={busy}>
          {t("Follow the call")}
        </Button>
        {children}
      </div>
    </form>
  );
}
