// The templates that come with Dialplane: an account takes them by one apply, and a tenant of any of them answers its callers.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Body } from "../../../core/resources/kind.ts";
import { type TestControl, testControl } from "../../support/control.ts";

type Template = { name: string; description: string; document: Record<string, Body[]> };
const textOf = (language: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../docs/templates/${language}.yaml`, import.meta.url)), "utf8");
const templatesOf = (language: string): Template[] => parse(textOf(language)).templates;
const languages = ["en", "fr"];

/** Open everywhere, closed everywhere but where somebody is always there. */
const moments = { open: "2026-12-01T15:30:00Z", closed: "2026-11-30T03:00:00Z" };

describe.each(languages)("the templates in %s", (language) => {
  let control: TestControl;
  let account: string;
  beforeAll(async () => {
    control = await testControl();
    account = String((await control.call("POST", "/v1/accounts", { name: "Reseller", country: "FR" })).body.id);
    const headers = { "content-type": "application/yaml" };
    const applied = await control.call("POST", `/v1/accounts/${account}/apply`, undefined, {
      headers,
      raw: textOf(language),
    });
    expect(applied.status, applied.text).toBe(200);
  });
  afterAll(() => control.stop());

  test.each(templatesOf(language))(
    "$name: nobody who calls 600 is hung up on, whatever he presses and whoever answers",
    async ({ name, document }) => {
      const made = await control.call("POST", "/v1/tenants", {
        name,
        accountId: account,
        template: name,
        timeZone: "UTC",
      });
      expect(made.status, made.text).toBe(201);
      const path = `/v1/tenants/${made.body.id}`;
      const keys = new Set(
        (document.menus ?? []).flatMap(({ options }) => (options as Body[]).map(({ digits }) => String(digits))),
      );
      const outcomes = new Set<unknown>();
      for (const at of Object.values(moments))
        for (const digits of [[], ...[...keys].map((key) => [key])])
          for (const taken of ["answered", "no-answer", "busy"]) {
            const asked = { from: "1002", to: "600", at, digits, assume: { "*": taken } };
            const { body } = await control.call("POST", `${path}/simulate`, asked);
            const { do: what } = body.outcome as unknown as { do: string };
            expect(["ring", "queue", "voicemail"], JSON.stringify({ asked, body })).toContain(what);
            if (taken === "no-answer") expect(what, JSON.stringify(asked)).toBe("voicemail");
            outcomes.add(what);
          }
      expect([...outcomes]).toContain("ring");
    },
  );
});

test("the languages have the same templates in other words", () => {
  const bones = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(bones);
    if (typeof value !== "object" || value === null)
      return typeof value === "string" && !/^\d/.test(value) ? "…" : value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, bones(inner)]));
  };
  const [english, french] = languages.map((language) => bones(templatesOf(language)));
  expect(french).toEqual(english);
  const names = languages.flatMap((language) => templatesOf(language).map(({ name }) => name));
  expect(new Set(names).size).toBe(10);
});
