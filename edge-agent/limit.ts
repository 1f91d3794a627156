// At most so many at a time; the rest wait in order.

export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** With `patience` (milliseconds), one that takes longer no longer counts, so that a few that hang don't hold up all others. */
export function createLimit(most: number, patience?: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    else running++;
    let counted = true;
    // a place is handed on, so that `running` stays as it is while others wait
    const leave = () => {
      if (!counted) return;
      counted = false;
      const next = waiting.shift();
      if (next) next();
      else running--;
    };
    const timer = patience === undefined ? undefined : setTimeout(leave, patience).unref();
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      leave();
    }
  };
}
