// Queues and agents on a running mod_callcenter, brought in step with the documents: only what differs is told, and what was told is read back. Callers who
// wait stay, and who is logged in stays so.

import { type Owner, tenantOwner } from "../../../../core/owner.ts";
import type { Resource } from "../../../../core/registry.ts";
import { takesSecondCall } from "../../../../core/routing/runtime.ts";
import type { Documents } from "../../../documents.ts";
import { token } from "../inert.ts";
import type { Host } from "../phone.ts";
import type { Step } from "../steps.ts";
import { type AgentSettings, agentSettings, queueSettings, stateDue } from "./settings.ts";
import { rowsOf } from "./table.ts";
import { type Tier, tiersOf } from "./tiers.ts";

export type Callcenter = {
  /** A queue with its tiers and all its agents. Throws with the reason if it did not take. */
  queue(owner: Owner, id: string): Promise<void>;
  /** An agent's settings and whether he is there. Throws as above. */
  agent(owner: Owner, id: string): Promise<void>;
  differences(): Promise<Step[]>;
};

type Row = Record<string, string>;
type Agent = {
  settings: AgentSettings;
  /** He is on another call, and takes no second one. */
  engaged: boolean;
};
/** From so many unknown agents on all of the host are listed, not each. */
const many = 20;

export function createCallcenter(options: {
  /** Throws where FreeSWITCH refuses. */
  command(text: string): Promise<string>;
  documents: Documents;
  registered(owner: Owner, extension: string): boolean;
  /** Whether it is on a call that no queue gave it. */
  engaged(extension: string): boolean;
  /** The Kamailio host through which phones are reached; undefined: they are registered here. */
  through(): Host | undefined;
}): Callcenter {
  const { documents } = options;
  const cc = (text: string): Promise<string> => options.command(`callcenter_config ${text}`);
  const list = async (what: string): Promise<Row[]> => rowsOf(await cc(what));

  /** What is wanted of a tenant's agents; undefined for who is none. */
  function agentsOf(owner: Owner): (id: string) => Agent | undefined {
    const config = documents.config(owner);
    const queues = Map.groupBy(
      (config?.list("queue") ?? []).flatMap((queue) =>
        queue.body.agents.map(({ extension }) => ({ extension, queue })),
      ),
      ({ extension }) => extension,
    );
    return (id) => {
      const extension = config?.get("extension", id);
      const listed = queues.get(id)?.map(({ queue }) => queue);
      if (!config || !extension || !listed) return undefined;
      return {
        settings: agentSettings(
          ...([config, extension, listed] as const),
          (one) => options.registered(owner, one),
          options.through(),
        ),
        engaged: !takesSecondCall(config, extension) && options.engaged(id),
      };
    };
  }

  function wantedTiers(owner: Owner, queue: Resource<"queue">): Tier[] {
    const config = documents.config(owner);
    return tiersOf(queue, (id) => {
      const body = config?.get("extension", id)?.body;
      return body?.enabled ? body.skills : undefined;
    });
  }

  async function settle(id: string, wanted: Agent | undefined, has: Row | undefined): Promise<void> {
    if (!wanted) {
      if (has) await cc(`agent del ${token(id)}`);
      return;
    }
    if (!has) await cc(`agent add ${token(id)} Callback`);
    const { settings, engaged } = wanted;
    for (const [key, value] of differing(settings, has ?? {})) await cc(`agent set ${key} ${token(id)} '${value}'`);
    const due = stateDue(engaged, { state: has?.state ?? "Waiting", status: settings.status });
    if (due === "Waiting") await cc(`agent set state ${token(id)} Waiting`);
    // refused where a queue's call came first: then its end is told
    if (due === "Idle") await cc(`agent set state_if_waiting ${token(id)} Idle`).catch(() => undefined);
  }

  async function agent(owner: Owner, id: string): Promise<void> {
    const wanted = agentsOf(owner)(id);
    const read = async () => (await list(`agent list ${token(id)}`))[0];
    await settle(id, wanted, await read());
    verifyAgent(id, wanted, await read());
  }

  async function agents(owner: Owner, queue: string, ids: string[]): Promise<void> {
    const wanted = agentsOf(owner);
    const has = await rowsByName(queue, ids);
    await inFlight(ids, (id) => settle(id, wanted(id), has.get(id)));
    const now = await rowsByName(queue, ids);
    for (const id of ids) verifyAgent(id, wanted(id), now.get(id));
  }

  async function rowsByName(queue: string, ids: string[]): Promise<Map<string, Row>> {
    const rows = new Map((await list(`queue list agents ${queue}`)).map((row) => [row.name ?? "", row]));
    const others = ids.filter((id) => !rows.has(id));
    if (others.length > many) for (const row of await list("agent list")) rows.set(row.name ?? "", row);
    else for (const id of others) for (const row of await list(`agent list ${token(id)}`)) rows.set(id, row);
    return rows;
  }

  async function tiers(id: string, wanted: Tier[]): Promise<void> {
    const has = new Map((await list(`queue list tiers ${id}`)).map((row) => [row.agent ?? "", row]));
    const kept = new Set(wanted.map(({ agent }) => agent));
    for (const agent of has.keys()) if (!kept.has(agent)) await cc(`tier del ${id} ${token(agent)}`);
    await inFlight(wanted, async ({ agent, level, position }) => {
      const row = has.get(agent);
      if (!row) await cc(`tier add ${id} ${token(agent)} ${level} ${position}`);
      else
        for (const [key, value] of differing({ level: String(level), position: String(position) }, row))
          await cc(`tier set ${key} ${id} ${agent} ${value}`);
    });
    if (!sameTiers(wanted, await list(`queue list tiers ${id}`))) throw new Error(`the agents of ${id} did not take`);
  }

  async function queue(owner: Owner, id: string): Promise<void> {
    const before = (await list(`queue list tiers ${token(id)}`)).map((row) => row.agent ?? "");
    const wanted = documents.queue(id);
    if (!wanted) {
      await remove(id, before);
      return agents(owner, id, before);
    }
    const loaded = () => list("queue list").then((rows) => rows.find(({ name }) => name === id));
    const has = await loaded();
    if (!has) await cc(`queue load ${id}`);
    else if (!sameQueue(wanted, has)) await cc(`queue reload ${id}`);
    const now = await loaded();
    if (!now || !sameQueue(wanted, now)) throw new Error(`the queue ${id} did not take its settings`);
    const due = wantedTiers(owner, wanted);
    const ids = new Set([...before, ...due.map(({ agent }) => agent)]);
    // an agent must be there before his tier, and goes with all his tiers
    await agents(owner, id, [...ids]);
    await tiers(id, due);
  }

  /** Its callers go on where routing says: nobody would ever take them out of a queue that is gone. */
  async function remove(id: string, its: string[]): Promise<void> {
    for (const { session_uuid: uuid = "" } of await list(`queue list members ${id}`)) {
      if (uuid === "") continue;
      const variable = async (name: string) => token((await options.command(`uuid_getvar ${uuid} ${name}`)).trim());
      try {
        const [node, context] = [await variable("dp_node"), await variable("force_transfer_context")];
        await options.command(`uuid_transfer ${token(uuid)} dp-${node} XML ${context}`);
      } catch {
        // gave up just now
      }
    }
    for (const agent of its) await cc(`tier del ${id} ${token(agent)}`);
    if ((await list("queue list")).some(({ name }) => name === id)) await cc(`queue unload ${id}`);
    if ((await list("queue list")).some(({ name }) => name === id)) throw new Error(`the queue ${id} is still there`);
  }

  async function differences(): Promise<Step[]> {
    const wanted = documents.queues();
    const tiersOfQueue = Map.groupBy(await list("tier list"), (row) => row.queue ?? "");
    const loaded = new Map((await list("queue list")).map((row) => [row.name ?? "", row]));
    const has = new Map((await list("agent list")).map((row) => [row.name ?? "", row]));
    const steps: Step[] = [];
    for (const queue of wanted) {
      const { id, owner } = queue;
      const row = loaded.get(id);
      const due = wantedTiers(owner, queue);
      if ((row && !sameQueue(queue, row)) || !sameTiers(due, tiersOfQueue.get(id) ?? []))
        steps.push({ do: "queue", owner, id, for: { kind: "queue", id } });
    }
    const known = new Set(wanted.map(({ id }) => id));
    for (const id of new Set([...loaded.keys(), ...tiersOfQueue.keys()]))
      if (!known.has(id)) steps.push({ do: "queue", owner: nobody, id, for: { kind: "queue", id } });
    const needed = new Set<string>();
    for (const [owner, queues] of Map.groupBy(wanted, ({ owner }) => owner)) {
      const settings = agentsOf(owner);
      for (const id of new Set(queues.flatMap(({ body }) => body.agents.map(({ extension }) => extension)))) {
        const due = settings(id);
        if (due) needed.add(id);
        if (due && !isSettled(due, has.get(id))) steps.push({ do: "agent", owner, id, for: { kind: "extension", id } });
      }
    }
    for (const id of has.keys())
      if (!needed.has(id)) steps.push({ do: "agent", owner: nobody, id, for: { kind: "extension", id } });
    return steps;
  }

  return { queue, agent, differences };
}

