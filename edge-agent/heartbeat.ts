// A sign of life to the cloud, with what is true of the edge as a whole. Its answer brings the roster that a queue lost.
import type { Front, Roster } from "../core/wire.ts";
import { type Certificate, heartbeatAnswer } from "../core/wire-host.ts";
import { jittered, pause } from "./backoff.ts";
import type { Cloud } from "./cloud.ts";
import type { Driver } from "./driver.ts";
import type { Log } from "./log.ts";
import type { Upgrade } from "./upgrade.ts";
import { version as ownVersion } from "./version.ts";

/** Between two signs of life. */
export const heartbeatSeconds = 30;

/** How often the engine is looked at, so that losing or finding it, or what relays its media, is told soon. */
const lookMs = 250;

export type Beating = {
  cloud: Cloud;
  driver: Pick<Driver, "health">;
  log: Log;
  seconds: number;
  /** This edge's id. */
  edge: string;
  front: Front;
  webSocket: () => string | null;
  /** Of the certificate that the agent keeps; null: none. */
  certificate: () => Certificate | null;
  roster: () => Roster | undefined;
  hearRoster: (roster: Roster) => void;
  isInStep: () => boolean;
  upgrade: Upgrade;
};

export interface Beat {
  /** Asks the cloud to drain this edge. Rejects when it can't be asked. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/** Sends at once, about every `seconds`, when the engine (or what relays its media) came or went, when its certificate is another or can't be got, and, while this edge is drained, when a call began or ended. */
export function keepBeating({
  cloud,
  driver,
  log,
  seconds,
  edge,
  front,
  webSocket,
  certificate,
  roster,
  hearRoster,
  isInStep,
  upgrade,
}: Beating): Beat {
  const stopping = new AbortController();

  async function beat(more: { drain?: true } = {}): Promise<void> {
    const { connected, version, ...rest } = driver.health();
    const answer = await cloud.post(
      "heartbeat",
      {
        ...{ version: ownVersion, engine: { connected, version }, ...rest, front },
        ...{ webSocket: webSocket(), certificate: certificate() },
        ...{ roster: roster()?.version ?? null, inStep: isInStep(), upgrade: upgrade.failed(), ...more },
      },
      heartbeatAnswer,
    );
    if (answer.roster) hearRoster(answer.roster);
    // it takes minutes on a slow line, and the cloud goes on hearing of this edge
    void upgrade.want(answer.release);
  }

  const isDraining = () => roster()?.hosts.find(({ id }) => id === edge)?.state === "draining";

  /** What the cloud is to hear of at once. */
  const news = (): string => {
    const { connected, liveCalls, relay } = driver.health();
    const { expiresAt, problem } = certificate() ?? {};
    const named = `${expiresAt} ${problem} ${webSocket()}`;
    return `${connected} ${relay?.answers} ${isInStep()} ${isDraining() ? liveCalls : "any"} ${named}`;
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const told = news();
      await beat().catch((error: unknown) => log.debug({ error: String(error) }, "a heartbeat was not heard"));
      const until = Date.now() + jittered(seconds);
      while (!stopping.signal.aborted && Date.now() < until && news() === told) await pause(lookMs, stopping.signal);
    }
  }
  const running = run();
  return {
    drain: () => beat({ drain: true }),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
