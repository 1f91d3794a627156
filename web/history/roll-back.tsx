// Rolling back: first what it would do, by a dry run, then the deed. Secrets that had to be made anew are shown once.

import { useQuery } from "@tanstack/react-query";
import { type Applied, rollBack, useWrite } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Dialog } from "../part/dialog.tsx";
import { Skeleton } from "../part/page.tsx";
import { Problem } from "../part/problem.tsx";
import { Rows } from "../part/rows.tsx";
import { phrase } from "../part/words.ts";
import { labelOf } from "../resource/once.tsx";
import { useTenantId } from "../tenant/id.ts";
import { Diff } from "./diff.tsx";

export function RollBack({ revision, onClose }: { revision: number; onClose(): void }) {
  const tenant = useTenantId();
  const preview = useQuery({
    queryKey: ["tenant", tenant, "rollback", revision],
    queryFn: () => rollBack(tenant, revision, true),
    retry: false,
    gcTime: 0,
  });
  const deed = useWrite(tenant, () => rollBack(tenant, revision, false));
  if (deed.data) return <Done revision={revision} applied={deed.data} onClose={onClose} />;
  const nothing = preview.data?.diff.length === 0;
  return (
    <Dialog
      title={t("Roll back to revision {n}?", { n: String(revision) })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          {preview.data && !nothing ? (
            <Button look="main" busy={deed.isPending} onClick={() => deed.mutate(undefined)}>
              {t("Roll back")}
            </Button>
          ) : null}
        </>
      }
    >
      {preview.isPending ? <Skeleton rows={3} /> : null}
      {preview.error ? <Problem error={preview.error} title={t("It can't be rolled back")} /> : null}
      {nothing ? <p>{t("Nothing would change: the document stands as it stood then.")}</p> : null}
      {preview.data && !nothing ? (
        <>
          <p>{t("This would change, as a new revision. Passwords that were changed since stay as they are now.")}</p>
          <Diff lines={preview.data.diff} />
        </>
      ) : null}
      {deed.error ? <Problem error={deed.error} /> : null}
    </Dialog>
  );
}

function Done({ revision, applied, onClose }: { revision: number; applied: Applied; onClose(): void }) {
  const secrets = applied.secrets ?? [];
  return (
    <Dialog
      title={t("Rolled back to revision {n}", { n: String(revision) })}
      onClose={onClose}
      actions={
        <Button look="main" onClick={onClose}>
          {secrets.length > 0 ? t("I have noted them") : t("Close")}
        </Button>
      }
    >
      <p>
        {applied.revision === null
          ? t("Nothing had to change.")
          : t("The document is now at revision {n}.", { n: String(applied.revision) })}
      </p>
      {secrets.length > 0 ? (
        <>
          <p className="font-medium">{t("What came back has new secrets. They are shown once: note them now.")}</p>
          <Rows
            rows={secrets.map(({ kind, key, pointer, value }) => [
              `${phrase(kind)} ${key}: ${labelOf(pointer)}`,
              value,
            ])}
          />
        </>
      ) : null}
    </Dialog>
  );
}
