// Forms, lists and diffs derive from the schemas.
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { all } from "../../../core/registry.ts";
import { destination } from "../../../core/resources/destination.ts";
import { defineKind, type Kind } from "../../../core/resources/kind.ts";
import { reference, secret } from "../../../core/resources/marks.ts";
import { line } from "../../../core/text.ts";
import { type Field, fieldsOf } from "../../../web/form/field.ts";
import { changed, initialOf, toSend } from "../../../web/form/value.ts";
import { differences } from "../../../web/history/leaves.ts";
import { columnsOf } from "../../../web/resource/columns.ts";

const hypothetical = defineKind({
  kind: "paging-group",
  plural: "paging-groups",
  prefix: "pag",
  at: ["tenant"],
  about: "Speaks to many phones at once.",
  schema: () =>
    z.strictObject({
      name: line(64),
      enabled: z.boolean().default(true),
      volume: z.int().min(1).max(10).default(5).describe("How loud"),
      mode: z.enum(["one-way", "two-way"]).default("one-way"),
      leader: reference("extension").nullable().default(null),
      pin: secret("pin", true).optional(),
      members: z
        .array(z.strictObject({ extension: reference("extension"), delaySeconds: z.int().default(0) }))
        .default([]),
      otherwise: destination().nullable().default(null),
      days: z
        .array(z.enum(["mon", "tue"]))
        .meta({ uniqueItems: true })
        .default([]),
      order: z.array(z.enum(["a", "b"])).default([]),
      labels: z.record(z.string(), z.string()).default({}),
    }),
  key: "name",
  filters: ["name"],
}) as unknown as Kind;

const under = (fields: Field[], name: string): Field | undefined => fields.find((field) => field.name === name);

describe("a kind that the console has never heard of", () => {
  const fields = fieldsOf(hypothetical);

  test("has an input of the right sort for every field", () => {
    expect(fields.map(({ name, control }) => [name, control.as])).toEqual([
      ["name", "text"],
      ["enabled", "check"],
      ["volume", "number"],
      ["mode", "choice"],
      ["leader", "reference"],
      ["pin", "secret"],
      ["members", "list"],
      ["otherwise", "variant"],
      ["days", "choices"],
      ["order", "list"],
      ["labels", "json"],
    ]);
    expect(under(fields, "volume")).toMatchObject({ label: "Volume", about: "How loud", required: false, initial: 5 });
    expect(under(fields, "name")?.required).toBe(true);
  });

  test("starts from the schema's defaults, and what is sent passes the schema", () => {
    const value = initialOf(fields);
    expect(value).toMatchObject({ enabled: true, volume: 5, mode: "one-way", members: [] });
    const sent = toSend(fields, { ...value, name: "All", otherwise: { kind: "extension", ref: "1001" } });
    expect(hypothetical.schema.safeParse(sent).error).toBeUndefined();
    expect(sent).not.toHaveProperty("pin");
  });

  test("sends of an edit only what has changed, and null for what was emptied", () => {
    const before = { name: "All", enabled: true, volume: 5, leader: "ext_1", members: [], labels: {} };
    const after = { ...before, volume: 7, leader: "" };
    expect(changed(toSend(fields, before), toSend(fields, after, before))).toEqual({ volume: 7, leader: null });
  });

  test("its differences are told field by field, inside lists too", () => {
    const before = { name: "All", members: [{ extension: "ext_1", delaySeconds: 0 }] };
    const after = {
      name: "All",
      members: [
        { extension: "ext_1", delaySeconds: 3 },
        { extension: "ext_2", delaySeconds: 0 },
      ],
    };
    expect(
      differences(fields, before, after).map(({ label, before: was, after: is }) => [label, was?.value, is?.value]),
    ).toEqual([
      ["Member 1: Delay seconds", 0, 3],
      ["Member 2: Extension", undefined, "ext_2"],
      ["Member 2: Delay seconds", undefined, 0],
    ]);
  });

  test("its list begins with the natural key and shows no secret", () => {
    expect(columnsOf(hypothetical).map(({ name }) => name)).toEqual(["name", "leader", "otherwise", "volume", "mode"]);
  });
});

const deep = (field: Field): Field[] => {
  const { control } = field;
  const inside =
    control.as === "group"
      ? control.fields
      : control.as === "list"
        ? [control.of]
        : control.as === "variant"
          ? control.options.flatMap((option) => option.fields)
          : [];
  return [field, ...inside.flatMap(deep)];
};

test.for(all.map((kind) => [kind.kind, kind] as const))(
  "no field of %s has to be written as JSON, but for a template's document",
  ([, kind]) => {
    const raw = fieldsOf(kind)
      .flatMap(deep)
      .filter(({ control }) => control.as === "json");
    expect(raw.map(({ name }) => name)).toEqual(kind.kind === "template" ? ["document"] : []);
  },
);
