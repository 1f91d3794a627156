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

  describe("with a call-back", () => {
    const at = new Date(1_800_000_000_000);
    const since = 1_799_999_900;
    const caller = { kind: "outside", number: "+12025550123", name: null } as const;
    const id = () => pbx.acme.idOf("queue", "q");
    const resumed = (stage: string, digits: string, more: Partial<Call> = {}) =>
      say({
        ...{ from: caller, did: "+12025550100", to: "+12025550100", at },
        resume: { node: `queue.${id()}.${stage}`, disposition: "done", digits },
        ...more,
      }).action;
    const own = { waitingSince: new Date(since * 1000) };
    beforeEach(() => {
      pbx.acme.trunk(1, { name: "t", codecs: [], maxChannels: null, prefix: "" });
      put({ callBack: { digit: "9", payer: pbx.acme.ext(1002) } });
    });

    it("asks who presses its digit where to call him, and goes on waiting where he was if he says nothing", () => {
      expect(say().action).toMatchObject({ do: "queue", exitKey: "9", waitedSeconds: 0 });
      const asked = resumed("out", "9", own);
      const sounds = [{ digits: "+12025550123" }, { word: "press-1-to-accept" }];
      expect(asked).toMatchObject({ do: "collect", sounds, otherwise: `queue.${id()}.call-back.${since}.2` });
      expect(resumed(`call-back.${since}.2`, "")).toMatchObject({ do: "queue", waitedSeconds: 100 });
    });

    it.each([
      ["his own number", "1", "+12025550123"],
      ["one that he types", "12025550199", "+12025550199"],
    ])("calls %s, whose place is kept", (_, typed, number) => {
      const wish = { do: "call-back", queue: id(), number, sinceSeconds: since, otherwise: "end.done" };
      expect(resumed(`call-back.${since}.2`, typed)).toEqual(wish);
    });

    it.each(["911", "1001", "*721002", "011493012345678", "12025550100", "123"])(
      "does not call %s: nobody may, or who pays may not",
      (typed) => {
        const { acme } = pbx;
        acme.extension(1002, { outbound: { permission: "national", countries: null } });
        acme.number("+12025550100", { kind: "extension", ref: acme.ext(1001) });
        const again = { do: "collect", sounds: [{ word: "not-permitted" }, ...[expect.anything(), expect.anything()]] };
        expect(resumed(`call-back.${since}.2`, typed)).toMatchObject(again);
        expect(resumed(`call-back.${since}.0`, typed)).toMatchObject({ do: "queue", waitedSeconds: 100 });
      },
    );

    it("asks a caller without a number for one, and nobody where a hundred wait already", () => {
      const hidden = { ...own, from: { kind: "outside", number: null, name: null } as const };
      expect(resumed("out", "9", hidden)).toMatchObject({ do: "collect", sounds: [{ word: "enter-number" }] });
      expect(resumed("out", "9", { ...own, callBacks: () => 100 })).toMatchObject({ do: "queue", waitedSeconds: 100 });
    });

    it("lets who is called wait on only when he presses 1", () => {
      expect(resumed(`back.${since}`, "")).toMatchObject({ do: "collect", otherwise: `queue.${id()}.accept.${since}` });
      expect(resumed(`accept.${since}`, "1")).toMatchObject({ do: "queue", waitedSeconds: 100 });
      for (const digits of ["", "2"])
        expect(resumed(`accept.${since}`, digits)).toMatchObject({ do: "hangup", cause: "done" });
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
