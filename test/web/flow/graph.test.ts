// The picture of a call flow before it is drawn: what is on it, where the keys lead, and which of it a simulated call lights.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type KindName, kindOf } from "../../../core/registry.ts";
import { exitsOf } from "../../../core/resources/exits.ts";
import type { Body } from "../../../core/resources/kind.ts";
import { simulate } from "../../../functions/api/simulate.ts";
import { graphOf, membersShown, missing, type Resources } from "../../../web/flow/graph.ts";
import { heightOf, placesOf } from "../../../web/flow/layout.ts";
import { litBy } from "../../../web/flow/lit.ts";
import { besides } from "../../../web/flow/walk.ts";
import { momentOf } from "../../../web/simulate/zone.ts";
import { configOf, type Input } from "../../support/config.ts";

const resourcesOf = (inputs: Input[]): Resources =>
  new Map(
    inputs.map(({ kind, id, body }) => {
      const whole = kindOf(kind).schema.parse(body) as Body;
      return [id, { kind, item: { ...whole, id, version: 1 } }];
    }),
  );

const ids = ["num_1", "mnu_1", "mnu_2", "sch_1", "grp_1", "que_1", "ext_1", "ext_2", "vmb_1"];
const kinds: Record<string, KindName> = {
  ...{ num: "phone-number", mnu: "menu", sch: "schedule", grp: "ring-group" },
  ...{ que: "queue", ext: "extension", vmb: "voicemail-box" },
};
const kindAt = (id: string): KindName => kinds[id.slice(0, 3)] ?? "menu";
const destination = fc.oneof(
  fc.constantFrom(...ids.slice(1)).map((ref) => ({ kind: kindAt(ref), ref })),
  fc.constantFrom("menu", "queue").map((kind) => ({ kind, ref: "gone" })),
  fc.constantFrom("busy", "rejected").map((cause) => ({ kind: "hangup", cause })),
  fc.constant({ kind: "outside-number", number: "+12025550199" }),
);
const onward = fc.oneof(destination, fc.constant(null));
const member = fc.constantFrom({ extension: "ext_1" }, { extension: "ext_2" }, { number: "+12025550123" });
const bodyOf = (id: string): fc.Arbitrary<Body> => {
  const name = fc.constant(id);
  if (id.startsWith("num")) return fc.record({ number: fc.constant("+15550100"), destination: onward });
  if (id.startsWith("sch")) return fc.record({ name, open: onward, closed: onward });
  if (id.startsWith("grp"))
    return fc.record({ name, members: fc.array(member, { maxLength: 12 }), afterwards: onward });
  if (id.startsWith("que")) return fc.record({ name, afterwards: onward });
  if (id.startsWith("vmb")) return fc.constant({ number: "2001" });
  if (id.startsWith("ext"))
    return fc.record({
      number: fc.constant(`100${id.slice(-1)}`),
      devices: fc.constant([{ username: "a" }]),
      forward: fc.record({ always: onward, busy: onward, noAnswer: onward, notRegistered: onward }),
      voicemailBox: fc.constantFrom("vmb_1", null),
    });
  const options = fc.array(destination, { maxLength: 4 });
  return fc.record({
    name,
    timeout: onward,
    options: options.map((some) => some.map((to, index) => ({ digits: String(index), destination: to }))),
  });
};
const tenants = fc
  .tuple(...ids.map((id) => bodyOf(id).map((body): Input => ({ kind: kindAt(id), id, body }))))
  .map(resourcesOf);

