// Ways of a phone to its server beside UDP: streams (RFC 3261, 18.3: messages by their Content-Length) and a browser's WebSocket (RFC 7118).
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Wire } from "./sip.ts";

/** UDP by IPv6, on ::1. */
export async function udp6(server: number): Promise<Wire> {
  const socket = createSocket("udp6");
  await new Promise<void>((resolve) => socket.bind(0, "::1", resolve));
  return {
    ...{ transport: "UDP", port: socket.address().port },
    send: (text, to = server) => socket.send(text, to, "::1"),
    onMessage: (take) => void socket.on("message", (data, { port }) => take(data.toString("utf8"), port)),
    close: () => socket.close(),
  };
}

export async function tcp(server: number): Promise<Wire> {
  const socket = connectTcp({ host: "127.0.0.1", port: server });
  await once(socket, "connect");
  return stream("TCP", socket);
}

/** `ca`: who vouches for the server's certificate, or that itself, in PEM; whom nobody else knows. `name`: whose it must be; else 127.0.0.1's. */
export async function tls(server: number, ca: string, name?: string): Promise<Wire> {
  const socket = connectTls({ host: "127.0.0.1", port: server, ca, ...(name !== undefined && { servername: name }) });
  await once(socket, "secureConnect");
  return stream("TLS", socket);
}

function stream(transport: Wire["transport"], socket: Socket): Wire {
  let rest = "";
  let take: (text: string, from: number) => void = () => undefined;
  socket.setEncoding("latin1").on("data", (data) => {
    rest += data;
    for (let message = cut(rest); message !== undefined; message = cut(rest)) {
      rest = rest.slice(message.length);
      if (message.trim() !== "") take(message, socket.remotePort ?? 0);
    }
  });
  socket.on("error", () => undefined);
  return {
    ...{ transport, port: socket.localPort ?? 0 },
    send: (text) => void socket.write(text),
    onMessage: (listener) => {
      take = listener;
    },
    close: () => socket.destroy(),
  };
}

/** The first whole message, or the line feeds by which connections are kept open. */
function cut(text: string): string | undefined {
  if (text.startsWith("\r\n")) return "\r\n";
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return undefined;
  const end = head + 4 + Number(/^Content-Length:\s*(\d+)/im.exec(text.slice(0, head))?.[1] ?? 0);
  return text.length >= end ? text.slice(0, end) : undefined;
}

/** The process must trust the server's certificate (`setDefaultCACertificates` of node:tls). */
export async function wss(server: number): Promise<Wire> {
  const socket = new WebSocket(`wss://127.0.0.1:${server}/`, ["sip"]);
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error("no WebSocket"));
  });
  return {
    // a browser knows no port of its own, and says so by a name that leads nowhere
    ...{ transport: "WSS", port: 0 },
    send: (text) => socket.send(text),
    onMessage: (take) => {
      socket.onmessage = ({ data }) => take(String(data), server);
    },
    close: () => socket.close(),
  };
}
