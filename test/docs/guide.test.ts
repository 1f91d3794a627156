import { expect, test } from "vitest";
import { fits, stepsOf } from "../support/guide.ts";

const one = "ten_01M84ENVMQNN84CEZ3293W402Q";
const other = "ten_01M84ENVMQNN84CEZ3293W402R";

test("what is printed fits what is shown up to what `…` leaves open, ids by their sort, and times", () => {
  expect(fits('{"a":1,…}\n', '{"a":1,"b":2}\n', new Map())).toBe(true);
  expect(fits('{"a":1,…}', '{"a":2,"b":2}', new Map())).toBe(false);
  expect(fits('{"a":1}', '{"a":1,"b":2}', new Map())).toBe(false);
  expect(fits("", "an error", new Map())).toBe(false);
  expect(fits("at 2026-11-26T10:00:00Z", "at 2027-01-01T00:00:00.123Z", new Map())).toBe(true);
  expect(fits(`{"id":"${one}"}`, `{"id":"${other}"}`, new Map())).toBe(true);
  expect(fits(`{"id":"${one}"}`, '{"id":"ext_01M84ENVMQNN84CEZ3293W402Q"}', new Map())).toBe(false);
});

test("an id that a guide shows twice is the same one both times", () => {
  const known = new Map<string, string>();
  expect(fits(`${one} …`, `${other} x`, known)).toBe(true);
  expect(known.get(one)).toBe(other);
  expect(fits(one, other, known)).toBe(true);
  expect(fits(one, one, known)).toBe(false);
});

test("commands go on over a backslash, a quote and a here-document, and what is no console is not typed", () => {
  const guide = [
    "```\n$ not this\n```",
    "```console\n$ a \\\n  b\nout\n$ c '{\n  d}'\n$ cat <<'EOF'\n$ x\nEOF\n```",
    "```console eventually\n$ e\n```",
  ].join("\n");
  expect(stepsOf(guide).map(({ command, output, eventually }) => [command, output, eventually])).toEqual([
    ["a \\\n  b", "out\n", false],
    ["c '{\n  d}'", "", false],
    ["cat <<'EOF'\n$ x\nEOF", "", false],
    ["e", "", true],
  ]);
});
