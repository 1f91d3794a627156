// What an rtpengine has, by its own word (`list` of its protocol ng, over UDP).

import { randomUUID } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";

/** The Call-IDs of the calls that it relays. */
export async function relayedCalls(ng: { address: string; port: number }): Promise<string[]> {
  const socket = createSocket("udp4");
  try {
    const answered = once(socket, "message", { signal: AbortSignal.timeout(5000) });
    // to the same cookie it would repeat what it said
    socket.send(`${randomUUID()} d7:command4:liste`, ng.port, ng.address);
    const [answer] = (await answered) as [Buffer];
    return strings(answer.toString("latin1").split("5:callsl")[1] ?? "");
  } finally {
    socket.close();
  }
}

/** Strings one after another, as BitTorrent writes them: `3:abc`. */
function strings(text: string): string[] {
  const [head, length] = /^(\d+):/.exec(text) ?? [];
  if (head === undefined) return [];
  const end = head.length + Number(length);
  return [text.slice(head.length, end), ...strings(text.slice(end))];
}
