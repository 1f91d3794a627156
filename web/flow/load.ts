// A tenant's resources as far as call flows are made of them: all of the kinds that are few, and of extensions and voicemail boxes what the flow needs.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiProblem } from "../../client/problem.ts";
import { type KindName, kindOf } from "../../core/registry.ts";
import { destinationKinds } from "../../core/resources/destination.ts";
import { send } from "../api/client.ts";
import { type Page, pathOf, type Tenant, tenantPath } from "../api/queries.ts";
import { type Item, missing, type Resource, type Resources } from "./graph.ts";

/** What calls go through, the numbers from which they come first. */
export const flowKinds = ["phone-number", ...destinationKinds] as const;
const many: readonly string[] = ["extension", "voicemail-box"];
/** Pages of 100 that are read of a kind which may have thousands; what is beyond is read one by one where the flow leads there. */
const pagesOfMany = 5;
const atOnce = 8;

/** `revision`: no newer than what was read, so that a change on its condition overwrites nothing that is not shown. */
export type Flow = { resources: Resources; revision: number; timeZone: string };

export const flowKey = (tenant: string) => ["tenant", tenant, "flow"];

/** `entry`: the id of where the picture begins, of which nothing may be missing; undefined for the list of all. `whole`: as `graphOf` takes it. */
export function useFlow(tenant: string, entry: string | undefined, whole?: ReadonlySet<string>) {
  const client = useQueryClient();
  return useQuery({
    queryKey: [...flowKey(tenant), entry ?? "", ...(whole ?? [])],
    // whatever was read before is shown until the new is there
    placeholderData: () => client.getQueriesData<Flow>({ queryKey: flowKey(tenant) }).find(([, flow]) => flow)?.[1],
    queryFn: async ({ signal }): Promise<Flow> => {
      const { revision, timeZone } = await send<Tenant>("GET", tenantPath(tenant), { signal });
      const lists = await Promise.all(flowKinds.map((kind) => listOf(tenant, kind, signal)));
      const resources = new Map(lists.flat().map((resource) => [resource.item.id, resource]));
      if (entry !== undefined) await complete(tenant, resources, entry, whole, signal);
      return { resources, revision, timeZone };
    },
    refetchInterval: 30_000,
  });
}

/** All of a kind, or of extensions and boxes the first hundreds. None of what the key may not read. */
async function listOf(tenant: string, kind: KindName, signal: AbortSignal): Promise<Resource[]> {
  const found: Resource[] = [];
  let after: string | null = null;
  for (let page = 1; page === 1 || (after !== null && !(many.includes(kind) && page > pagesOfMany)); page++) {
    const query = new URLSearchParams({ limit: "100", ...(after !== null && { after }) });
    const answer: Page<Item> | undefined = await send<Page<Item>>("GET", `${pathOf(tenant, kindOf(kind))}?${query}`, {
      signal,
    }).catch(unlessForbidden);
    found.push(...(answer?.data ?? []).map((item) => ({ kind, item })));
    after = answer?.next ?? null;
  }
  return found;
}

async function complete(
  tenant: string,
  resources: Map<string, Resource>,
  entry: string,
  whole: ReadonlySet<string> | undefined,
  signal: AbortSignal,
): Promise<void> {
  const tried = new Set<string>();
  for (;;) {
    const wanted = missing(resources, entry, whole).filter(({ id, kind }) => !tried.has(id) && many.includes(kind));
    if (wanted.length === 0) return;
    for (let start = 0; start < wanted.length; start += atOnce)
      await Promise.all(
        wanted.slice(start, start + atOnce).map(async ({ id, kind }) => {
          tried.add(id);
          const item = await send<Item>("GET", pathOf(tenant, kindOf(kind as KindName), id), { signal }).catch(
            unlessForbidden,
          );
          if (item) resources.set(id, { kind: kind as KindName, item });
        }),
      );
  }
}

function unlessForbidden(error: unknown): undefined {
  if (error instanceof ApiProblem && (error.status === 403 || error.status === 404)) return undefined;
  throw error;
}
