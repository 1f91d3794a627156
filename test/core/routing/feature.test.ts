// Feature codes: what each does, for whom, and what none of them does.
import { describe, expect, test } from "vitest";
import type { Call } from "../../../core/routing/plan.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import { configOf, type Input } from "../../support/config.ts";

const person = (number: string, more: Record<string, unknown> = {}): Input => ({
  ...{ kind: "extension", id: `ext_${number}`, body: { number, devices: [{ username: number }], ...more } },
});
const document: Input[] = [
  person("1001", { voicemailBox: "vmb_1", hotDeskPin: "4711" }),
  person("1002", { outbound: { permission: "national" } }),
  person("1003", { outbound: { permission: "international", countries: null, pin: "1234" }, voicemailBox: "vmb_1" }),
  person("1004", { enabled: false, hotDeskPin: "4711" }),
  { kind: "voicemail-box", id: "vmb_1", body: { number: "1001" } },
  { kind: "trunk", id: "trk_1", body: { name: "t", host: "c.example" } },
  { kind: "queue", id: "que_1", body: { name: "sales", agents: [{ extension: "ext_1001" }] } },
  { kind: "schedule", id: "sch_1", body: { name: "office", extensionNumber: "700" } },
  { kind: "schedule", id: "sch_2", body: { name: "shop" } },
  { kind: "speed-dial", id: "spd_1", body: { number: "*78", target: "1002" } },
  { kind: "phone-number", id: "num_1", body: { number: "+12025550100", destination: null } },
];
const desk = { username: "1002", extension: "ext_1002" };

function ask(to: string, from = "1001", more: Partial<Call> = {}, inputs: Input[] = document, runtime = {}) {
  const call: Call = { from: { kind: "extension", id: `ext_${from}` }, to, at: new Date(0), ...more };
  return resolve(configOf(inputs, {}, runtime), call);
}
const without = (...ids: string[]) => document.filter(({ id }) => !ids.includes(id));
const code = (action: string, own: string | null): Input => ({
  ...{ kind: "feature-code", id: `fcd_${action}`, body: { action, code: own } },
});
/** What is set, as `id field value`. */
const set = (plan: ReturnType<typeof resolve>) =>
  plan.action.do === "remember"
    ? plan.action.changes.map(({ id, field, value }) => `${id} ${field} ${value}`)
    : plan.action;
const refused = { do: "play", otherwise: "end.rejected" };

test.each([
  ["*79", ["ext_1001 doNotDisturb false"]],
  ["*721002", ["ext_1001 forwardAlways 1002"]],
  ["*72+12025550123", ["ext_1001 forwardAlways +12025550123"]],
  ["*73", ["ext_1001 forwardAlways "]],
  ["*901002", ["ext_1001 forwardBusy 1002"]],
  ["*91", ["ext_1001 forwardBusy "]],
  ["*921002", ["ext_1001 forwardNoAnswer 1002"]],
  ["*93", ["ext_1001 forwardNoAnswer "]],
  ["*20", ["ext_1001 followMe true"]],
  ["*21", ["ext_1001 followMe false"]],
  ["*45", ["ext_1001 agent available"]],
  ["*46", ["ext_1001 agent logged-out"]],
  ["*47", ["ext_1001 agent paused"]],
  ["*48", ["ext_1001 agent available"]],
  ["*28700", ["sch_1 override closed"]],
  ["*282", ["sch_2 override closed"]],
])("%s sets %j", (to, changes) => {
  expect(set(ask(to, "1001", {}, without("spd_1")))).toEqual(changes);
});

test("the day/night switch goes from automatic to closed, to open, and back to the hours", () => {
  for (const [now, then] of [
    [{ "sch_1/override": "closed" }, "open"],
    [{ "sch_1/override": "open" }, "null"],
    [{ "sch_1/override": null }, "closed"],
  ] as const)
    expect(set(ask("*28700", "1001", {}, document, now))).toEqual([`sch_1 override ${then}`]);
  expect(ask("*289").action).toMatchObject(refused);
});

