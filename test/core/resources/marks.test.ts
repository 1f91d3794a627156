// The walk that finds references and secrets: everything that checks, expands, keeps or hides them relies on it.
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { all, kindOf } from "../../../core/registry.ts";
import { destination } from "../../../core/resources/destination.ts";
import { places, reference, secret } from "../../../core/resources/marks.ts";

const found = (schema: z.ZodType, value: unknown): string[] =>
  [...places(schema, value)].map(
    (place) => `${place.mark.mark} ${place.pointer} ${JSON.stringify(place.value) ?? "-"}`,
  );

describe("places", () => {
  test("finds marks under optional, nullable, default and described fields, absent ones too", () => {
    const schema = z.strictObject({
      a: reference("extension").nullable().default(null).describe("A"),
      b: secret("pin", true).optional().describe("B"),
      c: z.string(),
    });
    expect(found(schema, { a: "x", c: "y" })).toEqual(['reference /a "x"', "secret /b -"]);
    expect(found(schema, { a: null, b: { secret: "sec_1#1" }, c: "y" })).toEqual([
      "reference /a null",
      'secret /b {"secret":"sec_1#1"}',
    ]);
  });

  test("goes into lists and nested objects, with their pointers", () => {
    const schema = z.strictObject({
      list: z.array(z.strictObject({ to: reference("extension"), pin: secret("pin", false).optional() })),
    });
    expect(found(schema, { list: [{ to: "1", pin: "1234" }, { to: "2" }] })).toEqual([
      'reference /list/0/to "1"',
      'secret /list/0/pin "1234"',
      'reference /list/1/to "2"',
      "secret /list/1/pin -",
    ]);
    expect(found(schema, { list: [] })).toEqual([]);
  });

  test("takes the option of a union that the value is", () => {
    expect(found(destination(), { kind: "extension", ref: "1001" })).toEqual(['reference /ref "1001"']);
    expect(found(destination(), { kind: "hangup", cause: "busy" })).toEqual([]);
    expect(
      found(z.strictObject({ d: destination().nullable().default(null) }), {
        d: { kind: "voicemail-box", ref: "801" },
      }),
    ).toEqual(['reference /d/ref "801"']);
  });

  test("a place can be written through its holder", () => {
    const value = { d: { kind: "extension", ref: "1001" } };
    for (const place of places(z.strictObject({ d: destination() }), value)) place.holder[place.key] = "ext_1";
    expect(value.d.ref).toBe("ext_1");
  });

  test("survives values that are of no such shape", () => {
    for (const value of [null, undefined, 5, "x", [], {}, { list: 5 }, { list: [null, 5] }, { list: { 0: {} } }])
      expect(() =>
        found(z.strictObject({ list: z.array(z.strictObject({ to: reference("extension") })) }), value),
      ).not.toThrow();
  });
});

describe("the kinds", () => {
  test("have the places that they say they have", () => {
    const marks = Object.fromEntries(
      all.map((kind) => [
        kind.kind,
        [...places(kind.schema, { devices: [{}], destination: { kind: "extension", ref: "x" } })].map(
          ({ pointer, mark }) => `${mark.mark} ${pointer}`,
        ),
      ]),
    );
    expect(marks).toMatchObject({
      extension: expect.arrayContaining(["secret /devices/0/password", "reference /voicemailBox"]),
      "phone-number": ["reference /destination/ref"],
      trunk: ["secret /password"],
      "voicemail-box": expect.arrayContaining(["secret /pin", "reference /greeting"]),
      conference: expect.arrayContaining(["secret /pin", "secret /moderatorPin"]),
      tenant: ["reference /musicOnHold"],
      account: [],
    });
  });

  test("name prefixes, plurals and keys once each, and every reference leads to a kind", () => {
    for (const member of ["kind", "plural", "prefix"] as const)
      expect(new Set(all.map((kind) => kind[member])).size).toBe(all.length);
    for (const kind of all) {
      expect(kind.prefix).toMatch(/^[a-z]{3}$/);
      const { shape } = kind.schema as unknown as z.ZodObject;
      for (const field of [kind.key, ...kind.filters]) expect(shape).toHaveProperty(field);
      for (const { mark } of places(kind.schema, { destination: { kind: "extension", ref: "x" } }))
        if (mark.mark === "reference") expect(kindOf(mark.kind as "extension").kind).toBe(mark.kind);
    }
  });

  test("refuse a secret that is neither plain nor a name", () => {
    const { schema } = kindOf("trunk");
    const withPassword = (password: unknown) => schema.safeParse({ name: "x", host: "c.example", password }).success;
    for (const good of [
      "Printable-1",
      "~".repeat(64),
      { secret: "sec_01ARZ3NDEKTSV4RRFFQ69G5FAV#12" },
      null,
      undefined,
    ])
      expect(withPassword(good)).toBe(true);
    for (const bad of [
      "short",
      "with space 1",
      "é".repeat(8),
      "x".repeat(65),
      "line\nfeed1",
      "",
      5,
      {},
      { secret: "x" },
      { secret: "sec_01ARZ3NDEKTSV4RRFFQ69G5FAV#12", more: 1 },
      ["Printable-1"],
    ])
      expect([bad, withPassword(bad)]).toEqual([bad, false]);
  });
});
