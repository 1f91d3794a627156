// Moves what was written from SQLite's log into its file, on a thread of its own: it takes milliseconds of disk, and lookups are not to wait for that.
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const everyMilliseconds = 1000;
const largeBytes = 1_000_000;

/** Works on the database's file until the returned function is called and resolves. */
export function keepCheckpointing(file: string): () => Promise<void> {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: file,
    resourceLimits: { maxOldGenerationSizeMb: 16 },
  });
  // without it the log is moved when it is ten times as large, by the thread that writes
  worker.on("error", () => {});
  worker.unref();
  const ended = new Promise<void>((done) => worker.once("exit", () => done()));
  return () => {
    worker.ref();
    worker.postMessage("stop");
    return ended;
  };
}

if (!isMainThread && typeof workerData === "string") work(workerData);

function work(file: string): void {
  const db = new DatabaseSync(file, { timeout: 2000 });
  db.exec("pragma synchronous = normal; pragma cache_size = -256;");
  const timer = setInterval(() => {
    if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > largeBytes)
      db.exec("pragma wal_checkpoint(passive)");
  }, everyMilliseconds);
  parentPort?.once("message", () => {
    clearInterval(timer);
    db.close();
  });
}
