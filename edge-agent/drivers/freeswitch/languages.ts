// Language lookups, one per prompt: which sounds a macro of voicemail plays. Without sound files it is tones.
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

export function answerLanguages(fields: Fields, config: FreeswitchConfig): Xml | undefined {
  const language = fields.get("lang") ?? "";
  const macro = fields.get("macro_name") ?? "";
  if (!/^[a-z]{2}(-[A-Za-z]{2,8})?$/.test(language) || !/^[a-z_]{1,64}$/.test(macro)) return undefined;
  const files = config.soundsDir === null ? undefined : spoken[macro];
  const actions = files?.map((file) => action(file, config)) ?? [
    element("action", { function: "play-file", data: tone }),
  ];
  return document("languages", [
    element(
      "language",
      {
        name: token(language),
        "say-module": "en",
        ...(config.soundsDir !== null && { "sound-prefix": config.soundsDir }),
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

const action = (file: string, config: FreeswitchConfig): Xml =>
  file === "digits"
    ? element("action", { function: "say", data: "$1", method: "iterated", type: "number" })
    : element("action", { function: "play-file", data: `${config.soundsDir}/voicemail/${file}` });
