// A phone's or home's RTP over UDP on loopback: sends packets of silence, and counts what comes.
import { createSocket } from "node:dgram";

export type MediaSocket = Awaited<ReturnType<typeof openMedia>>;

export async function openMedia() {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  let sequence = 0;
  let heard = 0;
  socket.on("message", (data) => {
    if (isRtp(data)) heard += 1;
  });
  return {
    port: socket.address().port,
    /** One packet of G.711 μ-law (RFC 3550, 5.1). */
    send: (to: number) => void socket.send(rtp(sequence++), to, "127.0.0.1"),
    /** How many packets of RTP came. */
    heard: () => heard,
    close: () => socket.close(),
  };
}

/** 20 ms of silence. */
export function rtp(sequence: number): Buffer {
  const packet = Buffer.alloc(12 + 160, 0xff);
  packet.writeUInt16BE(0x8000, 0);
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(sequence * 160, 4);
  packet.writeUInt32BE(0x0d1a1b1a, 8);
  return packet;
}

/** Not RTCP, which may come by the same way (RFC 5761), nor STUN or DTLS (RFC 7983). */
export const isRtp = (packet: Buffer): boolean => {
  const [first = 0, second = 0] = packet;
  return first >> 6 === 2 && !(second >= 192 && second <= 223);
};
