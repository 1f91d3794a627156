// Who of a queue's agents is asked when, in mod_callcenter's words. It knows no skills; it knows levels, each of which joins in after a wait, lower
// levels being asked first. With `tier-rule-wait-second` 1, multiplied by the level, a level L joins after L seconds of waiting: so a level here is the
// second at which its agents join, and any mixture of skills, relaxations and tiers is one number for each agent.
//
// - Who joins at once has a level from -9 to 0, by his tier: mod_callcenter lets levels up to 0 pass without a wait, and asks them in order.
// - Agents of several tiers who join at the same later second are a second apart, lower tiers first, or the order of tiers would be lost.
// - Who never meets the requirements is in no level.
// - Where nobody of the levels before is logged in, the next joins at once (`tier-rule-no-agent-no-wait`).
import type { Resource } from "../../../../core/registry.ts";
import type { Extension } from "../../../../core/resources/extension.ts";
import { joinsAfter } from "../../../../core/routing/agents.ts";

export type Tier = { agent: string; level: number; position: number };

const mostTiers = 10;

/** `skills`: of an extension by its id; undefined for one that is gone or disabled. */
export function tiersOf(
  { body }: Resource<"queue">,
  skills: (extension: string) => Extension["skills"] | undefined,
): Tier[] {
  const joining = body.agents.flatMap((agent, index) => {
    const can = skills(agent.extension);
    const after = can && joinsAfter(body, agent, can);
    return after === undefined ? [] : [{ ...agent, index, after }];
  });
  joining.sort((a, b) => a.after - b.after || a.tier - b.tier || a.position - b.position || a.index - b.index);
  let level = 0;
  let previous: (typeof joining)[number] | undefined;
  return joining.map((agent, index) => {
    if (agent.after === 0) level = agent.tier - mostTiers;
    else if (agent.after !== previous?.after || agent.tier !== previous.tier) level = Math.max(agent.after, level + 1);
    previous = agent;
    // one position for all: then mod_callcenter goes by who was asked longest ago, which is what a round is
    return { agent: agent.extension, level, position: body.strategy === "round-robin" ? 1 : index + 1 };
  });
}
