// Audio that says nothing: a message in a sandbox can be fetched like any other.

const rate = 8000;

/** A WAV of so many seconds, one channel of 8 bits at 8 kHz. */
export function silence(seconds: number): Uint8Array {
  const bytes = Math.round(seconds * rate);
  const wav = Buffer.alloc(44 + bytes, 0x80);
  wav.write("RIFF", 0, "latin1");
  wav.writeUInt32LE(36 + bytes, 4);
  wav.write("WAVEfmt ", 8, "latin1");
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate, 28);
  wav.writeUInt16LE(1, 32);
  wav.writeUInt16LE(8, 34);
  wav.write("data", 36, "latin1");
  wav.writeUInt32LE(bytes, 40);
  return wav;
}
