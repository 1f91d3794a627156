// What goes on in a tenant now: calls, phones that are registered, queues. Read from the store as a whole, then kept by the store's changes; whatever
// differs from before comes out as changes for those who watch.
import { hash } from "node:crypto";
import { z } from "zod";
import { extend, omit } from "zod/mini";
import type { Owner } from "../../core/owner.ts";
import { liveCall, liveQueue, registration } from "../../core/wire-events.ts";
import * as keys from "../keys.ts";
import { allItems, type Item, type Store } from "../store/store.ts";
import { merged } from "./queue.ts";

const edge = z.string().describe("The edge's id");
export const shownCall = extend(omit(liveCall, { tenant: true }), { edge });
export const shownPhone = extend(omit(registration, { tenant: true }), {
  id: z.string(),
  edge,
  expiresAt: z.iso.datetime(),
});
export const shownQueue = omit(liveQueue, { tenant: true });

export const sections = ["calls", "registrations", "queues"] as const;
export type Section = (typeof sections)[number];

/** `item` as the API shows it; null: it is over. */
export type LiveChange = { section: Section; id: string; item: object | null };

const prefixes: Record<Section, string> = {
  calls: keys.liveCalls,
  registrations: keys.registrations,
  queues: keys.liveQueues,
};

/** What is shown, and a sum over it that tells whether it is the same somewhere else. */
class Shown {
  readonly items = new Map<string, { text: string; item: object }>();
  #sum = 0n;

  set(id: string, text: string, item: object | null): boolean {
    const before = this.items.get(id);
    if (before?.text === text || (!before && item === null)) {
      // what does not count as a change is shown all the same
      if (before && item) before.item = item;
      return false;
    }
    this.#sum -= before ? weight(id, before.text) : 0n;
    if (item === null) this.items.delete(id);
    else {
      this.items.set(id, { text, item });
      this.#sum += weight(id, text);
    }
    return true;
  }

  get digest(): string {
    return BigInt.asUintN(64, this.#sum).toString(16);
  }
}

const weight = (id: string, text: string): bigint => BigInt(`0x${hash("sha256", `${id}\n${text}`).slice(0, 16)}`);

export class View {
  readonly #owner: Owner;
  readonly #sections: readonly Section[];
  readonly #now: () => Date;
  /** By sort key, as the store has them. */
  readonly #items = new Map<string, Item>();
  readonly #shown = new Map<Section, Shown>();

  constructor(owner: Owner, seen: readonly Section[], now: () => Date) {
    this.#owner = owner;
    this.#sections = seen;
    this.#now = now;
    for (const section of seen) this.#shown.set(section, new Shown());
  }

  /** Reads these sections anew; answers with what is not as it was. */
  async read(store: Store, wanted: readonly Section[] = this.#sections): Promise<LiveChange[]> {
    const gone = new Set([...this.#items.keys()].filter((sk) => wanted.includes(this.#sectionOf(sk) as Section)));
    const touched: [Section, string][] = [];
    for (const section of wanted)
      for await (const item of allItems((q) => store.query(q), { pk: this.#owner, prefix: prefixes[section] })) {
        gone.delete(item.sk);
        this.#items.set(item.sk, item);
        touched.push([section, item.sk]);
      }
    for (const sk of gone) {
      const section = this.#sectionOf(sk);
      this.#items.delete(sk);
      if (section) touched.push([section, sk]);
    }
    return this.#show(touched);
  }

  /** Takes in a change of one of the owner's items, whatever it is. */
  take(sk: string, after: Item | undefined): LiveChange[] {
    const section = this.#sectionOf(sk);
    if (!section) return [];
    if (after) this.#items.set(sk, after);
    else this.#items.delete(sk);
    return this.#show([[section, sk]]);
  }

  /** `calls` and so on, in the order of their ids. */
  get all(): Partial<Record<Section, object[]>> {
    return this.some(this.#sections);
  }

  some(wanted: readonly Section[]): Partial<Record<Section, object[]>> {
    return Object.fromEntries(
      wanted.map((section) => [section, [...(this.#shown.get(section)?.items.values() ?? [])].map(({ item }) => item)]),
    );
  }

  /** Where this stands, in a text for `Last-Event-ID`. */
  get position(): string {
    return this.#sections.map((section) => `${section}.${this.#shown.get(section)?.digest}`).join("-");
  }

  /** The sections that are not as they were at a position; all for one that is none. */
  since(position: string | undefined): Section[] {
    const had = new Set((position ?? "").split("-"));
    return this.#sections.filter((section) => !had.has(`${section}.${this.#shown.get(section)?.digest}`));
  }

  #sectionOf(sk: string): Section | undefined {
    return this.#sections.find((section) => sk.startsWith(prefixes[section]));
  }

  #show(touched: [Section, string][]): LiveChange[] {
    const ids = new Set(touched.map(([section, sk]) => `${section} ${idOf(section, sk)}`));
    return [...ids].flatMap((name): LiveChange[] => {
      const [section, id] = name.split(" ") as [Section, string];
      const item = this.#itemOf(section, id);
      return this.#shown.get(section)?.set(id, textOf(item), item) ? [{ section, id, item }] : [];
    });
  }

  #itemOf(section: Section, id: string): object | null {
    const now = this.#now().getTime();
    if (section === "queues") {
      const parts = [...this.#items.values()].filter((item) => item.sk.startsWith(`${prefixes.queues}${id}#`));
      return merged(parts.filter(({ ttl }) => Number(ttl) * 1000 > now).map((item) => shownQueue.parse(item)));
    }
    const item = this.#items.get(`${prefixes[section]}${id}`);
    if (!item) return null;
    if (section === "calls") return Number(item.ttl) * 1000 > now ? shownCall.parse(item) : null;
    return Date.parse(String(item.expiresAt)) > now ? shownPhone.parse({ ...item, id }) : null;
  }
}

/** A queue's parts are of several edges. */
const idOf = (section: Section, sk: string): string => {
  const rest = sk.slice(prefixes[section].length);
  return section === "queues" ? (rest.split("#")[0] ?? "") : rest;
};

/** A phone that registers anew, as each does every few minutes, is no change. */
const textOf = (item: object | null): string =>
  JSON.stringify(item, (name, value) => (name === "expiresAt" ? undefined : value));
