// MPEG audio, layer III: whether bytes are it. Source: ISO/IEC 11172-3, 2.4.1.3; ID3v2.4, 3.1.

const bitrates = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const rates = [44_100, 48_000, 32_000];

/** The length in bytes of the layer III frame that begins at `at`; undefined where none does. A free bit rate is none. */
function frameAt(bytes: Uint8Array, at: number): number | undefined {
  const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
  if (a !== 0xff || (b & 0xe0) !== 0xe0 || ((b >> 1) & 3) !== 1) return undefined;
  const version = (b >> 3) & 3;
  if (version === 1) return undefined;
  const kbps = bitrates[version === 3 ? 1 : 2][c >> 4];
  const full = rates[(c >> 2) & 3];
  if (!kbps || !full) return undefined;
  const rate = version === 3 ? full : version === 2 ? full / 2 : full / 4;
  return Math.floor(((version === 3 ? 144_000 : 72_000) * kbps) / rate) + ((c >> 1) & 1);
}

/** Where the tag before the audio ends. Its length is 4 bytes of 7 bits. */
function afterTag(bytes: Uint8Array): number {
  if (bytes.length < 10 || String.fromCharCode(...bytes.subarray(0, 3)) !== "ID3") return 0;
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10);
  if ((a | b | c | d) & 0x80) return 0;
  return 10 + ((a << 21) | (b << 14) | (c << 7) | d) + (((bytes[5] ?? 0) & 0x10) === 0 ? 0 : 10);
}

/** Whether two frames of layer III follow one another at the beginning, after at most 64 KB of padding: one alone is easily met by chance. */
export function looksLikeMp3(bytes: Uint8Array): boolean {
  const start = afterTag(bytes);
  const end = Math.min(start + 65_536, bytes.length - 4);
  for (let at = start; at < end; at++) {
    // padding is zeros; anything else before the first frame is another kind of file
    if (bytes[at] === 0) continue;
    const length = frameAt(bytes, at);
    return length !== undefined && (at + length === bytes.length || frameAt(bytes, at + length) !== undefined);
  }
  return false;
}
