// Whether the rtpengine beside Kamailio is there: it is asked (`ping` of its protocol ng, over UDP) twice a second.
import { createSocket, type Socket } from "node:dgram";

export type Place = { address: string; port: number };

const everyMs = 500;
/** So many that nobody answers. They are counted, as time also passes where this process is late. */
const silentPings = 3;

export interface RelayWatch {
  /** Resolves when it answered, or is not likely to. */
  start(): Promise<void>;
  state(): Place & { answers: boolean };
  stop(): void;
}

export function watchRelay({ address, port }: Place): RelayWatch {
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  let unanswered = silentPings;
  return {
    start: () =>
      new Promise((resolve) => {
        const own = createSocket(address.includes(":") ? "udp6" : "udp4");
        socket = own;
        const ask = () => {
          unanswered += 1;
          own.send(ping, () => undefined);
        };
        own.on("message", (said) => {
          if (isPong(said)) unanswered = 0;
          resolve();
        });
        // where nobody listens, the system says so
        own.on("error", () => {
          unanswered = silentPings;
          resolve();
        });
        own.connect(port, address, () => {
          ask();
          timer = setInterval(ask, everyMs);
          setTimeout(resolve, everyMs).unref();
        });
      }),
    state: () => ({ address, port, answers: unanswered < silentPings }),
    stop() {
      clearInterval(timer);
      socket?.close();
    },
  };
}

/** A cookie, and a dictionary as BitTorrent writes them. */
const ping = "dialplane d7:command4:pinge";
const isPong = (said: Buffer): boolean => said.toString("latin1").includes("6:result4:pong");

/** Resolves with whether it answers once. */
export async function answersOnce(place: Place): Promise<boolean> {
  const watch = watchRelay(place);
  await watch.start();
  watch.stop();
  return watch.state().answers;
}
