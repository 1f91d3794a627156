// A phone's port, which stays the phone's while SIPp plays its scenarios one after another behind it. Real phones answer FreeSWITCH's OPTIONS and
// unsolicited NOTIFY (RFC 3842) at any time; SIPp would take them for the call that it waits for.
import { createSocket } from "node:dgram";
import { parseSip, response } from "./sip.ts";

export type PhonePort = {
  /** Plays go on at this port of SIPp, until it is given back. */
  lend(sipp: number): void;
  giveBack(): void;
};

const ports = new Map<number, Promise<PhonePort>>();

/** The phone at `port`, one for this process. `server`: where it sends; the last one that was named counts. */
export async function phonePort(port: number, server: number | undefined): Promise<PhonePort> {
  const known = ports.get(port) ?? open(port);
  ports.set(port, known);
  const phone = await known;
  if (server !== undefined) servers.set(port, server);
  return phone;
}

const servers = new Map<number, number>();

async function open(port: number): Promise<PhonePort> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.bind(port, "127.0.0.1", resolve);
  });
  socket.unref();
  let sipp: number | undefined;
  /** Every port that it was lent to: what SIPp says last may be read when it has ended. */
  const lent = new Set<number>();
  socket.on("message", (data, from) => {
    if (lent.has(from.port)) {
      const server = servers.get(port);
      if (server !== undefined) socket.send(data, server, "127.0.0.1");
      return;
    }
    servers.set(port, from.port);
    const message = parseSip(data.toString("utf8"));
    const unsolicited = /^(OPTIONS|NOTIFY) /.test(message.line) && !message.headers.get("to")?.includes(";tag=");
    if (unsolicited) socket.send(response(message, "200 OK"), from.port, "127.0.0.1");
    else if (sipp !== undefined) socket.send(data, sipp, "127.0.0.1");
    else if (!/^(SIP\/|ACK )/.test(message.line))
      socket.send(response(message, "480 Nobody is there"), from.port, "127.0.0.1");
  });
  return {
    lend(at) {
      sipp = at;
      lent.add(at);
    },
    giveBack() {
      sipp = undefined;
    },
  };
}
