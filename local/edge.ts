// `npm run edge -- --join URL TOKEN [--with freeswitch[=path]]`: the agent on a host of its own, and FreeSWITCH as its neighbour where told to. Under systemd
// the agent's main.ts is started directly and FreeSWITCH is a unit of its own.
import { fileURLToPath } from "node:url";
import { parseConfig } from "../edge-agent/config.ts";
import { accepting, type Child, supervise } from "./child.ts";
import { freeswitchEnvironment, superviseFreeswitch, takeWith, wantedFreeswitch } from "./freeswitch.ts";

const agentFile = fileURLToPath(new URL("../edge-agent/main.ts", import.meta.url));

async function both(program: string, args: string[]): Promise<void> {
  const { dataDir } = parseConfig(process.env, args);
  const given = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const environment = { ...freeswitchEnvironment(dataDir), ...Object.fromEntries(given), DATA_DIR: dataDir };
  const children: Child[] = [];
  const stop = async (code: number): Promise<never> => {
    for (const child of [...children].reverse()) await child.stop();
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop(0));
  try {
    children.push(supervise("edge agent", [agentFile, ...args], environment));
    await accepting(parseConfig(environment, args).port, 20_000, "The edge agent");
    children.push(await superviseFreeswitch(program, dataDir, environment));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}

try {
  const { wanted, rest } = takeWith(process.argv.slice(2));
  if (wanted) await both(wantedFreeswitch(wanted), rest);
  else await import(agentFile);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
