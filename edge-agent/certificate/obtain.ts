// One certificate: an order with the CA, its challenges put into DNS by the control plane, the file. What was begun before a restart is gone on with.
import { setTimeout as sleep } from "node:timers/promises";
import { challengeSeen, type HostNamed } from "../../core/host-name.ts";
import type { Cloud } from "../cloud.ts";
import type { Log } from "../log.ts";
import { type Acme, AcmeError, type DnsChallenge } from "./acme.ts";
import { signingRequest } from "./csr.ts";
import { type Files, type Held, heldOf } from "./files.ts";

/** Orders of one host within a day; CAs count what fails too. */
export const mostOrders = 8;
const dayMs = 86_400_000;
/** So long DNS may take until all its servers have a record. */
const visibleMs = 300_000;

type Name = HostNamed["names"][number];
export type Obtaining = {
  acme: Acme;
  directory: string;
  names: Name[];
  files: Files;
  cloud: Cloud;
  log: Log;
  signal: AbortSignal;
  pollMs?: number | undefined;
};

/** Too many orders within a day. */
export class TooManyOrders extends Error {
  readonly untilMs: number;
  constructor(untilMs: number) {
    super(
      `${mostOrders} certificates were ordered within a day; the next one is from ${new Date(untilMs).toISOString()} on`,
    );
    this.untilMs = untilMs;
  }
}

/** Gets a certificate for all of `names` and keeps it. Throws AcmeError, CloudError, TooManyOrders, and what the disk says. */
export async function obtain(parts: Obtaining): Promise<Held> {
  const { acme, files, log } = parts;
  const names = parts.names.map(({ name }) => name);
  // before anything is asked of the CA: where the disk takes nothing, an order would be lost
  const key = files.orderKey();
  const order = await orderOf(parts, names);
  let chain: string;
  try {
    chain = await acme.finish(order, (challenges) => prove(parts, challenges), signingRequest(names, key));
  } catch (error) {
    // refused for good: the next one is new, with a key of its own
    if (error instanceof AcmeError && error.status >= 400 && error.status < 500 && error.status !== 429) drop(files);
    throw error;
  } finally {
    await unprove(parts);
  }
  const pem = `${chain.trim()}\n${key.export({ type: "pkcs8", format: "pem" })}`;
  const held = heldOf(pem);
  const missing = names.filter((name) => !held.names.includes(name));
  if (missing.length > 0) throw new Error(`the CA left out ${missing.join(", ")}`);
  files.keep(pem);
  drop(files, parts.directory);
  log.info({ names, until: held.until }, "a certificate was obtained");
  return held;
}

/** The one that was begun, where it is for the same; else a new one. */
async function orderOf({ acme, directory, files }: Obtaining, names: string[]): Promise<string> {
  const { order, ...progress } = files.progress();
  if (order && order.directory === directory && order.names.join() === names.join()) return order.url;
  const orders = progress.orders.filter((at) => at > Date.now() - dayMs);
  if (orders.length >= mostOrders) throw new TooManyOrders((orders[0] ?? 0) + dayMs);
  // counted before it is made: an agent that dies again and again asks for no more than that
  files.proceed({ ...progress, order: null, orders: [...orders, Date.now()] });
  const url = await acme.order(names);
  files.proceed({ ...files.progress(), order: { url, directory, names } });
  return url;
}

function drop(files: Files, directory?: string): void {
  const progress = files.progress();
  files.proceed({ ...progress, order: null, ...(directory !== undefined && { directory }) });
  files.dropOrderKey();
}

const inDns = new WeakMap<Obtaining, { name: string; value: string }[]>();

/** Resolves when all servers of the zone have all of them. */
async function prove(parts: Obtaining, challenges: DnsChallenge[]): Promise<void> {
  const { names, cloud, signal, pollMs = 2000 } = parts;
  const records = challenges.map(({ name, value }) => {
    const record = names.find((one) => one.name === name)?.record;
    if (record === undefined) throw new Error(`the CA asks for a proof of ${name}, which nobody ordered`);
    return { name: record, value };
  });
  inDns.set(parts, records);
  const until = Date.now() + visibleMs;
  for (let left = records; ; ) {
    const seen: boolean[] = [];
    // one after another: two of them may be in one record
    for (const one of left) seen.push((await cloud.post("challenges", one, challengeSeen)).visible);
    left = left.filter((_, index) => !seen[index]);
    if (left.length === 0) return;
    if (Date.now() > until) throw new Error("the answers to the CA's challenges can't be seen in DNS yet");
    await sleep(pollMs, undefined, { signal });
  }
}

/** What can't be taken out goes by itself after an hour. */
async function unprove(parts: Obtaining): Promise<void> {
  for (const { name, value } of inDns.get(parts) ?? [])
    await parts.cloud
      .send("DELETE", `challenges?name=${encodeURIComponent(name)}&value=${value}`)
      .catch((error: unknown) => parts.log.debug({ error: String(error) }, "a challenge stays in DNS for a while"));
}
