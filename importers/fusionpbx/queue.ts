// Call centre queues with their agents and tiers.

import { action } from "./destination.ts";
import { type Body, type Domain, line, seconds } from "./domain.ts";
import type { Row } from "./ledger.ts";
import { contextOf } from "./ring-group.ts";

const strategies: Record<string, string> = {
  "ring-all": "ring-all",
  "longest-idle-agent": "longest-idle",
  "round-robin": "round-robin",
  "top-down": "top-down",
  "sequentially-by-agent-order": "top-down",
  "agent-with-least-talk-time": "least-talk",
  "agent-with-fewest-calls": "least-calls",
  random: "random",
};

export function queues(domain: Domain): () => void {
  const declared = domain.rows("v_call_center_queues").map((row) => {
    const name = domain.name("queue", row, "queue_name", `Queue ${row.peek("queue_extension") ?? ""}`.trim());
    return { row, name, extensionNumber: domain.claim(row, "queue_extension", { kind: "queue", ref: name }) };
  });
  return () => {
    const agents = new Map(domain.rows("v_call_center_agents").map((row) => [row.uuid, row]));
    const extensions = new Map([...agents].map(([uuid, row]) => [uuid, agentExtension(domain, row)]));
    for (const { row, name, extensionNumber } of declared) {
      contextOf(domain, row, "queue_context");
      const seated = seats(domain, row, agents, extensions);
      domain.add("queue", { name, extensionNumber, ...settings(domain, row), ...seated }, row);
    }
  };
}

function settings(domain: Domain, row: Row): Body {
  const given = row.text("queue_strategy") ?? "longest-idle-agent";
  if (!strategies[given]) row.lost("queue_strategy", "is not known here: the longest idle agent is asked first");
  if (given === "sequentially-by-agent-order") row.lost("queue_strategy", "top-down is nearest to it");
  const rules = row.flag("queue_tier_rules_apply", false);
  const wait = seconds(row, "queue_tier_rule_wait_second", 0, 600, 30);
  if (row.flag("queue_tier_rule_wait_multiply_level", true) === false && rules)
    row.lost("queue_tier_rule_wait_multiply_level", "each tier waits so long after the one before");
  return {
    strategy: strategies[given] ?? "longest-idle",
    tierDelaySeconds: rules ? wait : 0,
    greeting: domain.prompt(row, "queue_greeting"),
    ...music(row),
    announcement: domain.prompt(row, "queue_announce_sound"),
    announceEverySeconds: seconds(row, "queue_announce_frequency", 10, 600, 60),
    announcePosition: row.flag("queue_announce_position", false),
    maxWaitSeconds: seconds(row, "queue_max_wait_time", 0, 86_400, 0),
    maxWaiting: seconds(row, "queue_limit", 0, 1000, 0),
    // callers of FusionPBX's wait whether or not anybody is there
    joinEmpty: "yes",
    leaveWhenEmptySeconds: seconds(row, "queue_max_wait_time_with_no_agent", 0, 3600, 0),
    callerNamePrefix: line(row, "queue_cid_prefix", 16),
    recording: row.text("queue_record_template") !== undefined,
    afterwards: action(domain, row, null, "queue_timeout_action"),
  };
}

function music(row: Row): Body {
  const sound = row.text("queue_moh_sound");
  if (sound !== undefined && !/^(local_stream:\/\/default|\$\{hold_music\})$/.test(sound))
    row.lost("queue_moh_sound", "its audio is not in the dump: upload it, then set the queue's musicOnHold");
  return {};
}

/** The extension that rings for an agent; a row without one is refused. */
function agentExtension(domain: Domain, row: Row): string | undefined {
  const contact = row.text("agent_contact") ?? "";
  const number = /^(?:\{[^}]*\}|\[[^\]]*\])*user\/([^@\s]+)@/.exec(contact)?.[1];
  const target = number === undefined ? undefined : domain.target(number);
  if (target?.kind !== "extension") {
    row.refused(`${contact.slice(0, 80) || "no contact"}: an agent here is an extension that was carried`);
    return undefined;
  }
  row.text("agent_name");
  for (const column of ["agent_id", "agent_password"])
    if (row.text(column)) row.lost(column, "agents sign in by their own phone");
  row.carried();
  return target.ref;
}

function seats(
  domain: Domain,
  queue: Row,
  agents: Map<string | null, Row>,
  extensions: Map<string | null, string | undefined>,
): Body {
  const tiers = domain.rows("v_call_center_tiers").filter((tier) => {
    const uuid = tier.peek("call_center_queue_uuid");
    return uuid ? uuid === queue.uuid : tier.peek("queue_name")?.split("@")[0] === queue.peek("queue_name");
  });
  const seen = new Set<string>();
  const rows: Row[] = [];
  const seated = tiers.flatMap((tier) => {
    const agent =
      agents.get(tier.text("call_center_agent_uuid") ?? null) ??
      [...agents.values()].find((one) => one.peek("agent_name") === tier.peek("agent_name"));
    const extension = agent && extensions.get(agent.uuid);
    if (!agent || extension === undefined) tier.refused("its agent was not carried");
    else if (seen.has(extension)) tier.refused(`extension ${extension} is an agent of this queue already`);
    else {
      seen.add(extension);
      rows.push(agent);
      for (const column of ["call_center_queue_uuid", "queue_name", "agent_name"]) tier.text(column);
      tier.carried();
      return [
        {
          extension,
          tier: seconds(tier, "tier_level", 1, 10, 1),
          position: seconds(tier, "tier_position", 1, 1000, 1),
        },
      ];
    }
    return [];
  });
  return {
    agents: seated,
    ...common(rows, "agent_call_timeout", "agentRingSeconds", 5, 120, 20),
    ...common(rows, "agent_wrap_up_time", "wrapUpSeconds", 0, 3600, 10),
    ...common(rows, "agent_max_no_answer", "missedCallsToPause", 0, 20, 0),
  };
}

/** What FusionPBX says of each agent is the queue's here: the first agent's counts, others that differ are findings. */
function common(agents: Row[], column: string, field: string, min: number, max: number, otherwise: number): Body {
  const [first] = agents;
  const value = first ? seconds(first, column, min, max, otherwise) : otherwise;
  for (const agent of agents.slice(1)) {
    const own = agent.count(column) ?? otherwise;
    if (own !== value) agent.lost(column, `is a setting of the queue here, where it is ${value}`);
  }
  return { [field]: value };
}
