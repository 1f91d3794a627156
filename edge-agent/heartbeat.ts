// A sign of life to the cloud, with what is true of the edge as a whole.
import manifest from "../package.json" with { type: "json" };
import { jittered, pause } from "./backoff.ts";
import type { Cloud } from "./cloud.ts";
import type { Driver } from "./driver.ts";
import type { Log } from "./log.ts";

/** How often the engine is looked at, so that losing or finding it is told soon. */
const lookMs = 250;

/** Sends at once, about every `seconds`, and when the engine came or went. Returns a function that stops it. */
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
  /** Until the next beat is due or the engine is no longer as it was told. */
  const waitForNews = async (told: boolean) => {
    const until = Date.now() + jittered(seconds);
    while (!stopping.signal.aborted && Date.now() < until && driver.health().connected === told)
      await pause(lookMs, stopping.signal);
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      const { connected, version, liveCalls } = driver.health();
      const body = JSON.stringify({ version: manifest.version, engine: { connected, version }, liveCalls });
      await cloud
        .send("POST", "heartbeat", body)
        .catch((error: unknown) => log.debug({ error: String(error) }, "a heartbeat was not heard"));
      await waitForNews(connected);
    }
  };
  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}
