// A driver without an engine: keeps a mirror of what it was told is live, answers a lookup with a device's secret, and fails where a test asks.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Owner } from "../../core/owner.ts";
import type { Failure, Roster } from "../../core/wire.ts";
import type { Documents } from "../../edge-agent/documents.ts";
import type { Change, CommandResult, Driver } from "../../edge-agent/driver.ts";

export type Mirror = Map<Owner, Map<string, Record<string, unknown>>>;

export type NullDriver = Driver & {
  mirror: Mirror;
  runs: { owner: Owner; changes: Change[] }[];
  forgotten: Owner[];
  reconciled: number;
  connected: boolean;
  liveCalls: number;
  /** Called before anything is done; what it answers is the run's outcome. */
  before: ((owner: Owner, changes: Change[]) => Promise<Failure[]> | undefined) | undefined;
  /** Fields of runtime state that it was told of: `kind/id/field`, and the value. */
  runtime: [field: string, value: unknown][];
  /** What it was told of the pool's hosts. */
  rosters: Roster[];
  /** What a reconciliation finds. */
  found: Map<Owner, Failure[]>;
  commands: { owner: Owner; name: string; given: Record<string, unknown> }[];
  /** What a command comes to. */
  carryOut: () => Promise<CommandResult>;
  answer(request: IncomingMessage, response: ServerResponse): void;
};

/** `mirror` is the engine: it outlives the agent. */
export function createNullDriver(mirror: Mirror = new Map(), documents?: Documents): NullDriver {
  const driver: NullDriver = {
    engine: "freeswitch",
    mirror,
    runs: [],
    forgotten: [],
    reconciled: 0,
    connected: true,
    liveCalls: 0,
    before: undefined,
    found: new Map(),
    commands: [],
    carryOut: () => Promise.resolve({ ok: true, detail: null }),
    runtime: [],
    onRuntime: (_, kind, id, field, value) => void driver.runtime.push([`${kind}/${id}/${field}`, value]),
    rosters: [],
    onRoster: (roster) => void driver.rosters.push(roster),
    start: () => Promise.resolve(),
    async apply(owner: Owner, changes: Change[]): Promise<Failure[]> {
      driver.runs.push({ owner, changes });
      const failures = await driver.before?.(owner, changes);
      if (failures) return failures;
      const live = mirror.get(owner) ?? new Map<string, Record<string, unknown>>();
      mirror.set(owner, live);
      for (const { kind, id, after } of changes) {
        if (after === undefined) live.delete(`${kind}/${id}`);
        else live.set(`${kind}/${id}`, after);
      }
      return [];
    },
    forget(owner) {
      driver.forgotten.push(owner);
      return Promise.resolve([]);
    },
    reconcile() {
      driver.reconciled++;
      return Promise.resolve(driver.found);
    },
    command: (owner, name, given) => {
      driver.commands.push({ owner, name, given });
      return driver.carryOut();
    },
    health: () => ({ connected: driver.connected, version: null, liveCalls: driver.liveCalls }),
    stop: () => Promise.resolve(),
    /** `GET /<domain>/<user>` → the password's secret value. */
    answer(request: IncomingMessage, response: ServerResponse) {
      const [, domain = "", user = ""] = (request.url ?? "").split("/");
      const owner = documents?.tenantByDomain(domain);
      const device = owner && documents?.device(owner, user)?.device;
      const ref = device?.password && typeof device.password === "object" ? device.password.secret : "";
      response.end(documents?.secret(ref) ?? "not found");
    },
  };
  return driver;
}
