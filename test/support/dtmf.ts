// Digits as phones send them while they talk: telephone-events of RFC 4733 in a capture file that SIPp plays (its own play_dtmf sends another payload type).
import { writeFileSync } from "node:fs";

/** As test/engines/sipp's scenarios offer it. */
const payloadType = 101;
const keys = "0123456789*#ABCD";
/** A key is down for this long, in packets of 20 ms, and three more say that it is up. */
const packets = 5;
const packetMs = 20;
const betweenMs = 120;
const samplesPerMs = 8;

type Packet = { atMs: number; rtp: Buffer };

/** The packets of one key pressed at `atMs`: they share a timestamp and differ in how long the key has been down. */
function press(key: string, atMs: number, sequence: number): Packet[] {
  const event = keys.indexOf(key);
  if (event < 0) throw new Error(`no key ${key}`);
  const all = Array.from({ length: packets + 3 }, (_, n) => n);
  return all.map((n) => {
    const rtp = Buffer.alloc(16);
    rtp.writeUInt8(0x80, 0);
    rtp.writeUInt8(payloadType | (n === 0 ? 0x80 : 0), 1);
    rtp.writeUInt16BE((sequence + n) & 0xffff, 2);
    rtp.writeUInt32BE(atMs * samplesPerMs, 4);
    rtp.writeUInt32BE(0x1234_5678, 8);
    rtp.writeUInt8(event, 12);
    rtp.writeUInt8((n >= packets ? 0x80 : 0) | 10, 13);
    rtp.writeUInt16BE(Math.min(n + 1, packets) * packetMs * samplesPerMs, 14);
    return { atMs: atMs + n * packetMs, rtp };
  });
}

/** Ethernet, IPv4, UDP: SIPp puts its own addresses and ports in. */
function frame(rtp: Buffer): Buffer {
  const head = Buffer.alloc(42);
  head.writeUInt16BE(0x0800, 12);
  head.writeUInt8(0x45, 14);
  head.writeUInt16BE(28 + rtp.length, 16);
  head.writeUInt8(64, 22);
  head.writeUInt8(17, 23);
  head.writeUInt32BE(0x7f00_0001, 26);
  head.writeUInt32BE(0x7f00_0001, 30);
  head.writeUInt16BE(6000, 34);
  head.writeUInt16BE(6000, 36);
  head.writeUInt16BE(8 + rtp.length, 38);
  return Buffer.concat([head, rtp]);
}

/** How long `digits` take, in ms. */
export const lengthOf = (digits: string): number => digits.length * ((packets + 3) * packetMs + betweenMs);

let presses = 0;

/** A capture (libpcap's format) in which `digits` are typed one after another. */
export function writeDigits(file: string, digits: string): void {
  const each = lengthOf("0");
  // of a call's captures the later ones go on from the earlier: FreeSWITCH drops what is older than what it had
  presses += 1;
  const pressed = [...digits].flatMap((key, n) => press(key, presses * 20_000 + n * each, presses * 400 + n * 20));
  const first = pressed[0]?.atMs ?? 0;
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2_c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  const records = pressed.flatMap(({ atMs, rtp }) => {
    const bytes = frame(rtp);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(Math.floor((atMs - first) / 1000), 0);
    record.writeUInt32LE(((atMs - first) % 1000) * 1000, 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    return [record, bytes];
  });
  writeFileSync(file, Buffer.concat([header, ...records]));
}
