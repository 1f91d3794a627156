// The whole of Dialplane on one machine, for tests: the control plane in this process, the agent and FreeSWITCH as children, so that each may be stopped,
// killed and started again by itself.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, vi } from "vitest";
import { parseConfig } from "../../edge-agent/config.ts";
import { install } from "../../edge-agent/drivers/freeswitch/install.ts";
import { findFreeswitch, type Running, runFreeswitch } from "../../edge-agent/drivers/freeswitch/run.ts";
import type { Zone } from "../../functions/dns/dns.ts";
import { accepting } from "../../local/child.ts";
import { type TestControl, testControl } from "./control.ts";
import { eslOnce } from "./freeswitch.ts";
import { mediaPorts } from "./media-ports.ts";
import { freePort, play } from "./sipp.ts";

const freeTcpPort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

export type Stack = Awaited<ReturnType<typeof startStack>>;

type Options = {
  freeswitch: boolean;
  /** The console's files, for browsers. */
  webDir?: string;
  zone?: Zone;
  /** More for the agent. */
  more?: Record<string, string>;
};

/** Starts it all, FreeSWITCH only if asked. */
export async function startStack({ freeswitch, webDir, zone, more }: Options) {
  const dir = mkdtempSync(join(tmpdir(), "dp-stack-"));
  const given = { ...(webDir && { webDir }), ...(zone && { zone }) };
  let control: TestControl = await testControl({ dataDir: join(dir, "control"), ...given });
  const controlPort = Number(new URL(control.url).port);
  const edgePort = await freeTcpPort();
  const eslPort = await freeTcpPort();
  const wire = await cuttable(eslPort);
  const environment = {
    CONTROL_URL: control.url,
    DATA_DIR: join(dir, "edge"),
    EDGE_PORT: String(edgePort),
    EDGE_NAME: "test",
    SIP_ADDRESS: "127.0.0.1",
    SIP_PORT: String(await freePort()),
    CARRIERS_PORT: String(await freePort()),
    FRONT_PORT: String(await freePort()),
    WSS_PORT: String(await freePort()),
    // between two scenarios nobody would answer, and SIPp takes a ping for the call it waits for
    PHONE_PING_SECONDS: "100000000",
    ESL_PORT: String(wire.port),
    ESL_PASSWORD: "0123456789abcdef",
    CDR_DIR: join(dir, "cdr"),
    VOICEMAIL_DIR: join(dir, "voicemail"),
    COMPARE_SECONDS: "2",
    LOG_LEVEL: process.env.STACK_LOG ?? "silent",
    ...more,
  };
  const joining = String((await control.call("POST", "/v1/edges", {})).body.token);

  let agent: ChildProcess | undefined;
  async function startAgent(): Promise<void> {
    const main = fileURLToPath(new URL("../../edge-agent/main.ts", import.meta.url));
    const env = { ...process.env, ...environment, JOIN_TOKEN: joining };
    agent = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main], {
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    // whoever is cut off before it is stopped neither waits for it nor leaves it
    agent.unref();
    process.once("exit", () => agent?.kill("SIGKILL"));
    try {
      await accepting(edgePort, 40_000, "the agent");
    } catch (error) {
      // left running, it would hold on to this process
      await endAgent("SIGKILL");
      throw error;
    }
  }
  async function endAgent(signal: NodeJS.Signals): Promise<void> {
    if (!agent || agent.exitCode !== null || agent.signalCode !== null) return;
    const ended = once(agent, "exit");
    agent.kill(signal);
    await ended;
  }
  await startAgent();

  const { freeswitch: config } = parseConfig({ ...environment, ESL_PORT: String(eslPort) }, []);
  const program = freeswitch ? findFreeswitch() : undefined;
  let engine: Running | undefined;
  async function startEngine(): Promise<void> {
    if (!program) return;
    const confDir = join(dir, "conf");
    install({ dir: confDir, config, edgePort, switchname: "dp-stack", rtp: mediaPorts() });
    engine = await runFreeswitch({ program, confDir, dataDir: join(dir, "freeswitch"), esl: config.esl });
  }
  await startEngine();

  return {
    get control() {
      return control;
    },
    edgePort,
    phones: config.sipPort,
    carriers: config.carriersPort,
    wssPort: config.browsers?.wssPort ?? 0,
    /** Tells the agent something, as an operator would. */
    signalAgent: (signal: NodeJS.Signals) => void agent?.kill(signal),
    /** Runs a command on FreeSWITCH, as an operator would. */
    api: (command: string) => eslOnce(config.esl, command),
    /** Cuts the agent's event socket connections, as a network would; new ones are let through. */
    cutEsl: wire.cut,
    startAgent,
    endAgent,
    startEngine,
    stopEngine: async () => engine?.stop(),
    stopControl: () => control.stop(true),
    async startControl() {
      control = await testControl({ dataDir: join(dir, "control"), port: controlPort });
    },
    call: (...args: Parameters<TestControl["call"]>) => control.call(...args),
    /** What the edge answers to a lookup of mod_xml_curl. */
    async lookup(fields: Record<string, string>): Promise<string> {
      return (
        await fetch(`http://127.0.0.1:${edgePort}/`, { method: "POST", body: new URLSearchParams(fields) })
      ).text();
    },
    /** Resolves when the edge has the tenant's document as it is now. */
    async inStep(path: string): Promise<void> {
      const check = async () => {
        const { body } = await control.call("GET", `${path}/sync`);
        const edges = body.edges as unknown as { inStep: boolean; failures: unknown[] }[];
        expect(edges, JSON.stringify(edges)).toSatisfy(
          (list: typeof edges) => list.length > 0 && list.every((edge) => edge.inStep),
        );
      };
      await vi.waitFor(check, { timeout: 15_000, interval: 20 });
    },
    /** Resolves when the agent is connected to FreeSWITCH and both profiles run. */
    async engineReady(): Promise<void> {
      const check = async () => {
        const { body } = await control.call("GET", "/v1/edges");
        const [edge] = body.data as unknown as { health: { engine: { connected: boolean } } | null }[];
        expect(edge?.health?.engine.connected).toBe(true);
      };
      await vi.waitFor(check, { timeout: 40_000, interval: 100 });
    },
    async stop(): Promise<void> {
      await engine?.stop();
      await endAgent("SIGTERM");
      wire.close();
      await control.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A way to a port of loopback that can be cut. */
async function cuttable(to: number) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host: "127.0.0.1", port: to });
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(into);
      from
        .on("error", () => into.destroy())
        .on("close", () => {
          sockets.delete(from);
          into.destroy();
        });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): number => {
    const count = sockets.size / 2;
    for (const socket of sockets) socket.destroy();
    return count;
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    close() {
      cut();
      server.close();
    },
  };
}

export type Phone = { user: string; domain: string; password: string };

/** A phone with a port that stays its own. */
export async function phoneOf(stack: Stack, settings: Phone) {
  const port = await freePort();
  return {
    ...settings,
    port,
    register: (more: Record<string, string> = {}) =>
      play("register", { ...settings, ...more }, { to: stack.phones, port }),
    dial: (to: string, more: Record<string, string> = {}) =>
      play("call", { ...settings, to, ...more }, { to: stack.phones, port }),
  };
}
