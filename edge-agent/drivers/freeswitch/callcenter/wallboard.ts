// What the queues' wallboards show: who waits and what each agent does, read from mod_callcenter a moment after it told that something happened, and told
// as a whole where it differs.
import type { Logger } from "pino";
import { idOf, type Owner } from "../../../../core/owner.ts";
import type { Resource } from "../../../../core/registry.ts";
import type { LiveQueue } from "../../../../core/wire-events.ts";
import { clean } from "../../../clean.ts";
import type { Documents } from "../../../documents.ts";
import type { Change } from "../../../driver.ts";
import type { EslEvent } from "../esl/event.ts";
import { token } from "../inert.ts";
import { statusOf } from "./settings.ts";
import { rowsOf } from "./table.ts";

type Row = Record<string, string>;
type Agent = LiveQueue["agents"][number];

export type Wallboard = {
  onEvent(event: EslEvent): void;
  /** An extension came to a call or left one. */
  onMoved(extension: string): void;
  /** What changed of a tenant's document, once it is live. */
  onChange(owner: Owner, changes: readonly Change[]): void;
  /** Tells of every queue. Never rejects. */
  onUp(): Promise<void>;
  stop(): void;
};

export const most = { waiting: 100, agents: 300 };
/** What follows at once is read together; and once more, since some of mod_callcenter's tables follow its events. */
const waits = { soon: 200, again: 2000 };
/** What is told lasts a day in the cloud (functions/events/ingest.ts). */
const retellMs = 6 * 3_600_000;

