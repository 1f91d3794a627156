// A field as an input, by what the schema says it is.
import { t } from "../i18n/t.ts";
import { phrase } from "../part/words.ts";
import { Choices, Group, List, Variant } from "./compound.tsx";
import type { Control, Field } from "./field.ts";
import { type Described, Labelled, Ticked } from "./labelled.tsx";
import { ReferenceInput } from "./reference.tsx";
import { Secret } from "./secret.tsx";
import type { Value } from "./value.ts";

export type InputProps<C extends Control = Control> = {
  field: Field & { control: C };
  pointer: string;
  value: unknown;
  onChange(value: unknown): void;
};
type One = { value: unknown; onChange(value: unknown): void; described: Described };

/** The inputs of a set of fields; `value` holds theirs by name. */
export function Inputs(props: { fields: Field[]; pointer: string; value: Value; onChange(value: Value): void }) {
  const { fields, pointer, value, onChange } = props;
  return fields.map((field) => (
    <Input
      key={field.name}
      field={field}
      pointer={`${pointer}/${field.name}`}
      value={value[field.name]}
      onChange={(next) => onChange({ ...value, [field.name]: next })}
    />
  ));
}

export function Input({ field, ...rest }: InputProps) {
  const { control } = field;
  if (control.as === "group") return <Group {...rest} field={{ ...field, control }} />;
  if (control.as === "list") return <List {...rest} field={{ ...field, control }} />;
  if (control.as === "choices") return <Choices {...rest} field={{ ...field, control }} />;
  if (control.as === "secret") return <Secret {...rest} field={{ ...field, control }} />;
  if (control.as === "variant") return <Variant {...rest} field={{ ...field, control }} />;
  if (control.as === "check")
    return (
      <Ticked field={field} pointer={rest.pointer}>
        {(described) => (
          <input
            type="checkbox"
            className="size-4 accent-fill"
            {...described}
            checked={rest.value === true}
            onChange={({ target }) => rest.onChange(target.checked)}
          />
        )}
      </Ticked>
    );
  return (
    <Labelled field={field} pointer={rest.pointer}>
      {(described) => <Single field={field} value={rest.value} onChange={rest.onChange} described={described} />}
    </Labelled>
  );
}

function Single({ field, ...one }: One & { field: Field }) {
  const { control, nullable } = field;
  const { value, onChange, described } = one;
  const text = value === undefined || value === null ? "" : String(value);
  if (control.as === "choice") return <ChoiceInput options={control.options} nullable={nullable} {...one} />;
  if (control.as === "reference")
    return <ReferenceInput kind={control.kind} nullable={nullable} {...one} value={text} />;
  if (control.as === "json") return <JsonInput {...one} />;
  if (control.as === "number")
    return (
      <input
        className="input tabular-nums"
        inputMode="numeric"
        {...described}
        value={text}
        // what is no number is sent as it stands: the answer says what is wanted
        onChange={({ target }) => onChange(/^-?\d{1,15}$/.test(target.value) ? Number(target.value) : target.value)}
      />
    );
  return (
    <input
      className="input"
      autoComplete="off"
      spellCheck={false}
      {...described}
      value={text}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

function ChoiceInput({
  options,
  nullable,
  value,
  onChange,
  described,
}: One & { options: string[]; nullable: boolean }) {
  const chosen = options.find((option) => option === value);
  return (
    <select
      className="input"
      {...described}
      value={chosen ?? ""}
      onChange={({ target }) => onChange(target.value === "" ? null : target.value)}
    >
      {nullable || chosen === undefined ? <option value="">{t("None")}</option> : null}
      {options.map((option) => (
        <option key={option} value={option}>
          {phrase(option)}
        </option>
      ))}
    </select>
  );
}

/** Whatever has no input of its own is written as JSON. */
function JsonInput({ value, onChange, described }: One) {
  const parse = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  };
  return (
    <textarea
      className="input font-mono"
      rows={5}
      spellCheck={false}
      {...described}
      defaultValue={value === undefined || value === null ? "" : JSON.stringify(value, null, 2)}
      onChange={({ target }) => onChange(parse(target.value))}
    />
  );
}
