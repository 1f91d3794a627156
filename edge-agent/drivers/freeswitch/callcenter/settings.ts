// A queue and an agent as mod_callcenter is told of them. Queues are named by our ids and so are agents, so that tenants never meet and a new name changes
// nothing here.
import { idOf } from "../../../../core/owner.ts";
import type { Resource } from "../../../../core/registry.ts";
import { type Presence, presenceOf } from "../../../../core/routing/agents.ts";
import type { Config } from "../../../../core/routing/config.ts";
import { branchOf } from "../../../../core/routing/ring.ts";
import { boundOnAnswer } from "../in-call.ts";
import { token } from "../inert.ts";
import { type Host, phone } from "../phone.ts";
import { bracket } from "../trunk.ts";
import { variables } from "../variables.ts";
import { element, params, type Xml } from "../xml.ts";

/**
 * `top-down` and `round-robin` of mod_callcenter are not used: the one waits for the next agent in the row though an earlier one is free, the other jumps
 * over levels that are not due. By order, with the pause after a missed call, an agent in turn is asked; see tiers.ts.
 */
const strategies: Record<Resource<"queue">["body"]["strategy"], string> = {
  "longest-idle": "longest-idle-agent",
  "ring-all": "ring-all",
  "round-robin": "sequentially-by-agent-order",
  "top-down": "sequentially-by-agent-order",
  "least-calls": "agent-with-fewest-calls",
  "least-talk": "agent-with-least-talk-time",
  random: "random",
};

/** What mod_callcenter lists of a queue under the same names, with `_` for `-`. Music and all that callers hear are on their legs. */
export function queueSettings({ body }: Resource<"queue">): Record<string, string> {
  return {
    strategy: strategies[body.strategy],
    "tier-rules-apply": "true",
    "tier-rule-wait-second": "1",
    "tier-rule-wait-multiply-level": "true",
    "tier-rule-no-agent-no-wait": "true",
    "max-wait-time": String(body.maxWaitSeconds),
    "max-wait-time-with-no-agent": String(body.leaveWhenEmptySeconds),
    // counted from when the caller came: who joins an empty queue waits as long as the others
    "max-wait-time-with-no-agent-time-reached": "1",
    "discard-abandoned-after": "1",
    "agent-no-answer-status": "On Break",
  };
}

/** callcenter.conf for one queue. Agents and tiers are told by commands: one that came with a queue's settings would be set back at each change of it. */
export const callcenter = (queue: Resource<"queue"> | undefined): Xml[] => [
  element("settings", {}, []),
  element("queues", {}, queue ? [element("queue", { name: token(queue.id) }, params(queueSettings(queue)))] : []),
  element("agents", {}, []),
  element("tiers", {}, []),
];

/** By mod_callcenter's own keys. `status` is the only one of them that an engine changes by itself. */
export type AgentSettings = Record<
  | "contact"
  | "status"
  | "wrap_up_time"
  | "max_no_answer"
  | "reject_delay_time"
  | "busy_delay_time"
  | "no_answer_delay_time",
  string
>;

export const statusOf: Record<Presence, string> = {
  available: "Available",
  paused: "On Break",
  "logged-out": "Logged Out",
};

/**
 * The state into which an agent is to be brought, by the one he has; undefined: into none. `engaged`: on a call that no queue gave him, and he wants no
 * second one. Who is `Idle` is offered nothing and counts as available; mod_callcenter leaves that alone, and changes every other state by itself.
 */
export function stateDue(engaged: boolean, has: { status?: string; state?: string }): "Idle" | "Waiting" | undefined {
  if (!engaged) return has.state === "Idle" ? "Waiting" : undefined;
  return has.state === "Waiting" && has.status === statusOf.available ? "Idle" : undefined;
}

/** Seconds until an agent who was busy, or declined, is asked again. */
const delays = { busy: 10, rejected: 20 };
/** Who missed a call is asked again when the others had their turn, but after so long in any case. */
const longestPassedOver = 60;

/** Whether a phone behind Kamailio is there shows when it is called: one that is not is called again after so long. */
const absentSeconds = 5;

/** `queues` are those that list the agent; none: he is no agent. */
export function agentSettings(
  config: Config,
  agent: Resource<"extension">,
  queues: Resource<"queue">[],
  registered: (extension: string) => boolean,
  through?: Host,
): AgentSettings {
  const missed = queues.map(({ body }) => body.missedCallsToPause).filter((count) => count > 0);
  const passedOver = queues.map(({ body }) =>
    body.strategy === "ring-all" ? 0 : (body.agents.length - 1) * body.agentRingSeconds,
  );
  return {
    contact: contactOf(config, agent, through),
    status: statusOf[presenceOf(config, agent, registered)],
    wrap_up_time: String(Math.max(...queues.map(({ body }) => body.wrapUpSeconds))),
    max_no_answer: String(missed.length > 0 ? Math.min(...missed) : 0),
    reject_delay_time: String(delays.rejected),
    busy_delay_time: String(delays.busy),
    no_answer_delay_time: String(Math.min(longestPassedOver, Math.max(...passedOver, through ? absentSeconds : 0))),
  };
}

/**
 * All devices of the extension at once. mod_callcenter makes this leg without a leg of ours around it: what a leg must bear, it bears from here, and what is
 * the caller's comes by `cc_export_vars`.
 */
function contactOf(config: Config, agent: Resource<"extension">, through: Host | undefined): string {
  const domain = token(config.settings.domain);
  const own = {
    [variables.tenant]: token(idOf(config.owner)),
    [variables.toExtension]: token(agent.id),
    force_transfer_context: domain,
    force_transfer_dialplan: "XML",
    sip_copy_custom_headers: "false",
    outbound_redirect_fatal: "true",
  };
  const branch = branchOf(config, agent);
  const { usernames, inCall } = branch.to === "extension" ? branch : { usernames: [], inCall: [] };
  const bound = inCall.length === 0 ? "" : bracket(boundOnAnswer(inCall));
  const legs = usernames.map((username) => `${bound}${phone(username, domain, through)}`);
  const given = Object.entries(own).map(([name, value]) => `${name}=${value}`);
  return `{${given.join(",")}}${legs.join(",")}`;
}
