// What is done to the chosen rows of a list at once: each as one revision.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Kind } from "../../core/resources/kind.ts";
import { sendBatch } from "../api/batch.ts";
import { noteInLists } from "../api/lists.ts";
import type { Item } from "../api/queries.ts";
import { type Field, fieldsOf } from "../form/field.ts";
import { Input } from "../form/input.tsx";
import { startOf } from "../form/value.ts";
import { t, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Problem } from "../part/problem.tsx";
import { toast } from "../part/toast.tsx";
import { useTenantId } from "../tenant/id.ts";
import { switchOf } from "../tenant/kinds.ts";
import { DeleteDialog } from "./delete.tsx";

type Props = { kind: Kind; items: Item[]; onDone(): void };

function useBulk({ kind, items, onDone }: Props) {
  const tenant = useTenantId();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: Record<string, unknown>) =>
      sendBatch(tenant, kind, { update: items.map(({ id }) => ({ id, ...patch })) }),
    onSuccess(_, patch) {
      for (const item of items) noteInLists(client, tenant, kind, { ...item, ...patch });
      void client.invalidateQueries({ queryKey: ["tenant", tenant] });
      toast(tn(items.length, "{n} changed", "{n} changed"));
      onDone();
    },
  });
}

export function Bulk(props: Props) {
  const { kind, items, onDone } = props;
  const [asking, setAsking] = useState<"edit" | "delete">();
  const change = useBulk(props);
  const toggle = switchOf(kind);
  return (
    <>
      <section
        aria-label={t("Selection")}
        className="sticky bottom-4 z-[2] mx-auto flex w-fit max-w-full flex-wrap items-center gap-2 rounded-lg border border-line bg-panel px-3 py-2 shadow-lg"
      >
        <p role="status" className="px-1 font-medium tabular-nums">
          {tn(items.length, "{n} selected", "{n} selected")}
        </p>
        {toggle ? (
          <>
            <Button small busy={change.isPending} onClick={() => change.mutate({ [toggle]: true })}>
              {t("Enable")}
            </Button>
            <Button small busy={change.isPending} onClick={() => change.mutate({ [toggle]: false })}>
              {t("Disable")}
            </Button>
          </>
        ) : null}
        <Button small onClick={() => setAsking("edit")}>
          {t("Edit …")}
        </Button>
        <Button small look="danger" onClick={() => setAsking("delete")}>
          {t("Delete …")}
        </Button>
        <Button small onClick={onDone}>
          {t("Select none")}
        </Button>
        {change.error ? (
          <div className="basis-full">
            <Problem error={change.error} title={t("Nothing was changed")} />
          </div>
        ) : null}
      </section>
      {asking === "edit" ? <EditDialog {...props} onClose={() => setAsking(undefined)} /> : null}
      {asking === "delete" ? (
        <DeleteDialog kind={kind} items={items} onClose={() => setAsking(undefined)} onDone={onDone} />
      ) : null}
    </>
  );
}

/** One field, one value, for all of them. What is each one's own is no such field. */
const commonFields = (kind: Kind): Field[] =>
  fieldsOf(kind).filter(({ name, control }) => name !== kind.key && control.as !== "secret" && control.as !== "json");

function EditDialog({ onClose, ...props }: Props & { onClose(): void }) {
  const { kind, items } = props;
  const fields = commonFields(kind);
  const id = useId();
  const [field, setField] = useState(fields[0]);
  const [value, setValue] = useState<unknown>(() => fields[0] && startOf(fields[0]));
  const change = useBulk(props);
  if (!field) return null;
  return (
    <Dialog
      title={tn(items.length, "Change {n} row", "Change {n} rows")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            look="main"
            busy={change.isPending}
            onClick={() => change.mutate({ [field.name]: value === "" || value === undefined ? null : value })}
          >
            {t("Change all")}
          </Button>
        </>
      }
    >
      <div className="grid gap-1">
        <label htmlFor={id} className="font-medium">
          {t("Field")}
        </label>
        <select
          id={id}
          className="input"
          value={field.name}
          onChange={({ target }) => {
            const next = fields.find(({ name }) => name === target.value);
            setField(next);
            setValue(next && startOf(next));
          }}
        >
          {fields.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <Input key={field.name} field={field} pointer={`/${field.name}`} value={value} onChange={setValue} />
      {change.error ? <Problem error={change.error} title={t("Nothing was changed")} /> : null}
    </Dialog>
  );
}
