// A field's label, help and errors around its input, tied together so that a screen reader tells them with it.

import { type ReactNode, useId } from "react";
import { t } from "../i18n/t.ts";
import { useErrors } from "./errors.ts";
import type { Field } from "./field.ts";

/** Attributes of the input element itself. */
export type Described = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  /** Where in the body it stands, by which the form knows the field. */
  "data-pointer": string;
  required: boolean;
};
type Props = { field: Field; pointer: string };

function useDescribed(field: Field, pointer: string): { described: Described; told: ReactNode } {
  const id = useId();
  const errors = useErrors(pointer);
  const ids = [errors.length > 0 && `${id}-errors`, field.about !== undefined && `${id}-about`].filter(Boolean);
  const told = (
    <>
      {errors.length > 0 ? (
        <p id={`${id}-errors`} className="font-medium text-bad">
          {errors.map((text) => sentence(t(text))).join(" ")}
        </p>
      ) : null}
      {field.about === undefined ? null : (
        <p id={`${id}-about`} className="text-muted text-xs">
          {sentence(field.about)}
        </p>
      )}
    </>
  );
  const described = {
    id,
    "aria-describedby": ids.join(" ") || undefined,
    "aria-invalid": errors.length > 0 || undefined,
    required: field.required,
    "data-pointer": pointer,
  } as const;
  return { described, told };
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

/** One input below its label. */
export function Labelled({ field, pointer, children }: Props & { children(described: Described): ReactNode }) {
  const { described, told } = useDescribed(field, pointer);
  const optional = !field.required && (field.initial === undefined || field.initial === null);
  return (
    <div className="grid min-w-0 content-start gap-1">
      <label htmlFor={described.id} className="font-medium">
        {field.label}
        {optional ? <span className="font-normal text-muted"> {t("(optional)")}</span> : null}
      </label>
      {children(described)}
      {told}
    </div>
  );
}

/** A check box beside its label. */
export function Ticked({ field, pointer, children }: Props & { children(described: Described): ReactNode }) {
  const { described, told } = useDescribed({ ...field, required: false }, pointer);
  return (
    <div className="col-span-full grid gap-1">
      <label className="flex min-h-6 items-center gap-2 font-medium" htmlFor={described.id}>
        {children(described)}
        {field.label}
      </label>
      {told}
    </div>
  );
}

/** Several inputs under one heading. */
export function Box({ field, pointer, children }: Props & { children: ReactNode }) {
  const { described, told } = useDescribed(field, pointer);
  return (
    <fieldset className="col-span-full grid min-w-0 gap-3" aria-describedby={described["aria-describedby"]}>
      <legend className="mb-2 font-medium">{field.label}</legend>
      {told}
      {children}
    </fieldset>
  );
}
