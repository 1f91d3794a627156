// Somebody else changed what is being edited. What only he changed is taken over; of what both changed the user chooses, field by field.
import { useState } from "react";
import { canonical } from "../../core/canonical.ts";
import type { Field } from "../form/field.ts";
import type { Value } from "../form/value.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Shown } from "./value.tsx";

type Props = { fields: Field[]; base: Value; theirs: Value; mine: Value; onResolve(value: Value): void };

const same = (a: unknown, b: unknown): boolean => canonical(a ?? null) === canonical(b ?? null);

export function Conflict({ fields, base, theirs, mine, onResolve }: Props) {
  const [taken, setTaken] = useState<Set<string>>(new Set());
  const changed = fields.filter(({ name }) => !same(base[name], theirs[name]));
  const both = changed.filter(({ name }) => !same(base[name], mine[name]) && !same(mine[name], theirs[name]));
  const choose = (name: string, take: boolean): void => {
    const next = new Set(taken);
    if (take) next.add(name);
    else next.delete(name);
    setTaken(next);
  };
  const resolve = (): void => {
    const kept = Object.fromEntries(
      fields
        .filter(({ name }) => !same(base[name], mine[name]) && !taken.has(name))
        .map(({ name }) => [name, mine[name]]),
    );
    onResolve({ ...theirs, ...kept });
  };
  return (
    <section
      aria-label={t("Somebody else changed it")}
      className="grid max-w-3xl gap-3 rounded-md border border-warn bg-warn-soft px-3 py-3"
    >
      <h2 className="font-semibold text-warn">{t("Somebody else changed it")}</h2>
      <p>
        {both.length > 0
          ? t("Both of you changed these fields. Choose whose value stays; then save.")
          : t("Your changes don't touch theirs: go on and save.")}
      </p>
      <div className="overflow-x-auto">
        <table className="w-full">
          <thead className="text-left text-muted text-xs">
            <tr>
              {[t("Field"), t("Before"), t("Theirs"), t("Mine")].map((label) => (
                <th key={label} scope="col" className="py-1 pr-3 font-medium">
                  {label}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {changed.map((field) => {
              const { name, label } = field;
              return (
                <tr key={name} className="align-top">
                  <th scope="row" className="py-1.5 pr-3 text-left font-medium">
                    {label}
                  </th>
                  {[base, theirs, mine].map((side, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: three sides, always
                    <td key={at} className="py-1.5 pr-3 break-words">
                      <Shown field={field} value={side[name]} />
                    </td>
                  ))}
                  <td className="py-1 text-right whitespace-nowrap">
                    {both.includes(field) ? (
                      <span className="inline-flex gap-1">
                        <Button
                          small
                          look={taken.has(name) ? "plain" : "main"}
                          aria-pressed={!taken.has(name)}
                          aria-label={`${t("Keep mine")}: ${label}`}
                          onClick={() => choose(name, false)}
                        >
                          {t("Keep mine")}
                        </Button>
                        <Button
                          small
                          look={taken.has(name) ? "main" : "plain"}
                          aria-pressed={taken.has(name)}
                          aria-label={`${t("Take theirs")}: ${label}`}
                          onClick={() => choose(name, true)}
                        >
                          {t("Take theirs")}
                        </Button>
                      </span>
                    ) : (
                      <span className="text-muted text-xs">{t("taken over")}</span>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div>
        <Button look="main" onClick={resolve}>
          {t("Go on with this")}
        </Button>
      </div>
    </section>
  );
}
