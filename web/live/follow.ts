// A tenant's live view, kept by its stream of server-sent events (docs/api.md), read by `fetch` as that can carry the key. What breaks is begun anew after a
// pause, as long as it says itself, from where it was; where streams don't come through, as behind a proxy that gathers answers, or where as many watch as
// may, it asks now and then.
import type { LiveCall, LiveQueue, Registration } from "../../core/wire-events.ts";
import { send } from "../api/client.ts";
import { apiKey } from "../session/session.ts";

export type Call = Omit<LiveCall, "tenant"> & { edge: string };
export type Phone = Omit<Registration, "tenant"> & { id: string; edge: string };
export type Queue = Omit<LiveQueue, "tenant">;
export type Live = { calls: Call[]; queues: Queue[]; registrations?: Phone[] };
/** `polling`: it is a few seconds old at the most. */
export type Following = { live: Live | undefined; how: "streaming" | "polling" | "broken"; error: unknown };

type Section = keyof Live;
type Change = { section: Section; id: string; item: Call | Queue | Phone | null };

const patienceMs = 10_000;
/** Between two beginnings of a stream, unless it says otherwise. */
const retryMs = 1000;
const pollMs = 5000;
const longestPauseMs = 30_000;
const idOf = (item: Call | Queue | Phone): string => ("queue" in item ? item.queue : item.id);

/** Follows until the signal ends it; `onChange` is called with each new state. Resolves then. */
export async function follow(tenant: string, signal: AbortSignal, onChange: (now: Following) => void): Promise<void> {
  const path = `/v1/tenants/${encodeURIComponent(tenant)}/live`;
  let live: Live | undefined;
  let last: string | undefined;
  let failures = 0;
  let againMs = retryMs;
  const tell = (how: Following["how"], error: unknown = undefined): void => onChange({ live, how, error });

  while (!signal.aborted) {
    const begun = Date.now();
    try {
      for await (const { event, id, data } of stream(path, last, signal)) {
        failures = 0;
        if (event === "retry") {
          againMs = Number(data);
          continue;
        }
        if (event === "snapshot") live = { ...empty, ...live, ...(data as Partial<Live>) };
        if (event === "change") live = changed(live ?? empty, data as Change[]);
        if (id !== undefined) last = id;
        // whether the key is to blame, an ordinary request finds out
        if (event === "end") await send("GET", path, { signal });
        tell("streaming");
      }
      // one that ends at once with nothing must not be asked for again and again
      await pause(Math.max(100, againMs - (Date.now() - begun)), signal);
    } catch {
      if (signal.aborted) return;
      failures++;
      if (failures >= 2)
        try {
          live = await send<Live>("GET", path, { signal });
          tell("polling");
          await pause(pollMs, signal);
          continue;
        } catch (worse) {
          tell("broken", worse);
        }
      await pause(Math.min(longestPauseMs, 500 * 2 ** failures) * (0.75 + Math.random() / 2), signal);
    }
  }
}

const empty: Live = { calls: [], queues: [] };

function changed(live: Live, changes: Change[]): Live {
  const next = { ...live };
  for (const { section, id, item } of changes) {
    const others = ((next[section] ?? []) as (Call | Queue | Phone)[]).filter((one) => idOf(one) !== id);
    Object.assign(next, { [section]: item === null ? others : [...others, item] });
  }
  return next;
}

type Event = { event: string; id: string | undefined; data: unknown };

/** Throws where there is no stream. */
async function* stream(path: string, last: string | undefined, signal: AbortSignal): AsyncGenerator<Event> {
  const silent = new AbortController();
  // every good stream begins with a word at once, and says something each quarter of a minute
  let timer = setTimeout(() => silent.abort(), patienceMs);
  const key = apiKey();
  try {
    const answer = await fetch(path, {
      cache: "no-store",
      redirect: "error",
      credentials: "same-origin",
      headers: {
        accept: "text/event-stream",
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(last !== undefined && { "last-event-id": last }),
      },
      signal: AbortSignal.any([signal, silent.signal]),
    });
    if (!answer.ok || !answer.body || !answer.headers.get("content-type")?.startsWith("text/event-stream"))
      throw new Error(`no stream, but status ${answer.status}`);
    const decoder = new TextDecoder();
    const reader = answer.body.getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      clearTimeout(timer);
      if (done) return;
      timer = setTimeout(() => silent.abort(), 4 * patienceMs);
      text += decoder.decode(value, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = eventOf(block);
        if (event) yield event;
      }
    }
  } finally {
    clearTimeout(timer);
    silent.abort();
  }
}

function eventOf(block: string): Event | undefined {
  const fields = new Map(
    block.split("\n").map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
  );
  const [event, data, retry] = [fields.get("event"), fields.get("data"), fields.get("retry")];
  if (retry !== undefined && /^\d{1,6}$/.test(retry)) return { event: "retry", id: undefined, data: Number(retry) };
  return event === undefined || data === undefined
    ? undefined
    : { event, id: fields.get("id"), data: JSON.parse(data) };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
