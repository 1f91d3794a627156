// Calling back who waited in a queue: when an agent is free for whom nobody before him waits, his number is called, paid as the queue says; who takes it up
// and presses 1 waits on where he was. Whatever happens meanwhile, the wishes are on disk.
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { idOf } from "../../../../core/owner.ts";
import { backNode, callBackFrom, legsBack } from "../../../../core/routing/call-back.ts";
import type { Spent } from "../../../../core/routing/limits.ts";
import type { Carrier } from "../../../../core/routing/outside.ts";
import { begin } from "../../../../core/routing/resolve.ts";
import type { CallBacks as Store, Wish } from "../../../call-backs.ts";
import type { Documents } from "../../../documents.ts";
import { nodeNumber } from "../actions.ts";
import { isTrunkFailure } from "../disposition.ts";
import type { EslEvent } from "../esl/event.ts";
import { number, token } from "../inert.ts";
import { towards } from "../ring.ts";
import { carrierLeg } from "../trunk.ts";
import { variables } from "../variables.ts";
import { rowsOf } from "./table.ts";

export type CallBacks = {
  onEvent(event: EslEvent): void;
  /** Looks whose turn it is. Never rejects. */
  look(): Promise<void>;
  start(): void;
  stop(): void;
};

type Options = {
  esl: { api(command: string): Promise<string>; bgapi(command: string, seconds: number): Promise<string>; up: boolean };
  documents: Documents;
  store: Store;
  spent?: Spent;
  log: Pick<Logger, "info" | "warn">;
  now?: () => number;
};

/** A phone that nobody takes up is given up after so long; a trunk without a sign of life is passed over. */
const seconds = { ring: 30, progress: 4, answer: 45 };
/** An agent's pause may end without any event. */
const lookEveryMs = 5000;

/** What mod_callcenter tells when somebody may have become free, or a place. */
const telling = new Set(["agent-state-change", "agent-status-change", "member-queue-end", "bridge-agent-end"]);

