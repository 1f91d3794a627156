// The socket where the engine asks. From systemd where it holds one, so that a restart of the agent fails no lookup; else one of our own on loopback.
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** systemd's first socket (sd_listen_fds(3)), if it passed one to this very process. */
export function inheritedSocket(env: Record<string, string | undefined>, pid: number): number | undefined {
  return Number(env.LISTEN_FDS) >= 1 && Number(env.LISTEN_PID) === pid ? 3 : undefined;
}

export type Listening = { port: number; stop(): Promise<void> };

/** Listens on the inherited descriptor, else on 127.0.0.1 at `port` (0: any). Rejects when the port is taken. */
export async function listen(answer: RequestListener, port: number, fd: number | undefined): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: 65_000 }, answer);
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    const ready = () => {
      server.off("error", failed);
      done();
    };
    if (fd === undefined) server.listen(port, "127.0.0.1", ready);
    else server.listen({ fd }, ready);
  });
  const address = server.address() as AddressInfo | string | null;
  return { port: typeof address === "object" && address ? address.port : port, stop: () => stop(server) };
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
