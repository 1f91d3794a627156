// The agent as a whole. First the state and the answers to the engine, which need nobody; then everything that needs the cloud.
import { chmodSync, mkdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Message, Roster } from "../core/wire.ts";
import type { QueueAccess } from "../core/wire-host.ts";
import { createBackoff, pause } from "./backoff.ts";
import type { CallBacks } from "./call-backs.ts";
import { createCarrier } from "./carry.ts";
import { keepCheckpointing } from "./checkpoint.ts";
import { type AgentConfig, ConfigError } from "./config.ts";
import { openOrSetAside } from "./database.ts";
import type { Documents } from "./documents.ts";
import type { Driver, Report } from "./driver.ts";
import { EnrolmentRefused, enrol, type Identity, readIdentity } from "./identity.ts";
import type { LastCallers } from "./last-callers.ts";
import { inheritedSocket, listen } from "./listen.ts";
import type { Log } from "./log.ts";
import { createMedia, type Media } from "./media.ts";
import type { PinTries } from "./pin-tries.ts";
import { createRuntime, type Runtime } from "./runtime.ts";
import { openSpool } from "./spool.ts";
import { openState } from "./state.ts";
import { forgetStatus, tellStatus } from "./status.ts";
import type { UsedStore } from "./used.ts";
import { version } from "./version.ts";

export type AnsweringDriver = Driver & { answer(request: IncomingMessage, response: ServerResponse): void };
export type CreateDriver = (parts: {
  documents: Documents;
  report: Report;
  remember: Runtime["remember"];
  lastCallers: LastCallers;
  pinTries: PinTries;
  callBacks: CallBacks;
  used: UsedStore;
  /** The hosts of the pool; undefined until the cloud told of them. */
  roster: () => Roster | undefined;
  config: AgentConfig["freeswitch"];
  log: Log;
  media: Media;
}) => AnsweringDriver | Promise<AnsweringDriver>;

export interface Agent {
  /** Where the engine's lookups are answered. */
  readonly port: number;
  /** Rejects with ConfigError or EnrolmentRefused if the edge can't be enrolled; else resolves once it is. */
  readonly enrolled: Promise<Identity>;
  /** Asks the cloud to drain this edge: no new calls, and its tenants go to other hosts. Says in the log when it can't be asked. */
  drain(): Promise<void>;
  /** Gets this host another certificate, with a new key, and has the engine present it. Says in the log when it can't be got. */
  renewCertificate(): Promise<void>;
  /** Answers lookups to the last; loses nothing. */
  stop(): Promise<void>;
}

