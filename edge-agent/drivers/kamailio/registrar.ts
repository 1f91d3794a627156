// Registrations in Kamailio's memory.
import { pause } from "../../backoff.ts";
import { within } from "./binrpc/codec.ts";
import { Fault, type Rpc } from "./binrpc/connection.ts";

type Caller = Pick<Rpc, "call">;

/** Ends all that a phone has, and has its next registration told as a new one. None is no error. */
export async function remove(rpc: Caller, username: string, domain: string): Promise<void> {
  await rpc.call("ul.rm", "location", `${username}@${domain}`);
  await forget(rpc, "refreshed", `${username}@${domain}`);
}

/** Takes a row out of a hash table; one that is not there is gone. */
export async function forget(rpc: Caller, table: string, key: string): Promise<void> {
  await rpc.call("htable.delete", table, key).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
  });
}

const longestMs = 2000;
/** One that has been up for longer has read them. */
const startingSeconds = 10;

/** Kamailio answers before it has read its registrations: resolves when there are as many as it wrote down, or after 2 s of not so many. */
export async function loaded(rpc: Caller, written: number): Promise<void> {
  const [times] = await rpc.call("core.uptime");
  const began = Date.now();
  if (Number(within(times, "uptime")[0]) > startingSeconds) return;
  while (Date.now() - began < longestMs && (await contacts(rpc)) < written) await pause(50);
}

async function contacts(rpc: Caller): Promise<number> {
  const [stats] = await rpc.call("stats.fetchn", "usrloc:");
  return Number(within(stats, "usrloc.location_contacts")[0] ?? 0);
}
