// The live view for components: one stream of a tenant, however many show something of it, while the page can be seen.
import { useSyncExternalStore } from "react";
import { type Following, follow } from "./follow.ts";

const nothing: Following = { live: undefined, how: "streaming", error: undefined };
/** Whoever goes from one page to another needs no new stream. */
const lingerMs = 3000;

class Followed {
  readonly #tenant: string;
  readonly #listeners = new Set<() => void>();
  #now = nothing;
  #ending: AbortController | undefined;
  #leaving: ReturnType<typeof setTimeout> | undefined;

  constructor(tenant: string) {
    this.#tenant = tenant;
  }

  readonly now = (): Following => this.#now;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    clearTimeout(this.#leaving);
    if (this.#listeners.size === 1) document.addEventListener("visibilitychange", this.#look);
    this.#look();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      document.removeEventListener("visibilitychange", this.#look);
      this.#leaving = setTimeout(() => this.#end(), lingerMs);
    };
  };

  /** A browser has six connections for all its tabs: one that nobody sees gives its own back. */
  readonly #look = (): void => {
    if (document.visibilityState === "hidden") this.#end();
    else if (!this.#ending) this.#begin();
  };

  #begin(): void {
    const ending = new AbortController();
    this.#ending = ending;
    void follow(this.#tenant, ending.signal, (now) => {
      if (ending.signal.aborted) return;
      this.#now = now;
      for (const listener of this.#listeners) listener();
    });
  }

  #end(): void {
    this.#ending?.abort();
    this.#ending = undefined;
    if (this.#listeners.size === 0) followed.delete(this.#tenant);
  }
}

const followed = new Map<string, Followed>();

function of(tenant: string): Followed {
  const known = followed.get(tenant) ?? new Followed(tenant);
  followed.set(tenant, known);
  return known;
}

export function useLive(tenant: string): Following {
  const one = of(tenant);
  return useSyncExternalStore(one.subscribe, one.now);
}