export function createCallBacks({ esl, documents, store, spent, log, now = Date.now }: Options): CallBacks {
  let looking: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  /** What this agent is calling for: the rest of what is on disk as being called, an agent before it left. */
  const mine = new Set<string>();

  function look(): Promise<void> {
    again = looking !== undefined;
    looking ??= lookAtAll()
      .catch((error: unknown) => log.warn({ error: String(error) }, "whose turn it is to be called back is not known"))
      .finally(() => {
        looking = undefined;
        if (again) void look();
      });
    return looking;
  }

  async function lookAtAll(): Promise<void> {
    const wishes = esl.up ? store.all() : [];
    for (const wish of wishes) if (wish.leg !== null && !mine.has(wish.id)) await pickUp(wish, wish.leg);
    for (const [queue, its] of Map.groupBy(wishes, (wish) => wish.queue)) await lookAt(queue, its);
  }

  /** Left by an agent before this one. */
  async function pickUp(wish: Wish, leg: string): Promise<void> {
    if ((await esl.api(`uuid_exists ${token(leg)}`)).trim() !== "true") inVain(wish);
  }

  async function lookAt(id: string, wishes: Wish[]): Promise<void> {
    const callBack = documents.queue(id)?.body.callBack;
    if (!callBack) {
      for (const wish of wishes) store.remove(wish.id);
      return;
    }
    const at = now();
    const open = wishes.filter((wish) => {
      const over = wish.leg === null && wish.askedAt + callBack.expiresSeconds * 1000 < at;
      if (over) drop(wish, "it was not his turn in time");
      return !over;
    });
    if (!open.some(({ leg, due }) => leg === null && due <= at)) return;
    const free = await freeAgents(id, at);
    const waiting = (await list(`queue list members ${token(id)}`)).filter(({ state }) => state === "Waiting");
    // who is being called back needs an agent soon
    let taken = open.filter(({ leg }) => leg !== null).length;
    for (const wish of open) {
      if (wish.leg !== null || wish.due > at) continue;
      const before = waiting.filter((row) => (Number(row.joined_epoch) - Number(row.base_score)) * 1000 < wish.since);
      if (before.length + taken >= free) return;
      taken += 1;
      call(wish).catch((error: unknown) => {
        log.warn({ wish: wish.id, error: String(error) }, "a call back failed");
        inVain(wish);
      });
    }
  }

  const list = async (what: string) => rowsOf(await esl.api(`callcenter_config ${what}`));

  async function freeAgents(queue: string, at: number): Promise<number> {
    const rows = await list(`queue list agents ${token(queue)} Available Waiting`);
    const ready = (row: Record<string, string>) =>
      Math.max(Number(row.last_bridge_end) + Number(row.wrap_up_time), Number(row.ready_time)) * 1000 <= at;
    return new Set(rows.filter(ready).map(({ name }) => name)).size;
  }

  function drop(wish: Wish, why: string): void {
    log.info({ wish: wish.id, queue: wish.queue, why }, "nobody is called back");
    store.remove(wish.id);
  }

  /** Nobody took it up, or did not press 1. */
  function inVain(wish: Wish): void {
    mine.delete(wish.id);
    const is = store.all().find(({ id }) => id === wish.id);
    const callBack = documents.queue(wish.queue)?.body.callBack;
    if (!is) return;
    if (!callBack || is.tries >= callBack.tries) drop(is, "every try was in vain");
    else store.later(is.id, now() + callBack.retryAfterSeconds * 1000);
    void look();
  }

  async function call(wish: Wish): Promise<void> {
    const config = documents.config(wish.owner);
    const queue = config?.get("queue", wish.queue);
    const way = config && begin(config, { ...callBackFrom(wish.number, new Date(now())), ...(spent && { spent }) });
    const legs = way && queue ? legsBack(way, queue.body, wish.number) : "the queue is gone";
    if (!config || typeof legs === "string") return drop(wish, String(legs));
    mine.add(wish.id);
    for (const carrier of legs) {
      const leg = randomUUID();
      store.calling(wish.id, leg, wish.tries + 1);
      const cause = await originate(wish, carrier, leg, token(config.settings.domain));
      // taken up: what becomes of it events tell
      if (cause === undefined) return;
      if (!isTrunkFailure(cause)) break;
    }
    inVain(wish);
  }

  /** Undefined: it was taken up. Else FreeSWITCH's cause. */
  async function originate(wish: Wish, carrier: Carrier, leg: string, domain: string): Promise<string | undefined> {
    const node = backNode(wish.queue, Math.floor(wish.since / 1000));
    const target = carrierLeg({ domain }, carrier, {
      ...towards(carrier),
      origination_uuid: leg,
      [variables.tenant]: token(idOf(wish.owner)),
      [variables.direction]: "outbound",
      [variables.dialled]: number(wish.number),
      [variables.calledBack]: number(wish.number),
      [variables.queue]: token(wish.queue),
      [variables.node]: token(node),
      [variables.step]: "call-back",
      leg_timeout: String(seconds.ring),
      leg_progress_timeout: String(seconds.progress),
      force_transfer_context: domain,
      force_transfer_dialplan: "XML",
      outbound_redirect_fatal: "true",
      sip_copy_custom_headers: "false",
    });
    const command = `originate '{ignore_early_media=true}${target}' ${nodeNumber(node)} XML ${domain}`;
    const [, ok, text = ""] = /^([+-](?:OK|ERR))\s*(\S*)/.exec((await esl.bgapi(command, seconds.answer)).trim()) ?? [];
    return ok === "+OK" ? undefined : text;
  }

  return {
    onEvent({ name, subclass, headers }) {
      if (subclass === "callcenter::info") {
        const joined = headers["CC-Action"] === "member-queue-start" ? headers["CC-Member-Session-UUID"] : undefined;
        const found = joined === undefined ? undefined : store.all().find(({ leg }) => leg === joined);
        if (found) {
          mine.delete(found.id);
          store.remove(found.id);
        }
        if (telling.has(headers["CC-Action"] ?? "")) void look();
      }
      if (name !== "CHANNEL_HANGUP_COMPLETE" || headers[`variable_${variables.calledBack}`] === undefined) return;
      // one that was never taken up ends its originate, which knows what is next
      const ended = store.all().find(({ leg }) => leg === headers["Unique-ID"]);
      if (ended && headers.variable_answer_uepoch && headers.variable_answer_uepoch !== "0") inVain(ended);
    },
    look,
    start() {
      timer = setInterval(() => void look(), lookEveryMs).unref();
    },
    stop: () => clearInterval(timer),
  };
}
