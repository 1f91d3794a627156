// What callers hear, as something that FreeSWITCH plays: a prompt's file, its own sounds for words and digits, or tones where there are none.
import { join } from "node:path";
import { chanceOf, shuffled } from "../../../core/routing/chance.ts";
import type { Config } from "../../../core/routing/config.ts";
import type { Sound, Word } from "../../../core/routing/sound.ts";
import { playable, secondsOf } from "../../prompts.ts";
import type { FreeswitchConfig } from "./config.ts";
import { soundsFor } from "./languages.ts";

/** What is needed to make sounds heard: where they are on this host, and a prompt's audio by its id (undefined where it has none or is gone). */
export type Hearing = {
  config: Pick<FreeswitchConfig, "promptsDir" | "soundsDir" | "recordingsDir">;
  audioOf(prompt: string): { sha256: string } | undefined;
  /** The music of who is put on hold, by its id. */
  hold: string | null;
  /** The prompts of music on hold, by its id; none where it is gone. */
  promptsOf(music: string): readonly string[];
};

/** What a leg of the tenant hears: in that language, the tenant's by default, as far as there are sounds of it. */
export const hearing = (
  config: Config,
  host: FreeswitchConfig,
  { leg, language = config.settings.language }: { leg: string; language?: string },
): Hearing => ({
  config: { ...host, soundsDir: soundsFor(host.soundsDir, language) },
  hold: config.settings.musicOnHold,
  audioOf: (prompt) => config.find("prompt", prompt)?.body.audio ?? undefined,
  promptsOf(music) {
    const found = config.find("music-on-hold", music)?.body;
    return found?.shuffle ? shuffled(found.prompts, chanceOf(leg)) : (found?.prompts ?? []);
  },
});

const tones = {
  /** Something is awaited of the caller. */
  ask: "%(250,50,660)",
  good: "%(120,30,660);%(160,30,880)",
  bad: "%(180,60,440);%(320,60,330)",
  on: "%(100,20,523);%(100,20,659);%(140,20,784)",
  off: "%(100,20,784);%(100,20,659);%(140,20,523)",
} as const;

/** FreeSWITCH's own sounds (docs/phrase/phrase_en.xml) and the tone in their place. */
const words: Record<Word, { files: string[]; tone: keyof typeof tones }> = {
  beep: { files: [], tone: "ask" },
  "enter-pin": { files: ["ivr/ivr-please_enter_pin_followed_by_pound.wav"], tone: "ask" },
  "enter-number": { files: ["ivr/ivr-please_enter_extension_followed_by_pound.wav"], tone: "ask" },
  "spell-name": { files: ["directory/dir-enter_person_first_or_last.wav"], tone: "ask" },
  invalid: { files: ["ivr/ivr-that_was_an_invalid_entry.wav"], tone: "bad" },
  confirmed: { files: ["ivr/ivr-thank_you.wav"], tone: "good" },
  on: { files: ["ivr/ivr-enabled.wav"], tone: "on" },
  off: { files: ["ivr/ivr-disabled.wav"], tone: "off" },
  "press-1-to-accept": { files: ["ivr/ivr-to_accept_press_one.wav"], tone: "ask" },
  blocked: { files: ["ivr/ivr-call_rejected.wav"], tone: "bad" },
  "too-many-tries": { files: ["voicemail/vm-abort.wav"], tone: "bad" },
  "not-permitted": { files: ["ivr/ivr-not_have_permission.wav"], tone: "bad" },
  "no-call-back": { files: ["ivr/ivr-call_cannot_be_completed_as_dialed.wav"], tone: "bad" },
  full: { files: ["conference/conf-conference_is_full.wav"], tone: "bad" },
  echo: { files: ["ivr/ivr-echo_your_audio_back.wav"], tone: "on" },
  goodbye: { files: ["voicemail/vm-goodbye.wav"], tone: "off" },
  position: { files: ["ivr/ivr-you_are_number.wav"], tone: "ask" },
  "wait-minutes": { files: ["ivr/ivr-hold_time_is_approximately.wav"], tone: "good" },
};

const tone = (spec: string): string => `tone_stream://${spec}`;
const beep = tone(tones.ask);

/** A digit without FreeSWITCH's sounds: so many beeps, a long one for 0, a low one for any other key. */
function counted(digit: string): string {
  if (digit === "0") return "%(600,400,620)";
  return /\d/.test(digit) ? `${"%(120,120,620);".repeat(Number(digit))}%(1,400,0)` : "%(300,400,350)";
}

const spoken: Record<string, string> = { "*": "star", "#": "pound", "+": "plus" };

/** The file of a prompt; undefined where there is none on this host. */
export const promptOf = (prompt: string, { config, audioOf }: Hearing): string | undefined =>
  playable(config.promptsDir, prompt, audioOf(prompt)?.sha256);

function filesOf(sound: Sound, hearing: Hearing): string[] {
  const { soundsDir } = hearing.config;
  if ("prompt" in sound) return [promptOf(sound.prompt, hearing) ?? beep];
  if ("word" in sound) {
    const { files, tone: instead } = words[sound.word];
    return soundsDir === null || files.length === 0
      ? [tone(tones[instead])]
      : files.map((file) => join(soundsDir, file));
  }
  const digits = [...sound.digits].filter((digit) => /[\d*#+]/.test(digit));
  return digits.map((digit) =>
    soundsDir === null ? tone(counted(digit)) : join(soundsDir, "digits", `${spoken[digit] ?? digit}.wav`),
  );
}

/** One file for FreeSWITCH that plays them all in turn; undefined for none. FreeSWITCH finds a sound's rate below its folder by itself. */
export function soundOf(sounds: readonly Sound[], hearing: Hearing): string | undefined {
  const files = sounds.flatMap((sound) => filesOf(sound, hearing));
  return files.length > 1 ? `file_string://${files.join("!")}` : files[0];
}

const piecesOf = (music: string | null, hearing: Hearing): string[] =>
  music === null ? [] : hearing.promptsOf(music).flatMap((prompt) => promptOf(prompt, hearing) ?? []);

/** What of this music is on this host, one piece after another; whoever plays it begins anew at its end. Undefined for nothing. */
export function musicOf(music: string | null, hearing: Hearing): string | undefined {
  const files = piecesOf(music, hearing);
  return files.length > 1 ? `file_string://${files.join("!")}` : files[0];
}

/** FreeSWITCH keeps so many files of a list (mod_dptools.c, file_string_context). */
const mostFiles = 128;

/**
 * This music over and over for so many seconds at least, for what ends with its file: a parked call, and an attempt to reach somebody, which FreeSWITCH
 * gives up when its ringback can be read no further (switch_ivr_originate.c). Undefined for nothing, and for music that is too short.
 */
export function musicFor(seconds: number, music: string | null, hearing: Hearing): string | undefined {
  const files = piecesOf(music, hearing);
  const once = files.reduce((sum, file) => sum + secondsOf(file), 0);
  const rounds = once > 0 ? Math.ceil(seconds / once) : 0;
  if (rounds === 0 || rounds * files.length > mostFiles) return undefined;
  return `file_string://${Array.from({ length: rounds }, () => files)
    .flat()
    .join("!")}`;
}
