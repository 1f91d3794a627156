// A value of a resource as people read it, by its field.

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiProblem } from "../../client/problem.ts";
import { type KindName, kindOf } from "../../core/registry.ts";
import { send } from "../api/client.ts";
import { type Item, pathOf } from "../api/queries.ts";
import type { Control, Field } from "../form/field.ts";
import type { Value } from "../form/value.ts";
import { t } from "../i18n/t.ts";
import { phrase } from "../part/words.ts";
import { useTenantId } from "../tenant/id.ts";

export const Nothing = (): ReactNode => <span className="text-muted">–</span>;

export function Shown({ field, value }: { field: Field | undefined; value: unknown }): ReactNode {
  if (value === undefined || value === null || value === "") return <Nothing />;
  const control: Control = field?.control ?? { as: "json" };
  if (control.as === "check") return value === true ? t("Yes") : t("No");
  if (control.as === "choice") return phrase(String(value));
  if (control.as === "choices" && Array.isArray(value))
    return value.length === 0 ? <Nothing /> : value.map((one) => phrase(String(one))).join(", ");
  if (control.as === "reference") return <Name kind={control.kind} id={String(value)} />;
  if (control.as === "secret") return secretText(value);
  if (control.as === "variant") return <Chosen control={control} value={value as Value} />;
  if (control.as === "list" && Array.isArray(value)) return <Listed of={control.of} items={value} />;
  return typeof value === "object" ? (
    <code className="font-mono text-xs break-all">{JSON.stringify(value)}</code>
  ) : (
    String(value)
  );
}

/** `sec_…#2` as `Set, version 2`: a new version is a new secret. */
function secretText(value: unknown): string {
  const ref = typeof value === "object" && value !== null && "secret" in value ? String(value.secret) : "";
  return ref.includes("#") ? t("Set, version {version}", { version: ref.split("#").at(-1) ?? "" }) : t("Set");
}

function Chosen({ control, value }: { control: Control & { as: "variant" }; value: Value }): ReactNode {
  const option = control.options.find((candidate) => candidate.value === value[control.tag]);
  return (
    <>
      {phrase(String(value[control.tag]))}
      {option?.fields.map((field) => (
        <span key={field.name}>
          {" "}
          <Shown field={field} value={value[field.name]} />
        </span>
      ))}
    </>
  );
}

/** Few plain items in full, anything else as how many there are. */
function Listed({ of, items }: { of: Field; items: unknown[] }): ReactNode {
  if (items.length === 0) return <Nothing />;
  if (of.control.as === "text" && items.length <= 3) return items.join(", ");
  return String(items.length);
}

/** What a reference names: the other's natural key; its id while that is on the way or when it is gone. */
export function Name({ kind: name, id }: { kind: KindName; id: string }): ReactNode {
  const kind = kindOf(name);
  const tenant = useTenantId();
  const { data } = useQuery({
    queryKey: ["tenant", tenant, "name", name, id],
    queryFn: ({ signal }) =>
      send<Item>("GET", `${pathOf(tenant, kind, id)}?fields=${kind.key}`, { signal }).catch((error: unknown) => {
        if (error instanceof ApiProblem && error.status === 404) return null;
        throw error;
      }),
    staleTime: 10_000,
  });
  if (data) return String(data[kind.key]);
  return <span className="font-mono text-muted text-xs break-all">{id}</span>;
}
