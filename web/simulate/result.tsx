// A simulated call: how it ends, and step by step why.
import type { Simulated } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { phrase } from "../part/words.ts";
import { outcomeText } from "./outcome.ts";
import { whyText } from "./why.ts";

export function Result({ outcome, steps }: Simulated) {
  return (
    <section className="card grid gap-3 px-4 py-3" aria-label={t("Result")}>
      <p className="font-semibold text-base break-words">{outcomeText(outcome)}</p>
      <ol className="grid gap-2">
        {steps.map(({ at, why, goesTo }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no identity but their place
          <li key={index} className="grid grid-cols-[1.5rem_1fr] gap-x-2">
            <span className="text-right text-muted tabular-nums">{index + 1}</span>
            <span className="min-w-0 break-words">
              <span className="font-medium">{place(at)}</span> {whyText(why)}
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
