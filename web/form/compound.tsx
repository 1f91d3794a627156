// Fields that hold others: a group, a list of items, one of several variants.
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { itemOf, lower, phrase } from "../part/words.ts";
import type { Control, Field } from "./field.ts";
import { Input, type InputProps, Inputs } from "./input.tsx";
import { Box, Labelled } from "./labelled.tsx";
import { startOf, type Value } from "./value.ts";

export function Group({ field, pointer, value, onChange }: InputProps<Control & { as: "group" }>) {
  return (
    <Box field={field} pointer={pointer}>
      <div className="fields">
        <Inputs fields={field.control.fields} pointer={pointer} value={(value ?? {}) as Value} onChange={onChange} />
      </div>
    </Box>
  );
}

export function Variant({ field, pointer, value, onChange }: InputProps<Control & { as: "variant" }>) {
  const { tag, options } = field.control;
  const held = (value ?? {}) as Value;
  const chosen = options.find((option) => option.value === held[tag]);
  return (
    <div className="fields col-span-full">
      <Labelled field={field} pointer={pointer}>
        {(described) => (
          <select
            className="input"
            {...described}
            value={chosen?.value ?? ""}
            onChange={({ target }) => onChange(target.value === "" ? null : { [tag]: target.value })}
          >
            <option value="">{field.nullable ? t("None") : t("Choose one")}</option>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {phrase(option.value)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      {chosen && chosen.fields.length > 0 ? (
        <div className="grid content-start gap-4">
          <Inputs
            fields={chosen.fields.map((inside) => called(inside, chosen.value))}
            pointer={pointer}
            value={held}
            onChange={onChange}
          />
        </div>
      ) : null}
    </div>
  );
}

/** "Ref" says nothing to people: a variant's reference is called by what it refers to. */
const called = (field: Field, variant: string): Field =>
  field.name === "ref" ? { ...field, label: phrase(variant), about: undefined } : field;

/** A check box for each; what is chosen is in the options' order. */
export function Choices({ field, pointer, value, onChange }: InputProps<Control & { as: "choices" }>) {
  const chosen = new Set(Array.isArray(value) ? value : []);
  const { options } = field.control;
  const choose = (option: string, yes: boolean): void =>
    onChange(options.filter((one) => (one === option ? yes : chosen.has(one))));
  return (
    <Box field={field} pointer={pointer}>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {options.map((option) => (
          <label key={option} className="flex min-h-6 items-center gap-2">
            <input
              type="checkbox"
              className="size-4 accent-fill"
              checked={chosen.has(option)}
              onChange={({ target }) => choose(option, target.checked)}
            />
            {phrase(option)}
          </label>
        ))}
      </div>
    </Box>
  );
}

export function List({ field, pointer, value, onChange }: InputProps<Control & { as: "list" }>) {
  const items = Array.isArray(value) ? value : [];
  const one = itemOf(field.name);
  return (
    <Box field={field} pointer={pointer}>
      {items.map((held, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity but their place
        <div key={index} className="grid gap-3 rounded-md border border-line p-3">
          <Input
            field={{ ...field.control.of, label: `${one} ${index + 1}` }}
            pointer={`${pointer}/${index}`}
            value={held}
            onChange={(next) => onChange(items.with(index, next))}
          />
          <div>
            <Button small onClick={() => onChange(items.toSpliced(index, 1))}>
              {t("Remove {what}", { what: `${lower(one)} ${index + 1}` })}
            </Button>
          </div>
        </div>
      ))}
      <div>
        <Button small onClick={() => onChange([...items, startOf(field.control.of)])}>
          {t("Add {what}", { what: lower(one) })}
        </Button>
      </div>
    </Box>
  );
}
