// What a tenant or an account may: bars of what is used, whose limits they are, and the form that sets those of one's own account.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Kind } from "../../core/resources/kind.ts";
import { plan as planKind } from "../../core/resources/plan.ts";
import { send } from "../api/client.ts";
import { fieldsOf } from "../form/field.ts";
import { Form } from "../form/form.tsx";
import { initialOf, toSend, type Value } from "../form/value.ts";
import { may, useMe } from "../frame/me.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { toast } from "../part/toast.tsx";
import { phrase } from "../part/words.ts";
import { accountPath, useAll, useChange } from "./read.ts";

type From = { by: string; planId: string | null; value: unknown; used: number | null };
type Shown = {
  limits: Record<string, { value: unknown; left: number | null; from: From[] } | null>;
  set: (Value & { by: string; plan: string | null })[];
};
type Plan = { id: string; name: string };

/** `path`: of the tenant or account in the API; `account` is whose page it is. */
export function LimitsOf({ path, account }: { path: string; account: string }) {
  const { data: me } = useMe();
  const limits = useQuery({
    queryKey: ["account", path, "limits"],
    queryFn: ({ signal }) => send<Shown>("GET", `${path}/limits`, { signal }),
    placeholderData: keepPreviousData,
  });
  const plans = useAll<Plan>(`${accountPath(account)}/plans`, { enabled: may(me, "plans:read") });
  const [editing, setEditing] = useState(false);
  const lift = useChange(
    () => send("DELETE", `${path}/limits`),
    () => toast(t("Your limits on it are lifted.")),
  );
  const me_ = me?.accountId ?? me?.tenantId;
  const own = limits.data?.set.find(({ by }) => by === me_);
  if (limits.error && !limits.data) return <Problem error={limits.error} onRetry={() => limits.refetch()} />;
  if (!limits.data) return <Skeleton rows={3} />;
  const held = Object.entries(limits.data.limits).filter(([, limit]) => limit !== null);
  return (
    <div className="grid gap-3">
      {held.length === 0 ? <p className="text-muted">{t("Nothing limits it.")}</p> : null}
      {held.length > 0 ? (
        <dl className="grid gap-3">
          {held.map(([name, limit]) =>
            limit ? (
              <Bar
                key={name}
                name={name}
                limit={limit}
                plan={plans.data?.items.find(({ id }) => limit.from.some(({ planId }) => planId === id))?.name}
              />
            ) : null,
          )}
        </dl>
      ) : null}
      {may(me, "limits:write") && me_ ? (
        editing ? (
          <SetLimits path={path} plans={plans.data?.items ?? []} own={own} onDone={() => setEditing(false)} />
        ) : (
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => setEditing(true)}>{own ? t("Change the limits") : t("Set limits")}</Button>
            {own ? (
              <Button look="danger" busy={lift.isPending} onClick={() => lift.mutate(undefined)}>
                {t("Lift them")}
              </Button>
            ) : null}
          </div>
        )
      ) : null}
      {lift.error ? <Problem error={lift.error} /> : null}
    </div>
  );
}

type BarProps = {
  name: string;
  limit: { value: unknown; left: number | null; from: From[] };
  plan: string | undefined;
};

function Bar({ name, limit, plan }: BarProps) {
  const { value, left } = limit;
  const used = typeof value === "number" && left !== null ? value - left : null;
  const share = used !== null && typeof value === "number" ? Math.min(1, value === 0 ? 1 : used / value) : null;
  const near = share !== null && share >= 0.9;
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <dt>
          {phrase(name)} {plan ? <span className="text-muted text-xs">({plan})</span> : null}
        </dt>
        <dd className={`tabular-nums ${near ? "font-medium text-warn" : "text-muted"}`}>
          {used === null
            ? written(value)
            : t("{used} of {most}, {left} left", { used, most: written(value), left: left ?? 0 })}
        </dd>
      </div>
      {share === null ? null : (
        <svg
          viewBox="0 0 100 2"
          preserveAspectRatio="none"
          className="block h-1.5 w-full rounded-full"
          aria-hidden="true"
        >
          <rect width="100" height="2" className="fill-(--color-line)" />
          <rect width={share * 100} height="2" className={near ? "fill-(--color-warn)" : "fill-(--color-fill)"} />
        </svg>
      )}
    </div>
  );
}

function written(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ") || t("none");
  if (typeof value === "object" && value !== null && "amount" in value && "currency" in value)
    return `${value.amount} ${value.currency}`;
  return typeof value === "number" ? value.toLocaleString() : String(value);
}

const fieldsHere = () => fieldsOf(planKind as unknown as Kind).filter(({ name }) => name !== "name");

type SetProps = { path: string; plans: Plan[]; own: (Value & { plan: string | null }) | undefined; onDone(): void };

function SetLimits({ path, plans, own, onDone }: SetProps) {
  const fields = fieldsHere();
  const [plan, setPlan] = useState(own?.plan ?? "");
  const [value, setValue] = useState<Value>(() => ({ ...initialOf(fields), ...(own && { ...own }) }));
  const set = useChange(
    () => send("PUT", `${path}/limits`, { body: { plan: plan || null, ...toSend(fields, value) } }),
    () => {
      toast(t("The limits are set."));
      onDone();
    },
  );
  return (
    <div className="grid gap-4 rounded-md border border-line p-3">
      {plans.length > 0 ? (
        <label className="grid gap-1 font-medium">
          {t("Plan")}
          <select className="input font-normal" value={plan} onChange={({ target }) => setPlan(target.value)}>
            <option value="">{t("None")}</option>
            {plans.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <Form
        fields={fields}
        value={value}
        onChange={setValue}
        onSubmit={() => set.mutate(undefined)}
        busy={set.isPending}
        error={set.error}
        submit={t("Set the limits")}
        status={<Button onClick={onDone}>{t("Cancel")}</Button>}
      />
    </div>
  );
}
