// The files that mod_json_cdr writes, one for each leg: the way on which no call is lost while the agent or the event socket is down. A file stays
// until the record with its leg is on disk here, so that after a crash the files alone give the same record again.
import { type FSWatcher, watch } from "node:fs";
import { lstat, mkdir, readdir, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { type Leg, legOfCdr } from "./leg.ts";

export type CdrFilesOptions = {
  dir: string;
  log: Pick<Logger, "info" | "warn" | "error">;
  add(leg: Leg): "settled" | "held";
  /** Milliseconds. `sweep`: between two looks into the folder, also without a sign. `broken`: after so long a file is no longer half-written. */
  waits?: { sweep: number; broken: number };
};

export type CdrFiles = {
  start(): void;
  /** One look into the folder; resolves when every file there has been taken in, set aside or left for later. */
  sweep(): Promise<void>;
  /** Their legs are safe: deletes their files in this order. */
  settled(uuids: string[]): void;
  /** They belong to no record: moves their files to `bad`. */
  orphans(uuids: string[]): void;
  stop(): Promise<void>;
};

const suffix = ".cdr.json";
const mostBytes = 8 * 1024 * 1024;
/** Files of a burst come together; one look takes them all. */
const gatherMs = 50;

export function createCdrFiles(options: CdrFilesOptions): CdrFiles {
  const { dir, log } = options;
  const wait = options.waits ?? { sweep: 5000, broken: 30_000 };
  const bad = join(dir, "bad");
  /** File names of legs that are held, both ways. */
  const held = new Map<string, string>();
  const names = new Set<string>();
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout | undefined;
  /** Everything that touches files, one after another. */
  let last: Promise<void> = Promise.resolve();
  let stopped = false;

  function inTurn(work: () => Promise<void>): Promise<void> {
    last = last
      .then(work)
      .catch((error) => log.error({ error: String(error) }, "the folder of CDR files could not be read"));
    return last;
  }

  async function look(): Promise<void> {
    await mkdir(bad, { recursive: true, mode: 0o700 });
    if (!watcher) observe();
    const found: { name: string; at: number }[] = [];
    for (const name of await readdir(dir)) {
      if (!name.endsWith(suffix) || names.has(name)) continue;
      const stat = await lstat(join(dir, name)).catch(() => undefined);
      if (!stat?.isFile()) continue;
      if (stat.size > mostBytes) await setAside(name, `of ${stat.size} bytes`);
      else found.push({ name, at: stat.mtimeMs });
    }
    // in order of time the legs of a call come together
    found.sort((a, b) => a.at - b.at);
    for (const { name, at } of found) if (!stopped) await ingest(name, at);
  }

  async function ingest(name: string, writtenAt: number): Promise<void> {
    let leg: Leg | undefined;
    try {
      leg = legOfCdr(await readFile(join(dir, name), "utf8"));
    } catch (error) {
      if (Date.now() - writtenAt > wait.broken) await setAside(name, String(error).slice(0, 200));
      return;
    }
    if (!leg) await setAside(name, "it tells of no leg");
    else if (held.has(leg.uuid)) await setAside(name, `a second file of leg ${leg.uuid}`);
    else {
      // known before it is added, for adding may settle it at once
      held.set(leg.uuid, name);
      names.add(name);
      if (options.add(leg) === "settled") await release(leg.uuid, remove);
    }
  }

  async function release(uuid: string, how: (name: string) => Promise<void>): Promise<void> {
    const name = held.get(uuid);
    if (name === undefined) return;
    await how(name);
    held.delete(uuid);
    names.delete(name);
  }

  async function remove(name: string): Promise<void> {
    await unlink(join(dir, name)).catch((error) => {
      if (error.code !== "ENOENT") throw error;
    });
  }

  async function setAside(name: string, reason: string): Promise<void> {
    log.error({ file: name, reason }, "a CDR file that gives no record is set aside");
    await rename(join(dir, name), join(bad, name));
  }

  const sweep = (): Promise<void> => inTurn(look);

  function observe(): void {
    if (stopped) return;
    try {
      watcher = watch(dir, () => {
        if (stopped) return;
        soon ??= setTimeout(() => {
          soon = undefined;
          void sweep();
        }, gatherMs);
      });
      watcher.on("error", (error) => log.warn({ error: String(error) }, "CDR files are found by looking only"));
    } catch (error) {
      log.warn({ error: String(error) }, "CDR files are found by looking only");
    }
  }

  return {
    start() {
      void sweep();
      timer = setInterval(() => void sweep(), wait.sweep);
    },
    sweep,
    settled: (uuids) =>
      void inTurn(async () => {
        for (const uuid of uuids) await release(uuid, remove);
      }),
    orphans: (uuids) =>
      void inTurn(async () => {
        for (const uuid of uuids) await release(uuid, (name) => setAside(name, "its calling leg never came"));
      }),
    async stop() {
      stopped = true;
      clearInterval(timer);
      clearTimeout(soon);
      watcher?.close();
      await last;
    },
  };
}
