// What resolve says: one action that an engine can carry out, and the trace of why. Whatever can fail names the node where routing goes on.
import type { PinOf } from "./ask-pin.ts";
import type { CallBack } from "./call-back.ts";
import type { Conference } from "./conference.ts";
import type { Reached, Spent, Used } from "./limits.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Now } from "./now.ts";
import type { Monitor, Pickup } from "./others-call.ts";
import type { Trunk } from "./outside.ts";
import type { Page } from "./paging-group.ts";
import type { Park, Unpark } from "./parking-lot.ts";
import type { Queue } from "./queue.ts";
import type { InCall } from "./record-on-demand.ts";
import type { Ring } from "./ring.ts";
import type { Remember } from "./runtime.ts";
import type { Collect, Play } from "./sound.ts";

/** Where routing goes on after an action; opaque to engines, read by resolve alone. At most 120 characters of `[a-z0-9_.-]` (any case). */
export type Node = string;

export type Shown = { number: string; name: string | null };

export type Leave = {
  do: "voicemail";
  box: string;
  number: string;
  /** A message ends when it is so long: one of `messageLengths`. */
  maxSeconds: number;
  /** Which greeting is heard, as far as there is one. */
  greeting: "unavailable" | "busy";
  /** The prompt in its place, in the place of what was recorded by phone. */
  prompt?: string;
};

export type Hangup = {
  do: "hangup";
  cause: "not-found" | "busy" | "rejected" | "unavailable" | "no-answer" | "no-route" | "congestion" | "done";
  status: number;
  /** The limit that stopped the call. */
  limit?: Reached;
};

/** Audio back to the caller, to hear how he sounds; or his own number, said. */
export type Test = { do: "test"; what: "echo" } | { do: "test"; what: "say"; digits: string };

export type Action =
  | Ring
  | Trunk
  | Leave
  | Hangup
  | Play
  | Collect
  | Queue
  | CallBack
  | Conference
  | Park
  | Unpark
  | Page
  | Pickup
  | Monitor
  | Remember
  | Mailbox
  | Test;

/** One step of the way: where the call was (`kind/key`), why it went on, and where to. */
export type Step = { at: string; why: string; goesTo: string };

/** What a call takes along from one answer to the next: an engine keeps it and gives it back with `resume`. */
export type Carried = {
  /** The extension that forwarded the call, the last where several did: it pays for ways outside, with its permission. */
  payer?: string;
  /** How often the call was forwarded. */
  forwards?: number;
  /** As in Call. */
  inside?: true;
};

/**
 * `through`: the ids of the resources that the call came to, in order; the last is where it is now. None where it goes on where it was. `record`: the call
 * is to be recorded from here on. `language`: in which the caller is spoken to. `inCall`: what the caller's phone may type while it talks. `wrongPin`: was typed
 * wrong just now, and counts against whoever tries it.
 */
export type Plan = {
  action: Action;
  steps: Step[];
  through: string[];
  record: boolean;
  language: string;
  inCall: InCall[];
  carried: Carried;
  wrongPin?: PinOf;
};

/** How an action ended. An engine maps its own causes to these. */
export type Disposition =
  | "answered"
  | "busy"
  | "no-answer"
  | "not-registered"
  | "rejected"
  | "not-found"
  | "trunk-failed"
  | "cancelled"
  /** Something was heard or typed to its end, and routing goes on with `digits`. */
  | "done";

/** A call as routing sees it. */
export type Call = {
  from: { kind: "extension"; id: string } | { kind: "outside"; number: string | null; name: string | null };
  /** As dialled by the extension, or the called number in E.164. */
  to: string;
  at: Date;
  /** The phone that calls: its SIP user name, and the id of the extension whose it is, even while another uses it. */
  phone?: { username: string; extension: string };
  /** Somebody transferred this leg: `to` is read as dialled in the tenant, and leads outside only where it is known who pays. */
  inside?: true;
  /** The extension that transferred it, where that is known: it pays. */
  transferredBy?: string;
  /** A code is spoken to this number to show whose it is: limits to some numbers do not hold for it. */
  verifies?: true;
  /** In [0, 1), the same throughout a call: what is left to chance. 0 by default. */
  chance?: number;
  /** How often routing has gone on so far. */
  hops?: number;
  /** The phone number that a call from outside came by, in E.164. */
  did?: string;
  /** Who is on a call now, the caller included. Nobody by default. */
  onCall?: (extension: string) => boolean;
  /** What goes on in the tenant. Nothing by default. */
  now?: Now;
  /** Whether one of an extension's devices is registered. All are by default. */
  registered?: (extension: string) => boolean;
  /** How many wait in a queue now. Nobody by default. */
  waiting?: (queue: string) => number;
  /** How many wait to be called back by a queue. Nobody by default. */
  callBacks?: (queue: string) => number;
  /** Where a wait in a queue just ended: when it began. */
  waitingSince?: Date;
  /** Whether calls over a trunk would fail at once now, as far as is known. Over none by default. */
  trunkFailed?: (trunk: string) => boolean;
  /** Who called an emergency number within the last hour. Nobody by default. */
  inEmergency?: (extension: string) => boolean;
  /** Whether anybody of the tenant called one within the last hour. Nobody by default. */
  emergencyWithin?: () => boolean;
  /** The number that called an extension last, null where it was withheld. Nobody called it by default. */
  lastCaller?: (extension: string) => string | null | undefined;
  /** Whether a PIN was typed wrong so often lately that no try counts. None was by default. */
  pinSpent?: (of: PinOf) => boolean;
  /** What is used of limits on this host. Where it is not known, nothing is held to them. */
  used?: Used;
  /** What was spent today. Nothing by default. */
  spent?: Spent;
  carried?: Carried;
  /** Set where an earlier action ended: the action's `otherwise`, how it ended, and what was typed. */
  resume?: { node: Node; disposition: Disposition; digits?: string };
};
