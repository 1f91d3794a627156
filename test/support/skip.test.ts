// What a missing part means, here and in CI.
import { afterEach, expect, it, vi } from "vitest";
import { needs, onPath } from "./skip.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it("a part that is there is used", () => {
  vi.stubEnv("CI", "true");
  expect(needs("SIPp", true)).toBe(true);
});

it.each([
  ["SIPp", undefined],
  ["FreeSWITCH", "true"],
] as const)("says loudly that %s is missing and its tests are skipped", (part, ci) => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  vi.stubEnv("CI", ci);
  expect(needs(part, false)).toBe(false);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining(`SKIPPED: ${part}`));
});

it.each(["Kamailio", "SIPp", "Chromium", "DynamoDB Local"] as const)("fails in CI without %s", (part) => {
  vi.stubEnv("CI", "true");
  expect(() => needs(part, false)).toThrow(`${part} is not installed`);
});

it("finds programs on PATH", () => {
  expect(onPath("sh")).toMatch(/\/sh$/);
  expect(onPath("no-such-program")).toBeUndefined();
});
