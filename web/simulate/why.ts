// The reasons of a simulated call's steps in the user's language. The control plane says them in English, out of few sentences; what is none of these stays as
// it is.
import { currentLanguage, t, text } from "../i18n/t.ts";

/** As core/routing says them. Of two that fit, the first is meant. */
const sentences = [
  text("is the number's destination"),
  text("the number has no destination"),
  text("the tenant has no such number"),
  text("dialled {number}, which is {other}"),
  text("dialled {number}, a number of the tenant's own"),
  text("dialled {number}: nobody has this number"),
  text("dialled extension {number}"),
  text("dialled {number}"),
  text("transferred to {number}"),
  text("closed: holiday {name}, {date} in {zone}"),
  text("is open by override"),
  text("is closed by override"),
  text("pressed {keys} for the directory"),
  text("pressed {keys}, which leads nowhere in try {n} of {all}"),
  text("pressed {keys}, which leads nowhere in the last of {all} tries"),
  text("pressed {keys}, which leads nowhere in the last of 1 try"),
  text("pressed {keys} ({label})"),
  text("pressed {keys}"),
  text("pressed nothing in try {n} of {all}"),
  text("pressed nothing in the last of {all} tries"),
  text("pressed nothing in the last of 1 try"),
  text("pressed nothing in the last of {all} tries, and that leads nowhere"),
  text("rings at once, for {seconds} s"),
  text("rings after {delay} s, for {seconds} s"),
  text("rings next, for {seconds} s"),
  text("rings then, for {seconds} s"),
  text("rings with it (follow me)"),
  text("nobody took it in the group's time"),
  text("nobody took it"),
  text("nobody is there to ring"),
  text("the caller waits for an agent"),
  text("plays its greeting"),
  text("the caller waited for the longest time allowed"),
  text("no agent has been logged in for too long"),
  text("no agent is available"),
  text("no agent is available or paused"),
  text("was heard"),
  text("forwards all its calls"),
  text("the extension is disabled"),
  text("is busy, and forwards such calls"),
  text("did not answer, and forwards such calls"),
  text("has no phone registered, and forwards such calls"),
  text("declined the call, and forwards such calls"),
  text("wants no calls (do not disturb), and forwards such calls"),
  text("is busy, and has a voicemail box"),
  text("did not answer, and has a voicemail box"),
  text("has no phone registered, and has a voicemail box"),
  text("declined the call, and has a voicemail box"),
  text("wants no calls (do not disturb), and has a voicemail box"),
  text("is busy, and has no voicemail box"),
  text("did not answer, and has no voicemail box"),
  text("has no phone registered, and has no voicemail box"),
  text("declined the call, and has no voicemail box"),
  text("wants no calls (do not disturb), and has no voicemail box"),
  text("no outbound route serves {number}"),
  text("there is no trunk to the outside"),
  text("every trunk failed"),
  text("the called party is busy"),
  text("the called party did not answer"),
];
/** With the weekday and the time. */
const clocks = [text("open: {weekday} {time} in {zone}"), text("closed: {weekday} {time} in {zone}")];

type Pattern = { sentence: string; form: RegExp };
const patternOf = (sentence: string): Pattern => ({
  sentence,
  form: new RegExp(
    `^${sentence.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{(\w+)\}/g, "(?<$1>.+?)")}$`,
    "su",
  ),
});
const patterns = sentences.map(patternOf);
const clockPatterns = clocks.map(patternOf);

/** The reason as the user reads it. */
export function whyText(why: string): string {
  if (currentLanguage() === "en") return why;
  for (const { sentence, form } of clockPatterns) {
    const values = form.exec(why)?.groups;
    if (values && /^[A-Z][a-z]+day$/.test(values.weekday ?? ""))
      return t(sentence, { ...values, weekday: t((values.weekday ?? "").slice(0, 3)).toLowerCase() });
  }
  for (const { sentence, form } of patterns) {
    const found = form.exec(why);
    if (found) return t(sentence, found.groups ?? {});
  }
  return why;
}
