// Kamailio as the agent sees it: its tables kept in step with the documents, its dispatcher with the pool's hosts, what happened there reported.
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { besideOf, browserPhoneOf } from "../../../core/browser-phone.ts";
import { idOf, type Owner } from "../../../core/owner.ts";
import type { Failure, Roster } from "../../../core/wire.ts";
import { sourceBanned } from "../../../core/wire-events.ts";
import { createBackoff, pause } from "../../backoff.ts";
import type { Documents } from "../../documents.ts";
import type { CommandResult, Driver, Report as Send } from "../../driver.ts";
import type { Log } from "../../log.ts";
import { shownSource, sourceAt } from "./address.ts";
import { connectRpc, type Rpc } from "./binrpc/connection.ts";
import { certify } from "./certify.ts";
import type { KamailioConfig } from "./config.ts";
import * as Dispatcher from "./dispatcher.ts";
import { controlSocket, eventsSecret, locationFile, tablesFile } from "./install.ts";
import * as Live from "./live.ts";
import { located } from "./location.ts";
import * as Peers from "./peers.ts";
import * as Registrar from "./registrar.ts";
import { watchRelay } from "./relay.ts";
import { type Events, type Heard, listenToEvents } from "./report/connection.ts";
import { createReport } from "./report/report.ts";
import { openTables } from "./tables.ts";
import {
  allCarriers,
  type Ended,
  endedBy,
  settingsRow,
  tenantRows,
  tenantsOf,
  type Wanted,
  wantedBy,
} from "./wanted.ts";

/** So long at most other work waits for a part of what is compared. */
const sliceMs = 10;

export type KamailioDriver = Driver & {
  /** Kamailio asks the agent nothing: 404. */
  answer(request: IncomingMessage, response: ServerResponse): void;
};

