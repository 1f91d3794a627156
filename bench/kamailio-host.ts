// A Kamailio on the shipped configuration, with its driver in this process as in the agent, and a spool on disk. Arguments: its folder, the state's file, its
// workers, and the port of the pool's only host. What it is to do comes as messages, each answered by one.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Owner } from "../core/owner.ts";
import type { Delta, Roster } from "../core/wire.ts";
import { createKamailioDriver } from "../edge-agent/drivers/kamailio/driver.ts";
import { install } from "../edge-agent/drivers/kamailio/install.ts";
import { findKamailio, runKamailio } from "../edge-agent/drivers/kamailio/run.ts";
import { silent } from "../edge-agent/log.ts";
import { openSpool } from "../edge-agent/spool.ts";
import { openState } from "../edge-agent/state.ts";
import { createTenant, type Document, extensionBody, ulidOf, type Write } from "../test/support/document.ts";
import { kamailioConfig } from "../test/support/kamailio-config.ts";
import { cpuOfGroup } from "./kamailio-cpu.ts";
import { extensionsEach, firstAdded, hostId, placement } from "./kamailio-tenants.ts";

export type Wish =
  /** These are the pool's hosts, by their ports, and so many tenants that are added are placed on them in turns: answered with `Used`. */
  | { do: "place"; ports: number[]; tenants: number }
  /** One password after another of the first tenant that was added: `Changed`. */
  | { do: "change"; count: number }
  /** `Used`. */
  | { do: "used" };
export type Changed = { latencies: number[]; seconds: number; failures: number };
/** In seconds of a processor, since it began. `events`: that the agent was told of; they go on disk and into batches that are ready to be sent. */
export type Used = { kamailio: number; agent: number; events: number };

const [dir = "", file = "", workers = "", port = ""] = process.argv.slice(2);
const config = { ...(await kamailioConfig(dir)), workers: Number(workers), sharedMegabytes: 512 };
const state = openState(file);
install(config, { density: 1_000_000 });
const spool = openSpool(join(dir, "spool.db"), silent);
let roster = rosterOf([Number(port)], 1);
let events = 0;
const driver = createKamailioDriver({
  documents: state.documents,
  roster: () => roster,
  async report(event) {
    events++;
    await spool.report(event);
  },
  config,
  log: silent,
});
// its rows are on disk before Kamailio starts, which reads them
await driver.start();
await driver.reconcile();
const running = await runKamailio({ program: findKamailio() ?? "", config });
while (!driver.health().connected) await sleep(20);
await driver.reconcile();

/** Each batch counts for taken as soon as it is formed. */
spool.onEvents(() => {
  for (let batch = spool.next(); batch; batch = spool.next()) spool.accepted(batch.batch);
});

/** Tenants that come beside those of the file. */
const added = new Map<number, Document>();

/** As a delta comes. Resolves with how many resources did not take. */
async function write(n: number, ...writes: Write[]): Promise<number> {
  const known = added.get(n);
  const document = known ?? createTenant(n, extensionsEach);
  added.set(n, document);
  const begun = known ? 0 : await apply(document.owner, document.deltas[0]);
  return begun + (await apply(document.owner, document.write(...writes)));
}

async function apply(owner: Owner, delta: Delta | undefined): Promise<number> {
  const { outcome, changes } = delta ? state.apply(delta) : { outcome: "applied", changes: [] };
  if (outcome !== "applied") throw new Error(`the state says ${outcome}`);
  return (await driver.apply(owner, changes)).length;
}

function rosterOf(ports: number[], version: number): Roster {
  const hosts = ports.map((port, index) => ({
    ...{ id: hostId(index), name: `host ${index}`, engine: "freeswitch" as const, slot: index + 1 },
    ...{ state: "up" as const, front: { address: "127.0.0.1", port } },
  }));
  return { type: "roster", pool: "pol_1", version, hosts };
}

async function placeOn(ports: number[], tenants: number): Promise<void> {
  roster = rosterOf(ports, roster.version + 1);
  driver.onRoster(roster);
  await driver.reconcile();
  for (let n = 0; n < tenants; n++) await write(firstAdded + n, placement(n % ports.length));
}

async function changePasswords(count: number): Promise<Changed> {
  const latencies: number[] = [];
  let failures = 0;
  const started = performance.now();
  for (let n = 0; n < count; n++) {
    const ref = `sec_${ulidOf(n)}#2`;
    const body = extensionBody(String(1001 + (n % extensionsEach)), ref);
    added.get(firstAdded)?.setSecret(ref, n.toString(16).padStart(32, "0"));
    const began = performance.now();
    const id = `ext_${ulidOf(firstAdded * 1000 + (n % extensionsEach))}`;
    failures += await write(firstAdded, { kind: "extension", id, body });
    latencies.push(performance.now() - began);
  }
  return { latencies, failures, seconds: (performance.now() - started) / 1000 };
}

function used(): Used {
  const { user, system } = process.cpuUsage();
  return { kamailio: cpuOfGroup(running.pid), agent: (user + system) / 1e6, events };
}

process.on("message", async (wish: Wish) => {
  if (wish.do === "place") await placeOn(wish.ports, wish.tenants);
  process.send?.(wish.do === "change" ? await changePasswords(wish.count) : used());
});
async function stop(): Promise<void> {
  await driver.stop();
  await running.stop();
  process.exit(0);
}
process.once("SIGTERM", stop);
// Kamailio ends with who started it
process.once("disconnect", () => process.emit("SIGTERM"));
process.send?.({ port: config.sipPort });
