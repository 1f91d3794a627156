// What a new company does first, on its overview until all is done or it was put away.
import { useState } from "react";
import { t, tn } from "../i18n/t.ts";
import type { Live } from "../live/follow.ts";
import { Button } from "../part/button.tsx";
import { Icon } from "../part/icon.tsx";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { hide, isHidden, useFirstSteps } from "./facts.ts";

export function Checklist({ live }: { live: Live | undefined }) {
  const tenant = useTenantId();
  const steps = useFirstSteps(tenant, live);
  const [hidden, setHidden] = useState(() => isHidden(tenant));
  if (hidden || !steps || steps.every(({ done }) => done)) return null;
  const left = steps.filter(({ done }) => !done).length;
  const next = steps.find(({ done }) => !done);
  const putAway = (): void => {
    hide(tenant);
    setHidden(true);
  };
  return (
    <section className="card grid gap-3 p-4" aria-label={t("First steps")}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-semibold text-base">{t("First steps")}</h2>
        <span className="text-muted text-xs">{tn(left, "{n} left", "{n} left")}</span>
        <Button small className="ml-auto" onClick={putAway}>
          {t("Hide this list")}
        </Button>
      </div>
      <div aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-line">
        <div
          className="h-full rounded-full bg-fill transition-[width]"
          style={{ width: `${((steps.length - left) / steps.length) * 100}%` }}
        />
      </div>
      <ol className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
        {steps.map(({ name, label, about, to, done }) => (
          <li key={name} className="flex min-h-11 items-start gap-2.5 py-1">
            <span
              className={`mt-0.5 grid size-5 shrink-0 place-items-center rounded-full border ${done ? "border-transparent bg-good-soft text-good" : name === next?.name ? "border-2 border-accent" : "border-edge"}`}
            >
              {done ? <Icon name="check" className="size-3" /> : null}
            </span>
            <span className="grid min-w-0">
              {done ? (
                <span className="min-h-6 text-muted">
                  {t(label)} <span className="sr-only">({t("done")})</span>
                </span>
              ) : (
                <Link className="link inline-flex min-h-6 items-center font-medium" to={to}>
                  {t(label)}
                </Link>
              )}
              <span className="text-muted text-xs">{t(about)}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
