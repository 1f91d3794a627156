// A call to a queue: who may wait, and where a call goes on that may not or waited long enough.
import type { Resource } from "../registry.ts";
import { type Presence, presenceOf } from "./agents.ts";
import { confirm, offerCallBack, sinceOf, takeNumber } from "./call-back.ts";
import { shownInside } from "./caller.ts";
import type { Action, Call, Disposition, Node, Shown } from "./plan.ts";
import { type Ended, named, node, type Way } from "./way.ts";

/**
 * The caller waits for an agent. Routing goes on with `no-answer` when he waited for the queue's longest, with `not-registered` when no agent was
 * logged in for too long, with `done` when his wait broke off otherwise.
 */
export type Queue = {
  do: "queue";
  queue: string;
  /** What the agents' phones show. */
  from: Shown;
  musicOnHold: string | null;
  /** So long one agent is rung. */
  ringSeconds: number;
  /** Pressed by the caller, it ends the wait with `done` and the digit; null: none does. */
  exitKey: string | null;
  /** He has waited so long already: his place is before that of who came since. */
  waitedSeconds: number;
  otherwise: Node;
};

export function arriveAtQueue(way: Way, target: Resource<"queue">, at: string, why: string): Action {
  const here = named("queue", target.body.name);
  way.step(at, why, here);
  const refusal = refuses(way, target);
  if (refusal !== undefined) return way.onward(target.body.afterwards, here, refusal, "unavailable");
  if (target.body.recording) way.record = true;
  const { greeting } = target.body;
  if (greeting === null) return wait(way, target);
  way.step(here, "plays its greeting", `prompt/${greeting}`);
  return { do: "play", sounds: [{ prompt: greeting }], answer: true, otherwise: node("queue", target.id, "in") };
}

function wait(way: Way, { id, body }: Resource<"queue">, sinceSeconds = secondsAt(way)): Action {
  const from = shownInside(way.config, way.call);
  const name = body.callerNamePrefix === null ? from.name : `${body.callerNamePrefix} ${from.name ?? from.number}`;
  way.step(named("queue", body.name), "the caller waits for an agent", "queue/wait");
  return {
    do: "queue",
    queue: id,
    from: { ...from, name },
    musicOnHold: body.musicOnHold,
    ringSeconds: body.agentRingSeconds,
    exitKey: body.callBack?.digit ?? null,
    waitedSeconds: Math.max(0, secondsAt(way) - sinceSeconds),
    otherwise: node("queue", id, "out"),
  };
}

const secondsAt = ({ call }: Way): number => Math.floor(call.at.getTime() / 1000);

/** Why a call may not wait here. */
function refuses({ config, call }: Way, { id, body }: Resource<"queue">): string | undefined {
  const waiting = call.waiting?.(id) ?? 0;
  if (body.maxWaiting > 0 && waiting >= body.maxWaiting) return `${waiting} callers wait, and no more may`;
  if (body.joinEmpty === "yes") return undefined;
  const enough: Presence[] = body.joinEmpty === "no" ? ["available"] : ["available", "paused"];
  const there = body.agents.some(({ extension }) => {
    const agent = config.get("extension", extension);
    return agent && enough.includes(presenceOf(config, agent, registered(call)));
  });
  return there ? undefined : `no agent is ${enough.join(" or ")}`;
}

const registered = (call: Call) => call.registered ?? (() => true);

const reasons: Partial<Record<Disposition, string>> = {
  "no-answer": "the caller waited for the longest time allowed",
  "not-registered": "no agent has been logged in for too long",
};

/**
 * A node is `queue.<id>.in` after the greeting, `queue.<id>.out` after the wait; `.call-back.<since>.<tries left>` where the caller was asked where to call
 * him, `.back.<since>` where he was called, `.accept.<since>` where he was asked to press 1.
 */
export function resumeQueue(way: Way, rest: string[], { disposition, digits }: Ended): Action {
  const [id = "", stage, since = "", left = ""] = rest;
  const target = way.config.get("queue", id);
  if (!target) return way.end(named("queue", id), "the queue is gone", "not-found");
  if (stage === "in") {
    if (target.body.recording) way.record = true;
    return wait(way, target);
  }
  const here = named("queue", target.body.name);
  const sinceSeconds = Number(since) || sinceOf(way);
  if (stage === "back") return confirm(way, target, sinceSeconds);
  if (stage === "accept")
    return digits === "1" ? wait(way, target, sinceSeconds) : way.end(here, "did not press 1", "done");
  if (stage === "call-back")
    return takeNumber(way, target, sinceSeconds, Number(left) || 0, digits) ?? wait(way, target, sinceSeconds);
  if (digits !== "" && digits === target.body.callBack?.digit)
    return offerCallBack(way, target, sinceSeconds) ?? wait(way, target, sinceSeconds);
  const why = reasons[disposition] ?? "the wait ended";
  return way.onward(target.body.afterwards, here, why, "unavailable");
}
