// Which way a call would go, and why: the same code as the edges run, on the present configuration.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Simulated, simulate } from "../api/queries.ts";
import type { Field } from "../form/field.ts";
import { Form } from "../form/form.tsx";
import type { Value } from "../form/value.ts";
import { t } from "../i18n/t.ts";
import { Page } from "../part/page.tsx";
import { phrase } from "../part/words.ts";
import { useTenantId } from "../tenant/id.ts";
import { outcomeText } from "./outcome.ts";

const plain = (name: string, about: string): Field => ({
  name,
  label: phrase(name),
  about,
  required: true,
  nullable: false,
  initial: undefined,
  control: { as: "text" },
});
const fieldsHere = () => [
  plain("from", t("An extension's number, or a number of the outside world, as in +15550123")),
  plain("to", t("As dialled by the extension; for a caller from outside one of this tenant's phone numbers")),
];

export function SimulatePage() {
  const tenant = useTenantId();
  const [value, setValue] = useState<Value>({});
  const run = useMutation({
    mutationFn: () => simulate(tenant, { from: String(value.from ?? ""), to: String(value.to ?? "") }),
  });
  return (
    <Page title={t("Simulator")} about={t("Where would a call go now, and why? No phone rings.")}>
      <Form
        fields={fieldsHere()}
        value={value}
        onChange={setValue}
        onSubmit={() => run.mutate()}
        busy={run.isPending}
        error={run.error}
        submit={t("Follow the call")}
      />
      <div role="status" className="grid gap-3">
        {run.data ? <Result {...run.data} /> : null}
      </div>
    </Page>
  );
}

function Result({ outcome, steps }: Simulated) {
  return (
    <section className="card grid max-w-2xl gap-3 px-4 py-3" aria-label={t("Result")}>
      <p className="font-semibold text-base break-words">{outcomeText(outcome)}</p>
      <ol className="grid gap-2">
        {steps.map(({ at, why, goesTo }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no identity but their place
          <li key={index} className="grid grid-cols-[1.5rem_1fr] gap-x-2">
            <span className="text-right text-muted tabular-nums">{index + 1}</span>
            <span className="min-w-0 break-words">
              <span className="font-medium">{place(at)}</span> {why}
              <span className="text-muted"> → {place(goesTo)}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** `extension/1001` as `Extension 1001`. */
function place(name: string): string {
  const [kind = "", ...key] = name.split("/");
  return `${phrase(kind)} ${key.join("/")}`.trim();
}
