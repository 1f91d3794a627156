// HTTP by hand, for what fetch refuses to send: any bytes in the request's line, headers and body.
import { connect } from "node:net";

export type RawReply = { status: number; head: string; body: string };

/** Sends `parts` one after another and reads until the server closes or the answer is whole. Rejects if none comes within `timeoutMs`. */
export function rawHttp(url: string, parts: (string | Uint8Array)[], timeoutMs = 5000): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let text = "";
    const finish = (): void => {
      const [head = "", ...rest] = text.split("\r\n\r\n");
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0);
      if (status === 0) reject(new Error(`no answer: ${JSON.stringify(text)}`));
      else resolve({ status, head, body: rest.join("\r\n\r\n") });
      socket.destroy();
    };
    socket.setTimeout(timeoutMs, () => {
      reject(new Error(`no whole answer within ${timeoutMs} ms: ${JSON.stringify(text.slice(0, 300))}`));
      socket.destroy();
    });
    socket.on("data", (data) => {
      text += data.toString("latin1");
      const [head = "", body] = text.split("\r\n\r\n");
      const length = /content-length: (\d+)/i.exec(head)?.[1];
      if (body !== undefined && length !== undefined && body.length >= Number(length)) finish();
    });
    socket.on("end", finish);
    socket.on("error", (error) => (text === "" ? reject(error) : finish()));
    for (const part of parts) socket.write(part);
  });
}
