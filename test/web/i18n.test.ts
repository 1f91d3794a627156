// The console in French: whatever it may say has its French, those texts too that come from the schemas.
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { poolInput } from "../../core/pool.ts";
import { kindOf } from "../../core/registry.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { callRecord } from "../../core/wire-events.ts";
import { problems } from "../../functions/problem.ts";
import { type Field, fieldsOf } from "../../web/form/field.ts";
import french from "../../web/i18n/fr.ts";
import frenchLate, { flaws } from "../../web/i18n/fr-late.ts";
import { heard, translated } from "../../web/i18n/heard.ts";
import { type Catalogue, setLanguage, t } from "../../web/i18n/t.ts";
import { english, itemOf, saying } from "../../web/part/words.ts";
import { kinds } from "../../web/tenant/kinds.ts";
import { flawTexts, shapeOf } from "../support/flaw-texts.ts";
import { textsOf } from "../support/texts.ts";

const catalogue: Catalogue = { ...frenchLate, ...french };
const texts = textsOf();
const shown: Kind[] = [...kinds, kindOf("tenant")];
const pool = { schema: poolInput } as unknown as Kind;

function* ofField({ name, about, control }: Field): Generator<string> {
  if (name) yield english(name);
  if (about !== undefined) yield about;
  if (control.as === "choice" || control.as === "choices") yield* control.options.map(english);
  if (control.as === "group") for (const field of control.fields) yield* ofField(field);
  if (control.as === "list") {
    yield itemOf(name);
    yield* ofField(control.of);
  }
  if (control.as === "variant")
    for (const { value, fields } of control.options) {
      yield english(value);
      for (const field of fields) yield* ofField(field);
    }
}

function* derived(): Generator<string> {
  for (const kind of shown) {
    yield* [english(kind.kind), english(kind.plural), kind.about];
    for (const field of fieldsOf(kind)) yield* ofField(field);
  }
  for (const field of fieldsOf(pool)) yield* ofField(field);
  for (const kind of kinds) for (const pattern of texts.onKinds) yield saying(pattern, kind);
  yield* [...callRecord.shape.direction.options, ...callRecord.shape.outcome.options].map(english);
}

const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();

test("every text of the console goes through the catalogue", () => {
  expect(texts.past).toEqual([]);
  expect(texts.single.size).toBeGreaterThan(100);
});

test("every text has its French", () => {
  const lacking = [...new Set([...texts.single, ...derived()])].filter((text) => typeof catalogue[text] !== "string");
  expect(lacking).toEqual([]);
  expect([...texts.plural].filter((text) => !Array.isArray(catalogue[text]))).toEqual([]);
});

test("a translation has the holes of its text", () => {
  for (const [text, said] of Object.entries(catalogue))
    if (typeof said === "string") expect(holes(said), text).toEqual(holes(text));
    // one may be said by its article
    else expect(holes(said[1]), text).toEqual(holes(text));
  // a value may be left out where a page shows it already
  for (const [text, said] of Object.entries(flaws))
    expect(holes(text), text).toEqual(expect.arrayContaining(holes(String(said))));
});

test("what the catalogue lacks stays English", () => {
  expect(t("No such text {n}", { n: 1 })).toBe("No such text 1");
});

/** Wrong values of each sort, the widest first. */
const wrong: unknown[] = [
  ...[undefined, null, true, "", " ", "x", "\u0001", "\ud800", "\u202e", "x".repeat(70_000), "-1", "1.1.1.1/99"],
  ...[-1, 0.5, 1e12, Number.NaN, [], [1], ["x", "x"], Array.from({ length: 3000 }, () => "1"), {}, { nothing: 1 }],
];

/** What a schema, or one within it, says of them. */
function* refusals(schema: z.core.$ZodType, seen = new Set<z.core.$ZodType>()): Generator<string> {
  if (seen.has(schema)) return;
  seen.add(schema);
  for (const value of wrong) for (const { message } of z.safeParse(schema, value).error?.issues ?? []) yield message;
  const {
    shape,
    element,
    innerType,
    in: from,
    options,
    keyType,
    valueType,
  } = schema._zod.def as unknown as Record<string, never>;
  for (const inner of [...Object.values(shape ?? {}), element, innerType, from, ...(options ?? []), keyType, valueType])
    if (inner) yield* refusals(inner as z.core.$ZodType, seen);
}

test("what is wrong with a value is said in French: each sentence of the schemas and of the API that people meet", async () => {
  const known = new Set(Object.keys(flaws).map(shapeOf));
  const said = flawTexts(
    ...["core/resources", "core/text.ts", "core/routing/runtime.ts", "functions/identity", "functions/document"],
    ...["functions/accounts", "functions/access"],
  );
  expect(said.size).toBeGreaterThan(100);
  expect([...said].filter(([text]) => !known.has(text))).toEqual([]);
  const titles = Object.values(problems).map(([, title]) => title);
  expect(titles.filter((title) => !known.has(title) && typeof catalogue[title] !== "string")).toEqual([]);
});

test("what zod says by itself is said in French, of whatever is typed into a form", async () => {
  vi.stubGlobal("document", { documentElement: {} });
  await setLanguage("fr");
  const english = new Set<string>();
  for (const kind of shown) for (const message of refusals(kind.schema)) english.add(message);
  expect(english.size).toBeGreaterThan(50);
  expect([...english].filter((message) => translated(message) === undefined)).toEqual([]);
  expect(heard("Too big: expected string to have <=64 characters")).toBe("trop long : 64 caractères au plus");
  expect(heard("no such sentence")).toBe("en anglais : no such sentence");
  expect(heard('there is no ring-group "x$&{n}"; create it first or name another')).toContain('"x$&{n}"');
  await setLanguage("en");
  expect(heard("no such sentence")).toBe("no such sentence");
});
