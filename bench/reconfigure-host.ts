// A FreeSWITCH with the driver and its state in this process, as in the agent, and 1,000 tenants. Sent the name of a sort of change, it makes these changes
// and says how many objects changed, how many did not take, and how long it took.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Change } from "../edge-agent/driver.ts";
import { createFreeswitchDriver } from "../edge-agent/drivers/freeswitch/driver.ts";
import { install } from "../edge-agent/drivers/freeswitch/install.ts";
import { findFreeswitch, runFreeswitch } from "../edge-agent/drivers/freeswitch/run.ts";
import { createMedia } from "../edge-agent/media.ts";
import { freeswitchConfig } from "../test/support/freeswitch-config.ts";
import { createPbx } from "../test/support/pbx.ts";
import { freePort } from "../test/support/sipp.ts";

const counts = { tenants: 1000, extensions: 9, trunks: 300 };

const dir = mkdtempSync(join(tmpdir(), "dp-reconfigure-"));
const pbx = createPbx();
const numbers = Array.from({ length: counts.extensions }, (_, i) => 2001 + i);
const tenants = Array.from({ length: counts.tenants }, (_, i) => pbx.tenant(i + 10, `t${i}.test`));
for (const [i, tenant] of tenants.entries()) {
  tenant.settings();
  for (const number of numbers) tenant.extension(number);
  if (i < counts.trunks) tenant.trunk(i + 1000, { name: "carrier", host: "127.0.0.1", port: 9 });
}
const esl = { host: "127.0.0.1", port: await freePort(), password: "0123456789abcdef" };
const ports = {
  sipAddress: "127.0.0.1",
  sipPort: await freePort(),
  carriersPort: await freePort(),
  front: { address: "127.0.0.1", port: await freePort() },
};
const config = freeswitchConfig(dir, { ...ports, esl, pingSeconds: 100_000_000 });
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const driver = createFreeswitchDriver({
  ...{ documents: pbx.documents, config, log, media: createMedia() },
  ...{ report: async () => undefined, remember: () => undefined, roster: () => undefined },
  ...{
    lastCallers: pbx.state.lastCallers,
    callBacks: pbx.state.callBacks,
    pinTries: pbx.state.pinTries,
    used: pbx.state.used,
  },
});
const server = createServer((request, response) => driver.answer(request, response));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const confDir = join(dir, "conf");
const { port: edgePort } = server.address() as AddressInfo;
install({ dir: confDir, config, edgePort, switchname: "dp-bench", rtp: { start: 60_000, end: 60_098 } });
const running = await runFreeswitch({ program: findFreeswitch() ?? "", confDir, dataDir: join(dir, "data"), esl });
await driver.start();
while (!driver.health().connected) await sleep(50);
await driver.reconcile();

type Tenant = (typeof tenants)[number];
type Made = { tenant: Tenant; changes: Change[] };
/** In sum 10,000 objects, in the order of their making. */
const sorts: Record<string, () => Iterable<Made>> = {
  *names() {
    for (const tenant of tenants)
      for (const number of numbers) {
        const body = {
          ...pbx.documents.device(tenant.owner, String(number))?.extension.body,
          displayName: `New ${number}`,
        };
        const delta = tenant.document.write({ kind: "extension", id: tenant.ext(number), body });
        yield { tenant, changes: pbx.state.apply(delta).changes };
      }
  },
  *groups() {
    for (const tenant of tenants.slice(0, 300)) {
      const members = [{ extension: tenant.ext(2001) }];
      yield { tenant, changes: tenant.put("ring-group", "g", { name: "g", extensionNumber: "600", members }) };
    }
  },
  *passwords() {
    // the phones that register meanwhile are the first of each tenant: theirs stay
    for (const tenant of tenants.slice(0, 300))
      yield { tenant, changes: tenant.extension(2002, { password: "changed-password" }) };
  },
  *domains() {
    for (let i = 0; i < 100; i++) {
      const tenant = pbx.tenant(i + 5000, `new${i}.test`);
      yield { tenant, changes: tenant.settings() };
    }
  },
  *trunks() {
    for (const [i, tenant] of tenants.slice(0, counts.trunks).entries()) {
      // most of what a trunk says FreeSWITCH does not hold: one in ten gets another port, and with it another gateway
      const more = { name: "carrier", host: "127.0.0.1", port: i % 10 === 0 ? 10 : 9, priority: 7, maxChannels: 5 };
      yield { tenant, changes: tenant.trunk(i + 1000, more) };
    }
  },
};

/** As deltas come: one after another, each made live before the next. */
async function reconfigure(sort: string): Promise<{ objects: number; failures: number; seconds: number }> {
  const started = performance.now();
  let objects = 0;
  let failures = 0;
  for (const { tenant, changes } of sorts[sort]?.() ?? []) {
    objects += changes.length;
    failures += (await driver.apply(tenant.owner, changes)).length;
    // the next delta comes over the network, and lookups are answered before it
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { objects, failures, seconds: (performance.now() - started) / 1000 };
}

process.on("message", (sort: string) => void reconfigure(sort).then((outcome) => process.send?.(outcome)));
process.on("SIGTERM", () => {
  void driver
    .stop()
    .then(running.stop)
    .then(() => {
      rmSync(dir, { recursive: true, force: true });
      process.exit(0);
    });
});
process.send?.({ port: ports.sipPort, phones: tenants.map((tenant) => tenant.phone(2001)), sorts: Object.keys(sorts) });
