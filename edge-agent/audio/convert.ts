// Audio as it was uploaded, in the form that an engine plays best: WAV, one channel, 16 bits, 16 kHz or 8 kHz where there was no more.
import { kindOfAudio, maxSeconds } from "../../core/audio/kind.ts";
import { readWav } from "../../core/audio/wav.ts";
import { resample } from "./resample.ts";
import { samplesOf } from "./samples.ts";

/** What no later try can mend; the message says why. */
export class AudioError extends Error {}

/** Throws AudioError. */
export async function convert(bytes: Uint8Array): Promise<Uint8Array> {
  const kind = kindOfAudio(bytes);
  if ("flaw" in kind) throw new AudioError(kind.flaw);
  const { samples, rate } = kind.contentType === "audio/wav" ? fromWav(bytes) : await fromMp3(bytes);
  if (samples.length === 0) throw new AudioError("it holds no samples");
  if (samples.length / rate > maxSeconds) throw new AudioError(`it lasts longer than ${maxSeconds / 60} minutes`);
  const to = rate < 16_000 ? 8000 : 16_000;
  return wavOf(resample(samples, rate, to), to);
}

type Samples = { samples: Float32Array; rate: number };

function fromWav(bytes: Uint8Array): Samples {
  const wav = readWav(bytes);
  if (typeof wav === "string") throw new AudioError(wav);
  return { samples: samplesOf(bytes, wav), rate: wav.rate };
}

async function fromMp3(bytes: Uint8Array): Promise<Samples> {
  const { MPEGDecoder } = await import("mpg123-decoder");
  const decoder = new MPEGDecoder();
  await decoder.ready;
  try {
    const { channelData, samplesDecoded, sampleRate } = decoder.decode(bytes);
    const mixed = new Float32Array(samplesDecoded);
    for (const channel of channelData)
      for (let i = 0; i < samplesDecoded; i++) mixed[i] = (mixed[i] ?? 0) + (channel[i] ?? 0) / channelData.length;
    return { samples: mixed, rate: sampleRate };
  } finally {
    decoder.free();
  }
}

function wavOf(samples: Float32Array, rate: number): Uint8Array {
  const bytes = new Uint8Array(44 + samples.length * 2);
  const view = new DataView(bytes.buffer);
  const name = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  name(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  name(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  name(36, "data");
  view.setUint32(40, samples.length * 2, true);
  for (const [i, sample] of samples.entries())
    view.setInt16(44 + i * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true);
  return bytes;
}
