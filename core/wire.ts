// What cloud and edge say to one another. Fields are only ever added; readers ignore what they do not know, so old and new ends understand each other.
import * as z from "zod/mini";
import { owner } from "./owner.ts";

const digest = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const revision = z.int().check(z.minimum(0));
const instant = z.iso.datetime();
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
const front = z.nullable(
  z.object({ address: z.string().check(z.maxLength(253)), port: z.int().check(z.minimum(1), z.maximum(65535)) }),
);
export type Front = z.output<typeof front>;

/** A WebSocket's address, with nothing behind its port. */
export const webSocket = z.nullable(z.string().check(z.maxLength(300), z.regex(/^wss?:\/\/[a-z0-9.[\]:-]+$/)));

/**
 * The hosts of a pool as each of them must know them. A higher `version` replaces all of a lower one. `slot` is a host's number within its pool, never used again: Kamailio's dispatcher set of a FreeSWITCH.
 * `front`: of a FreeSWITCH where it listens for Kamailio; of a Kamailio where it sends to FreeSWITCH from and takes calls for phones (UDP).
 */
export const roster = z.object({
  type: z.literal("roster"),
  pool: z.string(),
  version: z.int().check(z.minimum(0)),
  hosts: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      engine: z.enum(["freeswitch", "kamailio", "asterisk"]),
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

/** A queue message's body (base64), at most 1 MiB with AWS; larger content goes as a pointer. */
export const encodeMessage = (value: Message): string => toBase64(JSON.stringify(value));
export const decodeMessage = (body: string): Message => message.parse(JSON.parse(fromBase64(body)));

function toBase64(text: string): string {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function fromBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
}

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

const party = z.object({
  number: z.nullable(z.string()),
  name: z.nullable(z.string()),
  extension: z.nullable(z.string()),
});
const leg = z.object({
  uuid: z.string(),
  direction: z.enum(["inbound", "outbound"]),
  startedAt: instant,
  answeredAt: z.nullable(instant),
  endedAt: instant,
  cause: z.string(),
  q850: z.nullable(z.int()),
  sipCallId: z.nullable(z.string()),
  extension: z.nullable(z.string()),
  trunk: z.nullable(z.string()),
});
export type Leg = z.output<typeof leg>;

/**
 * One thing that a call came to: a kind of resource, `outside-number`, or `transfer`, by which somebody sent it on. Or `recording`: what somebody did to its
 * recording, who is named (nobody: the API), `recorded` or `paused` for so long.
 */
const segment = z.object({
  kind: z.string(),
  /** The resource's id; of an outside number the trunk's. */
  id: z.nullable(z.string()),
  number: z.nullable(z.string()),
  name: z.nullable(z.string()),
  startedAt: instant,
  endedAt: instant,
  /** `answered`, `voicemail`, `busy`, `no-answer`, `not-registered`, `rejected`, `not-found`, `trunk-failed`, `cancelled`, `forwarded`, `passed` (on) … */
  outcome: z.string(),
});
export type Segment = z.output<typeof segment>;

/** One call, its legs joined. `id` derives from the A leg's uuid and start, so every way of learning of it gives the same; a higher `seq` corrects. */
export const callRecord = z.object({
  id: z.string(),
  seq: z.int(),
  tenant: z.string(),
  direction: z.enum(["internal", "inbound", "outbound"]),
  from: party,
  to: party,
  trunk: z.nullable(z.string()),
  startedAt: instant,
  answeredAt: z.nullable(instant),
  endedAt: instant,
  durationSeconds: z.int(),
  billableSeconds: z.int(),
  outcome: z.enum(["answered", "voicemail", "no-answer", "busy", "rejected", "failed", "cancelled"]),
  hangupCause: z.string(),
  hangupBy: z.enum(["caller", "callee", "system"]),
  /** The limit that stopped the call, by its name. */
  limit: z.optional(z.nullable(z.string().check(z.maxLength(64)))),
  legs: z.array(leg),
  /** Who was tried when and how that ended, in order of their start. */
  segments: z.optional(z.array(segment)),
});
export type CallRecord = z.output<typeof callRecord>;

/** A call that is going on; replaced by its record when it ends. */
export const liveCall = z.object({
  id: z.string(),
  tenant: z.string(),
  direction: z.enum(["internal", "inbound", "outbound"]),
  from: party,
  to: party,
  state: z.enum(["ringing", "answered", "ended"]),
  startedAt: instant,
  answeredAt: z.nullable(instant),
});
export type LiveCall = z.output<typeof liveCall>;

export const registration = z.object({
  tenant: z.string(),
  extension: z.nullable(z.string()),
  username: z.string(),
  contact: z.string(),
  source: z.nullable(z.string()),
  userAgent: z.nullable(z.string()),
  /** Null: it ended. */
  expiresAt: z.nullable(instant),
});
export type Registration = z.output<typeof registration>;

/** How a command ended. `detail` says why it failed. `call`: the id of the call that it made. */
const commandDone = z.object({
  command: z.string(),
  owner: z.optional(owner),
  ok: z.boolean(),
  detail: z.nullable(z.string()),
  call: z.optional(z.nullable(z.string())),
});
export type CommandDone = z.output<typeof commandDone>;

/** Somebody began to listen to a call: whose, and how (`listen`, `whisper`, `barge`). `by` and `extension` are ids of extensions. */
export const monitoring = z.object({
  tenant: z.string(),
  by: z.string(),
  extension: z.string(),
  mode: z.enum(["listen", "whisper", "barge"]),
});
export type Monitoring = z.output<typeof monitoring>;

/** Who is in a conference now; nobody: it is over. A member's `id` is an edge's own, and lasts as long as he stays. `call` is that of the live call. */
export const liveConference = z.object({
  tenant: z.string(),
  conference: z.string(),
  /** Nobody else gets in. */
  locked: z.boolean(),
  members: z.array(
    z.object({
      id: z.string(),
      call: z.nullable(z.string()),
      number: z.nullable(z.string()),
      name: z.nullable(z.string()),
      extension: z.nullable(z.string()),
      moderator: z.boolean(),
      muted: z.boolean(),
      joinedAt: instant,
    }),
  ),
});
export type LiveConference = z.output<typeof liveConference>;

const inQueue = { number: z.nullable(z.string()), name: z.nullable(z.string()) };
/**
 * Who waits in a queue on this host, and what its agents do. `waiting` are the first 100 of `waitingCalls`, in their order; `agents` at most 300, those who
 * are logged out last. Nobody at all: there is no such queue here. `since`: when the agent's state began.
 */
export const liveQueue = z.object({
  tenant: z.string(),
  queue: z.string(),
  name: z.string(),
  waitingCalls: z.int(),
  waiting: z.array(z.object({ id: z.string(), call: z.nullable(z.string()), ...inQueue, joinedAt: instant })),
  agents: z.array(
    z.object({
      extension: z.string(),
      ...inQueue,
      state: z.enum(["available", "ringing", "on-call", "wrap-up", "paused", "logged-out"]),
      since: instant,
    }),
  ),
});
export type LiveQueue = z.output<typeof liveQueue>;

/** A PIN was typed wrong so often within an hour that no try counts until then: which, of what. */
export const pinLock = z.object({
  tenant: z.string(),
  kind: z.enum(["voicemail-box", "conference", "extension"]),
  id: z.string(),
  pin: z.enum(["pin", "outbound", "hot-desk"]),
  until: instant,
});
export type PinLock = z.output<typeof pinLock>;

/** A limit is reached for the first time that day on this host: `scope` is the id of whose use it bounds, `by` of who set it. */
export const limitReached = z.object({
  tenant: z.string(),
  limit: z.string().check(z.maxLength(64)),
  scope: z.string(),
  by: z.string(),
});

/** A source of SIP (an address; of IPv6 a network of 64 bits) is not answered until then, for what it did: `scanner`, `flood`, `wrong-credentials`; null: it is answered again. */
export const sourceBanned = z.object({
  source: z.union([z.ipv4(), z.ipv6(), z.cidrv6()]),
  why: z.nullable(z.string().check(z.maxLength(64))),
  userAgent: z.nullable(z.string()),
  until: z.nullable(instant),
});
export type SourceBanned = z.output<typeof sourceBanned>;

/** A message in a voicemail box. Its audio was brought to the cloud before the edge tells of it. */
export const voicemailMessage = z.object({
  id: z.string(),
  tenant: z.string(),
  box: z.string(),
  from: z.object({ number: z.nullable(z.string()), name: z.nullable(z.string()) }),
  receivedAt: instant,
  seconds: z.int(),
  bytes: z.int(),
  read: z.boolean(),
});
export type VoicemailMessage = z.output<typeof voicemailMessage>;

/** A recording of a call, brought to the cloud before the edge tells of it. `call` is the record's id; `onDemand`: somebody began it during the call. */
export const recording = z.object({
  id: z.string(),
  tenant: z.string(),
  call: z.string(),
  startedAt: instant,
  seconds: z.int(),
  bytes: z.int(),
  onDemand: z._default(z.boolean(), false),
});
export type Recording = z.output<typeof recording>;

const event = <T extends string, D extends z.core.$ZodType>(type: T, data: D) =>
  z.object({ id: z.string(), type: z.literal(type), at: instant, data });

/** What an edge reports. `id` is the same on every try. */
export const edgeEvent = z.discriminatedUnion("type", [
  event("call.completed", callRecord),
  event("call.updated", liveCall),
  event("registration.updated", registration),
  event("trunk.updated", z.object({ tenant: z.nullable(z.string()), trunk: z.string(), state: z.string() })),
  event("runtime.updated", runtime),
  event("command.done", commandDone),
  event("monitor.started", monitoring),
  event("conference.updated", liveConference),
  event("queue.updated", liveQueue),
  event("pin.locked", pinLock),
  event("limit.reached", limitReached),
  event("source.banned", sourceBanned),
  event("recording.completed", recording),
  event("voicemail.received", voicemailMessage),
  event("voicemail.updated", z.pick(voicemailMessage, { id: true, tenant: true, box: true, read: true })),
  event("voicemail.deleted", z.pick(voicemailMessage, { id: true, tenant: true, box: true })),
]);
export type EdgeEvent = z.output<typeof edgeEvent>;

/** Events of one spool in order. `generation` names the spool, `batch` counts from 1 within it; a batch is resent byte for byte. */
export const eventBatch = z.object({
  generation: z.string(),
  batch: z.int().check(z.minimum(1)),
  events: z.array(edgeEvent).check(z.maxLength(25)),
});
export type EventBatch = z.output<typeof eventBatch>;

/** The rtpengine that relays media for a Kamailio: where it takes commands, and whether it answers them. */
export const relay = z.object({ address: z.string().check(z.maxLength(64)), port: z.int(), answers: z.boolean() });

/**
 * What a host's certificate is like; one that nobody gave it and that its agent gets. `expiresAt` null: it has none yet. `renewAt`: from when on another is
 * got. `problem`: why it has no other although it should. `leftOut`: delegated names that are not in it, and what is to be done.
 */
export const certificate = z.object({
  names: z.array(z.string()).check(z.maxLength(100)),
  leftOut: z.optional(
    z
      .array(
        z.object({
          name: z.string().check(z.maxLength(253)),
          problem: z.string().check(z.maxLength(200)),
        }),
      )
      .check(z.maxLength(100)),
  ),
  renewAt: z.nullable(instant),
  expiresAt: z.nullable(instant),
  problem: z.nullable(z.string().check(z.maxLength(500))),
});
export type Certificate = z.output<typeof certificate>;

/** What is true of an edge as a whole. `relay`, `certificate`: null for none. */
export const health = z.object({
  version: z.string(),
  engine: z.object({ connected: z.boolean(), version: z.nullable(z.string()) }),
  liveCalls: z.int(),
  relay: z.optional(z.nullable(relay)),
  /** Whether it was found to hold what the cloud has, since it started. */
  inStep: z.optional(z.boolean()),
  /** The release that it could not take, and why. */
  upgrade: z.optional(
    z.nullable(z.object({ version: z.string().check(z.maxLength(64)), reason: z.string().check(z.maxLength(500)) })),
  ),
  certificate: z.optional(z.nullable(certificate)),
});
export type Health = z.output<typeof health>;

/** A sign of life. */
export const heartbeat = z.extend(health, {
  /** As it is configured now. */
  front: z.optional(front),
  /** Where browser phones reach it; null: nowhere. */
  webSocket: z.optional(webSocket),
  /** The version of the roster that it has; another is answered with. */
  roster: z.optional(z.nullable(z.int())),
  /** Somebody on the host asks that it is drained. */
  drain: z.optional(z.boolean()),
});
/** `release`: the version that it is to run; without one it stays as it is. */
export const heartbeatAnswer = z.object({
  serverTime: instant,
  roster: z.optional(roster),
  release: z.optional(z.string()),
});

/** An edge asks for the package of the release that it is to run. `arch` is Debian's name. */
export const packageWanted = z.object({ version: z.string().check(z.maxLength(64)), arch: z.enum(["amd64", "arm64"]) });
export const packageFound = z.object({
  url: z.string(),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  bytes: z.int(),
});

export const enrolment = z.object({
  token: z.string(),
  /** Ed25519, SPKI in PEM. */
  publicKey: z.string().check(z.maxLength(500)),
  name: z.string().check(z.minLength(1), z.maxLength(64)),
  engine: z.enum(["freeswitch", "kamailio", "asterisk"]),
  sip: z.nullable(
    z.object({
      server: z.string().check(z.maxLength(253)),
      port: z.int().check(z.minimum(1), z.maximum(65535)),
      transport: z.enum(["udp", "tcp", "tls"]),
    }),
  ),
  front: z.optional(front),
});
export type Enrolment = z.output<typeof enrolment>;
/** Where an edge listens for its queue, with credentials for nothing else; renew before `expiresAt`. */
export const queueAccess = z.object({
  url: z.string(),
  endpoint: z.nullable(z.string()),
  region: z.string(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.nullable(z.string()) }),
  expiresAt: instant,
});
export type QueueAccess = z.output<typeof queueAccess>;
export const enrolled = z.object({
  edge: z.string(),
  pool: z.string(),
  queue: queueAccess,
  serverTime: instant,
  roster: z.optional(roster),
});

/** An edge asks for the audio that a document of its pool names, and is told a URL that is good for some minutes. */
export const audioWanted = z.object({ owner, sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) });
export const audioUrl = z.object({ url: z.string() });

/** What an edge recorded: a message that somebody left, or a call. `id` is the edge's: the same on every try. */
const recordedId = z.string().check(z.regex(/^(msg|rec)_[0-9A-HJKMNP-TV-Z]{26}$/));
export const recorded = z.object({
  tenant: z.string(),
  kind: z.enum(["message", "recording"]),
  id: recordedId,
  bytes: z.int().check(z.minimum(1), z.maximum(4_000_000_000)),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});
export type Recorded = z.output<typeof recorded>;
/** Where to PUT it, with the headers that must come with it. */
export const uploadUrl = z.object({ url: z.string(), headers: z.record(z.string(), z.string()) });

/** Headers of a signed request: Ed25519 over method, path with query, SHA-256 of the body (hex), time (ISO 8601) and nonce, joined by line feeds. */
export const signatureHeaders = {
  edge: "dp-edge",
  time: "dp-time",
  nonce: "dp-nonce",
  signature: "dp-signature",
} as const;
export const signedText = (method: string, path: string, bodySha256: string, time: string, nonce: string): string =>
  [method, path, bodySha256, time, nonce].join("\n");
