// The fields of identity's forms: an address, a password that can be looked at, and what is wrong with them.
import { type InputHTMLAttributes, useId, useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { heard } from "../i18n/heard.ts";
import { t } from "../i18n/t.ts";
import { wordsOf } from "../part/problem-words.ts";
import { passkeySentence } from "./passkey.ts";

type Props = {
  label: string;
  value: string;
  onChange(value: string): void;
  hint?: string | undefined;
  wrong?: string | undefined;
} & Pick<InputHTMLAttributes<HTMLInputElement>, "type" | "autoComplete" | "autoFocus" | "readOnly" | "inputMode">;

export function TextField({ label, value, onChange, hint, wrong, ...rest }: Props) {
  const id = useId();
  const ids = [wrong && `${id}-wrong`, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined;
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        className="input read-only:bg-page"
        value={value}
        onChange={({ target }) => onChange(target.value)}
        aria-describedby={ids}
        aria-invalid={wrong ? true : undefined}
        required
        {...rest}
      />
      {wrong ? (
        <p id={`${id}-wrong`} className="font-medium text-bad">
          {wrong}
        </p>
      ) : null}
      {hint ? (
        <p id={`${id}-hint`} className="text-muted text-xs">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

export const EmailField = (props: Omit<Props, "label" | "type"> & { label?: string }) => (
  <TextField label={t("Email address")} type="email" autoComplete="username" {...props} />
);

/** Six digits of an authenticator app. */
export const CodeField = (props: Omit<Props, "label" | "inputMode" | "autoComplete">) => (
  <TextField label={t("Code of the app")} inputMode="numeric" autoComplete="one-time-code" {...props} />
);

/** `isNew`: one that is being chosen. */
export function PasswordField({
  isNew = false,
  ...props
}: Omit<Props, "label" | "type"> & { label?: string; isNew?: boolean }) {
  const [shown, setShown] = useState(false);
  return (
    <div className="grid gap-1">
      <TextField
        label={isNew ? t("New password") : t("Password")}
        type={shown ? "text" : "password"}
        autoComplete={isNew ? "new-password" : "current-password"}
        hint={
          isNew
            ? t("12 characters or more; three or four words that have nothing to do with each other are best.")
            : undefined
        }
        {...props}
      />
      <label className="flex min-h-6 w-fit items-center gap-2 text-muted text-xs">
        <input type="checkbox" checked={shown} onChange={({ target }) => setShown(target.checked)} />
        {t("Show the password")}
      </label>
    </div>
  );
}

/** What is wrong with the field at `pointer`, if it is that. */
export function flawOf(error: unknown, pointer: string): string | undefined {
  const flaw = error instanceof ApiProblem ? error.errors.find((one) => one.pointer === pointer) : undefined;
  if (!flaw) return undefined;
  const detail = heard(flaw.detail);
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
}

/** The sentence for what is not a field's. */
export function sentenceOf(error: unknown, ...pointers: string[]): string | undefined {
  if (!error) return undefined;
  if (!(error instanceof ApiProblem))
    return passkeySentence(error) ?? t("Something in this page broke; reload it and try again.");
  if (pointers.some((pointer) => flawOf(error, pointer) !== undefined)) return undefined;
  return wordsOf(error);
}
