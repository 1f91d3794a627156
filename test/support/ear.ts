// A socket that hears: takes the RTP that a scenario's phone is sent, and tells what was in it.
import { createSocket } from "node:dgram";

/** G.711 µ-law as a sample in [-1, 1]. */
function linear(byte: number): number {
  const u = ~byte & 0xff;
  const magnitude = ((((u & 15) << 3) + 0x84) << ((u >> 4) & 7)) - 0x84;
  return (u & 0x80 ? -magnitude : magnitude) / 32_768;
}

export type Ear = { port: number; heard(): { rate: number; samples: Float64Array }; close(): void };

/** Listens for PCMU on a port of loopback. */
export async function openEar(): Promise<Ear> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const samples: number[] = [];
  socket.on("message", (packet) => {
    if ((packet[1] ?? 0) % 128 === 0) for (const byte of packet.subarray(12)) samples.push(linear(byte));
  });
  return {
    port: socket.address().port,
    heard: () => ({ rate: 8000, samples: Float64Array.from(samples) }),
    close: () => socket.close(),
  };
}
