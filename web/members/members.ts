// The members and API keys of a tenant or an account, as the API has them.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import type { Page } from "../api/queries.ts";

/** Of which tenant or account. */
export type Place = { tenantId: string } | { accountId: string };
export type Member = {
  id: string;
  email: string;
  name: string;
  role: string;
  extension: string | null;
  personId: string | null;
  invitedAt: string | null;
  mailReturned: { reason: string; until: string } | null;
  version: number;
};
export type ApiKey = {
  id: string;
  name: string;
  scopes: string[];
  memberId: string | null;
  /** The pool whose hosts alone it is for. */
  poolId: string | null;
  expiresAt: string | null;
  lastUsedAt: string | null;
  lastUsedFrom: string | null;
  hint: string;
  previousUntil: string | null;
};

export const queryOf = (place: Place): string => new URLSearchParams(place).toString();

async function all<T>(path: string, place: Place, signal: AbortSignal): Promise<T[]> {
  const found: T[] = [];
  let after: string | null = null;
  do {
    const more: string = after === null ? "" : `&after=${encodeURIComponent(after)}`;
    const page: Page<T> = await send<Page<T>>("GET", `${path}&${queryOf(place)}${more}`, { signal });
    found.push(...page.data);
    after = page.next;
  } while (after !== null);
  return found;
}

export const useMembers = (place: Place) =>
  useQuery({
    queryKey: ["members", place],
    queryFn: ({ signal }) => all<Member>("/v1/members?limit=100", place, signal),
    refetchInterval: 15_000,
  });

export const useKeys = (place: Place) =>
  useQuery({
    queryKey: ["api-keys", place],
    queryFn: async ({ signal }) => (await send<Page<ApiKey>>("GET", `/v1/api-keys?${queryOf(place)}`, { signal })).data,
  });

/** Reads both anew: a removed member's keys are worth nothing. */
export function useFresh(place: Place): () => void {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: ["members", place] });
    void client.invalidateQueries({ queryKey: ["api-keys", place] });
    void client.invalidateQueries({ queryKey: ["me"] });
  };
}
