// Deleting resources, and the way back: as long as nothing else was changed since, the document is rolled back to what it was before.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { ApiProblem } from "../../client/problem.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { sendBatch } from "../api/batch.ts";
import { send } from "../api/client.ts";
import { dropFromLists } from "../api/lists.ts";
import { type Item, rollBack, type Tenant, tenantPath } from "../api/queries.ts";
import { t, tn } from "../i18n/t.ts";
import { wordsOf } from "../part/problem-words.ts";
import { toast } from "../part/toast.tsx";
import { phrase } from "../part/words.ts";
import { useTenantId } from "../tenant/id.ts";

/** Deletes them as one revision and offers to undo it. Throws ApiProblem. */
export function useRemove(kind: Kind): (items: Item[]) => Promise<void> {
  const tenant = useTenantId();
  const client = useQueryClient();
  return async (items) => {
    const { revision } = await sendBatch(tenant, kind, { delete: items.map(({ id }) => id) });
    dropFromLists(client, tenant, kind, new Set(items.map(({ id }) => id)));
    void client.invalidateQueries({ queryKey: ["tenant", tenant] });
    const [first] = items;
    const text =
      items.length === 1 && first
        ? t("{what} is deleted", { what: `${phrase(kind.kind)} ${first[kind.key]}` })
        : tn(items.length, "{n} deleted", "{n} deleted");
    toast(text, revision === null ? undefined : { label: t("Undo"), run: () => void undo(client, tenant, revision) });
  };
}

async function undo(client: QueryClient, tenant: string, revision: number): Promise<void> {
  try {
    const now = await send<Tenant>("GET", tenantPath(tenant));
    if (now.revision !== revision)
      return toast(t("Something else was changed since; the history has a roll back with a preview."));
    await rollBack(tenant, revision - 1, false);
    toast(t("It is back."));
  } catch (error) {
    toast(error instanceof ApiProblem ? wordsOf(error) : t("That did not work"));
  }
  void client.invalidateQueries({ queryKey: ["tenant", tenant] });
}
