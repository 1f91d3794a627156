// RIFF/WAVE: what a file says of its samples, and where they are. Sources: RFC 2361, Microsoft's "Multiple channel audio data and WAVE files".

/** Sample formats that edges can convert. */
export type WavFormat = { coding: "pcm" | "float" | "alaw" | "ulaw"; bits: number; channels: number; rate: number };
/** `offset` and `length` are those of the samples, in bytes. */
export type Wav = WavFormat & { offset: number; length: number; seconds: number };

const codings: Record<number, WavFormat["coding"]> = { 1: "pcm", 3: "float", 6: "alaw", 7: "ulaw" };
const extensible = 0xfffe;
const depths: Record<WavFormat["coding"], number[]> = { pcm: [8, 16, 24, 32], float: [32, 64], alaw: [8], ulaw: [8] };

const text = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/** Whether the bytes begin like a WAV file, whatever they hold. */
export const looksLikeWav = (bytes: Uint8Array): boolean =>
  bytes.length >= 12 && text(bytes, 0) === "RIFF" && text(bytes, 8) === "WAVE";

/**
 * Reads the header of a file of `size` bytes, of which `bytes` is at least the beginning. A sentence that says what is wrong where it can't be played. A data chunk that claims more
 * than there is (as recorders that were cut off leave it) ends with the file.
 */
export function readWav(bytes: Uint8Array, size: number = bytes.length): Wav | string {
  if (!looksLikeWav(bytes)) return "it is no RIFF/WAVE file";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: WavFormat | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = text(bytes, at);
    const claimed = view.getUint32(at + 4, true);
    const start = at + 8;
    if (name === "fmt ") {
      const read = readFormat(view, start, claimed);
      if (typeof read === "string") return read;
      format = read;
    }
    if (name === "data")
      return format ? locate(format, start, Math.min(claimed, size - start)) : "its samples come before their format";
    at = start + claimed + (claimed & 1);
  }
  return "it holds no samples";
}

function readFormat(view: DataView, at: number, length: number): WavFormat | string {
  if (length < 16 || at + length > view.byteLength) return "its format is cut off";
  const tag = view.getUint16(at, true);
  // the first two bytes of the GUID are the tag
  const real = tag === extensible && length >= 40 ? view.getUint16(at + 24, true) : tag;
  const coding = codings[real];
  if (!coding) return `its coding (${real}) is none of PCM, float, A-law and µ-law`;
  const [channels, rate, bits] = [
    view.getUint16(at + 2, true),
    view.getUint32(at + 4, true),
    view.getUint16(at + 14, true),
  ];
  if (channels < 1 || channels > 8) return `it has ${channels} channels; 1 to 8 can be read`;
  if (rate < 4000 || rate > 192_000) return `its rate is ${rate} Hz; 4,000 to 192,000 can be read`;
  if (!depths[coding].includes(bits)) return `its samples have ${bits} bits, which ${coding} can't be read with`;
  return { coding, bits, channels, rate };
}

function locate(format: WavFormat, offset: number, available: number): Wav | string {
  const frame = (format.bits / 8) * format.channels;
  const frames = Math.floor(available / frame);
  if (frames < 1) return "it holds no samples";
  return { ...format, offset, length: frames * frame, seconds: frames / format.rate };
}
