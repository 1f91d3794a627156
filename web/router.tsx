// Pages by path, on the browser's own history.
import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";

const changed = "dialplane:path";

function subscribe(listener: () => void): () => void {
  addEventListener("popstate", listener);
  addEventListener(changed, listener);
  return () => {
    removeEventListener("popstate", listener);
    removeEventListener(changed, listener);
  };
}

let navigations = 0;
/** Whether the user has gone anywhere yet; on the first page the browser itself places the focus. */
export const hasNavigated = (): boolean => navigations > 0;

export function navigate(to: string, how: "push" | "replace" = "push"): void {
  navigations++;
  if (how === "push") history.pushState(null, "", to);
  else history.replaceState(null, "", to);
  dispatchEvent(new Event(changed));
  scrollTo(0, 0);
}

/** The path's parts, decoded: `["tenants", "ten_…", "extensions"]`. */
export function useRoute(): string[] {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  return path.split("/").flatMap((part) => (part === "" ? [] : [decode(part)]));
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
export function Link({ to, ...rest }: LinkProps) {
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return <a href={to} onClick={follow} {...rest} />;
}
