// How long to wait before trying again: doubling, with jitter, so that many edges don't come back in step.

export type Backoff = { next(): number; reset(): void };

/** `next` answers milliseconds: between half and all of `first`, then of twice that, up to `most`. */
export function createBackoff(first: number, most: number): Backoff {
  let step = first;
  return {
    next() {
      const delay = step * (0.5 + Math.random() / 2);
      step = Math.min(step * 2, most);
      return delay;
    },
    reset() {
      step = first;
    },
  };
}

/** Resolves after so many milliseconds, or at once when aborted. Keeps no process alive. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal?.aborted) return done();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, milliseconds);
    timer.unref();
    signal?.addEventListener("abort", end);
  });
}

/** `seconds` more or less by up to a fifth, in milliseconds. */
export const jittered = (seconds: number): number => seconds * 1000 * (0.8 + Math.random() * 0.4);
