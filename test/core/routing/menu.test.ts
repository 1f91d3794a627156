import { describe, expect, it } from "vitest";
import type { Plan } from "../../../core/routing/plan.ts";
import { resolve } from "../../../core/routing/resolve.ts";
import { configOf, type Input } from "../../support/config.ts";

const to = (ref: string) => ({ kind: "extension", ref });
const person = (number: string, more: Record<string, unknown> = {}): Input => ({
  kind: "extension",
  id: `ext_${number}`,
  body: { number, devices: [{ username: number }], ...more },
});
const people = ["100", "1001", "2002"].map((number) => person(number, { displayName: `P ${number}` }));

/** 2002 calls the menu and types, each entry until nothing more comes. */
function dial(menu: Record<string, unknown>, ...typed: string[]): Plan {
  const body = { name: "main", extensionNumber: "700", betweenDigitsSeconds: 2, ...menu };
  const directory: Input = { kind: "directory", id: "dir_1", body: { name: "all" } };
  const config = configOf([
    ...people,
    person("1003", { enabled: false }),
    directory,
    { kind: "menu", id: "mnu_1", body },
  ]);
  const call = { from: { kind: "extension", id: "ext_2002" } as const, to: "700", at: new Date() };
  let plan = resolve(config, call);
  for (const entry of typed) {
    if (plan.action.do !== "collect") throw new Error(`${plan.action.do} takes no digits`);
    expect(plan.action.otherwise).toMatch(/^[\w.-]{1,120}$/);
    plan = resolve(config, { ...call, resume: { node: plan.action.otherwise, disposition: "done", digits: entry } });
  }
  return plan;
}
const rings = ({ action }: Plan) =>
  action.do === "ring"
    ? action.groups
        .flat()
        .map((one) => (one.to === "extension" ? one.number : ""))
        .join()
    : action.do;
const why = (plan: Plan) => plan.steps.at(-1)?.why;

const options = [
  { digits: "1", label: "Sales", destination: to("ext_1001") },
  { digits: "12", destination: to("ext_2002") },
  { digits: "*", destination: to("ext_100") },
];

describe("a menu", () => {
  it("asks for as many digits as decide something, and takes an option at once where no other begins with it", () => {
    expect(dial({ options: [options[0]] }).action).toMatchObject({
      do: "collect",
      max: 1,
      seconds: 5,
      terminator: "#",
    });
    expect(rings(dial({ options: [options[0]] }, "1"))).toBe("1001");
    expect(rings(dial({ options }, "*"))).toBe("100");
  });

  it("waits for what may follow an option, and takes the longest", () => {
    expect(dial({ options }, "1").action).toMatchObject({ do: "collect", sounds: [], max: 1, seconds: 2 });
    expect(rings(dial({ options }, "1", "2"))).toBe("2002");
    expect(rings(dial({ options }, "1", ""))).toBe("1001");
    expect(why(dial({ options }, "1", "3"))).toBe("pressed 13, which leads nowhere in try 1 of 3");
  });

  it("lets callers dial extensions where it is said so, the shorter ones too", () => {
    expect(dial({ dialByExtension: true }).action).toMatchObject({ max: 3 });
    expect(rings(dial({ dialByExtension: true }, "200", "2"))).toBe("2002");
    expect(rings(dial({ dialByExtension: true }, "100", ""))).toBe("100");
    expect(rings(dial({ dialByExtension: true }, "100", "1"))).toBe("1001");
    expect(rings(dial({ dialByExtension: true, options }, "1", "0", "0", "1"))).toBe("1001");
    expect(why(dial({ dialByExtension: true }, "100", "3"))).toContain("pressed 1003, which leads nowhere");
    expect(why(dial({ options }, "2"))).toContain("leads nowhere");
  });

  it("leads to its directory by 99, if that is no option", () => {
    expect(why(dial({ directory: "dir_1", options }, "99"))).toBe("pressed 99 for the directory");
    const nines = [{ digits: "99", destination: to("ext_100") }];
    expect(rings(dial({ directory: "dir_1", options: nines }, "99"))).toBe("100");
  });

  it("with # among its keys takes it for one", () => {
    const hash = [
      { digits: "#", destination: to("ext_100") },
      { digits: "1#", destination: to("ext_1001") },
    ];
    expect(dial({ options: hash }).action).toMatchObject({ terminator: "" });
    expect(rings(dial({ options: hash }, "#"))).toBe("100");
    expect(rings(dial({ options: hash }, "1", "#"))).toBe("1001");
  });

  it("counts tries, says what was wrong, and then leads where it is told", () => {
    const menu = {
      options,
      tries: 2,
      timeout: to("ext_100"),
      invalid: to("ext_1001"),
      invalidPrompt: "pmt_1",
      greeting: "pmt_2",
    };
    expect(dial(menu).action).toMatchObject({ sounds: [{ prompt: "pmt_2" }] });
    expect(dial(menu, "7").action).toMatchObject({ sounds: [{ prompt: "pmt_1" }, { prompt: "pmt_2" }] });
    expect(dial(menu, "").action).toMatchObject({ sounds: [{ prompt: "pmt_2" }] });
    expect(rings(dial(menu, "", ""))).toBe("100");
    expect(rings(dial(menu, "", "7"))).toBe("1001");
    expect(rings(dial({ ...menu, invalid: null }, "7", "8"))).toBe("100");
    expect(dial({ options, tries: 1 }, "7")).toMatchObject({
      action: { do: "play", sounds: [{ word: "goodbye" }], otherwise: "end.done" },
    });
  });

  it("is not confused by keys that no phone has", () => {
    expect(why(dial({ options }, "A;${x}"))).toBe("pressed nothing in try 1 of 3");
  });
});
