// Which of the pool's Kamailio hosts answer: each is asked by OPTIONS (RFC 3261, 11) every second, as long as there is a choice. So calls to phones leave a
// dead one within seconds, long before the cloud has missed its agent.
import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { isIP } from "node:net";
import type { Host } from "./phone.ts";

export type Pings = {
  /** False for a host that has left the last three unanswered. */
  answers(host: Host): boolean;
  start(): void;
  stop(): void;
};

const missed = 3;

export function createPings(options: {
  hosts(): Host[];
  /** The address of this host that the others know it by. */
  from: string;
  /** Hosts were asked; some may have come or gone. */
  onTurn(): void;
  everyMs?: number;
}): Pings {
  /** How many each has left unanswered. */
  const unanswered = new Map<string, number>();
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  const keyOf = ({ address, port }: Host): string => `${address} ${port}`;

  function open(): Socket {
    const opened = createSocket(isIP(options.from) === 6 ? "udp6" : "udp4");
    opened.on("message", (_, { address, port }) => unanswered.set(keyOf({ address, port }), 0));
    // an address that is not there yet: tried again at the next turn
    opened.on("error", () => close(opened));
    opened.bind(0, options.from);
    opened.unref();
    return opened;
  }

  function close(which: Socket | undefined): void {
    which?.removeAllListeners("message").close();
    if (socket === which) socket = undefined;
  }

  function turn(): void {
    const hosts = options.hosts();
    options.onTurn();
    if (hosts.length < 2) {
      close(socket);
      unanswered.clear();
      return;
    }
    socket ??= open();
    for (const host of hosts) {
      unanswered.set(keyOf(host), (unanswered.get(keyOf(host)) ?? 0) + 1);
      // who can't be reached does not answer
      socket.send(optionsTo(host, options.from), host.port, host.address, () => undefined);
    }
  }

  return {
    answers: (host) => (unanswered.get(keyOf(host)) ?? 0) <= missed,
    start() {
      timer = setInterval(turn, options.everyMs ?? 1000);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
      close(socket);
    },
  };
}

function optionsTo({ address, port }: Host, from: string): string {
  const [id, tag] = [randomBytes(8).toString("hex"), randomBytes(4).toString("hex")];
  const named = (one: string): string => (one.includes(":") ? `[${one}]` : one);
  return [
    `OPTIONS sip:${named(address)}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${named(from)};rport;branch=z9hG4bK${id}`,
    ...[`From: <sip:ping@${named(from)}>;tag=${tag}`, `To: <sip:${named(address)}:${port}>`, `Call-ID: ${id}`],
    ...["CSeq: 1 OPTIONS", "Max-Forwards: 1", "User-Agent: Dialplane", "Content-Length: 0", "", ""],
  ].join("\r\n");
}
