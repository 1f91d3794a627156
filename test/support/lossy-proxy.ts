// A proxy on loopback that passes requests on and loses chosen answers: the request is carried out, the caller's connection breaks.
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

export type LossyProxy = { url: string; lost: () => number; stop: () => Promise<void> };

export async function startLossyProxy(
  target: string,
  loses: (request: IncomingMessage) => boolean,
): Promise<LossyProxy> {
  let lost = 0;
  const server = createServer(async (request, response) => {
    const headers = Object.entries(request.headersDistinct).flatMap(([name, values = []]) =>
      ["host", "connection", "content-length", "expect"].includes(name)
        ? []
        : values.map((value): [string, string] => [name, value]),
    );
    const answer = await fetch(target, { method: "POST", headers, body: await text(request) });
    const body = await answer.text();
    if (loses(request)) {
      lost++;
      request.socket.destroy();
      return;
    }
    const crc = answer.headers.get("x-amz-crc32");
    response.writeHead(answer.status, {
      "content-type": "application/x-amz-json-1.0",
      ...(crc && { "x-amz-crc32": crc }),
    });
    response.end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no address");
  return {
    url: `http://127.0.0.1:${address.port}`,
    lost: () => lost,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
