// Ringing phones and numbers outside: one bridge, whose groups are tried one after another.
import type { Carrier } from "../../../core/routing/outside.ts";
import type { Branch, Ring } from "../../../core/routing/ring.ts";
import { hand, type Leg, run, set, share } from "./actions.ts";
import { attempt } from "./attempt.ts";
import { boundOnAnswer } from "./in-call.ts";
import { listed, number, token } from "./inert.ts";
import { phone } from "./phone.ts";
import { type Hearing, musicFor, soundOf } from "./sound.ts";
import { bracket, carrierLeg } from "./trunk.ts";
import { variables } from "./variables.ts";
import type { Xml } from "./xml.ts";

export function renderRing(leg: Leg, action: Ring, hearing: Hearing): Xml[] {
  const [only, ...others] = action.groups.flat();
  const trunk = leg.trunk === undefined ? [] : [share(variables.trunk, token(leg.trunk))];
  const answering = action.autoAnswer ? autoAnswer.map(([name, value]) => hand(name, value)) : [];
  if (only?.to === "extension" && others.length === 0)
    return [
      share(variables.toExtension, token(only.extension)),
      ...trunk,
      set("call_timeout", String(action.seconds)),
      ...answering,
      ...attempt(leg, action, alone(leg, only), musicOfRing(action, hearing)),
    ];
  const target = action.groups.map((group) => group.flatMap((branch) => several(leg, branch)).join(",")).join("|");
  return [
    // an earlier step's would be on these legs too
    run("unset", variables.toExtension),
    ...trunk,
    ...confirmation(action, hearing),
    // carriers send media before anybody answers, which counts for nothing here, and some no 180
    ...(action.musicOnHold === null ? [run("ring_ready")] : []),
    ...answering,
    ...attempt(leg, action, `{local_var_clobber=true,ignore_early_media=true}${target}`, musicOfRing(action, hearing)),
  ];
}

/** Somebody else may use an extension's only phone: then it has none. */
const phones = (leg: Leg, usernames: readonly string[]): string[] =>
  usernames.length === 0
    ? ["error/USER_NOT_REGISTERED"]
    : usernames.map((username) => phone(username, leg.domain, leg.through));

function alone(leg: Leg, { usernames, inCall }: Branch & { to: "extension" }): string {
  const facts = inCall.length === 0 ? "" : bracket(boundOnAnswer(inCall));
  return phones(leg, usernames)
    .map((target) => `${facts}${target}`)
    .join(",");
}

/** Each with variables of its own: whom it rings, from when and how long (seconds of a delay come on top of a limit: the engine adds them). */
function several(leg: Leg, branch: Branch): string[] {
  const timing: Record<string, string> = {
    leg_timeout: String(branch.seconds),
    ...(branch.delaySeconds > 0 && { leg_delay_start: String(branch.delaySeconds) }),
  };
  if (branch.to === "outside")
    return [carrierLeg(leg, branch, { ...towards(branch), ...confirming(branch), ...timing })];
  const facts = { [variables.toExtension]: token(branch.extension), ...timing, ...boundOnAnswer(branch.inCall) };
  return phones(leg, branch.usernames).map((target) => `${bracket(facts)}${target}`);
}

const confirming = ({ confirm }: { confirm: boolean }): Record<string, string> =>
  confirm ? { group_confirm_key: "1" } : {};

/** Whom the called party sees, and over which trunk. */
export function towards(carrier: Carrier): Record<string, string> {
  const shown = carrier.hidden ? "anonymous" : number(carrier.from.number) || "anonymous";
  return {
    [variables.trunk]: token(carrier.trunk),
    origination_caller_id_number: shown,
    origination_caller_id_name: (!carrier.hidden && listed(carrier.from.name ?? "")) || shown,
  };
}

/** So long a mobile may ask itself whether to press 1. */
const confirmSeconds = 15;

/**
 * Whoever is to confirm is asked to, over and over, and gets the call when he presses the key that his leg has; his voicemail never does. The time for it
 * is his own (switch_ivr_originate.c: a leg's limit is set anew when it is answered), so the bridge must last so much longer.
 */
function confirmation({ groups, seconds }: Ring, hearing: Hearing): Xml[] {
  const asked = groups.flat().some((branch) => branch.to === "outside" && branch.confirm);
  if (!asked) return [set("call_timeout", String(seconds))];
  return [
    set("group_confirm_file", soundOf([{ word: "press-1-to-accept" }], hearing) ?? "silence"),
    set("group_confirm_timeout", String(confirmSeconds)),
    set("call_timeout", String(seconds + confirmSeconds)),
  ];
}

/** What phones of different makers take for the wish that they answer by themselves. */
export const autoAnswer = [
  // Call-Info: …;answer-after=0, and a NOTIFY `talk`
  ["sip_auto_answer", "true"],
  ["alert_info", "<http://localhost>;info=alert-autoanswer;delay=0"],
] as const;

/** In the place of ringing; a chord where there is no music on this host. */
const musicOfRing = ({ musicOnHold, seconds }: Ring, hearing: Hearing): string | undefined =>
  musicOnHold === null
    ? undefined
    : (musicFor(seconds + confirmSeconds + 5, musicOnHold, hearing) ?? "%(400,100,523);%(400,100,659);%(400,2000,784)");
