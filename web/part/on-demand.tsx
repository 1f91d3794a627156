// Pages that are fetched when they are first wanted. Once the browser has nothing to do, the rest of them comes too, so that going there takes no time.
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { lateTexts } from "../i18n/t.ts";

// biome-ignore lint/suspicious/noExplicitAny: a component's properties are its own; `lazy` has the same bound
type Any = ComponentType<any>;
const waiting: (() => Promise<unknown>)[] = [];

/** `onDemand(() => import("./calls.tsx"), "CallsPage")`. */
export function onDemand<Name extends string, C extends Any>(
  load: () => Promise<{ [N in Name]: C }>,
  name: Name,
  { ahead = true } = {},
): LazyExoticComponent<C> {
  const once = () => Promise.all([load(), lateTexts()]).then(([module]) => ({ default: module[name] }));
  if (ahead) waiting.push(once);
  return lazy(once);
}

/** Fetches what is likely wanted next, one after another, while the browser is idle. A failure is told when the page is really wanted. */
export function fetchAhead(): void {
  const next = waiting.shift();
  if (!next) return;
  const idle = globalThis.requestIdleCallback ?? ((then: () => void) => setTimeout(then, 200));
  idle(() => void next().then(fetchAhead, fetchAhead));
}
