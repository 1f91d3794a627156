// A server that receives webhooks on this machine, says what it is told to say, and keeps what came.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Event } from "../../functions/events/event.ts";

export type Received = { path: string; headers: IncomingHttpHeaders; body: string; event: Event };
export type Receiver = {
  url: string;
  port: number;
  received: Received[];
  /** How it answers: a status, or a function that does it itself. 204 in the beginning. */
  answer: number | ((response: ServerResponse, received: Received) => void);
  ids(): string[];
  types(): string[];
  close(): Promise<void>;
};

export async function startReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const came = { path: request.url ?? "", headers: request.headers, body, event: JSON.parse(body) as Event };
      receiver.received.push(came);
      if (typeof receiver.answer === "number") response.writeHead(receiver.answer).end();
      else receiver.answer(response, came);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}`,
    port,
    received: [],
    answer: 204,
    ids: () => receiver.received.map(({ event }) => event.id),
    types: () => receiver.received.map(({ event }) => event.type),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return receiver;
}
