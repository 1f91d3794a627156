// Language lookups, one per prompt: which sounds a macro of voicemail plays. Without sound files it is tones. And which sounds there are of a language.
import { join, relative, sep } from "node:path";
import { namesIn } from "./box.ts";
import type { FreeswitchConfig } from "./config.ts";
import type { Fields } from "./fields.ts";
import { token } from "./inert.ts";
import { document, element, type Xml } from "./xml.ts";

/** What is said before the beep; the rest of voicemail's macros are heard by who listens to his messages. */
const spoken: Record<string, string[]> = {
  voicemail_play_greeting: ["vm-person.wav", "digits", "vm-not_available.wav"],
  voicemail_record_message: ["vm-record_message.wav"],
};
const tone = "tone_stream://%(80,20,500)";

/** FreeSWITCH's own language, where a channel has none of its own. */
export const ownLanguage = "en";

/** The folders of a language, by the one that is configured: looked up once. */
const known = new Map<string, string | null>();

/**
 * Where the sounds of a language (BCP 47) are. FreeSWITCH's packages put them side by side, `<language>/<region>/<voice>`: of the language's folders that
 * of its region, else the first. What there is no folder for is said in the language of `given`.
 */
export function soundsFor(given: string | null, language: string): string | null {
  if (given === null) return null;
  const key = `${language} ${given}`;
  const found = known.get(key) ?? beside(given, language) ?? given;
  known.set(key, found);
  return found;
}

function beside(given: string, language: string): string | undefined {
  const [name = "", ...parts] = language.toLowerCase().split("-");
  const root = join(given, "../../..");
  const [own, ownRegion = ""] = relative(root, given).split(sep);
  if (own === name && (parts.length === 0 || parts.includes(ownRegion))) return given;
  const regions = namesIn(join(root, name)).sort();
  const region = regions.find((one) => parts.includes(one)) ?? regions[0];
  const voice = region === undefined ? undefined : namesIn(join(root, name, region)).sort()[0];
  return region === undefined || voice === undefined ? undefined : join(root, name, region, voice);
}

export function answerLanguages(fields: Fields, config: FreeswitchConfig): Xml | undefined {
  const language = fields.get("lang") ?? "";
  const macro = fields.get("macro_name") ?? "";
  if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/.test(language) || !/^[a-z_]{1,64}$/.test(macro)) return undefined;
  const soundsDir = soundsFor(config.soundsDir, language);
  const files = soundsDir === null ? undefined : spoken[macro];
  const actions = files?.map((file) => action(file, soundsDir)) ?? [
    element("action", { function: "play-file", data: tone }),
  ];
  return document("languages", [
    element(
      "language",
      {
        name: token(language),
        "say-module": "en",
        ...(soundsDir !== null && { "sound-prefix": soundsDir }),
      },
      [
        element("phrases", {}, [
          element("macros", {}, [
            element("macro", { name: token(macro) }, [
              element("input", { pattern: "^(\\d*)" }, [element("match", {}, actions)]),
            ]),
          ]),
        ]),
      ],
    ),
  ]);
}

const action = (file: string, soundsDir: string | null): Xml =>
  file === "digits"
    ? element("action", { function: "say", data: "$1", method: "iterated", type: "number" })
    : element("action", { function: "play-file", data: `${soundsDir}/voicemail/${file}` });
