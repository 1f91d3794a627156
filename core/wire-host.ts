// What cloud and edge say to one another of the host itself: how it enrols, how it is, what it fetches and brings. As wire.ts, fields are only ever added.
import * as z from "zod/mini";
import { owner } from "./owner.ts";
import { engine, front, instant, roster, sip, webSocket } from "./wire.ts";

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
  engine,
  sip,
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
