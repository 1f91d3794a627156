import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { queue as kind } from "../../../../../core/resources/queue.ts";
import { type Tier, tiersOf } from "../../../../../edge-agent/drivers/freeswitch/callcenter/tiers.ts";

type Skills = { skill: string; level: number }[];
type Input = { queue: Record<string, unknown>; skills: Record<string, Skills> };

const queueOf = (body: Record<string, unknown>) => ({
  kind: "queue" as const,
  id: "que_1",
  body: kind.schema.parse({ name: "q", ...body }),
});
const tiers = ({ queue, skills }: Input): Tier[] => tiersOf(queueOf(queue), (id) => skills[id]);

/**
 * What mod_callcenter does with a waiting member (agents_callback, with the tier rules of settings.ts): by level, it goes on to the next one when the wait is
 * as long as that, or when nobody was logged in before.
 */
function asked(tiers: Tier[], waited: number, there: (agent: string) => boolean): string[] {
  const rows = tiers.filter(({ agent }) => there(agent)).sort((a, b) => a.level - b.level || a.position - b.position);
  const found: string[] = [];
  let tier = 0;
  let available = 0;
  for (const { agent, level } of rows) {
    if (level > tier) {
      if (available !== 0 && waited < level) break;
      tier = level;
      if (available !== 0) available = 0;
    }
    available += 1;
    found.push(agent);
  }
  return found;
}

/** The rule, as the schema tells it: every skill at the level that holds after this wait, and the tier's turn. */
function may({ queue, skills }: Input, agent: { extension: string; tier?: number }, waited: number): boolean {
  const { body } = queueOf(queue);
  const meets = body.skills.every((wanted) => {
    const level = skills[agent.extension]?.find(({ skill }) => skill === wanted.skill)?.level ?? 0;
    const due = wanted.relaxations.filter(({ afterSeconds }) => afterSeconds <= waited);
    return level >= Math.min(wanted.level, ...due.map((relaxed) => relaxed.level));
  });
  const before = new Set(body.agents.map(({ tier }) => tier).filter((tier) => tier < (agent.tier ?? 1))).size;
  return meets && waited >= before * body.tierDelaySeconds;
}

const level = fc.integer({ min: 1, max: 5 });
const skill = fc.constantFrom("french", "network", "billing");
const requirement = fc.record({
  skill,
  level,
  relaxations: fc.array(
    fc.record({ afterSeconds: fc.integer({ min: 1, max: 60 }), level: fc.integer({ min: 0, max: 5 }) }),
    { maxLength: 4 },
  ),
});
const input: fc.Arbitrary<Input> = fc
  .tuple(
    fc.uniqueArray(requirement, { maxLength: 3, selector: (one) => one.skill }),
    fc.constantFrom(0, 7, 20),
    fc.constantFrom("longest-idle", "ring-all", "round-robin", "top-down"),
    fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 3 }),
        fc.uniqueArray(fc.record({ skill, level }), { maxLength: 3, selector: (one) => one.skill }),
      ),
      { maxLength: 8 },
    ),
  )
  .map(([skills, tierDelaySeconds, strategy, agents]) => ({
    queue: {
      ...{ skills, tierDelaySeconds, strategy },
      agents: agents.map(([tier, position], index) => ({ extension: `ext_${index}`, tier, position })),
    },
    skills: Object.fromEntries(agents.map(([, , own], index) => [`ext_${index}`, own])),
  }));
const agentsOf = (one: Input) => queueOf(one.queue).body.agents;

describe("the agents of a queue, in mod_callcenter's levels", () => {
  it("are asked exactly when skills, relaxations and tiers let them, all together", () => {
    fc.assert(
      fc.property(input, fc.integer({ min: 0, max: 100 }), (one, waited) => {
        const rows = tiers(one);
        for (const agent of agentsOf(one)) {
          const row = rows.find(({ agent: id }) => id === agent.extension);
          const due = row !== undefined && row.level <= waited;
          // of several tiers that join at the same later moment each is a second after the one before
          if (due) expect(may(one, agent, waited)).toBe(true);
          else expect(may(one, agent, waited - 9) && waited >= 9).toBe(false);
        }
      }),
    );
  });

  it("without tiers are asked at exactly their second, however many skills are wanted", () => {
    fc.assert(
      fc.property(input, fc.integer({ min: 0, max: 100 }), (any, waited) => {
        const one = { ...any, queue: { ...any.queue, agents: agentsOf(any).map((agent) => ({ ...agent, tier: 1 })) } };
        const found = asked(tiers(one), waited, () => true);
        const first = Math.min(...tiers(one).map(({ level }) => level));
        // where nobody is due yet, the first are asked at once: nobody better is logged in
        for (const agent of agentsOf(one))
          if (waited >= first) expect(found.includes(agent.extension)).toBe(may(one, agent, waited));
      }),
    );
  });

  it("are asked in the order of their tiers where they join at once, whatever the delay", () => {
    fc.assert(
      fc.property(input, (any) => {
        const one = { ...any, queue: { ...any.queue, skills: [], tierDelaySeconds: 0 } };
        const tierOf = new Map(agentsOf(one).map(({ extension, tier }) => [extension, tier]));
        const found = asked(tiers(one), 0, () => true);
        expect(found).toHaveLength(tierOf.size);
        const order = found.map((id) => tierOf.get(id) ?? 0);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });

  it("who never meet the requirements are never asked, be there nobody else", () => {
    const one = {
      queue: { skills: [{ skill: "french", level: 5 }], agents: [{ extension: "ext_1" }] },
      skills: { ext_1: [{ skill: "french", level: 4 }] },
    };
    expect(asked(tiers(one), 3600, () => true)).toEqual([]);
  });

  it("who can less are asked at once where nobody who can more is logged in", () => {
    const one = {
      queue: {
        skills: [{ skill: "french", level: 5, relaxations: [{ afterSeconds: 60, level: 2 }] }],
        agents: [{ extension: "ext_1" }, { extension: "ext_2" }],
      },
      skills: { ext_1: [{ skill: "french", level: 5 }], ext_2: [{ skill: "french", level: 2 }] },
    };
    expect(asked(tiers(one), 0, () => true)).toEqual(["ext_1"]);
    expect(asked(tiers(one), 60, () => true)).toEqual(["ext_1", "ext_2"]);
    expect(asked(tiers(one), 0, (agent) => agent === "ext_2")).toEqual(["ext_2"]);
  });

  it("have one place for all in a round, else each his own", () => {
    const agents = ["ext_1", "ext_2", "ext_3"].map((extension, index) => ({ extension, position: 3 - index }));
    const skills = { ext_1: [], ext_2: [], ext_3: [] };
    const positions = (strategy: string) =>
      tiers({ queue: { strategy, agents }, skills }).map(({ agent, position }) => [agent, position]);
    expect(positions("top-down")).toEqual([
      ["ext_3", 1],
      ["ext_2", 2],
      ["ext_1", 3],
    ]);
    expect(new Set(positions("round-robin").map(([, position]) => position))).toEqual(new Set([1]));
  });
});
