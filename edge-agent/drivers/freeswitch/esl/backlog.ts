// Work that waits so that reading need not: items are handled in order, in slices of a few milliseconds, between which the process reads its sockets and
// answers lookups.

export type Backlog<Item> = {
  /** False if the backlog is full and the item was not taken. */
  add(item: Item, bytes: number): boolean;
  readonly length: number;
  /** Calls back once, as soon as there is nothing left to do. */
  whenEmpty(then: () => void): void;
};

export type Bounds = { items: number; bytes: number; sliceMs: number };

const defaults: Bounds = { items: 200_000, bytes: 256 * 1024 * 1024, sliceMs: 5 };

/** `handle` must not throw. */
export function createBacklog<Item>(handle: (item: Item) => void, bounds: Bounds = defaults): Backlog<Item> {
  let queue: { item: Item; bytes: number }[] = [];
  let next = 0;
  let bytes = 0;
  let working = false;
  let waiting: (() => void)[] = [];

  function work(): void {
    const until = performance.now() + bounds.sliceMs;
    for (let entry = queue[next]; entry; entry = queue[next]) {
      next += 1;
      bytes -= entry.bytes;
      handle(entry.item);
      if (performance.now() > until) break;
    }
    if (next > 1000 && next * 2 > queue.length) {
      queue = queue.slice(next);
      next = 0;
    }
    if (next < queue.length) {
      setImmediate(work);
      return;
    }
    queue = [];
    next = 0;
    working = false;
    const ready = waiting;
    waiting = [];
    for (const then of ready) then();
  }

  return {
    add(item, size) {
      if (queue.length - next >= bounds.items || bytes + size > bounds.bytes) return false;
      queue.push({ item, bytes: size });
      bytes += size;
      if (!working) setImmediate(work);
      working = true;
      return true;
    },
    get length() {
      return queue.length - next;
    },
    whenEmpty(then) {
      if (working) waiting.push(then);
      else then();
    },
  };
}
