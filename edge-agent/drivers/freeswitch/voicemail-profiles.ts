// voicemail.conf: how FreeSWITCH's voicemail behaves. How long a message may be is a matter of its profile alone, so there is one for each length that a box
// may have, all with the messages of the one that everything else is done with.
import { messageLengths } from "../../../core/resources/voicemail-box.ts";
import type { FreeswitchConfig } from "./config.ts";
import { element, params, type Xml } from "./xml.ts";

/** The profile that takes messages of at most so many seconds. */
export const profileFor = (seconds: number): string => `max${seconds}`;

export const voicemailProfiles = (config: FreeswitchConfig): Xml[] => [
  profile("default", config, 300),
  ...messageLengths.map((seconds) => profile(profileFor(seconds), config, seconds)),
];

const profile = (name: string, config: FreeswitchConfig, seconds: number): Xml =>
  element("profile", { name }, params({ ...settings(config), "max-record-len": seconds - 1 }));

const settings = (config: FreeswitchConfig) => ({
  // one list of messages, whichever profile took them
  dbname: "voicemail_default",
  "file-extension": "wav",
  "storage-dir": config.voicemailDir,
  "terminator-key": "#",
  "max-login-attempts": 3,
  "digit-timeout": 10000,
  "min-record-len": 2,
  "max-retries": 3,
  "tone-spec": "%(1000, 0, 640)",
  "record-silence-threshold": 200,
  "record-silence-hits": 4,
  "callback-dialplan": "XML",
  "callback-context": "public",
  "play-new-messages-key": "1",
  "play-saved-messages-key": "2",
  "login-keys": "0",
  "main-menu-key": "0",
  "skip-greet-key": "#",
  "skip-info-key": "*",
  "config-menu-key": "5",
  "record-greeting-key": "1",
  "choose-greeting-key": "2",
  "record-name-key": "3",
  "change-pass-key": "6",
  "record-file-key": "3",
  "listen-file-key": "1",
  "save-file-key": "2",
  "delete-file-key": "7",
  "undelete-file-key": "8",
  "pause-key": "0",
  "restart-key": "1",
  "ff-key": "6",
  "rew-key": "4",
  "urgent-key": "*",
  // no way on from a mailbox: it would dial in the caller's name
  "operator-extension": "",
  "vmain-extension": "",
});
