// Asks before resources are deleted. A dry run has said by then who uses them: what is in use stays, and its users are named and linked.
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Kind } from "../../core/resources/kind.ts";
import { sendBatch } from "../api/batch.ts";
import type { Item } from "../api/queries.ts";
import { t, tn } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Problem } from "../part/problem.tsx";
import { saying } from "../part/words.ts";
import { useTenantId } from "../tenant/id.ts";
import { useRemove } from "./remove.ts";

type Props = { kind: Kind; items: Item[]; onClose(): void; onDone(): void };

export function DeleteDialog({ kind, items, onClose, onDone }: Props) {
  const tenant = useTenantId();
  const remove = useRemove(kind);
  const ids = items.map(({ id }) => id);
  const check = useQuery({
    queryKey: ["tenant", tenant, "delete", kind.plural, ids],
    queryFn: () => sendBatch(tenant, kind, { delete: ids }, true),
    retry: false,
    gcTime: 0,
    staleTime: 0,
  });
  const deed = useMutation({ mutationFn: () => remove(items), onSuccess: onDone });
  const [first] = items;
  const title =
    items.length === 1 && first
      ? saying("Delete {kind} {key}?", kind, { key: String(first[kind.key]) })
      : tn(items.length, "Delete {n} {what}?", "Delete {n} {what}?", { what: saying("{kinds}", kind) });
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Keep it")}</Button>
          <Button
            look="danger"
            disabled={check.error !== null}
            className="disabled:opacity-50"
            busy={deed.isPending || deed.isSuccess}
            onClick={() => deed.mutate()}
          >
            {t("Delete")}
          </Button>
        </>
      }
    >
      <p>{t("It goes from every edge at once. The history keeps it: a roll back brings it back.")}</p>
      <div role="status">
        {check.isPending ? <p className="text-muted">{t("Looking for what depends on it …")}</p> : null}
        {check.isSuccess && !deed.error ? <p className="text-muted">{t("Nothing else refers to it.")}</p> : null}
      </div>
      {(deed.error ?? check.error) ? (
        <Problem error={deed.error ?? check.error} title={t("It can't be deleted")} />
      ) : null}
    </Dialog>
  );
}
