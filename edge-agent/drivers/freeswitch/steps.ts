// Which changes need the engine to be told, and in which order: the rest is live with the next lookup. Pure; engine.ts carries the steps out.

import type { Owner } from "../../../core/owner.ts";
import type { Documents } from "../../documents.ts";
import type { Change } from "../../driver.ts";

/** The resource for which a step is done: what is reported if it fails. */
export type For = { kind: string; id: string };
export type Step =
  /** End a user's registrations, and those of the browser phone beside it; without `user` those of the whole domain. */
  | { do: "flush"; user: string | undefined; domain: string; for: For }
  /** Make a tenant's domain an alias of the profile `phones`. */
  | { do: "alias"; domain: string; for: For }
  /** Bring a trunk's gateway in step with the documents, whatever that takes. */
  | { do: "gateway"; id: string; for: For }
  /** Bring a queue and its agents in step with the documents. */
  | { do: "queue"; owner: Owner; id: string; for: For }
  /** An agent's settings, and whether he is there. */
  | { do: "agent"; owner: Owner; id: string; for: For };

const order = ["flush", "alias", "gateway", "queue", "agent"];

/** `documents` already hold the changes. */
export function stepsFor(owner: Owner, changes: readonly Change[], documents: Documents): Step[] {
  const settings = changes.find((change) => change.kind === "tenant");
  const domain = documents.config(owner)?.settings.domain;
  const before = text(settings?.before?.domain) ?? domain;
  const steps = changes.flatMap((change) => one(change, { now: domain, before }));
  steps.push(...stepsOfQueues(owner, changes, documents));
  const wholeDomains = new Set(steps.flatMap((step) => (step.do === "flush" && !step.user ? [step.domain] : [])));
  return steps
    .filter((step) => step.do !== "flush" || !step.user || !wholeDomains.has(step.domain))
    .sort((a, b) => order.indexOf(a.do) - order.indexOf(b.do));
}

function one(change: Change, domain: { now: string | undefined; before: string | undefined }): Step[] {
  const of = { kind: change.kind, id: change.id };
  if (change.kind === "trunk") return [{ do: "gateway", id: change.id, for: of }];
  if (change.kind === "tenant") {
    const was = text(change.before?.domain);
    const is = text(change.after?.domain);
    if (was === is) return [];
    const steps: Step[] = was ? [{ do: "flush", user: undefined, domain: was, for: of }] : [];
    return is ? [...steps, { do: "alias", domain: is, for: of }] : steps;
  }
  if (change.kind !== "extension" || !domain.before) return [];
  const kept = devices(change.after);
  const flushed = domain.before;
  return [...devices(change.before)]
    .filter(([username, password]) => kept.get(username) !== password)
    .map(([username]) => ({ do: "flush", user: username, domain: flushed, for: of }));
}

/**
 * A queue's change, and whatever changes who its agents are, when they are asked and how they are reached. An extension that is no agent needs nothing.
 */
function stepsOfQueues(owner: Owner, changes: readonly Change[], documents: Documents): Step[] {
  const queues = documents.config(owner)?.list("queue") ?? [];
  const moved = changes.some(({ kind, before, after }) => kind === "tenant" && before?.domain !== after?.domain);
  const steps = new Map<string, Step>();
  const add = (what: "queue" | "agent", id: string, of: For) => steps.set(id, { do: what, owner, id, for: of });
  for (const { kind, id, before, after } of changes) {
    const of = { kind, id };
    if (kind === "queue") add("queue", id, of);
    if (kind !== "extension") continue;
    const its = queues.filter(({ body }) => body.agents.some(({ extension }) => extension === id));
    const asked = (body: Change["after"]) => JSON.stringify([body?.enabled, body?.skills]);
    if (asked(before) !== asked(after)) for (const queue of its) add("queue", queue.id, of);
    else if (its.length > 0) add("agent", id, of);
  }
  if (moved) for (const { id } of queues) add("queue", id, { kind: "queue", id });
  return [...steps.values()];
}

/** Which phone is whose changed in a tenant. */
export const stepsForPhones = (owner: Owner, documents: Documents): Step[] =>
  (documents.config(owner)?.list("queue") ?? []).map(({ id }) => ({
    do: "queue",
    owner,
    id,
    for: { kind: "queue", id },
  }));

/** Who an extension is as an agent changed: he came, went, paused … */
export function stepsForAgent(owner: Owner, id: string, documents: Documents): Step[] {
  const queues = documents.config(owner)?.list("queue") ?? [];
  const listed = queues.some(({ body }) => body.agents.some(({ extension }) => extension === id));
  return listed ? [{ do: "agent", owner, id, for: { kind: "extension", id } }] : [];
}

/** User names with what their password is. A registration ends with its device, and with the password that it was made with. */
function devices(body: Record<string, unknown> | undefined): Map<string, string> {
  const found = new Map<string, string>();
  if (!body || body.enabled === false || !Array.isArray(body.devices)) return found;
  for (const device of body.devices as { username?: unknown; password?: unknown }[])
    if (typeof device.username === "string") found.set(device.username, JSON.stringify(device.password ?? null));
  return found;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
