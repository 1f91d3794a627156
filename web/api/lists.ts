// A kind's resources as a whole list, so that a search, a filter and an order take no time. Rows come page by page at first; later the list is replaced at once.
import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Kind } from "../../core/resources/kind.ts";
import { send } from "./client.ts";
import { type Item, type Page, pathOf, type Sync } from "./queries.ts";

export type Whole = {
  items: Item[];
  /** False: more is on the way. */
  whole: boolean;
};

/** Up to so many rows a list is read again when somebody else changed the tenant; a longer one when it is looked at anew. */
const followed = 1000;

/** `fields` are the only members that items have, besides their id. */
export function useWholeList(tenant: string, kind: Kind, fields: string[], enabled = true) {
  const client = useQueryClient();
  const queryKey = [...listKey(tenant, kind), fields];
  const list = useQuery({
    queryKey,
    enabled,
    async queryFn({ signal }): Promise<Whole> {
      const known = client.getQueryData<Whole>(queryKey)?.whole === true;
      const items: Item[] = [];
      let after: string | null = null;
      do {
        const search: URLSearchParams = new URLSearchParams({ limit: "100", fields: fields.join(",") });
        if (after !== null) search.set("after", after);
        const page: Page<Item> = await send<Page<Item>>("GET", `${pathOf(tenant, kind)}?${search}`, { signal });
        items.push(...page.data);
        after = page.next;
        if (after !== null && !known) client.setQueryData<Whole>(queryKey, { items: [...items], whole: false });
      } while (after !== null);
      return { items, whole: true };
    },
    staleTime: 10_000,
    // ten thousand items are not compared member by member
    structuralSharing: false,
    placeholderData: keepPreviousData,
  });
  const revision = useRevision(tenant);
  const seen = useRef(revision);
  const { refetch } = list;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of the revision says that there is something to read
  useEffect(() => {
    const isNew = revision !== undefined && seen.current !== undefined && revision > seen.current;
    seen.current = revision;
    if (enabled && isNew && (list.data?.items.length ?? 0) <= followed) void refetch({ cancelRefetch: false });
  }, [revision]);
  return list;
}

/** Of a tenant's document, as the page's chip heard it last (sync/chip.tsx). */
const useRevision = (tenant: string): number | undefined =>
  useQuery({ queryKey: ["tenant", tenant, "/sync"], enabled: false, select: (sync: Sync) => sync.revision }).data;

const listKey = (tenant: string, kind: Kind): string[] => ["tenant", tenant, "list", kind.plural];

/** Shows at once what was just written; the lists are read again besides. */
export function noteInLists(client: QueryClient, tenant: string, kind: Kind, item: Item): void {
  change(client, tenant, kind, (items) => {
    const at = items.findIndex(({ id }) => id === item.id);
    return at < 0 ? [...items, item] : items.with(at, { ...items[at], ...item });
  });
}

export function dropFromLists(client: QueryClient, tenant: string, kind: Kind, ids: Set<string>): void {
  change(client, tenant, kind, (items) => items.filter(({ id }) => !ids.has(id)));
}

function change(client: QueryClient, tenant: string, kind: Kind, to: (items: Item[]) => Item[]): void {
  client.setQueriesData<Whole>(
    { queryKey: listKey(tenant, kind) },
    (list) => list && { ...list, items: to(list.items) },
  );
}
