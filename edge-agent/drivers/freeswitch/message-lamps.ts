// The lamp that says that messages wait (RFC 3842), of phones behind Kamailio. FreeSWITCH tells it to who is registered with it; to the others the agent has
// it told through Kamailio, whenever a box has changed. FreeSWITCH does not hear when a phone registers there: until its box changes it is told nothing.
import type { Logger } from "pino";
import type { Documents } from "../../documents.ts";
import { boxDomain } from "./box.ts";
import type { Esl, EslEvent } from "./esl/esl.ts";
import type { Front } from "./front.ts";
import { token } from "./inert.ts";
import { type Host, hop } from "./phone.ts";

export const events = ["MESSAGE_WAITING"];

export function createMessageLamps(options: {
  esl: Pick<Esl, "fire">;
  documents: Documents;
  front: Front;
  log: Pick<Logger, "warn">;
}): { onEvent(event: EslEvent): void } {
  const { esl, documents, front, log } = options;

  function tell(box: string, waiting: string, count: string, through: Host): void {
    const found = documents.voicemailBox(box);
    const config = found && documents.config(found.owner);
    if (!config) return;
    const domain = token(config.settings.domain);
    const body = [
      `Messages-Waiting: ${waiting}`,
      `Message-Account: sip:${token(box)}@${domain}`,
      `Voice-Message: ${count}`,
    ];
    for (const { body: extension } of config.list("extension")) {
      if (extension.voicemailBox !== box || !extension.enabled) continue;
      for (const { username } of extension.devices) {
        const who = `sip:${token(username)}@${domain}`;
        // without brackets around the way, or nothing is sent (mod_sofia.c, general_event_handler)
        const headers = {
          profile: "front",
          "event-string": "message-summary",
          "content-type": "application/simple-message-summary",
          ...{
            "to-uri": `<${who}>`,
            "from-uri": `<${who}>`,
            "contact-uri": `${who};fs_path=${encodeURIComponent(hop(through))}`,
          },
        };
        esl
          .fire("NOTIFY", headers, `${body.join("\r\n")}\r\n`)
          .catch((error: unknown) => log.warn({ error: String(error) }, "a phone was not told of its messages"));
      }
    }
  }

  return {
    onEvent({ name, headers }) {
      const { through } = front;
      if (name !== "MESSAGE_WAITING" || !through) return;
      const [, box, at] = /^(vmb_\w{1,32})@([\w.]+)$/.exec(headers["MWI-Message-Account"] ?? "") ?? [];
      const count = /^\d+\/\d+(?: \(\d+\/\d+\))?$/.exec(headers["MWI-Voice-Message"] ?? "")?.[0];
      if (box === undefined || at !== boxDomain || count === undefined) return;
      tell(box, headers["MWI-Messages-Waiting"] === "yes" ? "yes" : "no", count, through);
    },
  };
}
