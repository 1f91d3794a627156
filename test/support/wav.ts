// Audio for tests: WAV files of any format, and what can be measured of samples.

type Format = { rate?: number; channels?: number; bits?: number; tag?: number };

/** A WAV file; `sample(t)` is the signal in [-1, 1] at `t` seconds. PCM of 8 (unsigned), 16, 24 or 32 bits, or with tag 3 float of 32. */
export function wavOf(
  seconds: number,
  sample: (t: number) => number,
  { rate = 8000, channels = 1, bits = 16, tag = 1 }: Format = {},
): Buffer {
  const frames = Math.round(seconds * rate);
  const width = bits / 8;
  const data = Buffer.alloc(frames * channels * width);
  for (let frame = 0; frame < frames; frame++)
    for (let channel = 0; channel < channels; channel++)
      write(data, (frame * channels + channel) * width, sample(frame / rate), bits, tag);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(tag, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * channels * width, 28);
  head.writeUInt16LE(channels * width, 32);
  head.writeUInt16LE(bits, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

function write(data: Buffer, at: number, value: number, bits: number, tag: number): void {
  if (tag === 3) data.writeFloatLE(value, at);
  else if (bits === 8) data.writeUInt8(Math.round(value * 127) + 128, at);
  else data.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), at, bits / 8);
}

export const sine =
  (hertz: number, level = 0.5) =>
  (t: number): number =>
    level * Math.sin(2 * Math.PI * hertz * t);

/** 16-bit samples of one channel of a WAV file, in [-1, 1]. */
export function samplesOf(wav: Buffer, channel = 0): { rate: number; channels: number; samples: Float64Array } {
  const [channels, rate] = [wav.readUInt16LE(22), wav.readUInt32LE(24)];
  const start = wav.indexOf("data", 12, "latin1") + 8;
  const frames = Math.floor((wav.length - start) / 2 / channels);
  const samples = Float64Array.from(
    { length: frames },
    (_, i) => wav.readInt16LE(start + (i * channels + channel) * 2) / 32768,
  );
  return { rate, channels, samples };
}

/** How strong a tone of that frequency is in the samples: its amplitude (Goertzel). */
export function toneIn({ rate, samples }: { rate: number; samples: Float64Array }, hertz: number): number {
  const w = (2 * Math.PI * hertz) / rate;
  let [re, im] = [0, 0];
  for (const [i, value] of samples.entries()) {
    re += value * Math.cos(w * i);
    im += value * Math.sin(w * i);
  }
  return (2 * Math.hypot(re, im)) / samples.length;
}

/** How strong it is where it is strongest, half a second long. */
export function loudest({ rate, samples }: { rate: number; samples: Float64Array }, hertz: number): number {
  const width = rate / 2;
  const parts = Array.from({ length: Math.floor((2 * samples.length) / width) }, (_, n) => (n * width) / 2);
  return Math.max(0, ...parts.map((at) => toneIn({ rate, samples: samples.subarray(at, at + width) }, hertz)));
}

/** Two frames and more of MPEG 2 layer III, 16 kHz mono at 32 kbit/s, whose samples are silence: 144 bytes a frame, 36 ms. */
export function silentMp3(seconds: number): Buffer {
  const frame = Buffer.alloc(144);
  frame.set([0xff, 0xf3, 0x48, 0xc4]);
  return Buffer.concat(Array.from({ length: Math.ceil(seconds / 0.036) }, () => frame));
}
