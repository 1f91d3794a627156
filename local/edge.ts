// `npm run edge -- --join URL TOKEN [--with freeswitch[=path]]`: the agent on a host of its own, and FreeSWITCH or Kamailio as its neighbour where told to. Under
// systemd the agent's main.ts is started directly and the engine is a unit of its own.
import { fileURLToPath } from "node:url";
import { parseConfig } from "../edge-agent/config.ts";
import { accepting, type Child, supervise } from "./child.ts";
import { freeswitchEnvironment, superviseFreeswitch, wantedFreeswitch } from "./freeswitch.ts";
import { superviseKamailio, wantedKamailio } from "./kamailio.ts";
import { superviseRtpengine } from "./rtpengine.ts";
import { takeWith, type Wanted } from "./with.ts";

const agentFile = fileURLToPath(new URL("../edge-agent/main.ts", import.meta.url));

async function both(wanted: Wanted, args: string[]): Promise<void> {
  if (wanted.freeswitch && wanted.kamailio)
    throw new Error("--with: an edge is one engine; start a second one with a DATA_DIR and EDGE_PORT of its own");
  const freeswitch = wanted.freeswitch && wantedFreeswitch(wanted.freeswitch);
  const kamailio = wanted.kamailio && wantedKamailio(wanted.kamailio);
  const { dataDir } = parseConfig(process.env, args);
  const given = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const environment = {
    ...freeswitchEnvironment(dataDir),
    ...Object.fromEntries(given),
    DATA_DIR: dataDir,
    ENGINE: kamailio ? "kamailio" : "freeswitch",
  };
  const children: Child[] = [];
  const stop = async (code: number): Promise<never> => {
    for (const child of [...children].reverse()) await child.stop();
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop(0));
  try {
    let told = {};
    if (kamailio) {
      const relay = await superviseRtpengine(Number(process.env.RTPENGINE_PORT ?? 2223), environment);
      if (relay.child) children.push(relay.child);
      ({ told } = relay);
      children.push(await superviseKamailio(kamailio, { ...environment, ...told }));
    }
    children.push(supervise("edge agent", [agentFile, ...args], { ...environment, ...told }));
    await accepting(parseConfig(environment, args).port, 20_000, "The edge agent");
    if (freeswitch) children.push(await superviseFreeswitch(freeswitch, dataDir, environment));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}

try {
  const { wanted, rest } = takeWith(process.argv.slice(2));
  if (wanted.freeswitch || wanted.kamailio) await both(wanted, rest);
  else await import(agentFile);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
