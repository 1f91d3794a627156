// One connection to FreeSWITCH's event socket, from connecting to its end: frames in, commands out. Whatever is wrong with it ends it; it never throws.
import { connect } from "node:net";
import type { EslEvent } from "./event.ts";
import { createFramer, type Frame, HostileStream } from "./framer.ts";
import { createReplies, type Kind } from "./replies.ts";

export type Connection = {
  /** Resolves with the reply's text: Reply-Text, or the body of an API response. */
  send(kind: Kind, command: string, timeoutMs: number): Promise<string>;
  close(reason: string): void;
};

export type ConnectionOptions = {
  host: string;
  port: number;
  /** Ends the connection when no byte came for so long. */
  deadMs: number;
  decode(frame: Frame): EslEvent;
  /** FreeSWITCH asks who we are. */
  onGreeting(): void;
  onEvent(frame: Frame): void;
  /** Once, asynchronously. */
  onLost(reason: string): void;
};

export function openConnection(options: ConnectionOptions): Connection {
  const replies = createReplies();
  const socket = connect({ host: options.host, port: options.port, noDelay: true });
  const dead = setTimeout(() => close("FreeSWITCH is silent"), options.deadMs);
  let reason: string | undefined;
  let greeted = false;

  function close(why: string): void {
    reason ??= why;
    clearTimeout(dead);
    replies.fail(new Error(`connection to FreeSWITCH lost: ${reason}`));
    socket.destroy();
  }

  function onFrame(frame: Frame): void {
    if (reason !== undefined) return;
    switch (frame.contentType) {
      case "text/event-json":
        options.onEvent(frame);
        return;
      case "auth/request":
        if (!greeted) options.onGreeting();
        greeted = true;
        return;
      case "command/reply":
      case "api/response": {
        const { headers, body } = options.decode(frame);
        const text = (frame.contentType === "api/response" ? body : headers["Reply-Text"]) ?? "";
        if (!replies.settle(frame.contentType, text)) throw new HostileStream("a reply to nothing");
        return;
      }
      case "text/disconnect-notice":
      case "text/rude-rejection":
        close(`FreeSWITCH ended it: ${frame.contentType}`);
    }
  }

  const push = createFramer(onFrame);
  socket.on("data", (chunk) => {
    dead.refresh();
    try {
      push(chunk);
    } catch (error) {
      close(`hostile stream: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  socket.on("error", (error) => close(error.message));
  socket.on("close", () => {
    close("FreeSWITCH closed it");
    options.onLost(reason ?? "");
  });

  return {
    close,
    send(kind, command, timeoutMs) {
      if (reason !== undefined) return Promise.reject(new Error(`connection to FreeSWITCH lost: ${reason}`));
      const reply = replies.expect(kind, timeoutMs);
      socket.write(`${command}\n\n`);
      return reply;
    },
  };
}
