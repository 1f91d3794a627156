// Which way a call would go, and why: the same code as the edges run, on the present configuration.
import { useMutation } from "@tanstack/react-query";
import { type Simulation, simulate, useTenant } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Page } from "../part/page.tsx";
import { useTenantId } from "../tenant/id.ts";
import { Ask } from "./ask.tsx";
import { Result } from "./result.tsx";

export function SimulatePage() {
  const tenant = useTenantId();
  const { data } = useTenant(tenant);
  const run = useMutation({ mutationFn: (asked: Simulation) => simulate(tenant, asked) });
  return (
    <Page title={t("Simulator")} about={t("Where would a call go, and why? No phone rings.")}>
      <Ask
        timeZone={data?.timeZone ?? "UTC"}
        busy={run.isPending}
        error={run.error}
        onAsk={(asked) => run.mutate(asked)}
      />
      <div role="status" className="grid max-w-2xl gap-3">
        {run.data ? <Result {...run.data} /> : null}
      </div>
    </Page>
  );
}
