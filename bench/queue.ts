// A queue of 1,000 agents on a real FreeSWITCH: how long until all are there, and what a change of one of them and a comparison without differences take then.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Change } from "../edge-agent/driver.ts";
import { createFreeswitchDriver } from "../edge-agent/drivers/freeswitch/driver.ts";
import { install } from "../edge-agent/drivers/freeswitch/install.ts";
import { findFreeswitch, runFreeswitch } from "../edge-agent/drivers/freeswitch/run.ts";
import { silent } from "../edge-agent/log.ts";
import { freeswitchConfig } from "../test/support/freeswitch-config.ts";
import { createPbx } from "../test/support/pbx.ts";
import { freePort } from "../test/support/sipp.ts";
import { createStock } from "../test/support/stock.ts";
import { type Line, ms } from "./measure.ts";

const agents = 1000;
const limitMs = 30_000;

export async function* run(): AsyncGenerator<Line> {
  if (!findFreeswitch()) {
    yield { what: `a queue of ${agents} agents`, figures: "skipped: FreeSWITCH is not installed" };
    return;
  }
  const pbx = createPbx();
  const { acme } = pbx;
  const numbers = Array.from({ length: agents }, (_, index) => 2000 + index);
  for (const number of numbers) acme.extension(number);
  const queue = acme.put("queue", "q", {
    name: "Support",
    extensionNumber: "600",
    agents: numbers.map((number) => ({ extension: acme.ext(number), tier: (number % 3) + 1 })),
    ...{ tierDelaySeconds: 20, wrapUpSeconds: 10 },
  });
  acme.drop("queue", "q");
  const host = await start(pbx);
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
  const apply = async (changes: Change[]): Promise<void> => {
    const failures = await host.driver.apply(acme.owner, changes);
    if (failures.length > 0) throw new Error(failures[0]?.reason);
  };
  try {
    const whole = acme.put("queue", "q", queue[0]?.after ?? {});
    const took = await timed(() => apply(whole));
    yield {
      what: `a queue with ${agents} agents, until all are there`,
      figures: `${ms(took)}, ${Math.round(agents / (took / 1000))} agents/s, of ${limitMs / 1000} s`,
      ratio: took / limitMs,
      limit: { atMost: 1 },
    };
    const one = await timed(() => apply(acme.extension(2000, { skills: [{ skill: "french", level: 1 }] })));
    const same = await timed(() => host.driver.reconcile());
    yield { what: "the skills of one of them", figures: ms(one) };
    yield { what: "a comparison that finds no difference", figures: ms(same) };
  } finally {
    await host.stop();
  }
}

async function start(pbx: ReturnType<typeof createPbx>) {
  const program = findFreeswitch() ?? "";
  const dir = mkdtempSync(join(tmpdir(), "dialplane-bench-"));
  const esl = { host: "127.0.0.1", port: await freePort(), password: "0123456789abcdef" };
  const config = freeswitchConfig(dir, {
    sipAddress: "127.0.0.1",
    sipPort: await freePort(),
    carriersPort: await freePort(),
    front: { address: "127.0.0.1", port: await freePort() },
    esl,
  });
  const driver = createFreeswitchDriver({
    documents: pbx.documents,
    ...{
      lastCallers: pbx.state.lastCallers,
      callBacks: pbx.state.callBacks,
      pinTries: pbx.state.pinTries,
      used: pbx.state.used,
    },
    ...{ config, log: silent, media: createStock(), report: async () => undefined, remember: () => undefined },
    roster: () => undefined,
  });
  const server = createServer((request, response) => driver.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const confDir = join(dir, "conf");
  install({ dir: confDir, config, edgePort: port, switchname: "dp-bench", rtp: { start: 50_000, end: 50_099 } });
  const running = await runFreeswitch({ program, confDir, dataDir: join(dir, "data"), esl });
  await driver.start();
  // the profiles come up a moment after the event socket
  for (let tries = 0; !(await driver.reconcile().catch(() => undefined)) || !driver.health().connected; tries++) {
    if (tries > 200) throw new Error("FreeSWITCH did not come up");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    driver,
    async stop() {
      await driver.stop();
      await running.stop();
      server.close();
      server.closeAllConnections();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