test.each([
  ["*97", { do: "mailbox", box: "vmb_1", number: "1001", authenticated: true }],
  ["*981001", { do: "mailbox", box: "vmb_1", number: "1001", authenticated: false }],
  ["*981002", refused],
  ["*991001", { do: "voicemail", box: "vmb_1" }],
  ["*991003", { do: "voicemail", box: "vmb_1" }],
  ["*991002", refused],
  ["*43", { do: "test", what: "echo" }],
  ["*65", { do: "test", what: "say", digits: "1001" }],
])("%s is %j", (to, action) => {
  expect(ask(to).action).toMatchObject(action);
});

describe("a code", () => {
  test("gives way to a number of the tenant that is the same", () => {
    expect(ask("*78").action).toMatchObject({ do: "ring" });
  });

  test("is what the tenant made it, and none where the tenant turned it off", () => {
    const own = (...codes: Input[]) => [...without("spd_1"), ...codes];
    expect(set(ask("#9", "1001", {}, own(code("do-not-disturb-on", "#9"))))).toEqual(["ext_1001 doNotDisturb true"]);
    expect(ask("*78", "1001", {}, own(code("do-not-disturb-on", "#9"))).action).toMatchObject({ cause: "not-found" });
    expect(ask("*78", "1001", {}, own(code("do-not-disturb-on", null))).action).toMatchObject({ cause: "not-found" });
    // another's usual code: the tenant's word counts
    expect(ask("*97", "1001", {}, own(code("echo-test", "*97"))).action).toMatchObject({ do: "test" });
    // the longest counts
    expect(set(ask("*7299", "1001", {}, own(code("do-not-disturb-on", "*7299"))))).toEqual([
      "ext_1001 doNotDisturb true",
    ]);
  });

  test("without its number asks for it, and goes on with what is typed", () => {
    const asked = ask("*72");
    expect(asked.action).toMatchObject({ do: "collect", otherwise: "code.forward-always-on" });
    const typed = (digits: string) =>
      ask("*72", "1001", { resume: { node: "code.forward-always-on", disposition: "done", digits } });
    expect(set(typed("1002"))).toEqual(["ext_1001 forwardAlways 1002"]);
    for (const nothing of ["", "911", "8888", "*78"]) expect(typed(nothing).action).toMatchObject(refused);
  });

  test.each<[string, Partial<Call>, string]>([
    ["by somebody who was transferred", { inside: true }, "*79"],
    ["by a caller from outside", { from: { kind: "outside", number: "+12025550123", name: null } }, "*79"],
    ["by a disabled extension", { from: { kind: "extension", id: "ext_1004" } }, "*79"],
    ["of which nobody knows", {}, "*5551"],
    ["that no file knows yet", {}, "*2"],
  ])("dialled %s sets nothing", (_, more, to) => {
    expect(ask(to, "1001", more).action).toMatchObject({ do: "hangup" });
  });
});

describe("a forward", () => {
  test.each([
    ["to an emergency number", "1001", "*72911"],
    ["to itself", "1001", "*721001"],
    ["to nobody", "1001", "*728888"],
    ["abroad, without permission", "1002", "*72+4930123456"],
    ["outside, where a PIN is asked for", "1003", "*72+12025550123"],
    ["to a code", "1001", "*72*97"],
  ])("%s is refused when it is set", (_, from, to) => {
    expect(ask(to, from).action).toMatchObject({ ...refused, sounds: [{ word: "not-permitted" }] });
  });
});

test("only an agent of a queue logs in, and one who is logged out can't pause", () => {
  expect(ask("*45", "1002").action).toMatchObject(refused);
  expect(ask("*47", "1001", {}, document, { "ext_1001/agent": "logged-out" }).action).toMatchObject(refused);
});

test("a hidden number is seen by nobody called, and the next trunk hides it too", () => {
  expect(ask("*671002").action).toMatchObject({ do: "ring", from: { number: "anonymous", name: null } });
  const first = ask("*67+12025550123").action;
  expect(first).toMatchObject({ do: "trunk", number: "+12025550123", hidden: true });
  expect(ask("*67911").action).toMatchObject({ do: "trunk", emergency: true, hidden: false });
  expect(ask("+12025550123").action).toMatchObject({ hidden: false });
});

