// A real FreeSWITCH on the shipped configuration, on free ports of loopback, with the driver in this process and a state that the test writes.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { Owner } from "../../core/owner.ts";
import type { Failure, Roster } from "../../core/wire.ts";
import type { CallRecord } from "../../core/wire-events.ts";
import type { Change, Driver, Report } from "../../edge-agent/driver.ts";
import type { FreeswitchConfig } from "../../edge-agent/drivers/freeswitch/config.ts";
import { createFreeswitchDriver } from "../../edge-agent/drivers/freeswitch/driver.ts";
import { install } from "../../edge-agent/drivers/freeswitch/install.ts";
import { findFreeswitch, runFreeswitch } from "../../edge-agent/drivers/freeswitch/run.ts";
import { silent } from "../../edge-agent/log.ts";
import { createRuntime, type Runtime } from "../../edge-agent/runtime.ts";
import { freeswitchConfig } from "./freeswitch-config.ts";
import { mediaPorts } from "./media-ports.ts";
import type { createPbx } from "./pbx.ts";
import { freePort, sippInstalled } from "./sipp.ts";
import { needs } from "./skip.ts";
import { createStock, type Stock } from "./stock.ts";

/** For `describe.runIf(engineInstalled())`. Says loudly what is missing. */
export function engineInstalled(): boolean {
  const engine = needs("FreeSWITCH", findFreeswitch() !== undefined);
  return needs("SIPp", sippInstalled) && engine;
}

export type Reported = Parameters<Report>[0];

