// A socket that hears and talks: takes the RTP that a phone is sent and tells what was in it, and sends a tone.
import { createSocket } from "node:dgram";
import { sine } from "./wav.ts";

/** G.711 µ-law as a sample in [-1, 1]. */
function linear(byte: number): number {
  const u = ~byte & 0xff;
  const magnitude = ((((u & 15) << 3) + 0x84) << ((u >> 4) & 7)) - 0x84;
  return (u & 0x80 ? -magnitude : magnitude) / 32_768;
}

/** The other way round. */
function muLaw(sample: number): number {
  const magnitude = Math.min(32_635, Math.abs(sample) * 32_768) + 0x84;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15)) & 0xff;
}

const rate = 8000;
const packet = { ms: 20, samples: 160 };

export type Ear = {
  port: number;
  /** All that was heard by now. */
  heard(): { rate: number; samples: Float64Array };
  /** Sends a tone to a port of loopback until it is closed. */
  talk(to: number, hertz: number): void;
  close(): void;
};

/** Listens for PCMU on a port of loopback. */
export async function openEar(): Promise<Ear> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const samples: number[] = [];
  socket.on("message", (message) => {
    if ((message[1] ?? 0) % 128 === 0) for (const byte of message.subarray(12)) samples.push(linear(byte));
  });
  let talking: NodeJS.Timeout | undefined;
  return {
    port: socket.address().port,
    heard: () => ({ rate, samples: Float64Array.from(samples) }),
    talk(to, hertz) {
      clearInterval(talking);
      const [began, sound] = [Date.now(), sine(hertz)];
      let sent = 0;
      talking = setInterval(() => {
        for (; sent * packet.ms < Date.now() - began; sent++) socket.send(rtp(sent, sound), to, "127.0.0.1");
      }, packet.ms);
    },
    close() {
      clearInterval(talking);
      socket.close();
    },
  };
}

function rtp(n: number, sound: (t: number) => number): Buffer {
  const head = Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34, 0x56, 0x78]);
  head.writeUInt16BE(n & 0xffff, 2);
  head.writeUInt32BE(n * packet.samples, 4);
  const said = Array.from({ length: packet.samples }, (_, i) => muLaw(sound((n * packet.samples + i) / rate)));
  return Buffer.concat([head, Buffer.from(said)]);
}
