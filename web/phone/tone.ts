// What the phone itself sounds like: its bell, the tone while somebody else's rings, and the hint that a second call waits.
import { devices, sendTo } from "./devices.ts";

/** Frequencies in Hz that sound together, for seconds, then silence for seconds; over and over. */
type Cadence = { hertz: number[]; on: number; off: number; loud: number };
const cadences = {
  bell: { hertz: [660, 880], on: 1, off: 2, loud: 0.25 },
  ringback: { hertz: [440, 480], on: 2, off: 4, loud: 0.06 },
  waiting: { hertz: [440], on: 0.2, off: 6, loud: 0.06 },
} satisfies Record<string, Cadence>;
export type Tone = keyof typeof cadences;

let context: AudioContext | undefined;

/** Plays until the function that it answers is called. A browser that lets nothing sound yet stays silent. */
export function play(tone: Tone): () => void {
  context ??= new AudioContext();
  const audio = context;
  const { hertz, on, off, loud }: Cadence = cadences[tone];
  void audio.resume().catch(() => undefined);
  void sendTo(
    audio as AudioContext & { setSinkId?: (id: string) => Promise<void> },
    tone === "bell" ? devices().bell : devices().speaker,
  );
  const gain = audio.createGain();
  gain.gain.value = 0;
  gain.connect(audio.destination);
  const voices = hertz.map((frequency) => {
    const voice = audio.createOscillator();
    voice.frequency.value = frequency;
    voice.connect(gain);
    voice.start();
    return voice;
  });
  const sound = (): void => {
    const now = audio.currentTime;
    gain.gain.setTargetAtTime(loud / hertz.length, now, 0.01);
    gain.gain.setTargetAtTime(0, now + on, 0.02);
  };
  sound();
  const timer = setInterval(sound, (on + off) * 1000);
  return () => {
    clearInterval(timer);
    for (const voice of voices) voice.stop();
    gain.disconnect();
  };
}
