// The pool's FreeSWITCH hosts as Kamailio's dispatcher has them: a set for each by its slot, and set 0 with all. Nodes come, go and change their state one by
// one: `dispatcher.reload` would wake those that are drained or dead.
import { renameSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Roster } from "../../../core/wire.ts";
import { type Value, within } from "./binrpc/codec.ts";
import type { Rpc } from "./binrpc/connection.ts";

/** `drained`: no new calls go there; those that are there go on. */
export type Node = { set: number; uri: string; drained: boolean };

/** Set 0: tenants that were not placed yet have one of it, each always the same. */
export const everybody = 0;

/**
 * The nodes that a roster asks for. A host that the cloud takes for dead is left out, unless it takes all for dead: then it is rather the cloud that is out
 * of reach, and what answers Kamailio's own pings is used.
 */
export function nodesOf(roster: Roster): Node[] {
  const hosts = roster.hosts.flatMap(({ engine, front, ...host }) =>
    engine === "freeswitch" && front ? [{ ...host, uri: uriOf(front) }] : [],
  );
  const alive = hosts.filter(({ state }) => state !== "down");
  return (alive.length > 0 ? alive : hosts)
    .sort((a, b) => a.slot - b.slot)
    .flatMap(({ slot, uri, state }) => [everybody, slot].map((set) => ({ set, uri, drained: state === "draining" })))
    .sort((a, b) => a.set - b.set);
}

export const uriOf = ({ address, port }: { address: string; port: number }): string =>
  `sip:${address.includes(":") ? `[${address}]` : address}:${port}`;

/** For Kamailio's next start. Flag 4: disabled. */
export const listOf = (nodes: readonly Node[]): string =>
  nodes.map(({ set, uri, drained }) => `${set} ${uri} ${drained ? 4 : 0}\n`).join("");

export function writeList(file: string, nodes: readonly Node[]): void {
  writeFileSync(`${file}.new`, listOf(nodes), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * So long after one node came or went the next does: Kamailio keeps the list before the last change and no older one, so two in a row free what a worker
 * may still read, and it crashes (ds_add_dst and ds_remove_dst of its module dispatcher).
 */
const settleMs = 200;

/** Brings Kamailio's nodes in step; what need not change is not touched. Resolves with what it did not take. One at a time. */
export async function steer(rpc: Pick<Rpc, "call">, nodes: readonly Node[]): Promise<string[]> {
  const before = await present(rpc);
  const keyOf = ({ set, uri }: Pick<Node, "set" | "uri">): string => `${set} ${uri}`;
  const wanted = new Set(nodes.map(keyOf));
  const known = new Map(before.map((node) => [keyOf(node), node]));
  const change = async (how: "dispatcher.add" | "dispatcher.remove", node: Node): Promise<void> => {
    await rpc.call(how, node.set, node.uri, ...(how === "dispatcher.add" ? [0] : []));
    await sleep(settleMs);
  };
  const setState = (node: Node) => rpc.call("dispatcher.set_state", node.drained ? "d" : "ap", node.set, node.uri);
  // what takes no time first; a host's own set before the one that has all
  for (const node of nodes)
    if (known.has(keyOf(node)) && known.get(keyOf(node))?.drained !== node.drained) await setState(node);
  for (const node of nodes.toSorted((a, b) => b.set - a.set))
    if (!known.has(keyOf(node))) {
      await change("dispatcher.add", node);
      if (node.drained) await setState(node);
    }
  for (const node of before) if (!wanted.has(keyOf(node))) await change("dispatcher.remove", node);
  const after = new Map((await present(rpc)).map((node) => [keyOf(node), node.drained]));
  const missing = nodes.filter((node) => after.get(keyOf(node)) !== node.drained).map(keyOf);
  return [...missing, ...[...after.keys()].filter((key) => !wanted.has(key))];
}

/** Kamailio's sets as they are. */
async function present(rpc: Pick<Rpc, "call">): Promise<Node[]> {
  const [list] = await rpc.call("dispatcher.list").catch((error: Error): Value[] => {
    if (/no destination/i.test(error.message)) return [];
    throw error;
  });
  return within(list, "RECORDS", "SET").flatMap((set) =>
    within(set, "TARGETS", "DEST").map((target) => ({
      set: Number(within(set, "ID")[0]),
      uri: String(within(target, "URI")[0]),
      drained: String(within(target, "FLAGS")[0]).startsWith("D"),
    })),
  );
}