export type FreeswitchHost = {
  /** Ports of the profiles. */
  phones: number;
  carriers: number;
  /** What the cloud has of audio. */
  media: Stock;
  config: FreeswitchConfig;
  /** Everything that the driver reported, in order. */
  reported: Reported[];
  /** The call records among them. */
  records(): CallRecord[];
  /** Waits until nobody is on a call and every call that was told of has its record, which comes a moment later; then forgets what was reported. */
  rest(): Promise<void>;
  /** The pool's hosts, as the cloud would tell of them. */
  onRoster(roster: Roster): void;
  /** The lookups that FreeSWITCH made, as they came. */
  lookups: URLSearchParams[];
  /** Lets the driver make live what a write of the state changed. */
  apply(owner: Owner, changes: Change[]): Promise<Failure[]>;
  /** Sets runtime state, as another edge or the API would. */
  remember: Runtime["remember"];
  reconcile(): Promise<Map<Owner, Failure[]>>;
  /** A command from the cloud. */
  command: Driver["command"];
  /** As the agent does when it has another certificate. */
  certify(pem: string): Promise<void>;
  health: Driver["health"];
  /** Runs a command on FreeSWITCH, as an operator would. */
  api(command: string): Promise<string>;
  /** Whether `user@domain` is registered. */
  registered(user: string, domain: string): Promise<boolean>;
  /** Files under FreeSWITCH's own folders. */
  files(): string[];
  log(): string;
  /** Stops and starts FreeSWITCH, on the same folders; `meanwhile` runs while it is down. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  /** Stops the driver and starts another in its place, which knows what is on disk. */
  restartAgent(meanwhile: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
};

export async function startFreeswitch(
  pbx: ReturnType<typeof createPbx>,
  { browsers = false }: { browsers?: boolean } = {},
): Promise<FreeswitchHost> {
  const program = findFreeswitch();
  if (!program) throw new Error("FreeSWITCH is not installed");
  const dir = mkdtempSync(join(tmpdir(), "dp-freeswitch-"));
  const esl = { host: "127.0.0.1", port: await freePort(), password: "0123456789abcdef" };
  const config = freeswitchConfig(dir, {
    ...{ sipAddress: "127.0.0.1", sipPort: await freePort(), carriersPort: await freePort() },
    front: { address: "127.0.0.1", port: await freePort() },
    // between two scenarios nobody would answer, and SIPp takes a ping for the call it waits for
    ...{ esl, pingSeconds: 100_000_000 },
    ...(browsers && {
      browsers: {
        wssPort: await freePort(),
        wsPort: null,
        certificate: null,
        obtained: null,
        tlsDir: join(dir, "tls"),
      },
    }),
  });
  const reported: Reported[] = [];
  const lookups: URLSearchParams[] = [];
  const media = createStock();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const report: Report = async (event) => void reported.push(event);
  const callsIn = (kind: "call.updated" | "call.completed"): { id: string }[] =>
    reported.flatMap(({ type, data }) => (type === kind ? [data as { id: string }] : []));
  const runtime = createRuntime({
    spoken: pbx.state.spoken,
    ...{ report, log: silent, edge: () => "edg_test" },
    changed: (...field) => driver.onRuntime(...field),
  });
  const { remember } = runtime;
  const { documents, lastCallers, pinTries, callBacks, used } = pbx.state;
  let roster: Roster | undefined;
  const createDriver = () =>
    createFreeswitchDriver({
      ...{ documents, report, remember, lastCallers, pinTries, callBacks, used, config, log, media },
      roster: () => roster,
    });
  let driver = createDriver();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => lookups.push(new URLSearchParams(Buffer.concat(chunks).toString())));
    driver.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: edgePort } = server.address() as AddressInfo;
  const confDir = join(dir, "conf");
  install({
    dir: confDir,
    config,
    edgePort,
    switchname: "dp-test",
    rtp: mediaPorts(),
    loglevel: "debug",
  });
  const run = () => runFreeswitch({ program, confDir, dataDir: join(dir, "data"), esl });
  let running = await withKeptCerts(join(dir, "data"), run);
  await driver.start();

  async function ready(): Promise<void> {
    await vi.waitFor(() => expect(driver.health().connected).toBe(true), { timeout: 20_000 });
    const up = async () => [...(await api("sofia xmlstatus")).matchAll(/RUNNING/g)].length;
    await vi.waitFor(async () => expect(await up()).toBe(browsers ? 4 : 3), { timeout: 10_000 });
  }
  /** The driver's own connection is its own; an operator has another. */
  const api = (command: string) => eslOnce(esl, command);
  try {
    await ready();
  } catch (error) {
    await running.stop();
    throw error;
  }

  return {
    phones: config.sipPort,
    carriers: config.carriersPort,
    reported,
    records: () => callsIn("call.completed") as CallRecord[],
    async rest() {
      await expect.poll(() => api("show channels count"), { timeout: 10_000 }).toContain("0 total");
      const open = (): string[] => {
        const recorded = new Set(callsIn("call.completed").map(({ id }) => id));
        return callsIn("call.updated").flatMap(({ id }) => (recorded.has(id) ? [] : [id]));
      };
      await expect.poll(open, { timeout: 10_000, message: "calls without a record" }).toEqual([]);
      reported.length = 0;
    },
    media,
    config,
    onRoster(told) {
      roster = told;
      driver.onRoster(told);
    },
    lookups,
    apply: (...changes) => driver.apply(...changes),
    remember,
    reconcile: () => driver.reconcile(),
    certify: async (pem) => driver.certify?.(pem),
    command: (...command) => driver.command(...command),
    health: () => driver.health(),
    api,
    registered: async (user, domain) =>
      (await api(`sofia xmlstatus profile phones user ${user}@${domain}`)).includes("<registration>"),
    files: () => readdirSync(dir, { recursive: true, encoding: "utf8" }),
    log: () => readFileSync(join(dir, "data/log/freeswitch.log"), "utf8"),
    async restart(meanwhile) {
      await running.stop();
      await meanwhile?.();
      running = await run();
      await ready();
    },
    async restartAgent(meanwhile) {
      await driver.stop();
      await meanwhile();
      driver = createDriver();
      await driver.start();
      await ready();
    },
    async stop() {
      await driver.stop();
      await running.stop();
      server.close();
      server.closeAllConnections();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Making two RSA keys takes FreeSWITCH some seconds at its first start: these are kept between tests. */
export async function withKeptCerts<T>(dataDir: string, run: () => Promise<T>): Promise<T> {
  const certs = join(dataDir, "certs");
  const kept = join(tmpdir(), "dp-freeswitch-certs");
  if (existsSync(kept)) cpSync(kept, certs, { recursive: true });
  const running = await run();
  if (!existsSync(kept)) keep(certs, kept);
  return running;
}

/** All or nothing, as other tests may do the same. */
function keep(certs: string, kept: string): void {
  const copy = mkdtempSync(`${kept}-`);
  cpSync(certs, copy, { recursive: true });
  try {
    renameSync(copy, kept);
  } catch {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** One command over an event socket of its own. */
export async function eslOnce(esl: { host: string; port: number; password: string }, command: string): Promise<string> {
  const { connect } = await import("node:net");
  return new Promise((resolve, reject) => {
    const socket = connect({ host: esl.host, port: esl.port });
    let text = "";
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer to ${command}`)));
    socket.on("error", reject);
    socket.on("connect", () => socket.write(`auth ${esl.password}\n\napi ${command}\n\n`));
    socket.on("data", (data) => {
      text += data.toString("utf8");
      const [, length, body] = /Content-Type: api\/response\nContent-Length: (\d+)\n\n([\s\S]*)$/.exec(text) ?? [];
      if (body === undefined || Buffer.byteLength(body) < Number(length)) return;
      socket.destroy();
      resolve(body);
    });
  });
}
