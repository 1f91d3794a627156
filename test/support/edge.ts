// The agent's inner parts, put together as the agent does, with a driver that needs no engine; they can be killed at any point and started again from disk.
import { join } from "node:path";
import { type Acks, createAcks } from "../../edge-agent/acks.ts";
import { type Carrier, createCarrier } from "../../edge-agent/carry.ts";
import { createCloud } from "../../edge-agent/cloud.ts";
import { createCommands } from "../../edge-agent/commands.ts";
import { enrol, type Identity } from "../../edge-agent/identity.ts";
import { silent } from "../../edge-agent/log.ts";
import { compare } from "../../edge-agent/reconcile.ts";
import { createRuntime, type Runtime } from "../../edge-agent/runtime.ts";
import { openState, type State } from "../../edge-agent/state.ts";
import { createSync, type Sync } from "../../edge-agent/sync.ts";
import { createTraces } from "../../edge-agent/traces.ts";
import type { FakeCloud } from "./fake-cloud.ts";
import { createNullDriver, type Mirror, type NullDriver } from "./null-driver.ts";

/** `kill` resolves when no request of it is under way any more. */
export type Edge = {
  state: State;
  sync: Sync;
  carrier: Carrier;
  acks: Acks;
  driver: NullDriver;
  runtime: Runtime;
  compare(): Promise<void>;
  kill(): void;
};

export async function joinFakeCloud(cloud: FakeCloud, folder: string): Promise<Identity> {
  return (await enrol(folder, cloud.url, { token: cloud.stand.token, name: "test", engine: "freeswitch", sip: null }))
    .identity;
}

/** `folder` is the host's disk, `mirror` its engine: both outlive the agent. */
export function startEdge(identity: Identity, folder: string, mirror: Mirror): Edge {
  const state = openState(join(folder, "state.db"));
  const driver = createNullDriver(mirror, state.documents);
  const cloud = createCloud({ url: identity.controlUrl, edge: identity.edge, key: identity.key });
  const traces = createTraces();
  const acks = createAcks({ pending: state.pending, cloud, traces, log: silent, retryMilliseconds: 2 });
  const carrier = createCarrier({ state, driver, log: silent, settled: acks.poke });
  const report = () => Promise.resolve();
  const commands = createCommands({ taken: state.taken, driver, report, log: silent });
  const runtime = createRuntime({
    spoken: state.spoken,
    report,
    log: silent,
    edge: () => identity.edge,
    changed: driver.onRuntime,
  });
  const sync = createSync({
    state,
    cloud,
    commands,
    runtime,
    traces,
    log: silent,
    hearRoster: (roster) => void (state.roster.set(roster) && driver.onRoster(roster)),
    changed: carrier.carry,
    retryMilliseconds: 2,
  });
  carrier.start();
  acks.poke();
  return {
    state,
    sync,
    carrier,
    acks,
    driver,
    runtime,
    compare: () => compare({ state, cloud, sync, runtime, changed: carrier.carry }),
    async kill() {
      // whatever still runs of it can do nothing any more: neither to the disk nor to the engine
      driver.before = () => new Promise(() => {});
      state.close();
      void carrier.stop();
      await Promise.all([sync.stop(), acks.stop()]);
    },
  };
}