/** Whose documents name it no more. */
const nobody: Owner = tenantOwner("none");

/** FreeSWITCH still runs them one after another; what is saved is the way there and back, most of the time that a thousand agents take. */
async function inFlight<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const lane = async () => {
    for (const item of rest) await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: 16 }, lane));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}

const differing = (wanted: Record<string, string>, has: Row): [string, string][] =>
  Object.entries(wanted).filter(([key, value]) => has[key] !== value);

const isSettled = ({ settings, engaged }: Agent, has: Row | undefined): boolean =>
  has !== undefined && differing(settings, has).length === 0 && stateDue(engaged, has) === undefined;

function verifyAgent(id: string, wanted: Agent | undefined, has: Row | undefined): void {
  if (wanted ? !isSettled(wanted, has) : has !== undefined)
    throw new Error(`the agent ${id} did not take his settings`);
}

const sameQueue = (queue: Resource<"queue">, row: Row): boolean =>
  Object.entries(queueSettings(queue)).every(([key, value]) => row[key.replaceAll("-", "_")] === value);

function sameTiers(wanted: Tier[], rows: Row[]): boolean {
  const has = new Map(rows.map((row) => [row.agent, `${row.level} ${row.position}`]));
  return (
    has.size === wanted.length &&
    wanted.every(({ agent, level, position }) => has.get(agent) === `${level} ${position}`)
  );
}
