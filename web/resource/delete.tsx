// Asks before a resource is deleted; one that is in use stays, and the problem names who uses it.

import { useEffect } from "react";
import type { Kind } from "../../core/resources/kind.ts";
import { send } from "../api/client.ts";
import { type Item, pathOf, useWrite } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Problem } from "../part/problem.tsx";
import { saying } from "../part/words.ts";
import { navigate } from "../router.tsx";
import { useTenantId } from "../tenant/id.ts";

export function DeleteDialog({ kind, item, onClose }: { kind: Kind; item: Item; onClose(): void }) {
  const tenant = useTenantId();
  const list = `/tenants/${tenant}/${kind.plural}`;
  const remove = useWrite(tenant, () => send<void>("DELETE", pathOf(tenant, kind, item.id), { version: item.version }));
  useEffect(() => {
    if (remove.isSuccess) navigate(list, "replace");
  }, [remove.isSuccess, list]);
  return (
    <Dialog
      title={saying("Delete {kind} {key}?", kind, { key: String(item[kind.key]) })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Keep it")}</Button>
          <Button look="danger" busy={remove.isPending || remove.isSuccess} onClick={() => remove.mutate(undefined)}>
            {t("Delete")}
          </Button>
        </>
      }
    >
      <p>{t("It goes from every edge at once. The history keeps it: a roll back brings it back.")}</p>
      {remove.error ? <Problem error={remove.error} title={t("It can't be deleted")} /> : null}
    </Dialog>
  );
}
