// A form of fields: sends on Enter, shows a problem above and its errors at their fields, and puts the focus on the first of these.

import { type ReactNode, useEffect, useRef } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Problem } from "../part/problem.tsx";
import { Errors, homeless } from "./errors.ts";
import type { Field } from "./field.ts";
import { Inputs } from "./input.tsx";
import type { Value } from "./value.ts";

type Props = {
  fields: Field[];
  value: Value;
  onChange(value: Value): void;
  onSubmit(): void;
  busy: boolean;
  error: unknown;
  submit: string;
  /** Beside the button: what became of the last try. */
  status?: ReactNode;
};

export function Form({ fields, value, onChange, onSubmit, busy, error, submit, status }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const errors = error instanceof ApiProblem ? error.errors : [];
  const lost = homeless(errors, fields, value);
  // said at its field in full, a flaw need not be said twice
  const atFields =
    error instanceof ApiProblem && error.code === "invalid" && errors.length > 0 && lost.length === 0
      ? tn(errors.length, "{n} field below needs a change.", "{n} fields below need a change.")
      : undefined;
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [error]);
  return (
    <form
      ref={form}
      noValidate
      className="grid max-w-2xl gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onSubmit();
      }}
    >
      {error ? <Problem error={error} flaws={lost} {...(atFields && { detail: atFields })} /> : null}
      <Errors value={errors}>
        <div className="fields">
          <Inputs fields={fields} pointer="" value={value} onChange={onChange} />
        </div>
      </Errors>
      <div className="flex min-h-9 flex-wrap items-center gap-3">
        <Button type="submit" look="main" busy={busy}>
          {submit}
        </Button>
        <span role="status" className="text-muted">
          {status}
        </span>
      </div>
    </form>
  );
}
