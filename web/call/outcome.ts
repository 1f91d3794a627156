// How a call, or a part of its way, ended: the colour of it.
import type { Tone } from "../part/chip.tsx";

export const tones: Record<string, Tone> = { answered: "good", voicemail: "quiet", failed: "bad", recorded: "good" };
