// One HTTP exchange over kept connections, with as little of its own as a measurement allows.
import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

export type Sent = { method: string; path: string; body?: string; key?: string };

/** The reply's body. Rejects for a status of 300 or more. */
export function exchange(url: string, { method, path, body, key }: Sent): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    };
    const sent = request(url + path, { method, agent, headers }, (answer) => {
      let reply = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        reply += chunk;
      });
      answer.on("end", () =>
        answer.statusCode && answer.statusCode < 300 ? resolve(reply) : reject(new Error(reply)),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
