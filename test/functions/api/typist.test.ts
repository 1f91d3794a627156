import { describe, expect, it } from "vitest";
import type { Collect, Play } from "../../../core/routing/sound.ts";
import { typist } from "../../../functions/api/typist.ts";

const asked = (max: number, more: Partial<Collect> = {}): Collect => ({
  ...{
    do: "collect",
    sounds: [{ word: "beep" }],
    min: 1,
    max,
    seconds: 5,
    betweenSeconds: 3,
    terminator: "#",
    secret: false,
  },
  ...{ otherwise: "menu.x" },
  ...more,
});
const silently = { sounds: [] };

describe("who types", () => {
  it("ends with the terminator, with as many as are taken, or by stopping", () => {
    const keys = typist(["1002#", "123", "7", "", "8#9"]);
    expect(keys.collect(asked(8))).toBe("1002");
    expect(keys.collect(asked(3))).toBe("123");
    expect(keys.collect(asked(8))).toBe("7");
    expect(keys.collect(asked(8))).toBe("");
    expect(keys.collect(asked(8, { terminator: "" }))).toBe("8#9");
    expect(keys.collect(asked(8))).toBe("");
  });

  it("goes on with an entry where nothing is heard in between, and waits where it is at its end", () => {
    const keys = typist(["1002", "1", "2"]);
    expect([keys.collect(asked(1)), keys.collect(asked(3, silently))]).toEqual(["1", "002"]);
    expect([keys.collect(asked(1)), keys.collect(asked(3, silently))]).toEqual(["1", ""]);
    expect(keys.collect(asked(1))).toBe("2");
  });

  it("types ahead into the next question, but not over an announcement", () => {
    const play: Play = { do: "play", sounds: [], answer: true, otherwise: "x" };
    const keys = typist(["12", "34", "5"]);
    expect([keys.collect(asked(1)), keys.collect(asked(1))]).toEqual(["1", "2"]);
    expect([keys.collect(asked(1)), keys.miss(play), keys.collect(asked(1))]).toEqual(["3", "", "5"]);
  });
});
