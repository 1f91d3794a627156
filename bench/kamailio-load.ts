// Phones that load a Kamailio, in a process of their own. Each message is a load; the answer says how it went.
import { atRate, type Crowd, type Device, newDevice, openCrowd } from "../test/support/crowd.ts";
import { account, extensionsEach } from "./kamailio-tenants.ts";

export type Load = {
  server: number;
  /**
   * `register`: a phone that is asked for its digest first, two requests; `again`: one that goes on with the nonce it was given, as in `call`; `come-and-go`: one
   * that signs off too, so that each is told.
   */
  what: "register" | "again" | "come-and-go" | "call";
  /** How many phones there are, spread evenly over so many accounts, of tenants from `first` on. */
  phones: number;
  accounts: number;
  first?: number;
  seconds: number;
  /** So many a second, whatever becomes of them. Without: as many as go, `atOnce` at a time. */
  perSecond?: number;
};
/** `failed`: how many ended with each status but 200; 0: no answer, or none to the BYE. */
export type Loaded = { done: number; seconds: number; latencies: number[]; failed: Record<number, number> };

const atOnce = 32;
const crowds = new Map<number, Promise<Crowd>>();
/** They keep their nonces from one load to the next. */
const known = new Map<string, Device[]>();

function phonesOf({ server, phones, accounts, first }: Load): Device[] {
  const key = `${server} ${phones} ${accounts} ${first}`;
  // one after another from different tenants
  const apart = phones < accounts ? Math.floor(accounts / phones) : extensionsEach + 1;
  const made =
    known.get(key) ?? Array.from({ length: phones }, (_, n) => newDevice(account((n * apart) % accounts, first)));
  known.set(key, made);
  return made;
}

async function run(load: Load): Promise<Loaded> {
  const opened = crowds.get(load.server) ?? openCrowd(load.server);
  crowds.set(load.server, opened);
  const crowd = await opened;
  const free = [...phonesOf(load)];
  const failed: Record<number, number> = {};
  const latencies: number[] = [];

  async function once(): Promise<void> {
    // the one that has waited longest
    const device = free.shift();
    if (!device) throw new Error("all phones are in a call");
    const began = performance.now();
    if (load.what === "register") device.nonce = "";
    const call = load.what === "call" ? await crowd.call(device, "1002") : undefined;
    if (load.what === "come-and-go") await crowd.register(device, 0);
    const status = call ? (call.status === 200 && !call.ended ? 0 : call.status) : await crowd.register(device);
    if (status === 200) latencies.push(performance.now() - began);
    else failed[status] = (failed[status] ?? 0) + 1;
    free.push(device);
  }

  const started = performance.now();
  const until = started + load.seconds * 1000;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) await once();
  };
  if (load.perSecond !== undefined) await atRate(load.perSecond, load.seconds, once);
  else await Promise.all(Array.from({ length: atOnce }, lane));
  // where a rate was asked for, the last of them end after the time
  const took = load.perSecond === undefined ? (performance.now() - started) / 1000 : load.seconds;
  return { done: latencies.length, seconds: took, latencies, failed };
}

process.on("message", (load: Load) => void run(load).then((loaded) => process.send?.(loaded)));
process.on("SIGTERM", () => process.exit(0));
process.send?.({ ready: true });
