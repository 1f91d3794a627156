// Kamailio presents another certificate from now on: its TLS configuration is read anew (`tls.reload`). Connections that are there go on with the one before.
import { setTimeout as sleep } from "node:timers/promises";
import { heldOf } from "../../certificate/files.ts";
import { presented } from "../../certificate/presented.ts";
import type { Rpc } from "./binrpc/connection.ts";
import type { KamailioConfig } from "./config.ts";
import { writeTls } from "./install.ts";

const patienceMs = 5000;

/** Resolves when it presents the certificate of `pem`, which is in the file that the configuration names. Throws where it does not. */
export async function certify(config: KamailioConfig, rpc: () => Rpc | undefined, pem: string): Promise<void> {
  const { tls, sipAddress } = config;
  if (!tls) return;
  writeTls(config);
  const { fingerprint256 } = heldOf(pem).leaf;
  const isPresented = async () =>
    (await Promise.all([tls.port, tls.wssPort].map((port) => presented(sipAddress, port)))).every(
      (one) => one === fingerprint256,
    );
  if (await isPresented()) return;
  const caller = rpc();
  if (!caller) throw new Error("Kamailio is not connected: it takes the certificate when it is started");
  await caller.call("tls.reload");
  for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(50)) if (await isPresented()) return;
  throw new Error("Kamailio was told of the certificate and presents another one");
}
