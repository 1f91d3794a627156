// The console in French: whatever it may say has its French, those texts too that come from the schemas.
import { expect, test } from "vitest";
import { kindOf } from "../../core/registry.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { callRecord } from "../../core/wire.ts";
import { type Field, fieldsOf } from "../../web/form/field.ts";
import french from "../../web/i18n/fr.ts";
import frenchLate from "../../web/i18n/fr-late.ts";
import { type Catalogue, t } from "../../web/i18n/t.ts";
import { english, itemOf, saying } from "../../web/part/words.ts";
import { kinds } from "../../web/tenant/kinds.ts";
import { textsOf } from "../support/texts.ts";

const catalogue: Catalogue = { ...frenchLate, ...french };
const texts = textsOf();
const shown: Kind[] = [...kinds, kindOf("tenant")];

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
  for (const [text, translated] of Object.entries(catalogue))
    if (typeof translated === "string") expect(holes(translated), text).toEqual(holes(text));
    // one may be said by its article
    else expect(holes(translated[1]), text).toEqual(holes(text));
});

test("what the catalogue lacks stays English", () => {
  expect(t("No such text {n}", { n: 1 })).toBe("No such text 1");
});
