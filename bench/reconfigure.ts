// Reconfiguring a running FreeSWITCH: how long phones wait for their REGISTER meanwhile, against the same minute without.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { findFreeswitch } from "../edge-agent/drivers/freeswitch/run.ts";
import type { Phone } from "../test/support/pbx.ts";
import { openPhone, type Rogue, statusOf } from "../test/support/sip.ts";
import { type Line, ms, p99, serve, show } from "./measure.ts";

/** So many phones register again and again, each with a pause after it: some 60 REGISTERs a second, as 36,000 phones would every 10 minutes. */
const phones = 6;
const pauseMs = 80;
const quietMs = 4000;
const slowMs = 100;

export async function* run(): AsyncGenerator<Line> {
  if (findFreeswitch() === undefined) {
    console.warn("SKIPPED: FreeSWITCH is not installed, so nothing was reconfigured");
    return;
  }
  const host = await serve<{ port: number; phones: Phone[]; sorts: string[] }>("reconfigure-host.ts", []);
  const open = await Promise.all(Array.from({ length: phones }, () => openPhone(host.ready.port)));
  const slow = (of: number[]) => of.filter((each) => each > slowMs).length;
  const all = { quiet: [] as number[], busy: [] as number[], objects: 0 };
  try {
    await registering(open, host.ready.phones, sleep(3000));
    for (const sort of host.ready.sorts) {
      // each with a quiet time of its own before it, so that what else the machine does falls on both
      const quiet = await registering(open, host.ready.phones, sleep(quietMs));
      const done = once(host.child, "message") as Promise<[{ objects: number; failures: number; seconds: number }]>;
      host.child.send(sort);
      const busy = await registering(open, host.ready.phones, done);
      const [{ objects, failures, seconds }] = await done;
      if (failures > 0) throw new Error(`${failures} changes of ${sort} did not take`);
      all.quiet.push(...quiet);
      all.busy.push(...busy);
      all.objects += objects;
      yield {
        what: `REGISTER while ${objects} ${sort} change`,
        figures: `${show(busy)}, longest ${ms(Math.max(...busy))} (${busy.length} in ${seconds.toFixed(1)} s); without ${show(quiet)}`,
        ratio: p99(busy) / p99(quiet),
      };
    }
    yield {
      what: `REGISTERs over ${slowMs} ms, ${all.objects} objects`,
      figures: `${slow(all.busy)} of ${all.busy.length}, ${show(all.busy)}; without changes ${slow(all.quiet)} of ${all.quiet.length}, ${show(all.quiet)}`,
      ratio: slow(all.busy),
      limit: { atMost: 0 },
    };
  } finally {
    for (const phone of open) phone.close();
    await host.stop();
  }
}

/** From the first REGISTER, which is challenged, to the second's 200. */
async function registering(open: Rogue[], as: Phone[], until: Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  let over = false;
  void until.then(() => {
    over = true;
  });
  await Promise.all(
    open.map(async (phone, offset) => {
      for (let n = offset; !over; n += open.length) {
        const { user, domain, password } = as[n % as.length] ?? { user: "", domain: "", password: "" };
        const aor = `${user}@${domain}`;
        const started = performance.now();
        const answered = await phone.request(
          { method: "REGISTER", from: aor, to: aor, uri: `sip:${domain}` },
          { user, realm: domain, password },
        );
        took.push(performance.now() - started);
        if (statusOf(answered) !== 200) throw new Error(`${aor} could not register: ${answered.line}`);
        await sleep(pauseMs);
      }
    }),
  );
  return took;
}