describe("the last caller", () => {
  const back = (number: string | null | undefined, from = "1001") =>
    ask("*69", from, { lastCaller: (id) => (id === `ext_${from}` ? number : "1002") }).action;

  test("is called back as if the extension had dialled him", () => {
    expect(back("1002")).toMatchObject({ do: "ring", groups: [[{ extension: "ext_1002" }]] });
    expect(back("+12025550123")).toMatchObject({ do: "trunk", number: "+12025550123", payer: "ext_1001" });
    expect(back("+493012345678", "1002")).toMatchObject({ do: "hangup", cause: "rejected" });
    expect(back("+12025550123", "1003")).toMatchObject({ do: "collect", secret: true });
  });

  test.each([undefined, null, "anonymous", "*721002", "*78", "911", "1", "+", "1002@x", `+${"9".repeat(40)}`])(
    "%s is not, whatever he claimed to be",
    (number) => {
      expect(back(number)).toMatchObject({ ...refused, sounds: [{ word: "no-call-back" }] });
    },
  );
});

describe("hot desking", () => {
  const at = (to: string, more: Partial<Call> = {}, runtime = {}) =>
    ask(to, "1002", { phone: desk, ...more }, document, runtime);
  const pin = (digits: string, left = 2, id = "ext_1001") =>
    at("*111001", { resume: { node: `hot-desk.${id}.${left}`, disposition: "done", digits } });

  test("makes a phone one's own by the PIN alone", () => {
    expect(at("*111001").action).toMatchObject({ do: "collect", secret: true, otherwise: "hot-desk.ext_1001.2" });
    expect(set(pin("4711"))).toEqual(["ext_1001 hotDesk 1002"]);
    expect(pin("4712").action).toMatchObject({ do: "collect", otherwise: "hot-desk.ext_1001.1" });
    expect(pin("", 1).action).toMatchObject({ do: "collect", otherwise: "hot-desk.ext_1001.0" });
    expect(pin("4712", 0).action).toMatchObject(refused);
  });

  test.each(["1002", "1003", "1004", "8888"])(
    "is not for %s, who has no PIN for it, is disabled or nobody",
    (number) => {
      expect(at(`*11${number}`).action).toMatchObject(refused);
      expect(pin("", 2, `ext_${number}`).action).toMatchObject({ do: expect.stringMatching(/play|collect/) });
      expect(pin("undefined", 2, `ext_${number}`).action.do).not.toBe("remember");
    },
  );

  const used = { "ext_1001/hotDesk": "1002" };
  test("calls to the guest ring the phone and his own, calls to its owner don't", () => {
    const phones = (to: string, runtime = {}) => {
      const { action } = ask(to, "1003", {}, document, runtime);
      return action.do === "ring"
        ? action.groups.flat().map((branch) => (branch.to === "extension" ? branch.usernames : []))
        : action;
    };
    expect([phones("1001", used), phones("1002", used)]).toEqual([[["1002", "1001"]], [[]]]);
    expect([phones("1001"), phones("1002")]).toEqual([[["1001"]], [["1002"]]]);
    expect(phones("1002", { "ext_1004/hotDesk": "1002" }), "a disabled guest").toEqual([["1002"]]);
  });

  test("another guest takes the place of the first, and logging out gives the phone back", () => {
    const two = { "ext_1003/hotDesk": "1002" };
    const next = at("*111001", { resume: { node: "hot-desk.ext_1001.2", disposition: "done", digits: "4711" } }, two);
    expect(set(next)).toEqual(["ext_1003 hotDesk null", "ext_1001 hotDesk 1002"]);
    expect(set(ask("*12", "1001", { phone: desk }, document, used))).toEqual(["ext_1001 hotDesk null"]);
    expect(set(ask("*12", "1001", { phone: { username: "1001", extension: "ext_1001" } }))).toEqual([
      "ext_1001 hotDesk null",
    ]);
  });

  test("an emergency call shows where the phone is", () => {
    const inputs = [
      ...without("ext_1002", "num_1"),
      person("1002", { emergencyCallerId: "+12025550101", emergencyLocation: "Floor 2" }),
      { kind: "phone-number", id: "num_2", body: { number: "+12025550101" } } as Input,
    ];
    expect(ask("911", "1001", { phone: desk }, inputs).action).toMatchObject({
      ...{ do: "trunk", emergency: true, location: "Floor 2", from: { number: "+12025550101" } },
    });
  });
});
