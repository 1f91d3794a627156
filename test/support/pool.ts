// A pool as an operator has it: the control plane, FreeSWITCH hosts and a Kamailio before them, all real, each with its agent, which knows what the cloud tells it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { type Agent, startAgent } from "../../edge-agent/agent.ts";
import { parseConfig } from "../../edge-agent/config.ts";
import { createFreeswitchDriver } from "../../edge-agent/drivers/freeswitch/driver.ts";
import { install as installFreeswitch } from "../../edge-agent/drivers/freeswitch/install.ts";
import { findFreeswitch, runFreeswitch } from "../../edge-agent/drivers/freeswitch/run.ts";
import { createKamailioDriver } from "../../edge-agent/drivers/kamailio/driver.ts";
import { install as installKamailio } from "../../edge-agent/drivers/kamailio/install.ts";
import { findKamailio, runKamailio } from "../../edge-agent/drivers/kamailio/run.ts";
import { silent } from "../../edge-agent/log.ts";
import type { Zone } from "../../functions/dns/dns.ts";
import { type TestControl, testControl } from "./control.ts";
import { eslOnce, withKeptCerts } from "./freeswitch.ts";
import { mediaPorts } from "./media-ports.ts";
import type { Phone } from "./pbx.ts";
import { freePort } from "./sipp.ts";

type Engine = { pid: number; exited: Promise<void>; stop(): Promise<void> };
type Host = { id: string; agent: Agent; engine: Engine };
export type FreeswitchOfPool = Host & {
  /** Calls that came to it since it started: each is a session, and so is each leg that it made. */
  sessions(): Promise<number>;
};
/** Ports: of UDP and TCP, of TLS, and of WSS. */
type KamailioOfPool = Host & { phones: number; tls: number; wss: number };
export type TestPool = Awaited<ReturnType<typeof startPool>>;

/** Starts two FreeSWITCH hosts and a Kamailio; resolves when all are enrolled and connected. `more`: for each agent. */
export async function startPool({ zone, more }: { zone?: Zone; more?: Record<string, string> } = {}) {
  const dir = mkdtempSync(join(tmpdir(), "dp-pool-"));
  const control: TestControl = await testControl({ dataDir: join(dir, "control"), ...(zone && { zone }) });

  async function environment(name: string): Promise<Record<string, string>> {
    const ports = [
      ...["SIP_PORT", "CARRIERS_PORT", "FRONT_PORT", "ESL_PORT", "WSS_PORT"],
      ...["KAMAILIO_EVENTS_PORT", "KAMAILIO_TLS_PORT", "KAMAILIO_WSS_PORT"],
    ];
    const given = await Promise.all(ports.map(async (port) => [port, String(await freePort())] as const));
    return {
      ...Object.fromEntries(given),
      CONTROL_URL: control.url,
      JOIN_TOKEN: String((await control.call("POST", "/v1/edges", {})).body.token),
      ...{ DATA_DIR: join(dir, name), EDGE_NAME: name, EDGE_PORT: "0", SIP_ADDRESS: "127.0.0.1" },
      // of phones that answer when they like
      PHONE_PING_SECONDS: "100000",
      ESL_PASSWORD: "0123456789abcdef",
      KAMAILIO_WORKERS: "2",
      ...more,
    };
  }

  async function freeswitch(name: string): Promise<FreeswitchOfPool> {
    const config = parseConfig(await environment(name), []);
    const agent = await startAgent(config, silent, createFreeswitchDriver);
    const [confDir, dataDir] = [join(config.dataDir, "conf"), join(config.dataDir, "freeswitch")];
    const { esl } = config.freeswitch;
    const host = { dir: confDir, config: config.freeswitch, edgePort: agent.port, switchname: name };
    installFreeswitch({ ...host, rtp: mediaPorts() });
    const program = findFreeswitch() ?? "";
    const engine = await withKeptCerts(dataDir, () => runFreeswitch({ program, confDir, dataDir, esl }));
    const { edge: id } = await agent.enrolled;
    const sessions = async () => Number(/(\d+) session\(s\) since/.exec(await eslOnce(esl, "status"))?.[1]);
    return { id, agent, engine, sessions };
  }

  async function kamailio(name: string): Promise<KamailioOfPool> {
    const config = parseConfig({ ...(await environment(name)), ENGINE: "kamailio" }, []);
    installKamailio(config.kamailio);
    const engine = await runKamailio({ program: findKamailio() ?? "", config: config.kamailio });
    const driver = (parts: Parameters<Parameters<typeof startAgent>[2]>[0]) =>
      createKamailioDriver({ ...parts, config: config.kamailio });
    const agent = await startAgent(config, silent, driver);
    const { sipPort: phones, tls } = config.kamailio;
    return { id: (await agent.enrolled).edge, agent, engine, phones, tls: tls?.port ?? 0, wss: tls?.wssPort ?? 0 };
  }

  const [one, two, front] = await Promise.all([freeswitch("one"), freeswitch("two"), kamailio("front")]);
  const edge = async (id: string) => (await control.call("GET", `/v1/edges/${id}`)).body;
  for (const { id } of [one, two, front])
    await vi.waitFor(async () => expect((await edge(id)).health).toMatchObject({ engine: { connected: true } }), {
      timeout: 40_000,
      interval: 50,
    });

  return {
    control,
    hosts: [one, two] as const,
    front,
    edge,
    /** A tenant with two extensions, in place on all hosts: its path, ids of its extensions and their phones. */
    async tenant(domain: string) {
      const sent = { name: domain, domain, document: { extensions: [{ number: "1001" }, { number: "1002" }] } };
      const made = await control.call("POST", "/v1/tenants", sent);
      if (made.status !== 201) throw new Error(made.text);
      const path = `/v1/tenants/${made.body.id}`;
      const extensions: Record<string, { id: string; phone: Phone }> = {};
      for (const number of ["1001", "1002"]) {
        const password = `Pass-word-of-${number}`;
        const change = { devices: [{ username: number, password }] };
        const { body } = await control.call("PATCH", `${path}/extensions/${number}`, change);
        extensions[number] = { id: String(body.id), phone: { user: number, domain, password } };
      }
      await vi.waitFor(
        async () => {
          const { edges } = (await control.call("GET", `${path}/sync`)).body as unknown as { edges: unknown[] };
          expect(edges).toMatchObject([one, two, front].map(() => ({ inStep: true, failures: [] })));
        },
        { timeout: 20_000, interval: 50 },
      );
      return { path, extensions, home: () => homeOf(path) };
    },
    async stop(): Promise<void> {
      const all = [one, two, front];
      await Promise.all(all.map(({ engine }) => engine.stop()));
      await Promise.all(all.map(({ agent }) => agent.stop()));
      await control.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };

  /** Where the platform placed it last. */
  async function homeOf(path: string): Promise<string | undefined> {
    const { data } = (await control.call("GET", `${path}/changes?limit=50`)).body as unknown as {
      data: { revision: number }[];
    };
    for (const { revision } of data) {
      const { diff } = (await control.call("GET", `${path}/changes/${revision}`)).body as unknown as {
        diff: { kind: string; after: { home: string } }[];
      };
      const placed = diff.find(({ kind }) => kind === "placement");
      if (placed) return placed.after.home;
    }
    return undefined;
  }
}