export function createWallboard(options: {
  documents: Pick<Documents, "config" | "queue" | "queues">;
  esl: { api(command: string): Promise<string>; readonly up: boolean };
  /** Whether it is on a call that no queue gave it. */
  engaged(extension: string): boolean;
  /** The extension that a leg comes from, and the id of its call. */
  whose(uuid: string): { extension: string | undefined; call: string | undefined };
  report(is: LiveQueue): void;
  log: Pick<Logger, "warn">;
  waits?: Partial<typeof waits>;
}): Wallboard {
  const { documents, esl } = options;
  const { soon, again } = { ...waits, ...options.waits };
  const told = new Map<string, LiveQueue>();
  const due = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  let reading: Promise<void> | undefined;
  let isSoon = false;

  function later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer.unref());
  }

  function mark(ids: Iterable<string>): void {
    const marked = [...ids];
    if (marked.length === 0) return;
    for (const id of marked) due.add(id);
    if (isSoon) return;
    isSoon = true;
    later(soon, () => {
      isSoon = false;
      const read = [...due];
      void readDue();
      later(again, () => {
        for (const id of read) due.add(id);
        void readDue();
      });
    });
  }

  /** One queue after another, so that calls' own commands find a place between. */
  function readDue(): Promise<void> {
    reading ??= (async () => {
      for (const id of due) {
        if (!esl.up) return;
        due.delete(id);
        try {
          await read(id);
        } catch (error) {
          options.log.warn({ queue: id, error: String(error) }, "a queue's state could not be read");
        }
      }
    })().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function read(id: string): Promise<void> {
    const queue = documents.queue(id);
    const before = told.get(id);
    if (!queue) {
      told.delete(id);
      if (before) options.report({ ...before, waitingCalls: 0, waiting: [], agents: [] });
      return;
    }
    const members = rowsOf(await esl.api(`callcenter_config queue list members ${token(id)}`));
    const rows = rowsOf(await esl.api(`callcenter_config queue list agents ${token(id)}`));
    const waiting = members
      .filter(({ state }) => state === "Waiting" || state === "Trying")
      .sort((a, b) => Number(a.joined_epoch) - Number(b.joined_epoch));
    const is: LiveQueue = {
      ...{ tenant: idOf(queue.owner), queue: id, name: queue.body.name, waitingCalls: waiting.length },
      waiting: waiting.slice(0, most.waiting).map((row) => waitingOf(queue.owner, row)),
      agents: agentsOf(queue, new Map(rows.map((row) => [row.name ?? "", row])), before?.agents ?? []),
    };
    if (JSON.stringify(is) === JSON.stringify(before)) return;
    told.set(id, is);
    options.report(is);
  }

  function waitingOf(owner: Owner, row: Row): LiveQueue["waiting"][number] {
    const id = clean(row.session_uuid, 64) ?? "";
    const { extension, call = null } = options.whose(id);
    const his = extension === undefined ? undefined : documents.config(owner)?.get("extension", extension)?.body;
    return {
      ...{
        id,
        call,
        number: his?.number ?? clean(row.cid_number, 64),
        name: his?.displayName ?? clean(row.cid_name, 64),
      },
      joinedAt: at(Number(row.joined_epoch)),
    };
  }

  function agentsOf(
    { owner, body }: Resource<"queue"> & { owner: Owner },
    rows: Map<string, Row>,
    before: Agent[],
  ): Agent[] {
    const config = documents.config(owner);
    const knew = new Map(before.map((agent) => [agent.extension, agent]));
    const agents = body.agents.flatMap(({ extension }): Agent[] => {
      const its = config?.get("extension", extension);
      if (!its) return [];
      const { state, sinceSeconds } = stateOf(rows.get(extension) ?? {}, options.engaged(extension), (ms) =>
        later(ms, () => mark(queuesOf(extension))),
      );
      const known = knew.get(extension);
      const since = known?.state === state ? known.since : at(sinceSeconds);
      return [{ extension, number: its.body.number, name: its.body.displayName ?? null, state, since }];
    });
    const isOut = ({ state }: Agent): number => Number(state === "logged-out");
    return agents.sort((a, b) => isOut(a) - isOut(b)).slice(0, most.agents);
  }

  const queuesOf = (extension: string): string[] =>
    documents.queues().flatMap(({ id, body }) => (body.agents.some((one) => one.extension === extension) ? [id] : []));

  async function all(): Promise<void> {
    told.clear();
    for (const { id } of documents.queues()) due.add(id);
    await readDue();
  }
  const retelling = setInterval(() => void all(), retellMs);
  retelling.unref();

  return {
    onEvent({ subclass, headers }) {
      if (subclass !== "callcenter::info") return;
      const { "CC-Queue": queue = "", "CC-Agent": agent = "" } = headers;
      if (queue !== "") due.add(queue);
      mark(agent === "" ? due : [...due, ...queuesOf(agent)]);
    },
    onMoved: (extension) => mark(queuesOf(extension)),
    onChange(owner, changes) {
      const queues = changes.flatMap(({ kind, id }) => (kind === "queue" ? [id] : []));
      const people = changes.some(({ kind }) => kind === "extension");
      const all = people ? documents.queues().flatMap((queue) => (queue.owner === owner ? [queue.id] : [])) : [];
      mark([...queues, ...all]);
    },
    onUp: all,
    stop() {
      clearInterval(retelling);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

const at = (seconds: number): string => new Date(seconds > 0 ? seconds * 1000 : Date.now()).toISOString();

/** `onEnd` is called with the milliseconds until a state ends that mod_callcenter tells no end of: the pause after a call. */
function stateOf(
  row: Row,
  isEngaged: boolean,
  onEnd: (ms: number) => void,
): { state: Agent["state"]; sinceSeconds: number } {
  const seconds = (name: string): number => Number(row[name]) || 0;
  const [started, ended, changed] = [
    seconds("last_bridge_start"),
    seconds("last_bridge_end"),
    seconds("last_status_change"),
  ];
  if (row.state === "In a queue call") return { state: "on-call", sinceSeconds: started };
  if (row.status === undefined || row.status === statusOf["logged-out"])
    return { state: "logged-out", sinceSeconds: changed };
  if (isEngaged) return { state: "on-call", sinceSeconds: 0 };
  if (row.status === statusOf.paused) return { state: "paused", sinceSeconds: changed };
  if (row.state === "Receiving") return { state: "ringing", sinceSeconds: seconds("last_offered_call") };
  const left = (ended + seconds("wrap_up_time")) * 1000 - Date.now();
  if (ended > 0 && left > 0) {
    onEnd(left + 50);
    return { state: "wrap-up", sinceSeconds: ended };
  }
  return { state: "available", sinceSeconds: Math.max(ended, changed) };
}
