// Events as callers see them, the types there are, and the filters that choose among them.
import { z } from "zod";
import { accountOwner, type Owner, tenantOwner } from "../../core/owner.ts";
import { all } from "../../core/registry.ts";
import { placement } from "../../core/resources/placement.ts";
import { suspension } from "../../core/resources/suspension.ts";

const ops = ["created", "updated", "deleted"] as const;

/**
 * Every type that there is. Those of kinds derive from the registry; a suspension's are told of what is suspended, and where calls live is the operator's
 * matter: it stands in the history.
 */
export const types: readonly string[] = [
  ...all
    .filter((kind) => kind !== suspension && kind !== placement)
    .flatMap(({ kind }) => ops.map((op) => `${kind}.${op}`)),
  ...["tenant", "account"].flatMap((sort) =>
    ["restored", "purged", "suspended", "resumed"].map((what) => `${sort}.${what}`),
  ),
  "tenant.moved",
  ...[
    "call.completed",
    "call.corrected",
    "command.done",
    "config.applied",
    "config.failed",
    "edge.drained",
    "mail.returned",
    "pool.release-stopped",
    "edge.relay-down",
    "edge.relay-up",
    "edge.certificate-failing",
    "edge.certificate-renewed",
  ],
  ...[
    "extension.registered",
    "extension.unregistered",
    "limit.reached",
    "monitor.started",
    "pin.locked",
    "recording.ready",
  ],
  ...["runtime.updated", "trunk.status", "voicemail.deleted", "voicemail.read", "voicemail.received"],
  ...ops.map((op) => `webhook-endpoint.${op}`),
  ...["webhook-endpoint.paused", "webhook-endpoint.test"],
];
const known = new Set(types.flatMap((type) => [type, `${type.split(".")[0]}.*`]));

/** A type, all types of a subject (`extension.*`), or everything (`*`). */
export const filter = z
  .string()
  .refine(
    (value) => value === "*" || known.has(value),
    "must be an event type as docs/webhooks.md lists them, the types of one subject as in extension.*, or *",
  );

export const fits = (filters: readonly string[], type: string): boolean =>
  filters.some((one) => one === "*" || one === type || one === `${type.split(".")[0]}.*`);

export const event = z.object({
  id: z.string(),
  type: z.string(),
  createdAt: z.iso.datetime(),
  accountId: z.string(),
  tenantId: z.string().nullable(),
  livemode: z.boolean(),
  data: z.record(z.string(), z.unknown()),
});
export type Event = z.output<typeof event>;

/** The tenant or the account that it is about. */
export const aboutOf = ({ tenantId, accountId }: Event): Owner =>
  tenantId === null ? accountOwner(accountId) : tenantOwner(tenantId);

/** What is to be told, before it has an id. `call`: its data is that call's record. `only`: to this endpoint, whatever its filters. */
export type Outgoing = {
  type: string;
  owner: Owner;
  data: Record<string, unknown>;
  call?: { id: string; startedAt: string };
  only?: string;
  /** Of the request that it comes of, where that is known. */
  requestId?: string;
};
