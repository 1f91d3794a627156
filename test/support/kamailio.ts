// A real Kamailio on the shipped configuration, on free ports of loopback, with the driver in this process and a state that the test writes.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { Owner } from "../../core/owner.ts";
import type { Failure, Roster } from "../../core/wire.ts";
import { type Registration, registration } from "../../core/wire-events.ts";
import type { Change, Driver, Report } from "../../edge-agent/driver.ts";
import type { Value } from "../../edge-agent/drivers/kamailio/binrpc/codec.ts";
import { connectRpc } from "../../edge-agent/drivers/kamailio/binrpc/connection.ts";
import type { KamailioConfig } from "../../edge-agent/drivers/kamailio/config.ts";
import { createKamailioDriver } from "../../edge-agent/drivers/kamailio/driver.ts";
import { controlSocket, install, type Tuning } from "../../edge-agent/drivers/kamailio/install.ts";
import { findKamailio, runKamailio } from "../../edge-agent/drivers/kamailio/run.ts";
import { silent } from "../../edge-agent/log.ts";
import { kamailioConfig } from "./kamailio-config.ts";
import type { createPbx } from "./pbx.ts";
import { openPhone, response } from "./sip.ts";
import { udp6 } from "./sip-wires.ts";
import { sippInstalled } from "./sipp.ts";
import { needs } from "./skip.ts";

/** For `describe.runIf(kamailioInstalled())`. Says loudly what is missing. */
export function kamailioInstalled(): boolean {
  const engine = needs("Kamailio", findKamailio() !== undefined);
  return needs("SIPp", sippInstalled) && engine;
}

export type KamailioHost = Awaited<ReturnType<typeof startKamailio>>;

export async function startKamailio(
  pbx: ReturnType<typeof createPbx>,
  tuning: Tuning = {},
  more: Partial<KamailioConfig> = {},
) {
  const program = findKamailio();
  if (!program) throw new Error("Kamailio is not installed");
  const dir = mkdtempSync(join(tmpdir(), "dp-kamailio-"));
  const config = { ...(await kamailioConfig(join(dir, "kamailio"))), ...more };
  const reported: Parameters<Report>[0][] = [];
  let roster: Roster | undefined;
  let version = 0;
  install(config, { minExpires: 1, ...tuning });
  const createDriver = () =>
    createKamailioDriver({
      documents: pbx.state.documents,
      roster: () => roster,
      report: async (event) => void reported.push(event),
      config,
      log: silent,
    });
  let driver = createDriver();
  let running = await runKamailio({ program, config });

  async function ready(): Promise<void> {
    await driver.start();
    await vi.waitFor(() => expect(driver.health().connected).toBe(true), { timeout: 20_000, interval: 20 });
    await driver.reconcile();
  }
  await ready();

  /** A call on the control socket, as an operator would; the driver's own connection is its own. */
  async function rpc(method: string, ...values: (string | number)[]): Promise<Value[]> {
    const own = await connectRpc(controlSocket(config.dir), () => undefined);
    return own.call(method, ...values).finally(() => own.close());
  }

  return {
    config,
    phones: config.sipPort,
    carriers: config.carriersPort,
    reported,
    registrations: (): Registration[] =>
      reported.flatMap(({ type, data }) => (type === "registration.updated" ? [registration.parse(data)] : [])),
    rpc,
    apply: (owner: Owner, changes: Change[]): Promise<Failure[]> => driver.apply(owner, changes),
    reconcile: () => driver.reconcile(),
    health: (): ReturnType<Driver["health"]> => driver.health(),
    command: (...asked: Parameters<Driver["command"]>): ReturnType<Driver["command"]> => driver.command(...asked),
    /** As the agent does when it has another certificate in its file. */
    certify: async (pem: string) => driver.certify?.(pem),
    pid: () => running.pid,
    async pool(hosts: Roster["hosts"]): Promise<void> {
      roster = { type: "roster", pool: "pol_1", version: ++version, hosts };
      driver.onRoster(roster);
      await driver.reconcile();
    },
    /** As an agent whose state was lost. */
    async knowsNoHosts(): Promise<void> {
      roster = undefined;
      await driver.reconcile();
    },
    log: () => readFileSync(join(config.dir, "kamailio.log"), "utf8"),
    /** Stops (or kills) Kamailio and starts it on the same folder; `meanwhile` runs while it is down. */
    async restart(signal: NodeJS.Signals = "SIGTERM", meanwhile?: () => Promise<void>): Promise<void> {
      await running.stop(signal);
      await meanwhile?.();
      running = await runKamailio({ program, config });
      await vi.waitFor(() => expect(driver.health().connected).toBe(true), { timeout: 20_000, interval: 20 });
    },
    /** Stops the driver and starts another in its place, which knows what is on disk. */
    async restartAgent(meanwhile?: () => Promise<void>): Promise<void> {
      await driver.stop();
      await meanwhile?.();
      driver = createDriver();
      await ready();
    },
    async stop(): Promise<void> {
      await driver.stop();
      await running.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Stands for a FreeSWITCH of the pool, beside Kamailio's front: answers pings, and what a test says to the rest. */
export async function openHome(kamailio: Pick<KamailioHost, "config">, id: string, slot: number) {
  const { address, port } = kamailio.config.front;
  const phone = await openPhone(address.includes(":") ? await udp6(port) : port);
  let answer: Parameters<typeof phone.answerWith>[0] = () => undefined;
  phone.answerWith((request) => {
    if (request.line.startsWith("OPTIONS ")) return response(request, "200 OK");
    return answer(request);
  });
  return {
    ...phone,
    id,
    /** What it was asked but for pings. */
    asked: (method: string) => phone.requests.filter(({ line }) => line.startsWith(`${method} `)),
    answerWith(how: typeof answer): void {
      answer = how;
    },
    host: (state: Roster["hosts"][number]["state"] = "up"): Roster["hosts"][number] => ({
      ...{ id, name: id, engine: "freeswitch", slot, state },
      front: { address, port: phone.port },
    }),
  };
}