describe("the graph of a flow", () => {
  test("has an edge for every destination of all that it reaches, and none that ends in nothing", () => {
    fc.assert(
      fc.property(tenants, fc.constantFrom(...ids), (resources, entry) => {
        const { nodes, edges } = graphOf(resources, entry, new Set(ids));
        const known = new Set(nodes.map(({ id }) => id));
        expect(known.size).toBe(nodes.length);
        expect(nodes[0]?.id).toBe(entry);
        for (const { source, target } of edges) expect([known.has(source), known.has(target)]).toEqual([true, true]);
        for (const { id, resource } of nodes) {
          const set = resource ? exitsOf(kindOf(resource.kind), resource.item).filter(({ to }) => to !== null) : [];
          const drawn = edges.filter(({ source }) => source === id).map(({ exit }) => exit.pointer);
          expect(drawn.sort()).toEqual(set.map(({ pointer }) => pointer).sort());
        }
        const reached = new Set([entry, ...edges.map(({ target }) => target)]);
        expect(reached.size).toBe(nodes.length);
        const gone = nodes.filter(({ id }) => id === "gone").length;
        expect(missing(resources, entry, new Set(ids))).toHaveLength(gone);
      }),
      { numRuns: 100 },
    );
  });

  test("is walked whole by the arrow keys, and each key leads to a node", () => {
    fc.assert(
      fc.property(tenants, (resources) => {
        const graph = graphOf(resources, "num_1");
        const places = placesOf(graph);
        const known = new Set(graph.nodes.map(({ id }) => id));
        const seen = new Set(["num_1"]);
        for (const id of seen)
          for (const next of Object.values(besides(graph, places, id)))
            if (next !== undefined) {
              expect(known.has(next)).toBe(true);
              seen.add(next);
            }
        expect(seen.size).toBe(known.size);
      }),
      { numRuns: 30 },
    );
  });

  test("draws eight of a group's members until all are asked for", () => {
    const people = Array.from({ length: 20 }, (_, index): Input => {
      const number = String(1001 + index);
      return { kind: "extension", id: `ext_${number}`, body: { number, devices: [{ username: number }] } };
    });
    const members = people.map(({ id }) => ({ extension: id }));
    const resources = resourcesOf([...people, { kind: "ring-group", id: "grp_1", body: { name: "All", members } }]);
    const [group] = graphOf(resources, "grp_1").nodes;
    expect(graphOf(resources, "grp_1").nodes).toHaveLength(1 + membersShown);
    expect(group?.hidden).toBe(20 - membersShown);
    expect(graphOf(resources, "grp_1", new Set(["grp_1"])).nodes).toHaveLength(21);
  });

  test("of a thousand nodes is laid out without two of them on one another", () => {
    const groups = Array.from({ length: 100 }, (_, index): Input => {
      const members = Array.from({ length: 8 }, (_, member) => ({
        number: `+1202${String(index * 8 + member).padStart(7, "0")}`,
      }));
      const afterwards = index === 99 ? null : { kind: "ring-group", ref: `grp_${index + 1}` };
      return { kind: "ring-group", id: `grp_${index}`, body: { name: `G ${index}`, members, afterwards } };
    });
    const graph = graphOf(resourcesOf(groups), "grp_0");
    expect(graph.nodes).toHaveLength(900);
    const places = placesOf(graph);
    const boxes = graph.nodes.map((node) => ({ ...(places.get(node.id) ?? { x: 0, y: 0 }), height: heightOf(node) }));
    for (const [, column] of Map.groupBy(boxes, ({ x }) => x)) {
      column.sort((a, b) => a.y - b.y);
      for (const [index, { y }] of column.slice(1).entries())
        expect(y).toBeGreaterThan((column[index]?.y ?? 0) + (column[index]?.height ?? 0));
    }
  });
});

