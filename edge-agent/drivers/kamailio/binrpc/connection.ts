// One connection to Kamailio's control socket: calls go out as they come, many at a time, and are answered in order of their cookies.
import { connect } from "node:net";
import { decode, encode, type Reply, type Value } from "./codec.ts";

/** Kamailio refuses a call: `code` as in HTTP. */
export class Fault extends Error {
  readonly code: number;
  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

export interface Rpc {
  /** Resolves with what Kamailio answers. Rejects with Fault, or where the connection is cut or silent for 10 s. */
  call(method: string, ...values: (string | number)[]): Promise<Value[]>;
  close(): void;
}

type Waiting = { resolve(values: Value[]): void; reject(error: Error): void };
const silentMs = 10_000;
/** Kamailio drops replies that its side of the socket has no room for: some 280 small ones. So no more calls are under way. */
const underWay = 64;

/** Resolves when it is connected; `onClose` is called once when it is no longer. */
export function connectRpc(socketPath: string, onClose: () => void): Promise<Rpc> {
  const socket = connect({ path: socketPath });
  const waiting = new Map<number, Waiting>();
  let parts: Buffer[] = [];
  let cookie = 0;
  /** Calls that wait for their turn, the first one at `next`. */
  let queue: Buffer[] = [];
  let next = 0;
  let sent = 0;

  /** What may go out goes out together. */
  function flush(): void {
    const some = queue.slice(next, next + underWay - sent);
    if (some.length === 0 || socket.destroyed) return;
    next += some.length;
    sent += some.length;
    if (next === queue.length) {
      queue = [];
      next = 0;
    }
    socket.setTimeout(silentMs);
    socket.write(Buffer.concat(some));
  }

  function settle(reply: Reply): void {
    const one = waiting.get(reply.cookie);
    waiting.delete(reply.cookie);
    sent -= 1;
    if (waiting.size === 0) socket.setTimeout(0);
    if ("values" in reply) one?.resolve(reply.values);
    else one?.reject(new Fault(reply.fault.code, reply.fault.reason));
  }

  function read(): void {
    let rest = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    for (let found = decode(rest); found; found = decode(rest)) {
      settle(found.reply);
      rest = found.rest;
    }
    parts = rest.length > 0 ? [rest] : [];
    flush();
  }

  function end(error: Error): void {
    socket.destroy();
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  socket.on("data", (data) => {
    parts.push(data);
    try {
      read();
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)));
    }
  });
  socket.on("timeout", () => end(new Error("Kamailio does not answer on its control socket")));
  const rpc: Rpc = {
    call(method, ...values) {
      if (socket.destroyed) return Promise.reject(new Error("Kamailio is not connected"));
      cookie = (cookie % 0x7fffffff) + 1;
      const bytes = encode(cookie, method, values);
      if (queue.length === 0) setImmediate(flush);
      queue.push(bytes);
      const own = cookie;
      return new Promise((resolve, reject) => waiting.set(own, { resolve, reject }));
    },
    close: () => end(new Error("the connection to Kamailio was closed")),
  };
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(rpc));
    socket.on("error", (error) => {
      reject(error);
      end(error);
    });
    socket.on("close", () => {
      end(new Error("Kamailio closed its control socket"));
      onClose();
    });
  });
}
