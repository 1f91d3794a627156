// What an extension's own rules say, beyond its fields: its devices' names follow its number, and emergency numbers are nobody's.
import { expect, test } from "vitest";
import { extension } from "../../../core/resources/extension.ts";
import { isEmergency } from "../../../core/routing/emergency.ts";

const body = (more: Record<string, unknown> = {}) =>
  extension.schema.parse({ number: "1001", devices: [{ username: "1001" }], ...more });
const flaws = (more: Record<string, unknown>, country = "US") =>
  (extension.check?.(body(more), { country }) ?? []).map(({ pointer }) => pointer);

test("without devices it has one of its own number", () => {
  expect(extension.prepare?.({ number: "1001" }, undefined)).toMatchObject({ devices: [{ username: "1001" }] });
  expect(extension.prepare?.({ number: "1001", devices: [] }, undefined)).toMatchObject({ devices: [] });
});

test("the device that bears its number follows it, others and devices that were sent do not", () => {
  const before = body({ devices: [{ username: "1001" }, { username: "desk" }] });
  expect(extension.prepare?.({ ...before, number: "1002" }, before)).toMatchObject({
    devices: [{ username: "1002" }, { username: "desk" }],
  });
  const sent = { ...before, number: "1002", devices: [{ username: "home" }] };
  expect(extension.prepare?.(sent, before)).toEqual(sent);
});

test("user names of digits are its number alone, and no two are the same", () => {
  expect(flaws({})).toEqual([]);
  expect(flaws({ devices: [{ username: "1002" }] })).toEqual(["/devices/0/username"]);
  expect(flaws({ devices: [{ username: "a" }, { username: "a" }] })).toEqual(["/devices/1/username"]);
  expect(extension.claims?.(body({ devices: [{ username: "1001" }, { username: "desk" }] }))).toEqual(["device#desk"]);
});

test("an emergency number is nobody's, by country; 112 and 911 nowhere", () => {
  for (const country of ["US", "GB", "FR", "XX", "constructor"])
    for (const number of ["112", "911"]) expect(isEmergency(number, country)).toBe(true);
  expect([isEmergency("999", "GB"), isEmergency("999", "US")]).toEqual([true, false]);
  expect([
    isEmergency("15", "FR"),
    isEmergency("15", "DE"),
    isEmergency("1", "FR"),
    isEmergency("", "FR"),
    isEmergency("9110", "US"),
  ]).toEqual([true, false, false, false, false]);
});
