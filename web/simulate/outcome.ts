// A simulated call's end as a sentence.
import { t, tn } from "../i18n/t.ts";
import { inner } from "../part/words.ts";

type Outcome = Record<string, unknown>;

const sentences: Record<string, (outcome: Outcome) => string> = {
  ring: (outcome) =>
    t("{who} for {seconds} seconds{shown}.", {
      who: rung(outcome),
      seconds: String(outcome.seconds),
      shown: shown(outcome),
    }),
  trunk: (outcome) =>
    t("It leaves over trunk {trunk} to {number}{shown}.", {
      trunk: String(outcome.trunk),
      number: String(outcome.number),
      shown: shown(outcome),
    }),
  voicemail: ({ voicemailBox }) => t("Voicemail box {box} takes a message.", { box: String(voicemailBox) }),
  hangup: ({ cause, status }) =>
    t("It ends: {cause} (SIP {status}).", { cause: inner(String(cause)), status: String(status) }),
  queue: () => t("The caller waits in the queue for an agent."),
  "call-back": ({ number }) =>
    t("The caller keeps his place and is called back at {number}.", { number: String(number) }),
  conference: ({ moderator }) =>
    moderator ? t("The caller joins the conference as its moderator.") : t("The caller joins the conference."),
  park: ({ slot }) => t("The call waits in slot {slot}.", { slot: String(slot) }),
  unpark: ({ slot }) => t("The caller takes the call in slot {slot}.", { slot: String(slot) }),
  pickup: () => t("The caller takes the call that rings."),
  page: ({ extensions }) =>
    tn((extensions as unknown[]).length, "{n} extension hears the caller.", "{n} extensions hear the caller."),
  remember: () => t("What the code sets is set."),
  mailbox: () => t("The caller listens to messages."),
};

export function outcomeText(outcome: Outcome): string {
  const what = String(outcome.do);
  const sentence = Object.hasOwn(sentences, what) ? sentences[what] : undefined;
  return sentence?.(outcome) ?? t("It ends with: {what}.", { what: inner(what) });
}

function rung({ extension, groups }: Outcome): string {
  if (extension !== undefined) return t("Extension {number} rings", { number: String(extension) });
  const branches = (groups as { number?: string; dialled?: string }[][]).flat();
  return t("{numbers} ring", { numbers: branches.map(({ number, dialled }) => dialled ?? number).join(", ") });
}

function shown({ from }: Outcome): string {
  const { name, number } = (from ?? {}) as { number?: string; name?: string | null };
  return from ? t(", showing {caller}", { caller: [name, number].filter(Boolean).join(" ") }) : "";
}
