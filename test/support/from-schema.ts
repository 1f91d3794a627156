// Random values out of a JSON Schema as our OpenAPI document has them: ones that fit it, ones that nearly do, and hostile ones.
import fc from "fast-check";
import type { Schema } from "./reference.ts";

/** Text that somebody might hope to break something with. */
export const hostile = [
  "",
  " ",
  "\u0000",
  "a\r\nVia: x",
  "${system id}",
  "$${domain}",
  "<&\"'>]]>",
  "'; DROP TABLE item; --",
  "../../etc/passwd",
  "R#extension#x",
  "T#ten_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "__proto__",
  "constructor",
  "1001",
  "-1",
  "1e999",
  "a,b",
  "[leg_timeout=1]sofia/x",
  "\u202egpj",
  "x".repeat(300),
  "é".repeat(129),
  "null",
  "true",
  "*",
  "2026-02-30T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "ext_01ARZ3NDEKTSV4RRFFQ69G5FAV",
];
/** Few names, so that things meet: some are taken, some are found. */
const names = fc.constantFrom("a", "b", "c", "sales", "1001", "1002", "1003", "600", "610", "+15550100", "+15550101");
const dates = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2035-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());

type Make = (schema: Schema) => fc.Arbitrary<unknown>;

/** A maker of values that fit; `components` is where references lead. */
export function fitting(components: Record<string, Schema>): Make {
  const known = new Map<string, fc.Arbitrary<unknown>>();
  const make: Make = (schema) => {
    const { $ref, const: only, enum: some, type } = schema;
    if (typeof $ref === "string") {
      const name = $ref.split("/").at(-1) ?? "";
      const found = known.get(name) ?? make(components[name] ?? {});
      known.set(name, found);
      return found;
    }
    if (only !== undefined) return fc.constant(only);
    if (Array.isArray(some)) return fc.constantFrom(...some);
    const options = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
    if (options) return fc.oneof(...options.map(make));
    switch (type) {
      case "null":
        return fc.constant(null);
      case "boolean":
        return fc.boolean();
      case "integer":
        return integers(schema);
      case "number":
        return fc.double({ min: Number(schema.minimum ?? 0), max: Number(schema.maximum ?? 1000), noNaN: true });
      case "string":
        return texts(schema);
      case "array": {
        const item = make((schema.items as Schema | undefined) ?? {});
        const least = Number(schema.minItems ?? 0);
        return fc.array(item, { minLength: least, maxLength: Math.max(least, 2) });
      }
      case "object":
        return objects(schema, make);
      default:
        return fc.jsonValue();
    }
  };
  return make;
}

function integers({ minimum = 0, maximum = 1000 }: Schema): fc.Arbitrary<number> {
  const min = Math.max(Number(minimum), -1_000_000);
  const max = Math.max(Math.min(Number(maximum), 1_000_000), min);
  return fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max: Math.min(max, min + 50) }));
}

function texts({ pattern, format, minLength = 0, maxLength = 64, description }: Schema): fc.Arbitrary<string> {
  if (/resource of kind/.test(String(description))) return names;
  if (format === "date-time") return dates;
  if (format === "date") return dates.map((date) => date.slice(0, 10));
  if (format === "uri") return fc.constantFrom("https://hooks.example/", "http://127.0.0.1/", "https://[::1]/x");
  if (format === "email") return fc.constant("ada@acme.example");
  if (format === "ipv4" || format === "cidrv4") return fc.constantFrom("192.0.2.1", "192.0.2.0/28");
  if (format === "ipv6" || format === "cidrv6") return fc.constantFrom("2001:db8::1", "2001:db8::/64");
  if (typeof pattern === "string") {
    const form = new RegExp(pattern, "u");
    const fit = names.filter((name) => form.test(name) && name.length <= Number(maxLength));
    const made = fc.stringMatching(form, { size: "-1" });
    return ["a", "1001", "600", "+15550100"].some((name) => form.test(name)) ? fc.oneof(fit, made) : made;
  }
  return fc.oneof(
    names,
    fc.string({ unit: "grapheme", minLength: Number(minLength), maxLength: Math.min(Number(maxLength), 12) }),
  );
}

function objects(schema: Schema, make: Make): fc.Arbitrary<unknown> {
  const members = (schema.properties ?? {}) as Record<string, Schema>;
  const required = (schema.required as string[] | undefined) ?? [];
  const extra = typeof schema.additionalProperties === "object" && schema.additionalProperties !== null;
  if (extra)
    return fc.dictionary(names, make(schema.additionalProperties as Schema), { maxKeys: 2, noNullPrototype: true });
  const optional = Object.keys(members).filter((name) => !required.includes(name));
  // a few members at a time, else nearly everything is refused for one of them
  return fc
    .subarray(optional, { maxLength: Math.min(4, optional.length) })
    .chain((chosen) =>
      fc.record(
        Object.fromEntries([...required, ...chosen].map((name) => [name, fc.oneof(...[make(members[name] ?? {})])])),
        { noNullPrototype: true },
      ),
    );
}

/** The value with one place in it spoilt: another type, hostile text, a member more or less. */
export const spoilt = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(value, fc.nat(), fc.oneof(fc.constantFrom(...hostile), fc.jsonValue({ maxDepth: 1 })), fc.boolean())
    .map(([whole, at, bad, more]) => {
      const copy = structuredClone(whole);
      const holders = holdersIn(copy);
      const holder = holders[at % Math.max(holders.length, 1)];
      if (!holder) return bad;
      const keys = Object.keys(holder);
      const key = more || keys.length === 0 ? (JSON.stringify(bad) ?? "").slice(0, 40) : (keys[at % keys.length] ?? "");
      Object.defineProperty(holder, key, { value: bad, enumerable: true, configurable: true, writable: true });
      return copy;
    });

function holdersIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(holdersIn);
  return Array.isArray(value) ? inside : [value as Record<string, unknown>, ...inside];
}
