// A tenant's live view as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): what is not as the caller has it, then each
// change. A process that is told of the store's changes sends them as they come; one that is not, and can stream, asks the store each second. Behind an HTTP
// API, which sends an answer only when it has all of it, the answer ends with what differs by now, and says when to come back with `Last-Event-ID`.
import type { Owner } from "../../core/owner.ts";
import type { Principal } from "../access/access.ts";
import { touchesActing } from "../access/impersonation.ts";
import type { Context } from "../context.ts";
import { Problem } from "../problem.ts";
import type { Changed } from "../store/store.ts";
import { type LiveChange, type Section, View } from "./view.ts";

export type Watch = {
  owner: Owner;
  /** Whose key it is, and of whom: a change there has the right to watch looked at again at once. */
  principal: Pick<Principal, "id" | "owner" | "person" | "impersonating">;
  sections: readonly Section[];
  /** From `Last-Event-ID`. */
  last: string | undefined;
  /** Throws once the caller may watch no more. */
  check(): Promise<unknown>;
};

/** A comment so often, for proxies that cut silent connections; and the right to watch is looked at again. */
export const aliveMs = 15_000;
export const askMs = 1000;
/** Phones are many, each reading costs by their number, and they change seldom: asked for at each of so many times only. */
export const phonesEach = 5;
/** Where nobody waits, a caller comes back after so long. */
const comeBackMs = 2000;
/** Who does not read is let go: he comes back, and gets what there is by then. */
const mostUnread = 4 * 1024 * 1024;
/** Streams of one principal at once, in this process. */
const mostOpen = 50;
const open = new Map<string, number>();

/** Throws `rate_limited` where too many are open. */
export function stream(ctx: Context, watch: Watch): ReadableStream<Uint8Array> {
  const count = open.get(watch.principal.id) ?? 0;
  if (count >= mostOpen)
    throw new Problem("rate_limited", `This API key has ${mostOpen} live streams open; close some of them.`, {
      headers: { "Retry-After": "10" },
    });
  open.set(watch.principal.id, count + 1);
  const live = ctx.live;
  const encoder = new TextEncoder();
  const closers: (() => void)[] = [];
  let isOver = false;

  function over(): void {
    if (isOver) return;
    isOver = true;
    for (const close of closers) close();
    const left = (open.get(watch.principal.id) ?? 1) - 1;
    if (left === 0) open.delete(watch.principal.id);
    else open.set(watch.principal.id, left);
  }

  return new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        const end = (): void => {
          if (isOver) return;
          over();
          controller.close();
        };
        const send = (text: string): void => {
          if (isOver) return;
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) < -mostUnread) end();
        };
        const refuse = (error: unknown): void => {
          const known = error instanceof Problem;
          if (!known) ctx.log.error({ error: String(error) }, "a live stream broke");
          if (known) send(event("end", undefined, { code: error.code, detail: error.message }));
          end();
        };
        const every = (ms: number, work: () => void): void => {
          const timer = setInterval(work, ms);
          closers.push(() => clearInterval(timer));
        };
        const view = new View(watch.owner, watch.sections, ctx.now);
        const changed = (changes: LiveChange[]): void => {
          if (changes.length === 0) return;
          send(event("change", view.position, changes));
        };
        // what comes while all is read for the first time is newer than that
        let early: Changed[] | undefined = [];
        const take = (changes: readonly Changed[]): void =>
          changed(changes.flatMap(({ key, after }) => view.take(key.sk, after)));
        let checking = false;
        const check = (): void => {
          if (checking) return;
          checking = true;
          watch
            .check()
            .catch(refuse)
            .finally(() => {
              checking = false;
            });
        };
        if (live.how === "told")
          closers.push(
            ctx.store.subscribe((all) => {
              const changes = all.filter(({ key }) => key.pk === watch.owner);
              if (early) early.push(...changes);
              else if (changes.length > 0) take(changes);
              if (all.some((change) => touchesRight(watch, change))) check();
            }),
          );
        try {
          send(`retry: ${live.how === "once" ? comeBackMs : askMs}\n\n`);
          await view.read(ctx.store);
          const differs = view.since(watch.last);
          if (differs.length > 0 || watch.last === undefined)
            send(event("snapshot", view.position, view.some(differs)));
          const missed = early;
          early = undefined;
          take(missed);
          if (live.how === "once") return end();
          let asked = 0;
          let asking = false;
          const again = (): void => {
            if (asking) return;
            asking = true;
            const all = live.how === "told" || ++asked % phonesEach === 0;
            view
              .read(ctx.store, all ? undefined : watch.sections.filter((section) => section !== "registrations"))
              .then(changed)
              .catch(refuse)
              .finally(() => {
                asking = false;
              });
          };
          // where changes are told, what ends by itself is found: a registration that nobody renewed
          every(live.how === "told" ? aliveMs : askMs, again);
          every(aliveMs, () => {
            send(": \n\n");
            check();
          });
          const timer = setTimeout(end, live.seconds * 1000);
          closers.push(() => clearTimeout(timer));
          if (isOver) for (const close of closers) close();
        } catch (error) {
          refuse(error);
        }
      },
      cancel: over,
    },
    { highWaterMark: 0, size: (chunk) => chunk?.byteLength ?? 0 },
  );
}

/** Keys and members stand with whom they are of; a session that ended may be this one; the head says that he was deleted or suspended. */
const touchesRight = ({ principal, owner }: Watch, { key, after }: Changed): boolean =>
  (principal.person !== undefined && key.sk === "SESSION" && !after) ||
  touchesActing(principal, key.pk) ||
  (key.pk === principal.owner && (key.sk.startsWith("H#") || key.sk === "HEAD")) ||
  (key.pk === owner && key.sk === "HEAD");

function event(name: string, id: string | undefined, data: unknown): string {
  return `event: ${name}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}
