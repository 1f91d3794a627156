import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { convertAside } from "../../../edge-agent/audio/aside.ts";
import { AudioError, convert } from "../../../edge-agent/audio/convert.ts";
import { samplesOf, silentMp3, sine, toneIn, wavOf } from "../../support/wav.ts";

const converted = async (bytes: Uint8Array) => samplesOf(Buffer.from(await convert(bytes)));

describe("WAV is converted to one channel of 16 bits", () => {
  it.each([
    ["8 bits, 8 kHz", { bits: 8, rate: 8000 }, 8000],
    ["16 bits, 8 kHz", { bits: 16, rate: 8000 }, 8000],
    ["16 bits, 11.025 kHz", { bits: 16, rate: 11_025 }, 8000],
    ["24 bits, 44.1 kHz, stereo", { bits: 24, rate: 44_100, channels: 2 }, 16_000],
    ["32 bits, 48 kHz", { bits: 32, rate: 48_000 }, 16_000],
    ["float, 48 kHz, six channels", { bits: 32, tag: 3, rate: 48_000, channels: 6 }, 16_000],
  ])("%s: the tone is as long, as strong and as high as it was", async (_, format, rate) => {
    const audio = await converted(wavOf(0.5, sine(1000, 0.5), format));
    expect([audio.rate, audio.channels]).toEqual([rate, 1]);
    expect(audio.samples.length).toBe(rate / 2);
    expect(toneIn(audio, 1000)).toBeCloseTo(0.5, 1);
  });

  it("what the new rate can't carry is gone, not folded back", async () => {
    const audio = await converted(wavOf(0.5, sine(10_000, 0.5), { rate: 44_100 }));
    // 16 kHz would show 10 kHz as 6 kHz
    expect(toneIn(audio, 6000)).toBeLessThan(0.005);
  });

  it("the two codings of telephones are read: µ-law and A-law of a full-scale sample and of silence", async () => {
    for (const [tag, loud, quiet] of [
      [7, 0x80, 0xff],
      [6, 0xaa, 0xd5],
    ] as const) {
      const wav = wavOf(0.1, () => 0, { bits: 8 });
      wav.writeUInt16LE(tag, 20);
      wav.fill(loud, 44);
      expect((await converted(wav)).samples[300]).toBeCloseTo(0.98, 1);
      wav.fill(quiet, 44);
      expect((await converted(wav)).samples[300]).toBeCloseTo(0, 2);
    }
  });
});

it("MP3 is converted by way of its own decoder", async () => {
  const audio = await converted(silentMp3(1));
  expect(audio.rate).toBe(16_000);
  expect(audio.samples.length / audio.rate).toBeCloseTo(1, 0);
});

it("the same bytes always give the same file, on a thread of its own too", async () => {
  const wav = wavOf(0.2, sine(700), { rate: 22_050, channels: 2 });
  const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  expect(hash(await convertAside(wav))).toBe(hash(await convert(wav)));
  await expect(convertAside(Buffer.from("<html>"))).rejects.toThrow(AudioError);
});

it("whatever bytes come, they are converted or refused with a reason that no later try mends", async () => {
  const base = wavOf(0.01, sine(440), { channels: 2 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { maxLength: 12 }),
      fc.nat(base.length),
      async (edits, length) => {
        const bytes = Buffer.from(base);
        for (const [at, value] of edits) bytes[at] = value;
        await convert(bytes.subarray(0, length)).catch((error) => expect(error).toBeInstanceOf(AudioError));
      },
    ),
    { numRuns: 300 },
  );
});
