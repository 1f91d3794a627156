// The agent's process: `npm run edge -- --join URL TOKEN` once, without arguments ever after. `--status` says whether the one that runs is in step.
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import type { CreateDriver } from "./agent.ts";
import type { AgentConfig } from "./config.ts";

// in the agent's own folder: in one that others can write, they could give us code
enableCompileCache(join(process.env.DATA_DIR || process.env.STATE_DIRECTORY || ".data/edge", "cache"));
const [{ startAgent }, { ConfigError, parseConfig }, { EnrolmentRefused }, { createLog }] = await Promise.all([
  import("./agent.ts"),
  import("./config.ts"),
  import("./identity.ts"),
  import("./log.ts"),
]);

/** Only the chosen engine's code is read. */
async function driverFor(config: AgentConfig): Promise<CreateDriver> {
  if (config.engine === "freeswitch") {
    if (config.freeswitchDir !== null) await configureFreeswitch(config, config.freeswitchDir);
    return (await import("./drivers/freeswitch/driver.ts")).createFreeswitchDriver;
  }
  const [{ install }, { createKamailioDriver }] = await Promise.all([
    import("./drivers/kamailio/install.ts"),
    import("./drivers/kamailio/driver.ts"),
  ]);
  try {
    install(config.kamailio);
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
  return (parts) => createKamailioDriver({ ...parts, config: config.kamailio });
}

/** For a FreeSWITCH that is a unit of its own: it reads this when it starts. */
async function configureFreeswitch(config: AgentConfig, folder: string): Promise<void> {
  const { install } = await import("./drivers/freeswitch/install.ts");
  const { freeswitch, port: edgePort } = config;
  const rtp = { start: 16_384, end: 32_767 };
  try {
    install({ dir: join(folder, "conf"), config: freeswitch, edgePort, switchname: "dialplane", rtp });
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

/** Exit code 2: a human must mend something, and the sentence says what. */
function giveUp(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}

/** On the host, for people and scripts: exit code 0 and what it is, or 1. */
async function tell({ dataDir }: AgentConfig): Promise<never> {
  const { readStatus } = await import("./status.ts");
  const status = readStatus(dataDir);
  process.stdout.write(status ? `${JSON.stringify(status)}\n` : "not in step with the control plane yet\n");
  process.exit(status ? 0 : 1);
}

try {
  const config = parseConfig(process.env, process.argv.slice(2));
  if (process.argv.includes("--status")) await tell(config);
  const log = createLog(config.logLevel);
  const agent = await startAgent(config, log, await driverFor(config));
  log.info({ port: agent.port }, "answering lookups");
  agent.enrolled.catch(giveUp);

  let leaving = false;
  const leave = (signal: string) => {
    if (leaving) process.exit(1);
    leaving = true;
    log.info({ signal }, "stopping");
    setTimeout(() => process.exit(1), 5000).unref();
    void agent.stop().then(() => process.exit(0));
  };
  process.on("SIGTERM", leave);
  process.on("SIGINT", leave);
  // SIGUSR1 is Node's own: it opens the debugger
  process.on("SIGUSR2", () => void agent.drain());
  // a terminal that is closed says it too
  process.on("SIGHUP", (signal) => void (process.stdout.isTTY ? leave(signal) : agent.renewCertificate()));
  // started by a supervisor, which was killed
  process.on("disconnect", () => leave("disconnect"));
} catch (error) {
  if (error instanceof ConfigError || error instanceof EnrolmentRefused) giveUp(error);
  throw error;
}
