// From a company just made to a phone that rings: its people, its number, the browser's phone. Each step may be passed over; which one it is stands in the path.
import { useTenant } from "../api/queries.ts";
import { t, text } from "../i18n/t.ts";
import { Button, buttonClass } from "../part/button.tsx";
import { Icon } from "../part/icon.tsx";
import { Page, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Link, navigate } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { NumberStep } from "./number.tsx";
import { PeopleStep } from "./people.tsx";
import { PhoneStep } from "./phone.tsx";

/** `onDone`: to the next one. */
export type StepProps = { onDone(): void };

const steps = [
  { path: "people", label: text("People"), title: text("Who is in the company?"), Step: PeopleStep },
  { path: "number", label: text("Number"), title: text("Where do callers come in?"), Step: NumberStep },
  { path: "phone", label: text("Phone"), title: text("Let it ring"), Step: PhoneStep },
] as const;

export function Wizard({ rest: [path] }: { rest: string[] }) {
  const tenant = useTenantId();
  const { data, error, refetch } = useTenant(tenant);
  const at = Math.max(
    0,
    steps.findIndex((step) => step.path === path),
  );
  const { title, Step } = steps[at] ?? steps[0];
  const before = steps[at - 1];
  const after = steps[at + 1];
  const onward = (): void => navigate(`/tenants/${tenant}/${after ? `start/${after.path}` : "overview"}`);
  return (
    <Page title={t(title)}>
      <Progress at={at} />
      <div className="card grid max-w-2xl gap-5 p-4 sm:p-6">
        {error && !data ? <Problem error={error} onRetry={() => refetch()} /> : null}
        {data ? <Step onDone={onward} /> : <Skeleton rows={2} />}
      </div>
      <div className="flex max-w-2xl flex-wrap justify-between gap-2">
        {before ? (
          <Link className={buttonClass()} to={`/tenants/${tenant}/start/${before.path}`}>
            {t("Back")}
          </Link>
        ) : (
          <span />
        )}
        <Button onClick={onward}>{after ? t("Skip this step") : t("To the overview")}</Button>
      </div>
    </Page>
  );
}

function Progress({ at }: { at: number }) {
  const tenant = useTenantId();
  return (
    <ol className="flex max-w-2xl flex-wrap items-center gap-x-2 gap-y-1" aria-label={t("Steps")}>
      {steps.map(({ path, label }, index) => (
        <li key={path} className="flex items-center gap-2" aria-current={index === at ? "step" : undefined}>
          {index > 0 ? <span aria-hidden="true" className="hidden h-px w-10 bg-edge sm:block" /> : null}
          <Link
            className={`flex min-h-8 items-center gap-2 rounded-full pr-2 hover:bg-hover ${index === at ? "font-semibold" : "text-muted"}`}
            to={`/tenants/${tenant}/start/${path}`}
          >
            <span
              className={`grid size-6 place-items-center rounded-full text-xs tabular-nums ${index < at ? "bg-good-soft text-good" : index === at ? "bg-fill text-on-fill" : "border border-edge"}`}
            >
              {index < at ? <Icon name="check" className="size-3.5" /> : index + 1}
            </span>
            {t(label)}
          </Link>
        </li>
      ))}
    </ol>
  );
}
