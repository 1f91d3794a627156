// Where calls can go from a resource, read from the schemas: what pictures of call flows are made of.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { all, kindOf } from "../../../core/registry.ts";
import { type Destination, destinationKinds } from "../../../core/resources/destination.ts";
import { exitsOf, leadTo } from "../../../core/resources/exits.ts";
import type { Body } from "../../../core/resources/kind.ts";
import { places } from "../../../core/resources/marks.ts";
import { merge } from "../../../functions/document/merge.ts";
import { fitting } from "../../support/from-schema.ts";
import type { Schema } from "../../support/reference.ts";

/** Bodies that a kind's schema accepts, complete. */
const bodiesOf = (kind: (typeof all)[number]): fc.Arbitrary<Body> =>
  fitting({})(z.toJSONSchema(kind.schema, { io: "input", unrepresentable: "any", reused: "inline" }) as Schema)
    .filter((value) => kind.schema.safeParse(value).success)
    .map((value) => kind.schema.parse(value) as Body);

/** Found without the schemas: whatever in a body looks like a destination. */
function lookalikes(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const { kind } = value as Body;
  const isOne =
    kind === "hangup" || kind === "outside-number" || (destinationKinds as readonly unknown[]).includes(kind);
  return isOne ? [value] : Object.values(value).flatMap(lookalikes);
}

const routing = all.filter(
  ({ kind }) => kind === "phone-number" || (destinationKinds as readonly string[]).includes(kind),
);
const bodies = new Map(routing.map((kind) => [kind, bodiesOf(kind)]));
const bodyOf = (kind: (typeof all)[number]): fc.Arbitrary<Body> => bodies.get(kind) ?? fc.constant({});
const others: Destination[] = [
  { kind: "extension", ref: "other" },
  { kind: "menu", ref: "other" },
  { kind: "hangup", cause: "busy" },
  { kind: "outside-number", number: "+12025550199" },
];

describe("the exits of a resource", () => {
  test.for(routing.map((kind) => [kind.kind, kind] as const))("of every %s are all that it refers to", ([, kind]) => {
    fc.assert(
      fc.property(bodyOf(kind), (body) => {
        const exits = exitsOf(kind, body);
        const led = exits.map(({ to }) => to).filter((to) => to !== null);
        const of = (takes: number) => exits.filter((exit) => exit.takes.length > 2 === takes > 2 && exit.to !== null);
        expect(of(3).map(({ to }) => to)).toEqual(lookalikes(body));
        const referred = [...places(kind.schema, body)].flatMap(({ mark, value, pointer }) =>
          mark.mark === "reference" &&
          value &&
          (destinationKinds as readonly string[]).includes(mark.kind) &&
          !pointer.endsWith("/payer")
            ? [value]
            : [],
        );
        expect(led.flatMap((to) => ("ref" in to ? [to.ref] : []))).toEqual(referred);
        expect(new Set(exits.map(({ pointer }) => pointer)).size).toBe(exits.length);
      }),
      { numRuns: 15 },
    );
  });

  test("are led elsewhere one by one, by a patch that leaves the others where they were", () => {
    const cases = fc.constantFrom(...routing).chain((kind) => fc.tuple(fc.constant(kind), bodyOf(kind), fc.nat()));
    fc.assert(
      fc.property(cases, fc.constantFrom(...others, null), ([kind, body, at], to) => {
        const exits = exitsOf(kind, body);
        const exit = exits[at % Math.max(exits.length, 1)];
        if (!exit) return;
        if (to === null ? !exit.optional : !exit.takes.includes(to.kind)) {
          expect(() => leadTo(body, exit, to)).toThrow("can't lead there");
          return;
        }
        const after = kind.schema.parse(merge(body, leadTo(body, exit, to), kind.schema)) as Body;
        const wanted = exits.map((one) => ({ ...one, to: one.pointer === exit.pointer ? to : one.to }));
        expect(exitsOf(kind, after)).toEqual(wanted);
      }),
      { numRuns: 100 },
    );
  });

  test("of a queue leave out who pays for calls back: he gets none of them", () => {
    const body = kindOf("queue").schema.parse({
      name: "Help",
      agents: [{ extension: "1001" }],
      callBack: { payer: "1002" },
    }) as Body;
    expect(exitsOf(kindOf("queue"), body)).toMatchObject([
      { pointer: "/agents/0/extension", to: { kind: "extension", ref: "1001" }, how: "rings" },
      { pointer: "/afterwards", to: null, how: "goes", optional: true },
    ]);
  });
});
