// Keeps a valid certificate on this host and in its engine: asks the control plane for the host's names, gets a certificate when none fits or the last third of
// its life has begun, and has the engine present it. Whatever fails, the engine goes on with the one that it has.
import dns from "node:dns/promises";
import { readFileSync } from "node:fs";
import { type HostNamed, hostNamed } from "../../core/host-name.ts";
import type { Certificate as Told } from "../../core/wire-host.ts";
import { createBackoff, jittered, pause } from "../backoff.ts";
import { type Cloud, CloudError } from "../cloud.ts";
import type { Driver } from "../driver.ts";
import type { Log } from "../log.ts";
import { AcmeError, createAcme } from "./acme.ts";
import type { CertificateConfig } from "./config.ts";
import { type Files, type Held, openFiles } from "./files.ts";
import { forgive, type LeftOut, leaveOut, proven, tryAgain } from "./left-out.ts";
import { obtain, TooManyOrders } from "./obtain.ts";

export type Keeping = {
  config: CertificateConfig;
  cloud: Cloud;
  driver: Pick<Driver, "certify">;
  log: Log;
  /** For tests: between two looks, between two tries, between two looks into DNS; and another clock for when the next look is. */
  tuning?: { lookSeconds?: number; retryMs?: number; pollMs?: number; now?: () => number };
  /** Reads CNAME records; as this machine does by default. */
  resolve?: (name: string) => Promise<string[]>;
};

export interface Keeper {
  /** As the cloud is told; null where none is to be kept. */
  state(): Told | null;
  /** The host's own name, where the certificate has it. */
  name(): string | undefined;
  /** Gets another one now, whatever the one that is there is like, with names that were left out if they can be proven now, and has the engine present it. Rejects where it can't be got. */
  renew(): Promise<void>;
  /**
   * The cloud may have other names for the host: looks now, also for those that were left out; but not before as much time is over since the last certificate
   * as between two looks, so that names that come one after another make no more certificates than they would.
   */
  lookAgain(): void;
  stop(): Promise<void>;
}

/** Twice a day or more often the cloud wants to hear where the host is; and a CA counts new names by the week. */
const lookSeconds = 6 * 3600;
const [firstRetryMs, lastRetryMs] = [60_000, 6 * 3_600_000];
/** As timers take it. */
const longestMs = 2 ** 31 - 1;

