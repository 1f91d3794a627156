// What pages read and write, by TanStack Query: one key scheme, so that a write makes everything of its tenant fresh.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BodyOf } from "../../core/registry.ts";
import type { Kind } from "../../core/resources/kind.ts";
import type { Failure } from "../../core/wire.ts";
import type { CallRecord, Registration } from "../../core/wire-events.ts";
import type { Change, DiffLine } from "../../functions/document/change.ts";
import { isAccountId } from "../tenant/id.ts";
import { send } from "./client.ts";

export type Page<T> = { data: T[]; next: string | null };
export type Tenant = BodyOf<"tenant"> & { id: string; version: number; revision: number; createdAt: string };
export type Sip = {
  username: string;
  domain: string;
  server: string | null;
  port: number | null;
  transport: string | null;
  password?: string;
  servers: { server: string; port: number; transport: string }[];
};
/** A resource of any kind: its body's members beside these. */
export type Item = Record<string, unknown> & {
  id: string;
  version: number;
  secrets?: { pointer: string; value: string }[];
  sip?: Sip;
};
export type Edge = {
  id: string;
  name: string;
  engine: string;
  offered: number;
  applied: number | null;
  appliedAt: string | null;
  inStep: boolean;
  failures: Failure[];
};
export type Sync = { revision: number; digest: string; edges: Edge[] };
export type HistoryEntry = Pick<Change, "revision" | "at" | "actor" | "summary" | "diff">;
export type Applied = {
  revision: number | null;
  diff: DiffLine[];
  secrets?: { kind: string; key: string | null; pointer: string; value: string }[];
};
/** As `simulate` takes it. */
export type Simulation = {
  from: string;
  to: string;
  at?: string;
  digits?: string[];
  assume?: Record<string, string>;
};
export type Simulated = {
  outcome: Record<string, unknown>;
  steps: { at: string; why: string; goesTo: string }[];
};
export type Call = Omit<CallRecord, "seq" | "tenant">;

/** Of a tenant, or of an account, whose document has kinds too. */
const of = (owner: string) => `/v1/${isAccountId(owner) ? "accounts" : "tenants"}/${encodeURIComponent(owner)}`;
export const pathOf = (tenant: string, kind: Kind, id?: string): string =>
  `${of(tenant)}/${kind.plural}${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;

function useRead<T>(tenant: string, path: string, refreshMs?: number | ((data: T | undefined) => number)) {
  return useQuery({
    queryKey: ["tenant", tenant, path],
    queryFn: ({ signal }) => send<T>("GET", of(tenant) + path, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: typeof refreshMs === "function" ? (query) => refreshMs(query.state.data) : (refreshMs ?? false),
  });
}

/** A list in pages of `limit`, newest state first asked for with `query` as further parameters. */
function usePages<T>(key: unknown[], path: string, query: Record<string, string> = {}, refreshMs?: number) {
  return useInfiniteQuery({
    queryKey: [...key, path, query],
    queryFn: ({ pageParam, signal }) => {
      const parameters = new URLSearchParams({
        limit: "50",
        ...query,
        ...(pageParam !== null && { after: pageParam }),
      });
      return send<Page<T>>("GET", `${path}?${parameters}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs ?? false,
  });
}

export const useTenants = () => usePages<Tenant>(["tenants"], "/v1/tenants");
export const useTenant = (tenant: string) => useRead<Tenant>(tenant, "");
export const useItems = (tenant: string, kind: Kind, filter: Record<string, string> = {}) =>
  usePages<Item>(["tenant", tenant], pathOf(tenant, kind), filter);
export const useItem = (tenant: string, kind: Kind, id: string) =>
  useRead<Item>(tenant, `/${kind.plural}/${encodeURIComponent(id)}`);
export const useSync = (tenant: string) =>
  useRead<Sync>(tenant, "/sync", (sync) => (sync?.edges.every((edge) => edge.inStep) ? 4000 : 1000));
export const useHistory = (tenant: string) =>
  usePages<HistoryEntry>(["tenant", tenant], `${of(tenant)}/changes`, {}, 10_000);
export const useCalls = (tenant: string, filter: Record<string, string>) =>
  usePages<Call>(["tenant", tenant], `${of(tenant)}/calls`, filter, 5000);
export const useRegistrations = (tenant: string) =>
  useRead<Page<Omit<Registration, "tenant">>>(tenant, "/registrations", 5000);
/** What is set of a resource by phone, console or API; null where its settings count. */
export type Runtime = Record<string, string | boolean | null>;
export const useRuntime = (tenant: string, kind: "extensions" | "schedules", id: string) =>
  useRead<Runtime>(tenant, `/${kind}/${encodeURIComponent(id)}/runtime`, 5000);
export const setRuntime = (tenant: string, kind: "extensions" | "schedules", id: string, fields: Runtime) =>
  send<Runtime>("PATCH", `${of(tenant)}/${kind}/${encodeURIComponent(id)}/runtime`, { body: fields });

/** A write; afterwards everything of the tenant is read again. Its answer is not kept: it may hold a password. */
export function useWrite<In, Out>(tenant: string, write: (input: In) => Promise<Out>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    gcTime: 0,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["tenants"] });
      void client.invalidateQueries({ queryKey: ["tenant", tenant] });
    },
  });
}

export const rollBack = (tenant: string, revision: number, dryRun: boolean): Promise<Applied> =>
  send<Applied>("POST", `${of(tenant)}/rollback${dryRun ? "?dryRun=true" : ""}`, { body: { revision } });
export const simulate = (tenant: string, body: Simulation): Promise<Simulated> =>
  send<Simulated>("POST", `${of(tenant)}/simulate`, { body });
export const apply = (
  tenant: string,
  document: Record<string, unknown>,
  options: { dryRun: boolean; baseRevision: number },
) =>
  send<Applied>(
    "POST",
    `${of(tenant)}/apply?${options.dryRun ? "dryRun=true&" : ""}baseRevision=${options.baseRevision}`,
    {
      body: document,
    },
  );
export const tenantPath = of;
