// Edges and pools as the API tells of them.
import { useQuery } from "@tanstack/react-query";
import { send } from "../api/client.ts";
import type { Page } from "../api/queries.ts";
import { t } from "../i18n/t.ts";
import type { Tone } from "../part/chip.tsx";

export type Pool = { id: string; name: string };
export type Edge = {
  id: string;
  pool: string;
  name: string;
  engine: string;
  createdAt: string;
  seenAt: string | null;
  health: { version?: string; engine?: { connected: boolean; version: string | null }; liveCalls?: number } | null;
  slot: number | null;
  state: "up" | "draining" | "down" | null;
  drain: { state: "draining" | "drained"; since: string; tenantsLeft: number; callsLeft: number } | null;
};

export const usePools = () =>
  useQuery({ queryKey: ["pools"], queryFn: ({ signal }) => send<Page<Pool>>("GET", "/v1/pools", { signal }) });
export const useEdges = () =>
  useQuery({
    queryKey: ["edges"],
    queryFn: ({ signal }) => send<Page<Edge>>("GET", "/v1/edges", { signal }),
    refetchInterval: 3000,
  });

export function stateOf({ state, drain, health, seenAt }: Edge): { tone: Tone; text: string } {
  if (seenAt === null || state === null) return { tone: "quiet", text: t("Joined") };
  if (health?.engine?.connected === false) return { tone: "bad", text: t("Engine away") };
  if (state === "down") return { tone: "bad", text: t("Down") };
  if (drain?.state === "drained") return { tone: "quiet", text: t("Drained") };
  if (state === "draining") return { tone: "warn", text: t("Draining") };
  return { tone: "good", text: t("Up") };
}
