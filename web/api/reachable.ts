// Whether the control plane answered last time.
let reachable = true;
const listeners = new Set<() => void>();

export const isReachable = (): boolean => reachable;

export function onReachable(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setReachable(now: boolean): void {
  if (now === reachable) return;
  reachable = now;
  for (const listener of listeners) listener();
}
