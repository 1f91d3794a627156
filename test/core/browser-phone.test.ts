import fc from "fast-check";
import { expect, test } from "vitest";
import {
  besideOf,
  browserPhoneHere,
  browserPhoneOf,
  isGood,
  lentName,
  lentSeconds,
  phoneNamed,
  readLent,
} from "../../core/browser-phone.ts";
import { username } from "../../core/resources/extension.ts";

const names = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,31}$/);
const seconds = fc.integer({ min: 1_000_000_000, max: 9_999_999_999 });

test("the names of a browser phone and of its credentials are read back, and are never a device's", () => {
  fc.assert(
    fc.property(names, seconds, (device, until) => {
      const phone = browserPhoneOf(device);
      const name = lentName(phone, until);
      expect(readLent(name)).toEqual({ phone, until });
      expect([besideOf(phone), phoneNamed(name), phoneNamed(device)]).toEqual([device, phone, device]);
      for (const one of [phone, name]) expect(username.safeParse(one).success).toBe(false);
      expect([besideOf(device), readLent(device), readLent(phone)]).toEqual([undefined, undefined, undefined]);
    }),
  );
});

test("a credential is good until its time, and none for longer than one is lent", () => {
  const now = new Date("2026-11-27T10:00:00Z");
  const at = (seconds: number) => ({ until: now.getTime() / 1000 + seconds });
  expect([1, lentSeconds].every((left) => isGood(at(left), now))).toBe(true);
  expect([-1, 0, 2 * lentSeconds, 86_400].some((left) => isGood(at(left), now))).toBe(false);
});

test("an extension has a browser phone as long as the control plane says that one may be there", () => {
  const now = new Date("2026-11-27T10:00:00Z");
  const said = (value: unknown) =>
    browserPhoneHere({ runtime: () => value }, "ext_1", { devices: [{ label: "Desk", username: "1001" }] }, now);
  expect(said("2026-11-27T10:00:01.000Z")).toBe("1001~web");
  for (const value of ["2026-11-27T10:00:00.000Z", undefined, null, true, "tomorrow"])
    expect(said(value)).toBe(undefined);
});
