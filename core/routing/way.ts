// The way of one call: what the files of this folder share while they find out where it goes.
import type { Resource } from "../registry.ts";
import type { Destination } from "../resources/destination.ts";
import type { PinOf } from "./ask-pin.ts";
import type { Config } from "./config.ts";
import type { Reached } from "./limits.ts";
import type { Action, Call, Disposition, Hangup, Node, Step } from "./plan.ts";

export type Way = {
  readonly config: Config;
  readonly call: Call;
  readonly steps: Step[];
  /** What the plan will say beside the action. */
  record: boolean;
  language: string;
  /** Somebody forwarded this call: he pays for its ways outside. */
  payer: string | undefined;
  /** The ids of the resources that the call came to by now, in order. */
  readonly through: string[];
  /** How often it was forwarded. */
  forwards: number;
  /** This PIN was typed wrong just now. */
  wrongPin?: PinOf;
  /** Who was called last is busy: a voicemail box says so. */
  busy: boolean;
  step(at: string, why: string, goesTo: string): void;
  /** The call ends; `limit`: because of that. */
  end(at: string, why: string, cause: Hangup["cause"], limit?: Reached): Action;
  /** The call goes to a destination; `why` completes "`at` …". */
  send(to: Destination, at: string, why: string): Action;
  /** To a destination where there is one; else the call ends. */
  onward(to: Destination | null, at: string, why: string, cause: Hangup["cause"]): Action;
  /** The call arrives at a resource; by which of its numbers, where one was dialled. */
  arrive(target: Resource, at: string, why: string, number?: string): Action;
  /** As if the caller had dialled it, with his permission. */
  dial(to: string, at: string): Action;
};

/** How an action ended, for the file whose node it is. */
export type Ended = { disposition: Disposition; digits: string };

/** A node: the name of who reads it, and what he wants to remember. */
export const node = (name: string, ...rest: (string | number)[]): Node => [name, ...rest].join(".");

export const statusOf: Record<Hangup["cause"], number> = {
  "not-found": 404,
  busy: 486,
  rejected: 403,
  unavailable: 480,
  "no-answer": 480,
  "no-route": 503,
  congestion: 503,
  done: 200,
};

/** What a resource is called in steps: `kind/key`. */
export const named = (kind: string, key: string): string => `${kind}/${key}`;
