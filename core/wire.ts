// What cloud and edge say to one another. Fields are only ever added; readers ignore what they do not know, so old and new ends understand each other.
import * as z from "zod/mini";
import { owner } from "./owner.ts";

const digest = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const revision = z.int().check(z.minimum(0));
export const instant = z.iso.datetime();
/** The id of the request that it comes of (`X-Request-Id`), for logs alone: who does not know it does without. */
const requestId = z.optional(z.string().check(z.maxLength(100)));

/** A resource on its way: `text` is its canonical JSON, to be stored verbatim. */
export const carried = z.object({ kind: z.string(), id: z.string(), text: z.string() });
export type Carried = z.output<typeof carried>;

/** A secret's value for the edge: HA1 for SIP passwords, the plain value where the engine needs it. `ref` is `id#n`. */
export const carriedSecret = z.object({ ref: z.string(), value: z.string() });

/** Where a document stands. `path`: the ids of its accounts from the nearest to the farthest (for an account: those above it). */
const standing = { owner, epoch: z.int(), revision, digest };
const path = z.array(z.string());

/** "`owner` went from `base` to `revision`": applied if the base is what the edge has. */
export const delta = z.object({
  type: z.literal("delta"),
  ...standing,
  path,
  base: z.nullable(z.object({ revision, digest })),
  upserts: z.array(carried),
  deletes: z.array(z.object({ kind: z.string(), id: z.string() })),
  secrets: z.array(carriedSecret),
  /** When the write was committed, for measuring. */
  at: instant,
  requestId,
});
export type Delta = z.output<typeof delta>;

/** "`owner` is at `revision`; fetch it": where a delta is too large or can't say it. */
export const pointer = z.object({ type: z.literal("pointer"), ...standing, requestId });
/** "`owner` is no longer this pool's": the only way by which an edge drops a document. */
export const dropped = z.object({
  type: z.literal("deleted"),
  owner,
  epoch: z.int(),
  revision,
  /** It may come back: what people left on the host (messages, recordings) stays until it is told without this. */
  restorable: z.optional(z.boolean()),
  requestId,
});

/** A command for the engine, carried out at most once and not after its deadline; answered by a `command.done` event. */
export const command = z.object({
  type: z.literal("command"),
  id: z.string(),
  deadline: instant,
  owner,
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  requestId,
});
export type Command = z.output<typeof command>;

/** What people did by phone: last writer wins per field. */
export const runtime = z.object({
  type: z.literal("runtime"),
  owner,
  subject: z.object({ kind: z.string(), id: z.string() }),
  field: z.string(),
  value: z.unknown(),
  at: instant,
  edge: z.string(),
});
export type Runtime = z.output<typeof runtime>;

/**
 * Runtime state of the pool's tenants that the cloud learnt at or after a time, each field's last word. `next` continues the answer; when there is none,
 * `upTo` of the first page is from when to ask the next time.
 */
export const runtimePage = z.object({ runtime: z.array(runtime), next: z.nullable(z.string()), upTo: instant });
export type RuntimePage = z.output<typeof runtimePage>;

/** Where a host is reached by the other hosts of its pool; null: by nobody. */
export const front = z.nullable(
  z.object({ address: z.string().check(z.maxLength(253)), port: z.int().check(z.minimum(1), z.maximum(65535)) }),
);
export type Front = z.output<typeof front>;

/** Where phones reach it; null: nowhere. */
export const sip = z.nullable(
  z.object({
    server: z.string().check(z.maxLength(253)),
    port: z.int().check(z.minimum(1), z.maximum(65535)),
    transport: z.enum(["udp", "tcp", "tls"]),
  }),
);

/** A WebSocket's address, with nothing behind its port. */
export const webSocket = z.nullable(z.string().check(z.maxLength(300), z.regex(/^wss?:\/\/[a-z0-9.[\]:-]+$/)));

export const engine = z.enum(["freeswitch", "kamailio", "asterisk"]);

/**
 * The hosts of a pool as each of them must know them. A higher `version` replaces all of a lower one. `slot` is a host's number within its pool, never used again: Kamailio's dispatcher set of a FreeSWITCH.
 * `front`: of a FreeSWITCH where it listens for Kamailio; of a Kamailio where it sends to FreeSWITCH from and takes calls for phones (UDP).
 */
export const roster = z.object({
  type: z.literal("roster"),
  pool: z.string(),
  version: z.int().check(z.minimum(0)),
  /** When names of its hosts' certificates came or went last, for hosts to look for them. */
  namesAt: z.optional(instant),
  hosts: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      engine,
      slot: z.int().check(z.minimum(1)),
      front,
      /** `draining`: no new calls; those that are going on stay. `down`: it, or its engine, is not heard of. */
      state: z.enum(["up", "draining", "down"]),
    }),
  ),
});
export type Roster = z.output<typeof roster>;

/** What an edge's queue carries: one of these as UTF-8 JSON in base64. */
export const message = z.discriminatedUnion("type", [delta, pointer, dropped, command, runtime, roster]);
export type Message = z.output<typeof message>;

/** One page of a document. `next` continues it; the last page has none. If the standing moved meanwhile, changes follow. */
export const snapshot = z.object({
  ...standing,
  path,
  resources: z.array(carried),
  secrets: z.array(carriedSecret),
  next: z.nullable(z.string()),
});
export type Snapshot = z.output<typeof snapshot>;

/** Changes since a revision: deltas that fit one after another, or `snapshot: true` where they are gone or too large. */
export const changes = z.object({ deltas: z.array(delta), snapshot: z.boolean() });
export type Changes = z.output<typeof changes>;

/** Why a resource is not in place, and whether trying again can help. */
export const failure = z.object({ kind: z.string(), id: z.string(), reason: z.string(), retry: z.boolean() });
export type Failure = z.output<typeof failure>;

/** What is really in place on the edge, or why not. */
export const ack = z.object({ ...standing, at: instant, failures: z.array(failure), requestId });
export type Ack = z.output<typeof ack>;
export const acks = z.object({ acks: z.array(ack).check(z.maxLength(1000)) });

/**
 * The timed comparison. The edge sorts its documents into 256 buckets (the first two hex digits of SHA-256 of the owner) and sends each bucket's sum:
 * `shift` over the weights of `owner\nepoch\nrevision\ndigest`. The cloud answers with the standings of the buckets that differ; one with
 * `deleted` counts in no sum and is to be dropped.
 */
export const comparison = z.object({ buckets: z.array(digest).check(z.length(256)) });
export const differences = z.object({
  buckets: z.array(
    z.object({
      bucket: z.int().check(z.minimum(0), z.maximum(255)),
      documents: z.array(
        z.object({ ...standing, deleted: z.optional(z.boolean()), restorable: z.optional(z.boolean()) }),
      ),
    }),
  ),
});
export type Differences = z.output<typeof differences>;
