// Ringing: the phones of one extension or of many, with numbers of the outside among them.
import type { Resource } from "../registry.ts";
import type { Member } from "../resources/member.ts";
import type { Config } from "./config.ts";
import { forwardOf } from "./forward.ts";
import { phonesOf } from "./hot-desk.ts";
import { type Carrier, legOutside } from "./outside.ts";
import type { Node, Shown } from "./plan.ts";
import { type InCall, inCallCodes } from "./record-on-demand.ts";
import { runtimeOf, takesSecondCall } from "./runtime.ts";
import { named, type Way } from "./way.ts";

/** Somebody who is rung. Seconds count from the beginning of his group, `seconds` from his delay's end. */
export type Branch =
  | {
      to: "extension";
      extension: string;
      number: string;
      /** SIP user names of its devices. */
      usernames: string[];
      /** What they may type while they talk. */
      inCall: InCall[];
      delaySeconds: number;
      seconds: number;
    }
  | (Carrier & {
      to: "outside";
      /** Whose forward or follow-me it is: he pays. Null: the tenant, whose configuration says so. */
      payer: string | null;
      delaySeconds: number;
      seconds: number;
      /** The called party must press 1. */
      confirm: boolean;
    });

/** Groups ring one after another, the branches of a group together. */
export type Ring = {
  do: "ring";
  groups: Branch[][];
  /** A group rings no longer than this. */
  seconds: number;
  from: Shown;
  /** What the caller hears meanwhile, by id; null: it rings. */
  musicOnHold: string | null;
  /** Phones answer by themselves (intercom). */
  autoAnswer: boolean;
  otherwise: Node;
};

/** The branch of an extension's devices. */
export const branchOf = (
  config: Config,
  extension: Resource<"extension">,
  seconds: number = extension.body.ringSeconds,
  delaySeconds = 0,
): Branch => ({
  to: "extension",
  extension: extension.id,
  number: extension.body.number,
  usernames: phonesOf(config, extension),
  inCall: inCallCodes(config, extension),
  delaySeconds,
  seconds,
});

/** Why the extension's devices don't ring now; undefined where they do. A call-back from the emergency services always rings. */
export function engaged({ config, call }: Way, { id, body }: Resource<"extension">): string | undefined {
  if (runtimeOf(config, "extension", id, "doNotDisturb") ?? body.doNotDisturb) return "wants no calls (do not disturb)";
  return !takesSecondCall(config, { id, body }) && call.onCall?.(id)
    ? "is on a call and takes no second one"
    : undefined;
}

type Wish = {
  /** Where members are listed, for steps. */
  at: string;
  payer: string | null;
  /** Whether numbers outside must press 1. */
  confirm: boolean;
  skipBusy: boolean;
};

/** Members as branches; who is not rung is left out, and a step says why. */
export function branchesOf(way: Way, members: readonly Member[], wish: Wish): Branch[] {
  return members.flatMap((member) => {
    const found = branchFor(way, member, wish);
    if (!("skipped" in found)) return [found];
    way.step(wish.at, `${found.skipped}; goes on without`, found.who);
    return [];
  });
}

function branchFor(way: Way, member: Member, wish: Wish): Branch | { skipped: string; who: string } {
  const { delaySeconds, ringSeconds: seconds } = member;
  if (member.number !== null) {
    const leg = legOutside(way, member.number, wish.payer);
    const who = named("outside-number", member.number);
    if (typeof leg === "string") return { skipped: `${member.number} can't be called: ${leg}`, who };
    return { to: "outside", ...leg, payer: wish.payer, delaySeconds, seconds, confirm: wish.confirm };
  }
  const target = member.extension === null ? undefined : way.config.get("extension", member.extension);
  if (!target) return { skipped: "a member is gone", who: named("extension", member.extension ?? "") };
  const skipped = skippedFor(way, target, wish.skipBusy);
  if (skipped) return { skipped, who: named("extension", target.body.number) };
  return branchOf(way.config, target, seconds, delaySeconds);
}

/** As a member of others' groups an extension rings where it is: forwards are not followed, so that nobody's mobile takes the group's calls. */
function skippedFor(way: Way, target: Resource<"extension">, skipBusy: boolean): string | undefined {
  const { id, body } = target;
  const { from } = way.call;
  if (!body.enabled) return `${body.number} is disabled`;
  if (from.kind === "extension" && from.id === id) return `${body.number} is the caller`;
  if (forwardOf(way.config, target, "always")) return `${body.number} forwards all its calls`;
  const why = engaged(way, target) ?? (skipBusy && way.call.onCall?.(id) ? "is on a call" : undefined);
  return why && `${body.number} ${why}`;
}
