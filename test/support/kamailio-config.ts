// A Kamailio driver's configuration for tests: free ports of loopback.
import type { KamailioConfig } from "../../edge-agent/drivers/kamailio/config.ts";
import { freePort } from "./sipp.ts";

export async function kamailioConfig(dir: string): Promise<KamailioConfig> {
  const ports: number[] = [];
  while (ports.length < 6) ports.push(await freePort());
  const [sipPort = 0, carriersPort = 0, front = 0, tls = 0, wssPort = 0, eventsPort = 0] = ports;
  return {
    ...{ dir, sipAddress: "127.0.0.1", sipPort, carriersPort, externalAddress: null, eventsPort, relay: null },
    front: { address: "127.0.0.1", port: front },
    tls: { port: tls, wssPort, certificate: null, key: null, obtained: `${dir}.pem` },
    // between two scenarios nobody would answer a ping
    ...{ pingSeconds: 100_000, banSeconds: 300, workers: 2, sharedMegabytes: 192 },
  };
}
