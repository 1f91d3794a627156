// A sign of life to the cloud, with what is true of the edge as a whole.
import manifest from "../package.json" with { type: "json" };
import { jittered, pause } from "./backoff.ts";
import type { Cloud } from "./cloud.ts";
import type { Driver } from "./driver.ts";
import type { Log } from "./log.ts";

/** Sends at once and then about every `seconds`. Returns a function that stops it. */
export function keepBeating({
  cloud,
  driver,
  log,
  seconds,
}: {
  cloud: Cloud;
  driver: Driver;
  log: Log;
  seconds: number;
}): () => Promise<void> {
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      const { connected, version, liveCalls } = driver.health();
      const body = JSON.stringify({ version: manifest.version, engine: { connected, version }, liveCalls });
      await cloud
        .send("POST", "heartbeat", body)
        .catch((error: unknown) => log.debug({ error: String(error) }, "a heartbeat was not heard"));
      await pause(jittered(seconds), stopping.signal);
    }
  };
  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}
