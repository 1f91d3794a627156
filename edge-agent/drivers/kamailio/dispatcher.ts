// The pool's FreeSWITCH hosts as Kamailio's dispatcher has them: a set for each by its slot, and set 0 with all. Nodes come, go and change their state one by
// one: `dispatcher.reload` would wake those that are drained or dead.
import { renameSync, writeFileSync } from "node:fs";
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

const uriOf = ({ address, port }: { address: string; port: number }): string =>
  `sip:${address.includes(":") ? `[${address}]` : address}:${port}`;

/** For Kamailio's next start. Flag 4: disabled. */
export const listOf = (nodes: readonly Node[]): string =>
  nodes.map(({ set, uri, drained }) => `${set} ${uri} ${drained ? 4 : 0}\n`).join("");

export function writeList(file: string, nodes: readonly Node[]): void {
  writeFileSync(`${file}.new`, listOf(nodes), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Brings Kamailio's nodes in step; what need not change is not touched. Resolves with what it did not take. */
export async function steer(rpc: Pick<Rpc, "call">, nodes: readonly Node[]): Promise<string[]> {
  const before = await present(rpc);
  const keyOf = ({ set, uri }: Pick<Node, "set" | "uri">): string => `${set} ${uri}`;
  const wanted = new Set(nodes.map(keyOf));
  const known = new Map(before.map((node) => [keyOf(node), node]));
  for (const node of nodes) {
    const there = known.get(keyOf(node));
    if (!there) await rpc.call("dispatcher.add", node.set, node.uri, 0);
    if ((there?.drained ?? false) !== node.drained)
      await rpc.call("dispatcher.set_state", node.drained ? "d" : "ap", node.set, node.uri);
  }
  for (const node of before) if (!wanted.has(keyOf(node))) await rpc.call("dispatcher.remove", node.set, node.uri);
  const after = new Map((await present(rpc)).map((node) => [keyOf(node), node.drained]));
  const missing = nodes.filter((node) => after.get(keyOf(node)) !== node.drained).map(keyOf);
  return [...missing, ...[...after.keys()].filter((key) => !wanted.has(key))];
}

/** Kamailio's sets as they are. `down`: it does not answer pings. */
export async function present(rpc: Pick<Rpc, "call">): Promise<(Node & { down: boolean })[]> {
  const [list] = await rpc.call("dispatcher.list").catch((error: Error): Value[] => {
    if (/no destination/i.test(error.message)) return [];
    throw error;
  });
  return within(list, "RECORDS", "SET").flatMap((set) =>
    within(set, "TARGETS", "DEST").map((target) => {
      const flags = String(within(target, "FLAGS")[0]);
      return {
        set: Number(within(set, "ID")[0]),
        uri: String(within(target, "URI")[0]),
        drained: flags.startsWith("D"),
        down: flags.startsWith("I"),
      };
    }),
  );
}
