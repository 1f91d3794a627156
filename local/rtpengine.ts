// rtpengine as a child of `npm start` or `npm run edge` beside Kamailio, where it is installed: it relays media of browsers and of phones behind NAT.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../edge-agent/config.ts";
import { answersOnce } from "../edge-agent/drivers/kamailio/relay.ts";
import { findRtpengine, runRtpengine, stopLeftRtpengine } from "../edge-agent/drivers/kamailio/rtpengine.ts";
import { type Child, superviseEngine } from "./child.ts";

/** Beside FreeSWITCH's. */
const ports = { start: 30_000, end: 31_999 };

/**
 * Keeps an installed one running until stopped; one of somebody else's that answers at `port` is used as it is. `environment` is that of Kamailio's agent, which is
 * told of it by what this resolves with: nothing where there is none, or where `KAMAILIO_RTPENGINE` names one already.
 */
export async function superviseRtpengine(
  port: number,
  environment: Record<string, string>,
): Promise<{ told: Record<string, string>; child: Child | undefined }> {
  const program = findRtpengine();
  if (environment.KAMAILIO_RTPENGINE || !program) return { told: {}, child: undefined };
  const { dataDir, kamailio } = parseConfig({ ...environment, ENGINE: "kamailio" }, []);
  const dir = join(dataDir, "rtpengine");
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const ng = { address: "127.0.0.1", port };
  const told = { KAMAILIO_RTPENGINE: `${ng.address}:${ng.port}` };
  await stopLeftRtpengine(dir);
  if (await answersOnce(ng)) return { told, child: undefined };
  const { sipAddress, externalAddress } = kamailio;
  const address = externalAddress === null ? sipAddress : `${sipAddress}!${externalAddress}`;
  const child = await superviseEngine("rtpengine", () => runRtpengine({ program, dir, address, ng, ports }));
  return { told, child };
}