/** Starts the agent; resolves when it answers lookups. Throws ConfigError. */
export async function startAgent(config: AgentConfig, log: Log, createDriver: CreateDriver): Promise<Agent> {
  const known = readIdentity(config.dataDir);
  if (!known && !(config.controlUrl && config.joinToken)) {
    throw new ConfigError(
      "this edge is not enrolled: get a token from the control plane (POST /v1/edges) and start once with --join URL TOKEN",
    );
  }
  if (known && config.joining && known.controlUrl !== config.controlUrl) {
    throw new ConfigError(
      `${config.dataDir} belongs to ${known.edge} of ${known.controlUrl}; set DATA_DIR to another folder to join ${config.controlUrl}`,
    );
  }
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  chmodSync(config.dataDir, 0o700);
  forgetStatus(config.dataDir);
  const stateFile = join(config.dataDir, "state.db");
  const damaged = (aside: string, error: Error) =>
    log.error({ aside, error: String(error) }, "a file was damaged; it is put aside, and a new one begun");
  const state = openOrSetAside(stateFile, openState, damaged);
  const spool = openOrSetAside(join(config.dataDir, "spool.db"), (file) => openSpool(file, log), damaged);
  let edge = known?.edge ?? "";
  const runtime = createRuntime({
    spoken: state.spoken,
    report: spool.report,
    log,
    edge: () => edge,
    changed: (...field) => driver.onRuntime(...field),
  });
  const media = createMedia();
  const driver = await createDriver({
    documents: state.documents,
    report: spool.report,
    remember: runtime.remember,
    lastCallers: state.lastCallers,
    pinTries: state.pinTries,
    callBacks: state.callBacks,
    used: state.used,
    roster: state.roster.get,
    config: config.freeswitch,
    log,
    media,
  });
  const socket = await listen(
    (request, response) => driver.answer(request, response),
    config.port,
    inheritedSocket(process.env, process.pid),
  );
  /** Of the certificate, where this host keeps one. */
  let lookForNames = (): void => {};
  /** What the cloud tells of the pool's hosts, by any way and in any order. */
  const hearRoster = (told: Roster): void => {
    const before = state.roster.get();
    if (!state.roster.set(told)) return;
    driver.onRoster(told);
    if (told.namesAt !== before?.namesAt) lookForNames();
  };
  const hosts = state.roster.get();
  if (hosts) driver.onRoster(hosts);
  await driver.start();
  const stopCheckpointing = keepCheckpointing(stateFile);

  const stopping = new AbortController();
  /** Requests to the cloud are cut, so that stopping takes no longer than it has to: what they said is on disk and is said again. */
  const cut = new AbortController();
  const stops: (() => Promise<void>)[] = [];
  let askDrain = (): Promise<void> => Promise.reject(new Error("this edge is not in touch with the cloud yet"));
  let renew = (): Promise<void> => Promise.reject(new Error("this host keeps no certificate by itself"));
  const cloudSide = joinCloud();
  // whoever cares looks at it; nobody has to
  cloudSide.catch(() => {});

  async function joinCloud(): Promise<Identity> {
    const { identity, queue } = known ? { identity: known, queue: undefined } : await keepEnrolling();
    edge = identity.edge;
    if (!stopping.signal.aborted) stops.push(await connect(identity, queue));
    return identity;
  }

  async function keepEnrolling(): Promise<{ identity: Identity; queue: QueueAccess | undefined }> {
    const backoff = createBackoff(500, 30_000);
    const { controlUrl = "", joinToken: token = "" } = config;
    for (;;) {
      try {
        const answer = await enrol(config.dataDir, controlUrl, {
          token,
          name: config.name,
          engine: driver.engine,
          sip: config.sip,
          front: config.front,
        });
        if (answer.roster) hearRoster(answer.roster);
        log.info({ edge: answer.identity.edge, pool: answer.identity.pool }, "enrolled");
        return answer;
      } catch (error) {
        if (error instanceof EnrolmentRefused || stopping.signal.aborted) throw error;
        log.warn({ error: String(error) }, "enrolment failed; trying again");
        await pause(backoff.next(), stopping.signal);
      }
    }
  }

  /** Everything that needs the cloud. Imported now, so that lookups were answered before. */
  async function connect(identity: Identity, access: QueueAccess | undefined): Promise<() => Promise<void>> {
    const [
      { createCloud },
      { createSync },
      { createAcks },
      { createCommands },
      { keepComparing },
      { deliver },
      { heartbeatSeconds, keepBeating },
      { listenToQueue },
      { createTraces },
      { createUpgrade },
    ] = await Promise.all([
      import("./cloud.ts"),
      import("./sync.ts"),
      import("./acks.ts"),
      import("./commands.ts"),
      import("./reconcile.ts"),
      import("./deliver.ts"),
      import("./heartbeat.ts"),
      import("./queue.ts"),
      import("./traces.ts"),
      import("./upgrade.ts"),
    ]);
    const cloud = createCloud({
      url: config.controlUrl ?? identity.controlUrl,
      edge: identity.edge,
      key: identity.key,
    });
    media.connect(cloud);
    const traces = createTraces();
    const acks = createAcks({ pending: state.pending, cloud, traces, log });
    const carrier = createCarrier({ state, driver, log, settled: acks.poke });
    const commands = createCommands({ taken: state.taken, driver, report: spool.report, log });
    const sync = createSync({ state, cloud, commands, runtime, traces, log, hearRoster, changed: carrier.carry });
    carrier.start();
    acks.poke();
    const queue = listenToQueue({ cloud, log, access, receive: (message: Message) => sync.receive(message) });
    const upgrade = createUpgrade({ cloud, log, ...config.upgrade });
    let isInStep = false;
    const inStep = (): void => {
      isInStep = true;
      const { edge, pool, controlUrl } = identity;
      const documents = state.standings().length;
      tellStatus(config.dataDir, { version, edge, pool, controlUrl, documents, inStepAt: new Date().toISOString() });
    };
    const stopComparing = keepComparing({
      state,
      cloud,
      sync,
      runtime,
      log,
      changed: carrier.carry,
      seconds: config.compareSeconds,
      inStep,
    });
    const delivery = deliver({ spool, cloud, log });
    const keeper =
      config.certificate &&
      driver.certify &&
      (await import("./certificate/keep.ts")).keepCertificate({ config: config.certificate, cloud, driver, log });
    if (keeper) ({ renew, lookAgain: lookForNames } = keeper);
    /** By its own name, once a certificate shows it; where somebody said another, by that. */
    const webSocket = (): string | null => {
      const { wssPort } = config.certificate ?? {};
      const name = keeper?.name();
      return name !== undefined && wssPort ? `wss://${name}:${wssPort}` : config.webSocket;
    };
    const beat = keepBeating({
      ...{ cloud, driver, log, hearRoster, edge: identity.edge, front: config.front, webSocket },
      ...{
        roster: () => (state.roster.get()?.pool === identity.pool ? state.roster.get() : undefined),
        seconds: heartbeatSeconds,
        isInStep: () => isInStep,
        upgrade,
        certificate: () => keeper?.state() ?? null,
      },
    });
    askDrain = beat.drain;
    log.info({ edge: identity.edge, documents: state.standings().length }, "in touch with the control plane");
    return async () => {
      await Promise.all([queue.stop(), sync.stop(), stopComparing(), beat.stop(), keeper?.stop()]);
      await carrier.stop();
      await Promise.all([acks.stop(), delivery.stop()]);
    };
  }

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    stopping.abort();
    setTimeout(() => cut.abort(), 500).unref();
    await Promise.race([cloudSide.catch(() => {}).then(() => Promise.all(stops.map((each) => each()))), pause(2500)]);
    await Promise.race([driver.stop(), pause(1000)]);
    await stopCheckpointing();
    await socket.stop();
    spool.close();
    state.close();
  }

  return {
    port: socket.port,
    enrolled: cloudSide,
    async drain() {
      await askDrain().then(
        () => log.info({}, "the cloud was asked to drain this edge"),
        (error: unknown) =>
          log.error({ error: String(error) }, "the cloud can't be asked to drain this edge; nothing is drained"),
      );
    },
    async renewCertificate() {
      await renew().catch((error: unknown) =>
        log.error({ error: String(error) }, "no other certificate was got; the one that is there stays"),
      );
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
