// What an engine's driver does for the agent. The agent knows documents and revisions; a driver knows its engine.
import type { Owner } from "../core/owner.ts";
import type { Failure, Roster } from "../core/wire.ts";
import type { EdgeEvent } from "../core/wire-events.ts";
import type { Health } from "../core/wire-host.ts";

/** Resources of one document that changed: as they were and as they are (parsed; undefined where absent). */
export type Change = {
  kind: string;
  id: string;
  before: Record<string, unknown> | undefined;
  after: Record<string, unknown> | undefined;
};

/**
 * Hands over an event; its id and time, where absent, are the spool's to give. Resolves when the event is on disk: whoever deletes what an event was
 * made from waits for that. Events are kept in the order of the calls. The same id may come again (after a crash); the spool need not notice.
 * `patienceSeconds`: nobody waits for it, and it may go to the cloud with others within that time.
 */
export type Report = (
  event: Pick<EdgeEvent, "type" | "data"> & { id?: string; at?: string; patienceSeconds?: number },
) => Promise<void>;

/** `detail` says why it failed; `call` is the id of a call that it made. */
export type CommandResult = { ok: boolean; detail: string | null; call?: string };

export interface Driver {
  readonly engine: "freeswitch" | "kamailio" | "asterisk";
  /** Connects to the engine and keeps connecting. Resolves when the driver can answer its engine, whether or not that runs. */
  start(): Promise<void>;
  /**
   * Makes live what changed and is already in the agent's state: runs the engine's commands one at a time, in the right order, and verifies on the
   * engine that they took. Resolves with what is not in place. Never rejects for an engine that is down: that is a failure with `retry: true`.
   */
  apply(owner: Owner, changes: Change[]): Promise<Failure[]>;
  /**
   * A document is gone for good, and its resources from the engine: what people left on this host goes too (messages, greetings, recordings). Resolves
   * with what could not be deleted.
   */
  forget(owner: Owner): Promise<Failure[]>;
  /** Brings the whole engine in step with the agent's state: at start, after a reconnect, on a timer. */
  reconcile(): Promise<Map<Owner, Failure[]>>;
  /**
   * Carries out a command for a tenant that this edge holds. `name` and `given` come from the cloud and may be newer than this driver: what it does not
   * know is refused. Resolves when it took or could not take; a command that waits for people may take a minute.
   */
  command(owner: Owner, name: string, given: Record<string, unknown>): Promise<CommandResult>;
  /**
   * Has the engine present this certificate (with chain and key, PEM; it is in the agent's file) from now on, and lets connections that are there go on.
   * Resolves when it does, at once where it did already. Rejects where it does not, or can't be told.
   */
  certify?(pem: string): Promise<void>;
  /** A runtime field has another value, set here or elsewhere; it is in the agent's state already. */
  onRuntime(owner: Owner, kind: string, id: string, field: string, value: unknown): void;
  /** The hosts of the pool are these now: at the agent's start as they were known last, and after each change. Nothing is verified. */
  onRoster(roster: Roster): void;
  /** `relay`: of a Kamailio, what relays media for it; null for none. */
  health(): Health["engine"] & Pick<Health, "liveCalls" | "relay">;
  stop(): Promise<void>;
}
