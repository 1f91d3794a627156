// A call to a ring group: its members ring together or in turn, for no longer than the group may ring as a whole.
import type { Resource } from "../registry.ts";
import type { Member } from "../resources/member.ts";
import { shownInside } from "./caller.ts";
import { shuffled } from "./chance.ts";
import type { Action } from "./plan.ts";
import { type Branch, branchesOf } from "./ring.ts";
import { type Ended, named, node, type Way } from "./way.ts";

type Group = Resource<"ring-group">;

export function arriveAtRingGroup(way: Way, target: Group, at: string, why: string): Action {
  way.step(at, why, named("ring-group", target.body.name));
  return ringFrom(way, target, 0, secondsAt(way) + target.body.ringSeconds);
}

/** A node is `ring-group.<id>.<index of the next member, in the order of this call>.<when the group's time is over>`. */
export function resumeRingGroup(way: Way, [id = "", next = "", until = ""]: string[], { disposition }: Ended): Action {
  const target = way.config.get("ring-group", id);
  if (!target) return way.end(named("ring-group", id), "the group is gone", "not-found");
  const { strategy, members, ringSeconds } = target.body;
  // nobody but us writes nodes; what can't be one of ours ends the group
  const deadline = Math.min(Number(until) || 0, secondsAt(way) + ringSeconds);
  const index = Number.parseInt(next, 10) || members.length;
  if (strategy === "simultaneous") return nobody(way, target, "nobody took it");
  if (strategy === "rollover" && disposition === "no-answer" && deadline - secondsAt(way) < shortest)
    return nobody(way, target, "nobody took it in the group's time");
  return ringFrom(way, target, index, deadline);
}

/** Ringing that is shorter only startles. */
const shortest = 3;
/** FreeSWITCH calls at most 128 legs at once. */
const mostPhones = 100;

const secondsAt = ({ call }: Way): number => Math.floor(call.at.getTime() / 1000);

function ringFrom(way: Way, target: Group, index: number, deadline: number): Action {
  const here = named("ring-group", target.body.name);
  const left = deadline - secondsAt(way);
  const members = inOrder(way, target);
  if (index >= members.length && index > 0) return nobody(way, target, "nobody took it");
  if (left < shortest) return nobody(way, target, "nobody took it in the group's time");
  const { groups, next } =
    target.body.strategy === "simultaneous" ? together(way, target, left) : inTurn(way, target, members, index, left);
  if (groups.length === 0) return nobody(way, target, "nobody is there to ring");
  for (const [turn, group] of groups.entries())
    for (const branch of group) way.step(here, saying(target.body.strategy, branch, turn), nameOf(branch));
  return {
    do: "ring",
    groups,
    seconds: left,
    from: shownInside(way.config, way.call, target.body.callerNamePrefix),
    musicOnHold: target.body.musicOnHold,
    autoAnswer: false,
    otherwise: node("ring-group", target.id, next, deadline),
  };
}

function saying(strategy: Group["body"]["strategy"], { delaySeconds, seconds }: Branch, turn: number): string {
  if (strategy === "simultaneous")
    return `rings ${delaySeconds === 0 ? "at once" : `after ${delaySeconds} s`}, for ${seconds} s`;
  return `rings ${turn === 0 ? "next" : "then"}, for ${seconds} s`;
}

const nameOf = (branch: Branch): string =>
  branch.to === "extension" ? named("extension", branch.number) : named("outside-number", branch.dialled);

function nobody(way: Way, { body }: Group, why: string): Action {
  return way.onward(body.afterwards, named("ring-group", body.name), why, "no-answer");
}

const branches = (way: Way, { body }: Group, members: readonly Member[]): Branch[] =>
  branchesOf(way, members, {
    at: named("ring-group", body.name),
    payer: way.payer ?? null,
    confirm: body.confirm,
    skipBusy: body.skipBusy,
  });

function together(way: Way, target: Group, left: number): { groups: Branch[][]; next: number } {
  let phones = 0;
  const group = branches(way, target, target.body.members)
    .filter(({ delaySeconds }) => delaySeconds + shortest <= left)
    .filter((branch) => {
      phones += branch.to === "extension" ? branch.usernames.length : 1;
      if (phones > mostPhones)
        way.step(
          named("ring-group", target.body.name),
          `more than ${mostPhones} phones at once are not rung`,
          nameOf(branch),
        );
      return phones <= mostPhones;
    })
    .map((branch) => ({ ...branch, seconds: Math.min(branch.seconds, left - branch.delaySeconds) }));
  return { groups: group.length === 0 ? [] : [group], next: target.body.members.length };
}

/** As many as the time that is left allows if each rings to its end. In a rollover one at a time, for all of it. */
function inTurn(
  way: Way,
  target: Group,
  members: readonly Member[],
  from: number,
  left: number,
): { groups: Branch[][]; next: number } {
  const groups: Branch[][] = [];
  const alone = target.body.strategy === "rollover";
  let index = from;
  for (let rest = left; index < members.length && rest >= shortest && !(alone && groups.length > 0); index++) {
    const [branch] = branches(way, target, members.slice(index, index + 1));
    if (!branch) continue;
    const seconds = alone ? rest : Math.min(branch.seconds, rest);
    groups.push([{ ...branch, delaySeconds: 0, seconds }]);
    rest -= seconds;
  }
  return { groups, next: index };
}

/** By chance, but in the same order throughout a call. */
const inOrder = (way: Way, { body }: Group): readonly Member[] =>
  body.strategy === "random" ? shuffled(body.members, way.call.chance ?? 0) : body.members;
