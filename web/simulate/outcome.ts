// A simulated call's end as a sentence.
import { phrase } from "../part/words.ts";

type Outcome = Record<string, unknown>;

const sentences: Record<string, (outcome: Outcome) => string> = {
  ring: (outcome) => `${rung(outcome)} for ${outcome.seconds} seconds${shown(outcome)}.`,
  trunk: (outcome) => `It leaves over trunk ${outcome.trunk} to ${outcome.number}${shown(outcome)}.`,
  voicemail: ({ voicemailBox }) => `Voicemail box ${voicemailBox} takes a message.`,
  hangup: ({ cause, status }) => `It ends: ${phrase(String(cause)).toLowerCase()} (SIP ${status}).`,
  queue: () => "The caller waits in the queue for an agent.",
  "call-back": ({ number }) => `The caller keeps his place and is called back at ${number}.`,
  conference: ({ moderator }) => `The caller joins the conference${moderator ? " as its moderator" : ""}.`,
  park: ({ slot }) => `The call waits in slot ${slot}.`,
  unpark: ({ slot }) => `The caller takes the call in slot ${slot}.`,
  pickup: () => "The caller takes the call that rings.",
  page: ({ extensions }) => `${(extensions as unknown[]).length} extensions hear the caller.`,
  remember: () => "What the code sets is set.",
  mailbox: () => "The caller listens to messages.",
};

export function outcomeText(outcome: Outcome): string {
  const what = String(outcome.do);
  const sentence = Object.hasOwn(sentences, what) ? sentences[what] : undefined;
  return sentence?.(outcome) ?? `It ends with: ${phrase(what).toLowerCase()}.`;
}

function rung({ extension, groups }: Outcome): string {
  if (extension !== undefined) return `Extension ${extension} rings`;
  const branches = (groups as { number?: string; dialled?: string }[][]).flat();
  return `${branches.map(({ number, dialled }) => dialled ?? number).join(", ")} ring`;
}

function shown({ from }: Outcome): string {
  const { name, number } = (from ?? {}) as { number?: string; name?: string | null };
  return from ? `, showing ${[name, number].filter(Boolean).join(" ")}` : "";
}
