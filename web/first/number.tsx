// The number that a new company is lent, and where it leads. There may be none: everybody calls inside all the same.
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { type KindName, kindOf } from "../../core/registry.ts";
import { send } from "../api/client.ts";
import { type Item, pathOf, useItems, useWrite } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Empty, Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Stamp } from "../part/time.tsx";
import { phrase } from "../part/words.ts";
import { Link } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";
import { useTrial } from "./trial.tsx";
import type { StepProps } from "./wizard.tsx";

const kind = kindOf("phone-number");
/** Where a number may lead, what callers should come to first before the rest. */
const ways: KindName[] = ["schedule", "menu", "queue", "ring-group", "extension"];
type Destination = { kind: KindName; ref: string; label: string };

export function NumberStep({ onDone }: StepProps) {
  const tenant = useTenantId();
  const numbers = useItems(tenant, kind);
  const found = useWays(tenant);
  const items = numbers.data?.pages[0]?.data;
  if (numbers.error && !items) return <Problem error={numbers.error} onRetry={() => numbers.refetch()} />;
  if (!items || !found) return <Skeleton rows={2} />;
  const [first] = items;
  return first ? <Lead key={first.id} item={first} ways={found} onDone={onDone} /> : <NoNumber onDone={onDone} />;
}

/** All that a number may lead to; kinds that may not be read are left out. */
function useWays(tenant: string): Destination[] | undefined {
  const { data } = useQuery({
    queryKey: ["tenant", tenant, "ways"],
    queryFn: async ({ signal }) => {
      const read = async (name: KindName): Promise<Destination[]> => {
        const of = kindOf(name);
        const list = await send<{ data: Item[] }>("GET", `${pathOf(tenant, of)}?limit=50`, { signal }).catch(() => ({
          data: [],
        }));
        return list.data.map((item) => ({ kind: name, ref: item.id, label: nameOf(item, String(item[of.key])) }));
      };
      return (await Promise.all(ways.map(read))).flat();
    },
  });
  return data;
}

const nameOf = ({ displayName }: Item, key: string): string =>
  typeof displayName === "string" && displayName !== "" ? `${displayName} (${key})` : key;

function Lead({ item, ways: all, onDone }: StepProps & { item: Item; ways: Destination[] }) {
  const tenant = useTenantId();
  const id = useId();
  const now = item.destination as { kind: string; ref?: string } | null;
  const [chosen, setChosen] = useState(now?.ref ?? all[0]?.ref ?? "");
  const trial = useTrial(tenant).data;
  const save = useWrite(tenant, (to: Destination) =>
    send<Item>("PATCH", pathOf(tenant, kind, item.id), {
      body: { destination: { kind: to.kind, ref: to.ref } },
      version: item.version,
    }),
  );
  const target = all.find(({ ref }) => ref === chosen);
  const goOn = async (): Promise<void> => {
    if (target && target.ref !== now?.ref && !(await save.mutateAsync(target).catch(() => undefined))) return;
    onDone();
  };
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void goOn();
      }}
    >
      <div className="grid gap-1">
        <p className="font-semibold text-2xl tabular-nums">{String(item.number)}</p>
        {trial?.until && trial.number === item.number ? (
          <p className="text-muted">
            {t("Lent to you for the trial, until")} <Stamp at={trial.until} />
          </p>
        ) : null}
      </div>
      <div className="grid max-w-sm gap-1">
        <label htmlFor={id} className="font-medium">
          {t("Who calls it comes to")}
        </label>
        <select id={id} className="input" value={chosen} onChange={({ target: { value } }) => setChosen(value)}>
          {ways.map((name) => {
            const ofKind = all.filter((one) => one.kind === name);
            return ofKind.length === 0 ? null : (
              <optgroup key={name} label={phrase(kindOf(name).plural)}>
                {ofKind.map(({ ref, label }) => (
                  <option key={ref} value={ref}>
                    {label}
                  </option>
                ))}
              </optgroup>
            );
          })}
        </select>
      </div>
      {save.error ? <Problem error={save.error} /> : null}
      <p className="text-muted">{t("The call flow shows the whole way as a picture, and you change it there.")}</p>
      <div>
        <Button type="submit" look="main" busy={save.isPending}>
          {t("Save and go on")}
        </Button>
      </div>
    </form>
  );
}

function NoNumber({ onDone }: StepProps) {
  const tenant = useTenantId();
  return (
    <>
      <Empty title={t("No number is lent to you now")}>
        <p>
          {t(
            "You call each other all the same, and the next step lets your phone ring. Add a number when you have one:",
          )}{" "}
          <Link className="link inline-flex min-h-6 items-center underline" to={`/tenants/${tenant}/phone-numbers`}>
            {t("Phone numbers")}
          </Link>
        </p>
      </Empty>
      <div>
        <Button look="main" onClick={onDone}>
          {t("Go on without a number")}
        </Button>
      </div>
    </>
  );
}
