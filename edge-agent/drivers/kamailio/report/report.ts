// What Kamailio tells, as events of this edge.
import { boundsOn } from "../../../../core/limits.ts";
import { idOf, type Owner, tenantOwner } from "../../../../core/owner.ts";
import { boundsFor } from "../../../../core/routing/limits.ts";
import type { Registration } from "../../../../core/wire-events.ts";
import { clean } from "../../../clean.ts";
import { derivedId } from "../../../derived-id.ts";
import type { Documents } from "../../../documents.ts";
import type { Report as Send } from "../../../driver.ts";
import type { Log } from "../../../log.ts";
import { patienceSeconds } from "../../../spool.ts";
import { shownSource } from "../address.ts";
import { type Located, located } from "../location.ts";
import type { Heard } from "./connection.ts";
import { createRegistrations, type Registrations, type Stray } from "./registrations.ts";

export interface Report {
  /** Resolves when what it says is on disk, with who must not be registered at Kamailio. */
  onEvent(event: Heard, number: number): Promise<Stray | undefined>;
  registrations: Pick<Registrations, "ended" | "has">;
}

export function createReport(options: {
  documents: Documents;
  send: Send;
  /** This Kamailio's number among those of the pool. */
  serverId: number;
  /** Registrations that Kamailio wrote down. */
  locationFile: string;
  /** The Kamailio whose events were heard last, by when it began: on disk, so that one who comes after knows. */
  began: { get(): string | undefined; set(began: string): void };
  log: Log;
}): Report {
  const { documents, send, began, log } = options;
  const registrations = createRegistrations(documents, tellRegistration);
  /** Of the event that is being handled. */
  let now = { id: "", part: 0 };
  /** The day on which a scope's limit was last told of. */
  const reached = new Map<string, string>();

  /** Made from the event that says it, so that one that comes again is told under the same id. */
  async function tellRegistration(data: Registration, at: number, renews = false): Promise<void> {
    const id = derivedId("evt", Math.floor(at * 1000), now.id, String(now.part++));
    const patient = renews && { patienceSeconds };
    await send({ type: "registration.updated", id, at: new Date(at * 1000).toISOString(), data, ...patient });
  }

  async function hello(when: string): Promise<void> {
    const rows = readLocated();
    if (began.get() === when) return registrations.load(rows);
    // another one: what the last one had not told yet is lost, but for what it wrote down
    await registrations.reread(rows, Date.now() / 1000);
    began.set(when);
  }

  function readLocated(): Located[] {
    try {
      // who registered elsewhere is told of there
      return located(options.locationFile).filter(({ at }) => at === 0 || at === options.serverId);
    } catch (error) {
      log.error({ error: String(error) }, "Kamailio's registrations can't be read");
      return [];
    }
  }

  async function banned({ source, why, userAgent, seconds, at }: Extract<Heard, { type: "ban" }>): Promise<void> {
    const until = new Date((at + seconds) * 1000).toISOString();
    const id = derivedId("evt", Math.floor(at * 1000), now.id);
    const data = { source: shownSource(source), why, userAgent: clean(userAgent, 128), until };
    await send({ type: "source.banned", id, at: new Date(at * 1000).toISOString(), data });
  }

  /** The first time of a day. */
  async function limitReached(tenant: string, scope: Owner, at: number): Promise<void> {
    const config = documents.config(tenantOwner(tenant));
    const bounds = config
      ? boundsOn(boundsFor(config), "callsPerSecond").filter(({ bound }) => bound.scope === scope)
      : [];
    const [tightest] = bounds.sort((a, b) => a.value - b.value);
    const day = new Date(at * 1000).toISOString().slice(0, 10);
    if (!tightest || reached.get(scope) === day) return;
    reached.set(scope, day);
    const data = { tenant, limit: "callsPerSecond", scope: idOf(scope), by: tightest.bound.by };
    const id = derivedId("evt", Math.floor(at * 1000), now.id);
    await send({ type: "limit.reached", id, at: new Date(at * 1000).toISOString(), data });
  }

  return {
    registrations,
    async onEvent(event, number) {
      now = { id: `${began.get() ?? ""} ${number}`, part: 0 };
      switch (event.type) {
        case "registration":
        case "expired":
          return registrations.onEvent(event);
        case "hello":
          await hello(event.began);
          break;
        case "limit":
          await limitReached(event.tenant, event.scope as Owner, event.at);
          break;
        case "host":
          log.warn({ uri: event.uri, state: event.state }, "a FreeSWITCH host came or went");
          break;
        case "auth-failed":
          log.info(event, "wrong credentials");
          break;
        case "ban":
          log.warn(event, "a source is banned");
          await banned(event);
      }
      return undefined;
    },
  };
}
