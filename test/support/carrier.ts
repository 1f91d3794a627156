// A server that carries each connection to another place, and ends either side with the other.
import { connect, createServer, type NetConnectOpts, type Server } from "node:net";

export const carrier = (to: NetConnectOpts): Server =>
  createServer((near) => {
    const far = connect(to);
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      from.pipe(into);
      from.on("error", () => into.destroy()).on("close", () => into.destroy());
    }
  });
