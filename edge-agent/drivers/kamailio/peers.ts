// The pool's other Kamailios: who they are, as rows for the configuration, and registrations shared with them (its modules dmq and dmq_usrloc).
import { createHash } from "node:crypto";
import type { Roster } from "../../../core/wire.ts";
import { asKamailioHas } from "./address.ts";
import { within } from "./binrpc/codec.ts";
import type { Rpc } from "./binrpc/connection.ts";
import type { KamailioConfig } from "./config.ts";
import { uriOf } from "./dispatcher.ts";

type Front = KamailioConfig["front"];

/** A Kamailio's number among those of a pool, of 23 bits, never 0: it stands in the branch flags of a registration, above eight others. */
export const serverId = (front: Front): number =>
  createHash("sha256").update(uriOf(front)).digest().readUInt32BE() >>> 9 || 1;

/** Without those that are down: who registered there is tried without them. */
export const peersOf = (roster: Roster, self: Front): Front[] =>
  roster.hosts.flatMap(({ engine, front, state }) =>
    engine === "kamailio" && front && state !== "down" && uriOf(front) !== uriOf(self) ? [front] : [],
  );

/** What the table `peer` has of them. */
export const peerRows = (peers: readonly Front[]): { key: string; value: string }[] =>
  peers.flatMap((front) => [
    { key: String(serverId(front)), value: uriOf(front) },
    { key: `${asKamailioHas(front.address)}:${front.port}`, value: String(serverId(front)) },
  ]);

/**
 * Has Kamailio share registrations with these and with nobody else. One that it did not know yet is told of it, and tells what it has; who does not
 * answer any more is asked again at the next comparison.
 */
export async function share(rpc: Pick<Rpc, "call">, self: Front, peers: readonly Front[]): Promise<void> {
  const wanted = new Set(peers.map(uriOf));
  const active = new Set<string>();
  for (const node of await rpc.call("dmq.list_nodes")) {
    const [host, port, status, local] = ["host", "port", "status", "local"].map((name) =>
      String(within(node, name)[0]),
    );
    const uri = uriOf({ address: (host ?? "").replace(/[[\]]/g, ""), port: Number(port) });
    if (local === "1") continue;
    if (wanted.has(uri) && status === "active") active.add(uri);
    else await rpc.call("dmq.remove", uri);
  }
  const missing = [...wanted].filter((uri) => !active.has(uri));
  if (missing.length > 0) await announce(rpc, self, missing);
}

/** As if one of the others had told of them: Kamailio takes them in, greets them and asks for what they have. */
async function announce(rpc: Pick<Rpc, "call">, self: Front, uris: readonly string[]): Promise<void> {
  const here = uriOf(self).replace("sip:", "sip:notification_peer@");
  const body = uris.map((uri) => `${uri};status=active\r\n`).join("");
  const headers = [
    `From: <${here}>;tag=agent`,
    `To: <${here}>`,
    "Max-Forwards: 2",
    "Content-Type: text/plain",
    "",
  ].join("\r\n");
  await rpc.call("tm.t_uac_start", "KDMQ", here, ".", uriOf(self).replace("sip:", "udp:"), headers, body);
}