describe("a simulated call on the graph", () => {
  const person = (number: string, more: Body = {}): Input => ({
    kind: "extension",
    id: `ext_${number}`,
    body: { number, devices: [{ username: number }], ...more },
  });
  const inputs: Input[] = [
    {
      kind: "phone-number",
      id: "num_1",
      body: { number: "+12025550100", destination: { kind: "schedule", ref: "sch_1" } },
    },
    {
      kind: "schedule",
      id: "sch_1",
      body: {
        name: "Office",
        timeZone: "Europe/Paris",
        hours: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }],
        holidays: [{ name: "Christmas", date: "12-25", destination: { kind: "voicemail-box", ref: "vmb_1" } }],
        open: { kind: "menu", ref: "mnu_1" },
        closed: { kind: "voicemail-box", ref: "vmb_1" },
      },
    },
    {
      kind: "menu",
      id: "mnu_1",
      body: {
        name: "Main",
        options: [
          { digits: "1", label: "Sales", destination: { kind: "ring-group", ref: "grp_1" } },
          { digits: "2", destination: { kind: "ring-group", ref: "grp_1" } },
          { digits: "3", destination: { kind: "hangup", cause: "busy" } },
        ],
        timeout: { kind: "ring-group", ref: "grp_1" },
        tries: 1,
      },
    },
    {
      kind: "ring-group",
      id: "grp_1",
      body: {
        name: "Sales",
        members: [{ extension: "ext_1001" }, { extension: "ext_1002" }],
        afterwards: { kind: "voicemail-box", ref: "vmb_1" },
      },
    },
    person("1001", { voicemailBox: "vmb_1" }),
    person("1002"),
    { kind: "voicemail-box", id: "vmb_1", body: { number: "1001" } },
  ];
  const config = configOf(inputs);
  const graph = graphOf(resourcesOf(inputs), "num_1");
  const lit = (asked: { wall: string; digits?: string[]; assume?: Record<string, "no-answer"> }) => {
    const { wall, ...more } = asked;
    const at = momentOf(wall, "Europe/Paris");
    const { steps } = simulate(config, { from: "+12025550123", to: "+12025550100", at, ...more }, new Date());
    const { nodes, edges } = litBy(graph, steps);
    return { nodes: [...nodes.keys()].sort(), edges: [...edges].sort() };
  };

  test("lights the way of open hours, and of two keys that lead to one place the one that was pressed", () => {
    expect(lit({ wall: "2026-12-01T10:00", digits: ["2"] })).toEqual({
      nodes: ["ext_1001", "ext_1002", "grp_1", "mnu_1", "num_1", "sch_1"],
      edges: [
        ...["grp_1/members/0", "grp_1/members/1", "mnu_1/options/1/destination", "num_1/destination", "sch_1/open"],
      ],
    });
    expect(lit({ wall: "2026-12-01T10:00" }).edges).toContain("mnu_1/timeout");
    expect(lit({ wall: "2026-12-01T10:00" }).edges).not.toContain("mnu_1/options/0/destination");
  });

  test("lights closed hours and a holiday by their own lines, though both lead to one box", () => {
    expect(lit({ wall: "2026-12-01T17:00" }).edges).toEqual(["num_1/destination", "sch_1/closed"]);
    expect(lit({ wall: "2026-12-25T10:00" }).edges).toEqual(["num_1/destination", "sch_1/holidays/0/destination"]);
  });

  test("lights where a call ends, and what follows where nobody answers", () => {
    expect(lit({ wall: "2026-12-01T10:00", digits: ["3"] }).nodes).toContain("mnu_1#busy");
    const vain = lit({ wall: "2026-12-01T10:00", digits: ["1"], assume: { "*": "no-answer" } });
    expect(vain.edges).toContain("grp_1/afterwards");
    expect(vain.nodes).toContain("vmb_1");
  });

  test("a call on a random tenant lights nothing but what hangs together", () => {
    fc.assert(
      fc.property(tenants, fc.constantFrom("answered", "no-answer", "busy"), (resources, taken) => {
        const own = [...resources.values()].map(
          ({ kind, item: { id, version: _, ...body } }): Input => ({ kind, id, body }),
        );
        const drawn = graphOf(resources, "num_1", new Set(ids));
        const asked = { from: "+12025550123", to: "+15550100", digits: ["1"], assume: { "*": taken } } as const;
        const { steps } = simulate(configOf(own), { ...asked, digits: [...asked.digits] }, new Date());
        const { nodes, edges } = litBy(drawn, steps);
        const known = new Set(drawn.nodes.map(({ id }) => id));
        for (const id of nodes.keys()) expect(known.has(id)).toBe(true);
        for (const { id, source, target } of drawn.edges)
          if (edges.has(id)) expect([nodes.has(source), nodes.has(target)]).toEqual([true, true]);
      }),
      { numRuns: 40 },
    );
  });
});

test("a time on the wall is a moment in its zone, over the change of clocks too", () => {
  expect(momentOf("2026-07-01T12:00", "Europe/Paris")).toBe("2026-07-01T10:00:00.000Z");
  expect(momentOf("2026-12-01T12:00", "America/New_York")).toBe("2026-12-01T17:00:00.000Z");
  expect(momentOf("2026-10-25T12:00", "Europe/Paris")).toBe("2026-10-25T11:00:00.000Z");
  expect(momentOf("2026-12-01T00:30", "Asia/Kolkata")).toBe("2026-11-30T19:00:00.000Z");
  expect(momentOf("", "Europe/Paris")).toBeUndefined();
});
