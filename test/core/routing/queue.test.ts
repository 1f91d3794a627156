import { beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../../../core/routing/plan.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import { createPbx } from "../../support/pbx.ts";

describe("a call to a queue", () => {
  let pbx: ReturnType<typeof createPbx>;
  const say = (more: Partial<Call> = {}) => {
    const config = pbx.documents.config(pbx.acme.owner);
    if (!config) throw new Error("no such tenant");
    const from = { kind: "extension", id: pbx.acme.ext(1001) } as const;
    return resolve(config, { from, to: "600", at: new Date(), ...more });
  };
  const put = (more: Record<string, unknown> = {}) => {
    const { acme } = pbx;
    const afterwards = { kind: "extension", ref: acme.ext(1003) };
    const agents = [{ extension: acme.ext(1002) }];
    acme.put("queue", "q", { name: "Support", extensionNumber: "600", agents, afterwards, ...more });
  };
  const why = (more: Partial<Call> = {}) => say(more).steps.at(-1)?.why;
  const ended = (stage: string, disposition: NonNullable<Call["resume"]>["disposition"]) =>
    say({ resume: { node: `queue.${pbx.acme.idOf("queue", "q")}.${stage}`, disposition } });
  beforeEach(() => {
    pbx = createPbx();
  });

  it("waits for an agent", () => {
    put({ callerNamePrefix: "Sup", agentRingSeconds: 7, recording: true });
    expect(say()).toMatchObject({
      action: {
        do: "queue",
        queue: pbx.acme.idOf("queue", "q"),
        from: { number: "1001", name: "Sup Alice" },
        ringSeconds: 7,
      },
      record: true,
    });
  });

  it("hears the greeting once, then waits", () => {
    const { acme } = pbx;
    acme.put("prompt", "hello", { name: "hello" });
    put({ greeting: acme.idOf("prompt", "hello") });
    expect(say().action).toMatchObject({ do: "play", sounds: [{ prompt: acme.idOf("prompt", "hello") }] });
    expect(ended("in", "done").action).toMatchObject({ do: "queue" });
  });

  it.each([
    ["no", "no agent is available", { doNotDisturb: true }],
    ["no", "no agent is available", { enabled: false }],
    ["unless-paused", "no agent is available or paused", { enabled: false }],
  ])("goes on where it may not wait: joinEmpty %s, %s", (joinEmpty, reason, agent) => {
    pbx.acme.extension(1002, agent);
    put({ joinEmpty });
    const { action, steps } = say();
    expect(action).toMatchObject({ do: "ring" });
    expect(steps.map((step) => step.why)).toContain(reason);
  });

  it.each([
    ["yes", { enabled: false }],
    ["unless-paused", { doNotDisturb: true }],
    ["no", {}],
  ])("waits: joinEmpty %s, the agent %o", (joinEmpty, agent) => {
    pbx.acme.extension(1002, agent);
    put({ joinEmpty });
    expect(say().action.do).toBe("queue");
  });

  it("goes on where no agent has a phone registered", () => {
    put();
    expect(say({ registered: () => false }).action.do).toBe("ring");
  });

  it("goes on where as many wait as may", () => {
    put({ maxWaiting: 3 });
    expect(say({ waiting: () => 2 }).action.do).toBe("queue");
    expect(say({ waiting: () => 3 }).steps.map((step) => step.why)).toContain("3 callers wait, and no more may");
    put({ maxWaiting: 0 });
    expect(say({ waiting: () => 1000 }).action.do).toBe("queue");
  });

  it("goes on after the wait, and says why", () => {
    put();
    const [late, left] = [ended("out", "no-answer"), ended("out", "not-registered")];
    for (const { action } of [late, left, ended("out", "done")]) expect(action.do).toBe("ring");
    expect(late.steps[0]?.why).toBe("the caller waited for the longest time allowed");
    expect(left.steps[0]?.why).toBe("no agent has been logged in for too long");
  });

  it("ends where nothing comes afterwards, and where the queue is gone", () => {
    put({ afterwards: null, joinEmpty: "no", agents: [] });
    expect(say().action).toMatchObject({ do: "hangup", cause: "unavailable" });
    expect(ended("out", "no-answer").action).toMatchObject({ do: "hangup", cause: "unavailable" });
    pbx.acme.drop("queue", "q");
    expect(why({ resume: { node: `queue.${pbx.acme.idOf("queue", "q")}.out`, disposition: "done" } })).toBe(
      "the queue is gone",
    );
  });
});
