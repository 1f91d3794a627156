// The reasons of simulated calls in French, as routing says them.
import { afterEach, beforeEach, expect, test } from "vitest";
import { simulate } from "../../../functions/api/simulate.ts";
import { setLanguage } from "../../../web/i18n/t.ts";
import { whyText } from "../../../web/simulate/why.ts";
import { configOf, type Input } from "../../support/config.ts";

const document: { documentElement: { lang: string } } = { documentElement: { lang: "en" } };
beforeEach(async () => {
  Object.assign(globalThis, { document });
  await setLanguage("fr");
});
afterEach(async () => {
  await setLanguage("en");
  Reflect.deleteProperty(globalThis, "document");
});

const person = (number: string, more: Record<string, unknown> = {}): Input => ({
  kind: "extension",
  id: `ext_${number}`,
  body: { number, devices: [{ username: number }], ...more },
});
const to = (kind: string, ref: string) => ({ kind, ref });

test("each reason on the way from a number to a box is told in French, with what it names left as it is", () => {
  const config = configOf([
    { kind: "phone-number", id: "num_1", body: { number: "+12025550100", destination: to("schedule", "sch_1") } },
    {
      kind: "schedule",
      id: "sch_1",
      body: {
        name: "Office",
        timeZone: "Europe/Paris",
        hours: [{ days: ["tue"], from: "09:00", to: "17:00" }],
        holidays: [{ name: "Noël", date: "12-25" }],
        open: to("menu", "mnu_1"),
      },
    },
    {
      kind: "menu",
      id: "mnu_1",
      body: {
        name: "Main",
        tries: 2,
        options: [{ digits: "1", label: "Sales (new)", destination: to("ring-group", "grp_1") }],
      },
    },
    {
      kind: "ring-group",
      id: "grp_1",
      body: {
        name: "Sales",
        members: [{ extension: "ext_1001" }, { extension: "ext_1002", delaySeconds: 5 }],
        afterwards: to("extension", "ext_1001"),
      },
    },
    person("1001", { voicemailBox: "vmb_1" }),
    person("1002"),
    { kind: "voicemail-box", id: "vmb_1", body: { number: "1001" } },
  ]);
  const told = (at: string, digits: string[]) =>
    simulate(
      config,
      { from: "+12025550123", to: "+12025550100", at, digits, assume: { "*": "no-answer" } },
      new Date(),
    ).steps.map(({ why }) => whyText(why));
  expect(told("2026-12-01T09:30:00Z", ["7", "1"])).toEqual([
    "est la destination du numéro",
    "ouvert : mar 10:30 à Europe/Paris",
    "a tapé 7, qui ne mène nulle part, à l'essai 1 sur 2",
    "a tapé 1 (Sales (new))",
    "sonne aussitôt, pendant 25 s",
    "sonne après 5 s, pendant 25 s",
    "personne n'a répondu",
    "n'a pas répondu, et a une boîte vocale",
  ]);
  expect(told("2026-12-25T09:30:00Z", [])[1]).toBe("fermé : jour férié Noël, 2026-12-25 à Europe/Paris");
  expect(whyText("something that nobody has said before")).toBe("something that nobody has said before");
});