export function keepCertificate({
  config,
  cloud,
  driver,
  log,
  tuning = {},
  resolve = (name) => dns.resolveCname(name),
}: Keeping): Keeper {
  const stopping = new AbortController();
  const { signal } = stopping;
  const files = openFiles(config.dataDir);
  let held = files.certificate();
  let { own } = files.progress();
  let isWanted = held !== undefined;
  /** Why no other certificate was got, and why the engine does not present the one that there is. */
  const problems: { getting: string | null; presenting: string | null } = { getting: null, presenting: null };
  const getting = createBackoff(tuning.retryMs ?? firstRetryMs, Math.max(tuning.retryMs ?? 0, lastRetryMs));
  const presenting = createBackoff(500, 60_000);
  let leftOut: LeftOut[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  let wake = new AbortController();
  const lookMs = (tuning.lookSeconds ?? lookSeconds) * 1000;

  async function present(): Promise<boolean> {
    try {
      if (held) await driver.certify?.(held.pem);
      problems.presenting = null;
      presenting.reset();
      return true;
    } catch (error) {
      problems.presenting = said(error);
      return false;
    }
  }

  async function get(isForced: boolean): Promise<void> {
    const told = await namesNow(cloud, config.addresses);
    const directory = config.directory ?? told.directory;
    isWanted = directory !== null && told.names.length > 0;
    if (!isWanted || directory === null) return;
    if (told.names[0] && told.names[0].name !== own) {
      own = told.names[0].name;
      files.proceed({ ...files.progress(), own });
    }
    const { names, leftOut: others } = await proven(told.names, files, resolve);
    for (const one of others)
      if (!leftOut.some(({ name, problem }) => name === one.name && problem === one.problem))
        log.warn(one, "this name is left out of the certificate");
    leftOut = others;
    held = files.certificate();
    const isDue = isForced || !held || renewAt(held) <= Date.now() || !fits(held, names, directory, files);
    if (!isDue) return;
    const { notBefore } = files.progress();
    if (notBefore > Date.now()) throw new Later(notBefore);
    const acme = createAcme({ ...acmeOptions(config, directory, files), signal });
    try {
      held = await obtain({ acme, directory, names, files, cloud, log, signal, pollMs: tuning.pollMs });
      forgive(files, held.names);
    } catch (error) {
      if (!leaveOut(files, names, held, error)) throw error;
      await get(isForced);
    }
  }

  /** How long to wait until the next look. Rejects only where it is forced. */
  async function look(isForced = false): Promise<number> {
    try {
      await get(isForced);
      problems.getting = null;
      getting.reset();
      return jittered(lookMs / 1000);
    } catch (error) {
      if (signal.aborted) return 0;
      problems.getting = said(error);
      log.warn(
        { problem: problems.getting, until: held?.until },
        "no certificate was got; the one that is there stays",
      );
      const at = comeAgain(error);
      if (at !== null && error instanceof AcmeError) remember(files, at);
      if (isForced) throw error;
      return Math.min(Math.max(at === null ? 0 : at - Date.now(), getting.next()), longestMs);
    }
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(() => work());
    turn = done.catch(() => undefined);
    return done;
  }

  async function run(): Promise<void> {
    // without the cloud: the engine may have been started with another one
    let isPresented = await inTurn(present);
    const now = tuning.now ?? Date.now;
    for (let nextLook = 0; !signal.aborted; ) {
      if (wake.signal.aborted) {
        wake = new AbortController();
        tryAgain(files);
        nextLook = Math.min(nextLook, (held?.from.getTime() ?? 0) + lookMs);
      }
      if (now() >= nextLook) {
        nextLook = (await inTurn(() => look())) + now();
        isPresented = false;
      }
      isPresented ||= await inTurn(present);
      const waitMs = Math.max(0, nextLook - now());
      const until = AbortSignal.any([signal, wake.signal]);
      await pause(isPresented ? waitMs : Math.min(waitMs, presenting.next()), until);
    }
  }
  const running = run();

  return {
    state: () =>
      isWanted
        ? {
            ...{ names: held?.names ?? [], leftOut, problem: problems.getting ?? problems.presenting },
            renewAt: held ? new Date(renewAt(held)).toISOString() : null,
            expiresAt: held?.until.toISOString() ?? null,
          }
        : null,
    name: () => (own !== null && held?.names.includes(own) ? own : undefined),
    async renew() {
      await inTurn(async () => {
        tryAgain(files);
        await look(true);
      });
      await inTurn(present);
    },
    lookAgain: () => wake.abort(),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 500);

async function namesNow(cloud: Cloud, addresses: string[]): Promise<HostNamed> {
  try {
    return await cloud.post("names", { addresses, leavesOut: true }, hostNamed);
  } catch (error) {
    // a control plane of before there were certificates
    if (error instanceof CloudError && error.status === 404) return { directory: null, names: [] };
    throw error;
  }
}

/** When the last third of its life begins, a little earlier or later on each host. */
export function renewAt({ leaf, from, until }: Held): number {
  const life = until.getTime() - from.getTime();
  const share = Number.parseInt(leaf.serialNumber.slice(-4), 16) / 0xffff;
  return from.getTime() + life * (0.64 + 0.03 * share);
}

const fits = (held: Held, names: HostNamed["names"], directory: string, files: Files): boolean =>
  names.every(({ name }) => held.names.includes(name)) && files.progress().directory === directory;

/** The CA, or our own limit, said when. */
class Later extends Error {
  readonly untilMs: number;
  constructor(untilMs: number) {
    super(`the CA wants not to be asked before ${new Date(untilMs).toISOString()}`);
    this.untilMs = untilMs;
  }
}

function comeAgain(error: unknown): number | null {
  if (error instanceof TooManyOrders || error instanceof Later) return error.untilMs;
  return error instanceof AcmeError && error.retryAfterMs !== null ? Date.now() + error.retryAfterMs : null;
}

/** Also beyond a restart. */
function remember(files: Files, notBefore: number): void {
  try {
    files.proceed({ ...files.progress(), notBefore });
  } catch {
    // a disk that is full: then it is known until the agent's end
  }
}

function acmeOptions({ email, binding, caFile }: CertificateConfig, directory: string, files: Files) {
  const trusted = caFile === null ? undefined : [readFileSync(caFile, "utf8")];
  return { directory, key: files.accountKey(), email: email ?? undefined, binding: binding ?? undefined, trusted };
}
