// The socket where the engine asks. From systemd where it holds one, so that a restart of the agent fails no lookup; else one of our own on loopback.
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** systemd's first socket (sd_listen_fds(3)), if it passed one to this very process. */
export function inheritedSocket(env: Record<string, string | undefined>, pid: number): number | undefined {
  return Number(env.LISTEN_FDS) >= 1 && Number(env.LISTEN_PID) === pid ? 3 : undefined;
}

export type Listening = { port: number; stop(): Promise<void> };

/**
 * Listens on the inherited descriptor, else on 127.0.0.1 at `port` (0: any). Rejects when the port stays taken for `patienceMs`: an agent before this one, whose
 * supervisor was killed, takes a while to end.
 */
export async function listen(
  answer: RequestListener,
  port: number,
  fd: number | undefined,
  patienceMs = 8000,
): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: 65_000 }, answer);
  const deadline = performance.now() + patienceMs;
  const isTaken = (error: unknown) => (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  for (;;) {
    try {
      await begin(server, (ready) =>
        fd === undefined ? server.listen(port, "127.0.0.1", ready) : server.listen({ fd }, ready),
      );
      break;
    } catch (error) {
      if (!isTaken(error) || performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
  const address = server.address() as AddressInfo | string | null;
  return { port: typeof address === "object" && address ? address.port : port, stop: () => stop(server) };
}

function begin(server: Server, start: (ready: () => void) => void): Promise<void> {
  return new Promise((done, failed) => {
    server.once("error", failed);
    start(() => {
      server.off("error", failed);
      done();
    });
  });
}

/** Accepts no more, finishes what was asked, and cuts what is still open after half a second. */
function stop(server: Server): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(() => server.closeAllConnections(), 500);
    server.close(() => {
      clearTimeout(timer);
      done();
    });
  });
}
