// A form of fields: sends on Enter, says what is wrong while one types, shows a problem above and its errors at their fields, and puts the focus on the first
// of these.
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { ApiProblem } from "../../client/problem.ts";
import type { Flaw } from "../../functions/problem.ts";
import { tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Problem } from "../part/problem.tsx";
import { Errors, homeless } from "./errors.ts";
import type { Field } from "./field.ts";
import { Inputs } from "./input.tsx";
import { Unsaved } from "./unsaved.tsx";
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
  /** What is wrong with the value, as far as that can be told here; shown at fields that the user has been at. */
  check?: (value: Value) => Flaw[];
  /** Whether something would be lost with the page. */
  dirty?: boolean;
};

/** So long after the last key a field is told its flaws, or when it is left. */
const pauseMs = 500;

export function Form({ fields, value, onChange, onSubmit, busy, error, submit, status, check, dirty = false }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [touched, touch] = useTouched();
  const since = useTouchedSince(error, touched);
  const sent = error instanceof ApiProblem ? error.errors : [];
  const found = useMemo(() => (touched.size > 0 && check ? check(value) : []), [touched, check, value]);
  const errors = [
    ...sent.filter(({ pointer }) => !since.has(pointer)),
    ...found.filter(
      ({ pointer }) => touched.has(pointer) && !(sent.some((flaw) => flaw.pointer === pointer) && !since.has(pointer)),
    ),
  ];
  const lost = homeless(sent, fields, value);
  // said at its field in full, a flaw need not be said twice
  const atFields =
    error instanceof ApiProblem && error.code === "invalid" && sent.length > 0 && lost.length === 0
      ? tn(sent.length, "{n} field below needs a change.", "{n} fields below need a change.")
      : undefined;
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [error]);
  return (
    <form
      ref={form}
      noValidate
      className="grid max-w-2xl gap-4"
      onInput={({ target }) => touch(target, pauseMs)}
      onBlur={({ target }) => touch(target, 0)}
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
      <Unsaved dirty={dirty} />
    </form>
  );
}

/** The pointers of fields in which something was typed and then came a pause. */
function useTouched(): [Set<string>, (target: EventTarget, afterMs: number) => void] {
  const [touched, setTouched] = useState<Set<string>>(new Set());
  const typed = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const touch = (target: EventTarget, afterMs: number): void => {
    const pointer = target instanceof HTMLElement ? target.dataset.pointer : undefined;
    if (pointer === undefined) return;
    if (afterMs > 0) typed.current.add(pointer);
    // one who only passes through a field is not told that it is empty
    else if (!typed.current.has(pointer)) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setTouched((before) => new Set([...before, ...typed.current])), afterMs);
  };
  return [touched, touch];
}

/** What was touched after the last answer came: its flaws no longer count there. */
function useTouchedSince(error: unknown, touched: Set<string>): Set<string> {
  const [at, setAt] = useState<{ error: unknown; before: Set<string>; value: Set<string> }>();
  if (at?.error !== error) setAt({ error, before: touched, value: new Set() });
  return useMemo(() => {
    const before = at?.before ?? new Set();
    return new Set([...touched].filter((pointer) => !before.has(pointer)));
  }, [at, touched]);
}
