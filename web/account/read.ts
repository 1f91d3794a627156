// What an account's pages read and write: lists of all that stands below it, whole, so that they are searched and put in order at once.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import type { Page } from "../api/queries.ts";

export type Suspension = { reason: string; by: string; since: string; tenantId?: string; accountId?: string };
export type TenantRow = {
  id: string;
  name: string;
  domain: string;
  accountId: string;
  poolId: string | null;
  suspension: Suspension | null;
  sandbox: boolean;
  createdAt: string;
  deletedAt?: string;
  purgeAt?: string;
  counts?: { extensions: number; phoneNumbers: number } | null;
  plans?: string[];
};
export type AccountRow = Pick<
  TenantRow,
  "id" | "name" | "suspension" | "sandbox" | "createdAt" | "deletedAt" | "purgeAt"
> & {
  accountId: string | null;
};
export type Standing = { tenantId: string; behind: number; failures: number; inStep: boolean };

export const accountPath = (account: string): string => `/v1/accounts/${encodeURIComponent(account)}`;

/** So many items are read of one list at the most. */
const most = 10_000;

/** Every item of a list, page by page; `whole` is false where there are more than can be shown. Throws ApiProblem. */
export async function allOf<T>(path: string, signal?: AbortSignal): Promise<{ items: T[]; whole: boolean }> {
  const items: T[] = [];
  for (let after: string | null = ""; after !== null; ) {
    if (items.length >= most) return { items, whole: false };
    const more = new URLSearchParams({ limit: "100", ...(after && { after }) });
    const page: Page<T> = await send(
      "GET",
      `${path}${path.includes("?") ? "&" : "?"}${more}`,
      signal ? { signal } : {},
    );
    items.push(...page.data);
    after = page.next;
  }
  return { items, whole: true };
}

/** Read again every `refreshMs`. */
export function useAll<T>(path: string, { refreshMs, enabled = true }: { refreshMs?: number; enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ["account", path],
    queryFn: ({ signal }) => allOf<T>(path, signal),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs ?? false,
    enabled,
  });
}

export const useTenantsBelow = (account: string) =>
  useAll<TenantRow>(`${accountPath(account)}/tenants`, { refreshMs: 30_000 });
export const useAccountsBelow = (account: string) => useAll<AccountRow>(`${accountPath(account)}/accounts`);
/** The account itself. */
export const useAccount = (account: string) =>
  useQuery({
    queryKey: ["account", accountPath(account)],
    queryFn: ({ signal }) => send<AccountRow>("GET", accountPath(account), { signal }),
  });

/** A change below an account; afterwards all that is shown of it is read again. */
export function useChange<In, Out = unknown>(
  change: (input: In) => Promise<Out>,
  done?: (out: Out, input: In) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    gcTime: 0,
    onSuccess(out, input) {
      void client.invalidateQueries({ queryKey: ["account"] });
      void client.invalidateQueries({ queryKey: ["tenants"] });
      void client.invalidateQueries({ queryKey: ["tenant"] });
      done?.(out, input);
    },
  });
}
