// Pages by path, on the browser's own history.
import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";

const changed = "dialplane:path";

/** Asked before a page is left; false: it stays, and `go` leaves it after all. */
type Guard = (go: () => void) => boolean;
let guard: Guard | undefined;
let here = place();

/** Whoever has something to lose says so; the function that comes back ends that. */
export function holdPage(mayLeave: Guard): () => void {
  guard = mayLeave;
  return () => {
    if (guard === mayLeave) guard = undefined;
  };
}

function place(): string {
  return typeof location === "undefined" ? "/" : location.pathname + location.search;
}

function subscribe(listener: () => void): () => void {
  addEventListener("popstate", listener);
  addEventListener(changed, listener);
  return () => {
    removeEventListener("popstate", listener);
    removeEventListener(changed, listener);
  };
}

// the first listener of all: a page that is held is back before anybody reads the new path
if (typeof window !== "undefined")
  addEventListener("popstate", (event) => {
    const wanted = place();
    if (guard && !guard(() => go(wanted, "push"))) {
      event.stopImmediatePropagation();
      history.pushState(null, "", here);
      return;
    }
    here = wanted;
  });

let navigations = 0;
/** Whether the user has gone anywhere yet; on the first page the browser itself places the focus. */
export const hasNavigated = (): boolean => navigations > 0;

type How = "push" | "replace";

/** Goes to a path of the console, unless what stands on the page would be lost and the user wants to keep it. */
export function navigate(to: string, how: How = "push"): void {
  if (guard && !guard(() => go(to, how))) return;
  go(to, how);
}

/** Goes there without a question: what stood on the page is saved, or gone with what it was about. */
export function go(to: string, how: How = "push"): void {
  guard = undefined;
  navigations++;
  if (how === "push") history.pushState(null, "", to);
  else history.replaceState(null, "", to);
  here = place();
  dispatchEvent(new Event(changed));
  scrollTo(0, 0);
}

/** The path's parts, decoded: `["tenants", "ten_…", "extensions"]`. */
export function useRoute(): string[] {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  return path.split("/").flatMap((part) => (part === "" ? [] : [decode(part)]));
}

/** The path's parameters, and the way to change some of them: the page stays, and "back" does not go through each letter of a search. */
export function useParameters(): [URLSearchParams, (change: Record<string, string | undefined>) => void] {
  const search = useSyncExternalStore(subscribe, () => location.search);
  const set = (change: Record<string, string | undefined>): void => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(change))
      if (value === undefined || value === "") next.delete(name);
      else next.set(name, value);
    const text = next.toString();
    history.replaceState(null, "", location.pathname + (text ? `?${text}` : ""));
    here = place();
    dispatchEvent(new Event(changed));
  };
  return [new URLSearchParams(search), set];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { to: string };

/** A link within the console; a click that asks for a new tab or a download stays the browser's. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return <a href={to} onClick={follow} {...rest} />;
}
