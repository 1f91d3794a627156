import { expect, onTestFinished, test, vi } from "vitest";
import type { Roster } from "../../core/wire.ts";
import { heartbeat } from "../../core/wire-host.ts";
import { startAgent } from "../../edge-agent/agent.ts";
import { parseConfig } from "../../edge-agent/config.ts";
import { silent } from "../../edge-agent/log.ts";
import { type FakeCloud, startFakeCloud } from "../support/fake-cloud.ts";
import { temporaryFolder } from "../support/folder.ts";
import { createNullDriver, type NullDriver } from "../support/null-driver.ts";

async function start(more: Record<string, string>, log = silent) {
  let driver: NullDriver | undefined;
  const env = { EDGE_PORT: "0", SIP_ADDRESS: "192.0.2.5", FRONT_PORT: "5062", ...more };
  const agent = await startAgent(parseConfig(env, []), log, () => {
    driver = createNullDriver();
    return driver;
  });
  onTestFinished(() => agent.stop());
  return { agent, driver: driver as NullDriver };
}

const rosterOf = (version: number, edge: string, state: "up" | "draining" = "up"): Roster => ({
  ...{ type: "roster", pool: "pol_1", version },
  hosts: [{ id: edge, name: "one", engine: "freeswitch", slot: 1, front: { address: "192.0.2.5", port: 5062 }, state }],
});
const lastBeat = (cloud: FakeCloud) =>
  heartbeat.parse(JSON.parse(cloud.requests.findLast(({ path }) => path.endsWith("beat"))?.body ?? ""));

test("the hosts of the pool come by the queue, by a heartbeat where that was lost, and are known at a start without the cloud", {
  timeout: 20_000,
}, async () => {
  const cloud = await startFakeCloud();
  onTestFinished(() => cloud.stop());
  const folder = temporaryFolder();
  const { agent, driver } = await start({ DATA_DIR: folder, CONTROL_URL: cloud.url, JOIN_TOKEN: cloud.stand.token });
  const { edge } = await agent.enrolled;
  await vi.waitFor(() => expect(cloud.stand.heartbeats).toBe(1));
  expect(lastBeat(cloud)).toMatchObject({ front: { address: "192.0.2.5", port: 5062 }, roster: null });

  await cloud.send(Buffer.from('{"type":"of the future"}').toString("base64"));
  await cloud.send(rosterOf(2, edge));
  await vi.waitFor(() => expect(driver.rosters).toEqual([rosterOf(2, edge)]), { timeout: 5000 });
  await cloud.send(rosterOf(1, edge, "draining"));

  cloud.stand.roster = rosterOf(3, edge, "draining");
  driver.connected = false;
  await vi.waitFor(() => expect(driver.rosters).toEqual([rosterOf(2, edge), rosterOf(3, edge, "draining")]));

  // drained, it tells of each call that ends
  const told = cloud.stand.heartbeats;
  driver.liveCalls = 1;
  await vi.waitFor(() => expect(cloud.stand.heartbeats).toBeGreaterThan(told));
  expect(lastBeat(cloud)).toMatchObject({ liveCalls: 1, roster: 3 });

  await agent.drain();
  expect(lastBeat(cloud)).toMatchObject({ drain: true });
  await agent.stop();
  const gone: string[] = [];
  cloud.stand.fault = () => ({ status: 0 });
  const log = { ...silent, error: (_: unknown, message: string) => void gone.push(message) } as typeof silent;
  const later = await start({ DATA_DIR: folder, CONTROL_URL: cloud.url }, log);
  expect(later.driver.rosters).toEqual([rosterOf(3, edge, "draining")]);
  await later.agent.enrolled;
  await later.agent.drain();
  expect(gone).toContain("the cloud can't be asked to drain this edge; nothing is drained");
});
