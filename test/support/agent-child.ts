// The agent as a process of its own, as main.ts starts it, with a driver that needs no engine. With HANG set the driver never finishes a run.
import { startAgent } from "../../edge-agent/agent.ts";
import { parseConfig } from "../../edge-agent/config.ts";
import { createLog } from "../../edge-agent/log.ts";
import { createNullDriver } from "./null-driver.ts";

const config = parseConfig(process.env, process.argv.slice(2));
const agent = await startAgent(config, createLog(config.logLevel), ({ documents }) => {
  const driver = createNullDriver(new Map(), documents);
  driver.before = (owner, changes) => {
    process.stdout.write(`run ${owner} ${changes.length}\n`);
    return process.env.HANG ? new Promise(() => {}) : undefined;
  };
  return driver;
});
process.stdout.write(`port ${agent.port}\n`);
process.on("SIGTERM", () => void agent.stop().then(() => process.exit(0)));