export function createKamailioDriver(options: {
  documents: Documents;
  /** Undefined while none was learnt. */
  roster: () => Roster | undefined;
  report: Send;
  config: KamailioConfig;
  log: Log;
}): KamailioDriver {
  const { documents, config, log, roster } = options;
  const tables = openTables(tablesFile(config.dir));
  const stopping = new AbortController();
  const state = { documents, tables, placed };
  const report = createReport({
    documents,
    send: options.report,
    serverId: Peers.serverId(config.front),
    locationFile: locationFile(config.dir),
    began: { get: () => tables.said("began"), set: (began) => tables.say("began", began) },
    log,
  });
  const relay = config.relay && watchRelay(config.relay);
  let rpc: Rpc | undefined;
  let events: Events | undefined;
  let everUp = false;
  let version: string | null = null;
  let comparing: Promise<Map<Owner, Failure[]>> | undefined;
  let steering: Promise<void> = Promise.resolve();

  function placed(owner: Owner): { home: number; standby: number } {
    const slotOf = (id: string | null | undefined): number => roster()?.hosts.find((host) => host.id === id)?.slot ?? 0;
    const found = documents.config(owner)?.first("placement")?.body;
    return { home: slotOf(found?.home), standby: slotOf(found?.standby) };
  }

  /** Into the file and, where Kamailio is there, into its memory. */
  async function bring(rows: readonly Wanted[]): Promise<Untaken[]> {
    tables.write(rows.filter(({ table, key, value }) => tables.get(table, key) !== value));
    if (!rpc) return everUp ? rows.map((row) => ({ row, reason: "Kamailio is not connected" })) : [];
    return Live.put(rpc, rows);
  }

  async function unregister(ended: readonly Ended[]): Promise<Failed[]> {
    const failed: Failed[] = [];
    for (const { domain, username, for: of } of ended) {
      try {
        for (const phone of rpc ? [username, browserPhoneOf(username)] : [])
          if (rpc) await Registrar.remove(rpc, phone, domain);
      } catch (error) {
        failed.push({ row: { for: of }, reason: `its registration could not be ended: ${String(error)}` });
      }
    }
    return failed;
  }

  /** Registrations that nobody may have any more: of what went while Kamailio could not be told. */
  async function endOrphans(): Promise<void> {
    for (const { username, domain } of located(locationFile(config.dir))) {
      if (!rpc || tables.get("cred", `${besideOf(username) ?? username}@${domain}`)?.endsWith(";1")) continue;
      await Registrar.remove(rpc, username, domain);
      const owner = documents.tenantByDomain(domain);
      if (owner) await report.registrations.ended(idOf(owner), username, Date.now() / 1000);
    }
  }

  /** Of what Kamailio took in as its device went, it is heard after that device's registrations were ended there: then they are ended again. */
  async function onEvent(event: Heard, number: number): Promise<void> {
    const stray = await report.onEvent(event, number);
    if (!rpc || !stray) return;
    await Registrar.remove(rpc, stray.username, stray.domain).catch((error: unknown) =>
      log.warn({ error: String(error) }, "a registration could not be ended"),
    );
  }

  async function unban(given: Record<string, unknown>): Promise<CommandResult> {
    const [address = ""] = sourceBanned.shape.source.parse(given.source).split("/");
    const key = sourceAt(address);
    if (!rpc) return { ok: false, detail: "Kamailio is not connected" };
    const caller = rpc;
    for (const table of ["ban", "fail"]) await Registrar.forget(caller, table, key);
    await options.report({
      type: "source.banned",
      data: { source: shownSource(key), why: null, userAgent: null, until: null },
    });
    return { ok: true, detail: null };
  }

  async function steer(): Promise<void> {
    const known = roster();
    // of a state that was lost: the hosts that Kamailio has are as good as any until the cloud tells of them
    if (!known) return;
    const nodes = Dispatcher.nodesOf(known);
    Dispatcher.writeList(join(config.dir, "dispatcher.list"), nodes);
    const peers = Peers.peersOf(known, config.front);
    await refresh(peerRows(peers));
    if (!rpc) return;
    await Peers.share(rpc, config.front, peers);
    const wrong = await Dispatcher.steer(rpc, nodes);
    if (wrong.length > 0) log.error({ wrong }, "Kamailio's dispatcher is not in step with the pool's hosts");
  }

  /** Rows of those that are no more have no value. */
  function peerRows(peers: Parameters<typeof Peers.peerRows>[0]): Wanted[] {
    const now = Peers.peerRows(peers);
    const keys = new Set(now.map(({ key }) => key));
    const gone = tables.page("peer", "", 10_000).filter(({ key }) => !keys.has(key));
    return [...now, ...gone.map(({ key }) => ({ key, value: undefined }))].map((row) => ({
      ...{ ...row, table: "peer", owner: "", for: { kind: "edge", id: "" } },
    }));
  }

  /** One after another. */
  function steerInTurn(): Promise<void> {
    steering = steering.then(steer).catch((error: unknown) => {
      log.error({ error: String(error) }, "Kamailio's dispatcher could not be brought in step");
    });
    return steering;
  }

  /** Resolves with what did not take. */
  async function compareFile(): Promise<Untaken[]> {
    const tenants = tenantsOf(documents);
    // a state that was lost comes back from the cloud, and phones go on until then
    if (tenants.length === 0) return [];
    const failed = await refreshAll([...new Set([...tenants, ...tables.owners()])], tenantRows);
    const carriers = allCarriers(documents);
    const known = new Set(carriers.map(({ key }) => key));
    const gone = tables.page("carrier", "", 1_000_000).filter(({ key }) => !known.has(key));
    await refresh([
      ...carriers,
      ...gone.map(
        ({ key }): Wanted => ({ table: "carrier", key, value: undefined, owner: "", for: { kind: "trunk", id: "" } }),
      ),
    ]);
    return failed;
  }

  /** The file against the documents, then Kamailio against the file. */
  async function compare(): Promise<Map<Owner, Failure[]>> {
    await steerInTurn();
    const failed = await compareFile();
    if (rpc) {
      const mended = await Live.compare(rpc, tables);
      if (mended > 0) log.warn({ mended }, "Kamailio's tables were brought in step");
      if (tenantsOf(documents).length > 0) await endOrphans();
    }
    const failures = new Map<Owner, Failure[]>();
    for (const one of failed)
      if (one.row.owner !== "")
        failures.set(one.row.owner, [...(failures.get(one.row.owner) ?? []), ...failuresOf([one])]);
    return failures;
  }

  async function refreshAll(owners: Owner[], rowsOf: typeof tenantRows): Promise<Untaken[]> {
    const failed: Untaken[] = [];
    let until = performance.now() + sliceMs;
    for (const owner of owners) {
      failed.push(...(await refresh(rowsOf(owner, state))));
      if (performance.now() < until) continue;
      await new Promise((resume) => setImmediate(resume));
      until = performance.now() + sliceMs;
    }
    return failed;
  }

  async function refresh(rows: readonly Wanted[]): Promise<Untaken[]> {
    const differing = rows.filter(({ table, key, value }) => tables.get(table, key) !== value);
    return differing.length > 0 ? bring(differing) : [];
  }

  function reconcile(): Promise<Map<Owner, Failure[]>> {
    comparing ??= compare().finally(() => {
      comparing = undefined;
    });
    return comparing;
  }

  async function keepConnected(): Promise<void> {
    const backoff = createBackoff(50, 1000);
    while (!stopping.signal.aborted) {
      try {
        const closed = Promise.withResolvers<void>();
        const connection = await connectRpc(controlSocket(config.dir), closed.resolve);
        version = await versionOf(connection);
        await Registrar.loaded(connection, located(locationFile(config.dir)).length);
        rpc = connection;
        everUp = true;
        backoff.reset();
        log.info({ version }, "connected to Kamailio");
        void reconcile().catch((error: unknown) =>
          log.warn({ error: String(error) }, "Kamailio could not be compared"),
        );
        await closed.promise;
        log.warn({}, "Kamailio is not connected");
      } catch (error) {
        log.debug({ error: String(error) }, "Kamailio can't be reached");
      }
      rpc = undefined;
      await pause(backoff.next(), stopping.signal);
    }
  }

  return {
    engine: "kamailio",
    answer: (_, response) => void response.writeHead(404).end("Kamailio is not asked for anything\n"),
    async start() {
      await Promise.all([steerInTurn(), relay?.start()]);
      void keepConnected();
      events = listenToEvents({
        port: config.eventsPort,
        secret: eventsSecret(config.dir),
        log,
        handle: onEvent,
      });
    },
    async apply(owner, changes) {
      const wanted = wantedBy(owner, changes, state);
      const ended = endedBy(owner, changes, documents);
      try {
        const failed = [...(await bring(wanted)), ...(await unregister(ended))];
        for (const { username } of ended)
          for (const phone of [username, browserPhoneOf(username)])
            await report.registrations.ended(idOf(owner), phone, Date.now() / 1000);
        return failuresOf(failed);
      } catch (error) {
        return failuresOf(wanted.map((row) => ({ row, reason: String(error) })));
      }
    },
    forget: async () => [],
    reconcile,
    command: async (_, name, given) =>
      name === "unban"
        ? unban(given)
        : { ok: false, detail: `${name} is nothing that Kamailio does: its tenant's home does` },
    certify: (pem) => certify(config, () => rpc, pem),
    onRuntime: () => undefined,
    onRoster() {
      void steerInTurn();
      // homes are named by their slots
      refreshAll(tenantsOf(documents), settingsRow).catch((error: unknown) =>
        log.warn({ error: String(error) }, "homes could not be brought in step"),
      );
    },
    health: () => ({
      ...{ connected: rpc !== undefined, version, liveCalls: 0 },
      relay: relay?.state() ?? null,
    }),
    async stop() {
      stopping.abort();
      events?.stop();
      relay?.stop();
      rpc?.close();
      await steering;
      tables.close();
    },
  };
}

const greetingMs = 2000;

/** One that is about to end takes connections and answers nobody: then it is cut, and tried again. */
async function versionOf(connection: Rpc): Promise<string | null> {
  const timer = setTimeout(() => connection.close(), greetingMs);
  const [said] = await connection.call("core.version").finally(() => clearTimeout(timer));
  return /(\d+\.\d+\S*)/.exec(String(said))?.[1] ?? null;
}

type Failed = { row: Pick<Wanted, "for">; reason: string };
type Untaken = { row: Wanted; reason: string };

/** One for each resource. */
function failuresOf(failed: readonly Failed[]): Failure[] {
  const found = new Map(
    failed.map(({ row, reason }) => [`${row.for.kind} ${row.for.id}`, { ...row.for, reason, retry: true }]),
  );
  return [...found.values()];
}
