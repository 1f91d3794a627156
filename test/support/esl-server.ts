// A TCP server that plays recordings of FreeSWITCH's event socket byte for byte, after it has answered the client's auth and event commands. It answers
// `api` from a table. It is no second FreeSWITCH: it knows nothing of calls.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const recordings = fileURLToPath(new URL("../fixtures/recordings/freeswitch/", import.meta.url));

/** The recorded bytes of a scenario, without the answers to auth and event with which each begins. */
export const recorded = (scenario: string): Buffer => Buffer.concat(frames(read(scenario, "esl.json.txt.gz")).slice(3));

/** What was kept beside it as text: API answers, CDR files. */
export const recordedFile = (scenario: string, file: string): string => read(scenario, file).toString("utf8");

function read(scenario: string, file: string): Buffer {
  const bytes = readFileSync(`${recordings}${scenario}/${file}`);
  return file.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

/** A recording cut into its frames, each with its headers; for well-formed bytes only. */
export function frames(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf("\n\n", at);
    const length = /^Content-Length: (\d+)$/m.exec(bytes.toString("utf8", at, end))?.[1] ?? "0";
    const next = end + 2 + Number(length);
    found.push(bytes.subarray(at, next));
    at = next;
  }
  return found;
}

/** A frame around an event, as FreeSWITCH would send it. */
export function eventFrame(event: Record<string, unknown>): Buffer {
  const body = JSON.stringify(event);
  return Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\nContent-Type: text/event-json\n\n${body}`);
}

export type EslServer = {
  port: number;
  password: string;
  /** All commands received, over all connections. */
  commands: string[];
  /** How many clients have subscribed so far. */
  readonly subscriptions: number;
  /** Sends to the client that subscribed last; resolves when the operating system has taken all. `sizes` cuts it into chunks, over and over. */
  play(bytes: Buffer, sizes?: number[]): Promise<void>;
  /** Ends the connection at once, as a cable would. */
  cut(): void;
  close(): Promise<void>;
};

export async function startEslServer(api: Record<string, string | undefined> = {}): Promise<EslServer> {
  const password = "secret of the test";
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  let subscriptions = 0;
  let client: Socket | undefined;

  function answer(socket: Socket, command: string): void {
    commands.push(command);
    if (command.startsWith("auth ")) reply(socket, command === `auth ${password}` ? "+OK accepted" : "-ERR invalid");
    else if (command.startsWith("event json ")) {
      client = socket;
      reply(socket, "+OK event listener enabled json");
      subscriptions += 1;
    } else if (command.startsWith("api ")) {
      const text = api[command.slice(4)] ?? "-ERR command not found\n";
      if (text !== "never")
        socket.write(`Content-Type: api/response\nContent-Length: ${Buffer.byteLength(text)}\n\n${text}`);
    } else if (command.startsWith("sendevent ")) reply(socket, "+OK 00000000-0000-0000-0000-000000000000");
    else reply(socket, "-ERR command not found");
  }

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    let text = "";
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      const parts = (text + chunk.toString()).split("\n\n");
      text = parts.pop() ?? "";
      for (const command of parts) answer(socket, command);
    });
    socket.write("Content-Type: auth/request\n\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    port: (server.address() as AddressInfo).port,
    password,
    commands,
    get subscriptions() {
      return subscriptions;
    },
    async play(bytes, sizes = [bytes.length]) {
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
        await write(client, bytes.subarray(at, at + size));
        at += size;
      }
    },
    cut: () => client?.destroy(),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function reply(socket: Socket, text: string): void {
  socket.write(`Content-Type: command/reply\nReply-Text: ${text}\n\n`);
}

function write(socket: Socket | undefined, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!socket) reject(new Error("no client has subscribed"));
    else socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
