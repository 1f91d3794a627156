// Who is signed in: the API key, for this tab alone.
import { useSyncExternalStore } from "react";

// sessionStorage and not localStorage: a key is a password to the whole account, so it should be gone with the tab and unknown to other tabs.
// Not memory alone: a reload would sign out. Scripts from elsewhere can't read it, as the page's Content-Security-Policy admits none.
const place = "dialplane.key";

const listeners = new Set<() => void>();
let farewell: string | undefined;

export const apiKey = (): string | null => sessionStorage.getItem(place);

export function begin(key: string): void {
  farewell = undefined;
  sessionStorage.setItem(place, key);
  for (const listener of listeners) listener();
}

/** Signs out; `why` is shown on the sign-in page. */
export function end(why?: string): void {
  farewell = why;
  sessionStorage.removeItem(place);
  for (const listener of listeners) listener();
}

/** The sentence that the last session ended with. */
export const whyEnded = (): string | undefined => farewell;

export const useApiKey = (): string | null =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, apiKey);
