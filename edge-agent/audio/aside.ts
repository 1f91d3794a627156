// Converting takes seconds of work, and lookups are not to wait for that: it is done on a thread of its own, which ends with the work.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { AudioError, convert } from "./convert.ts";

type Answer = { bytes: Uint8Array } | { flaw: string } | { error: string };

/** As `convert`, elsewhere. Throws AudioError for what no later try can mend. */
export function convertAside(bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: bytes,
      // the longest file that is taken, as numbers, twice
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    worker.unref();
    worker.once("message", (answer: Answer) => {
      if ("bytes" in answer) resolve(answer.bytes);
      else reject("flaw" in answer ? new AudioError(answer.flaw) : new Error(answer.error));
    });
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the thread that converts audio ended")));
  });
}

async function work(bytes: Uint8Array): Promise<Answer> {
  try {
    return { bytes: await convert(bytes) };
  } catch (error) {
    return error instanceof AudioError ? { flaw: error.message } : { error: String(error) };
  }
}

if (!isMainThread && workerData instanceof Uint8Array) parentPort?.postMessage(await work(workerData));
