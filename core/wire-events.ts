// What an edge tells of what happened: calls, registrations, messages, recordings. As wire.ts, fields are only ever added.
import * as z from "zod/mini";
import { owner } from "./owner.ts";
import { instant, runtime } from "./wire.ts";

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
