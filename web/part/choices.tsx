// One of several, each with a sentence on what it means. The whole card is the radio button.
type Choice<Value extends string> = { value: Value; label: string; about: string | undefined };
type Props<Value extends string> = {
  title: string;
  name: string;
  choices: Choice<Value>[];
  chosen: Value;
  onChange(value: Value): void;
};

export const Choices = <Value extends string>({ title, name, choices, chosen, onChange }: Props<Value>) => (
  <fieldset className="grid gap-1">
    <legend className="pb-1 font-medium">{title}</legend>
    {choices.map(({ value, label, about }) => (
      <label
        key={value}
        className="relative flex cursor-pointer items-start gap-2.5 rounded-md border border-line px-3 py-2 outline-accent hover:bg-hover has-checked:border-accent has-checked:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-offset-2"
      >
        <input
          type="radio"
          className="peer absolute inset-0 size-full cursor-pointer opacity-0"
          name={name}
          value={value}
          checked={value === chosen}
          onChange={() => onChange(value)}
        />
        <span
          aria-hidden="true"
          className="mt-0.5 size-4 shrink-0 rounded-full border border-edge peer-checked:border-5 peer-checked:border-fill"
        />
        <span className="grid">
          <span className="font-medium">{label}</span>
          <span className="text-muted text-xs">{about}</span>
        </span>
      </label>
    ))}
  </fieldset>
);
