// Edges and pools as the API tells of them.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { poolInput } from "../../core/pool.ts";
import { send } from "../api/client.ts";
import type { Page, Edge as Synced } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import type { Tone } from "../part/chip.tsx";

export type Pool = z.output<typeof poolInput> & { id: string; default: boolean };
export type Edge = {
  id: string;
  pool: string;
  name: string;
  engine: string;
  createdAt: string;
  seenAt: string | null;
  health: {
    version?: string;
    engine?: { connected: boolean; version: string | null };
    liveCalls?: number;
    certificate?: {
      expiresAt: string | null;
      problem: string | null;
      leftOut?: { name: string; problem: string }[];
    } | null;
  } | null;
  slot: number | null;
  state: "up" | "draining" | "down" | null;
  drain: { state: "draining" | "drained"; since: string; tenantsLeft: number; callsLeft: number } | null;
};

/** A tenant with settings that did not take on some edge. */
export type Standing = { tenantId: string; name: string; failures: number };
/** What one edge refused of one tenant. */
export type Refusal = { tenant: Standing; edge: Synced };

export const usePools = (enabled = true) =>
  useQuery({ queryKey: ["pools"], queryFn: ({ signal }) => send<Page<Pool>>("GET", "/v1/pools", { signal }), enabled });
export const useEdges = () =>
  useQuery({
    queryKey: ["edges"],
    queryFn: ({ signal }) => send<Page<Edge>>("GET", "/v1/edges", { signal }),
    refetchInterval: 3000,
  });

/** A change of a pool; afterwards pools and edges are read again. */
export function usePoolChange<In>(change: (input: In) => Promise<unknown>, done?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess() {
      void client.invalidateQueries({ queryKey: ["pools"] });
      void client.invalidateQueries({ queryKey: ["edges"] });
      done?.();
    },
  });
}

export function stateOf({ state, drain, health, seenAt }: Edge): { tone: Tone; text: string } {
  if (seenAt === null || state === null) return { tone: "quiet", text: t("Joined") };
  if (health?.engine?.connected === false) return { tone: "bad", text: t("Engine away") };
  if (state === "down") return { tone: "bad", text: t("Down") };
  if (drain?.state === "drained") return { tone: "quiet", text: t("Drained") };
  if (state === "draining") return { tone: "warn", text: t("Draining") };
  return { tone: "good", text: t("Up") };
}
