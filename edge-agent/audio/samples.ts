// The samples of a WAV file as one channel of numbers in [-1, 1]. Sources of the two telephone codings: ITU-T G.711.
import type { Wav } from "../../core/audio/wav.ts";

/** All channels mixed into one. */
export function samplesOf(bytes: Uint8Array, { coding, bits, channels, offset, length }: Wav): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length);
  const width = bits / 8;
  const read = readers[`${coding}${bits}`];
  if (!read) throw new Error(`${coding} of ${bits} bits can't be read`);
  const mixed = new Float32Array(length / width / channels);
  for (let frame = 0, at = 0; frame < mixed.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++, at += width) sum += read(view, at);
    mixed[frame] = sum / channels;
  }
  return mixed;
}

type Read = (view: DataView, at: number) => number;
const finite = (value: number): number => (Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0);

const readers: Record<string, Read> = {
  // 8 bits are unsigned, the others are not
  pcm8: (view, at) => (view.getUint8(at) - 128) / 128,
  pcm16: (view, at) => view.getInt16(at, true) / 32_768,
  pcm24: (view, at) => (view.getUint8(at) + view.getInt16(at + 1, true) * 256) / 8_388_608,
  pcm32: (view, at) => view.getInt32(at, true) / 2_147_483_648,
  float32: (view, at) => finite(view.getFloat32(at, true)),
  float64: (view, at) => finite(view.getFloat64(at, true)),
  ulaw8: (view, at) => (ulaw[view.getUint8(at)] ?? 0) / 32_768,
  alaw8: (view, at) => (alaw[view.getUint8(at)] ?? 0) / 32_768,
};

const ulaw = Int16Array.from({ length: 256 }, (_, byte) => {
  const u = ~byte & 0xff;
  const magnitude = ((((u & 15) << 3) + 0x84) << ((u >> 4) & 7)) - 0x84;
  return u & 0x80 ? -magnitude : magnitude;
});

const alaw = Int16Array.from({ length: 256 }, (_, byte) => {
  const a = byte ^ 0x55;
  const segment = (a >> 4) & 7;
  const low = ((a & 15) << 4) + 8;
  const magnitude = segment === 0 ? low : (low + 0x100) << (segment - 1);
  return a & 0x80 ? magnitude : -magnitude;
});
