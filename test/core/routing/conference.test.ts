import { describe, expect, it } from "vitest";
import type { Action, Disposition } from "../../../core/routing/plan.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import { configOf, type Input } from "../../support/config.ts";

const from = { kind: "extension", id: "ext_1" } as const;
const at = new Date("2026-11-26T12:00:00Z");
const alice: Input = { kind: "extension", id: "ext_1", body: { number: "1001", devices: [{ username: "1001" }] } };
const config = (body: Record<string, unknown>) =>
  configOf([alice, { kind: "conference", id: "cnf_1", body: { name: "board", extensionNumber: "800", ...body } }]);

/** Dials 800 and types; the last action and why. */
function dial(body: Record<string, unknown>, typed: string[] = [], ended: Disposition = "done") {
  let plan = resolve(config(body), { from, to: "800", at });
  for (const digits of typed) {
    if (plan.action.do !== "collect") throw new Error(`${plan.action.do} takes no digits`);
    expect(plan.action).toMatchObject({ secret: true, terminator: "#" });
    plan = next(body, plan.action, "done", digits);
  }
  if (ended !== "done") plan = next(body, plan.action, ended);
  return { action: plan.action, why: plan.steps.at(-1)?.why };
}
function next(body: Record<string, unknown>, action: Action, disposition: Disposition, digits = "") {
  const node = "otherwise" in action ? action.otherwise : "";
  return resolve(config(body), { from, to: "800", at, resume: { node, disposition, digits } });
}

const pins = { pin: "4711", moderatorPin: "9999" };

describe("a conference", () => {
  it("without a PIN is joined at once", () => {
    expect(dial({}).action).toMatchObject({ do: "conference", conference: "cnf_1", moderator: false, muted: false });
    expect(dial({ muteOnEntry: true }).action).toMatchObject({ muted: true });
  });

  it("is joined by the participants' PIN, and moderated by the moderator's", () => {
    expect(dial(pins, ["4711"])).toMatchObject({
      action: { do: "conference", moderator: false },
      why: "the participants' PIN was typed",
    });
    expect(dial({ ...pins, muteOnEntry: true }, ["1", "", "9999"]).action).toMatchObject({
      moderator: true,
      muted: false,
    });
  });

  it("refuses who has not typed a PIN in three tries", () => {
    const { action, why } = dial(pins, ["1", "2", "3"]);
    expect(action).toMatchObject({ do: "play", otherwise: "end.rejected" });
    expect(why).toBe("a wrong PIN was typed in the last of 3 tries");
    expect(dial(pins, ["", "", ""]).action).toMatchObject({ otherwise: "end.rejected" });
  });

  it("counts each wrong PIN, not a missing one, and takes none where too many were wrong, right or not", () => {
    const of = { kind: "conference", id: "cnf_1", pin: "pin" };
    const resume = (digits: string) => ({ node: "conference.cnf_1.pin.1", disposition: "done" as const, digits });
    const answer = (digits: string | undefined, spent: boolean) =>
      resolve(config(pins), {
        ...{ from, to: "800", at, pinSpent: (one) => spent && one.id === "cnf_1" },
        ...(digits !== undefined && { resume: resume(digits) }),
      });
    expect(answer("1", false).wrongPin).toEqual(of);
    for (const digits of ["", "4711", "9999"]) expect(answer(digits, false).wrongPin).toBeUndefined();
    for (const digits of [undefined, "1", "4711", "9999"]) {
      const { action, wrongPin } = answer(digits, true);
      expect(action).toMatchObject({ do: "play", sounds: [{ word: "too-many-tries" }], otherwise: "end.rejected" });
      expect(wrongPin).toBeUndefined();
    }
  });

  it("with a moderator's PIN alone lets in who types nothing, and not who types wrong", () => {
    expect(dial({ moderatorPin: "9999" }, [""]).action).toMatchObject({ do: "conference", moderator: false });
    expect(dial({ moderatorPin: "9999" }, ["1", "2", "3"]).action).toMatchObject({ otherwise: "end.rejected" });
    expect(dial({ moderatorPin: "9999" }, ["9999"]).action).toMatchObject({ moderator: true });
  });

  it("says that it is full", () => {
    const { action, why } = dial({ maxMembers: 2 }, [], "busy");
    expect(action).toMatchObject({ do: "play", sounds: [{ word: "full" }], otherwise: "end.busy" });
    expect(why).toBe("is full: 2 are in it");
  });
});
