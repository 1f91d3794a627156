// What is one's own as the API tells it, and the way to set it: shown as it will be at once, and as it was again where that failed.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Registration } from "../../core/wire-events.ts";
import { send } from "../api/client.ts";
import type { Page } from "../api/queries.ts";
import type { Me } from "../frame/me.ts";
import type { Owner } from "../phone/phone.ts";

export type ForwardTo = { kind: string; number: string | null; name: string | null } | null;
export type ForwardName = "forwardAlways" | "forwardBusy" | "forwardNoAnswer";
export type SwitchName = "doNotDisturb" | "callWaiting" | "followMe";
export type Own = {
  id: string;
  number: string;
  displayName: string | null;
  enabled: boolean;
  tenant: { id: string; name: string; timeZone: string };
  devices: { label: string; username: string }[];
  voicemailBox: { id: string; number: string } | null;
  queues: string[];
  configured: Record<SwitchName, boolean> & Record<ForwardName, ForwardTo>;
};
export type AgentState = "available" | "paused" | "logged-out";
/** Null: what is configured counts. An empty forward is none. */
export type Settings = Record<SwitchName, boolean | null> &
  Record<ForwardName, string | null> & { agent: AgentState | null };
export type OwnCall = {
  id: string;
  direction: "in" | "out";
  with: { number: string | null; name: string | null };
  dialled: string | null;
  outcome: string;
  startedAt: string;
  answeredAt: string | null;
  talkSeconds: number;
};

const settingsKey = ["me", "settings"];

export const useOwn = () =>
  useQuery({
    queryKey: ["me", "extension"],
    queryFn: ({ signal }) => send<Own>("GET", "/v1/me/extension", { signal }),
    staleTime: 30_000,
  });

/** Read again all the time: it is set by phone too. */
export const useSettings = () =>
  useQuery({
    queryKey: settingsKey,
    queryFn: ({ signal }) => send<Settings>("GET", "/v1/me/settings", { signal }),
    refetchInterval: 4000,
  });

export function useSet() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (fields: Partial<Settings>) => send<Settings>("PATCH", "/v1/me/settings", { body: fields }),
    async onMutate(fields) {
      await client.cancelQueries({ queryKey: settingsKey });
      const before = client.getQueryData<Settings>(settingsKey);
      client.setQueryData<Settings>(settingsKey, (known) => known && { ...known, ...fields });
      return { before };
    },
    onSuccess: (told) => client.setQueryData(settingsKey, told),
    onError: (_error, _fields, kept) => client.setQueryData(settingsKey, kept?.before),
  });
}

export const useOwnPhones = () =>
  useQuery({
    queryKey: ["me", "registrations"],
    queryFn: ({ signal }) => send<Page<Omit<Registration, "tenant">>>("GET", "/v1/me/registrations", { signal }),
    refetchInterval: 10_000,
  });

/** Whose the browser phone is that needs nobody's leave. */
export function ownPhone(me: Me | undefined): Owner | undefined {
  const extension = me?.member?.extension;
  if (!extension || !me?.tenantId) return undefined;
  const { id, number, displayName } = extension;
  return { tenant: me.tenantId, extension: id, number, name: displayName, own: true };
}
