// Several lists of items, each in order, as one.
import type { Item } from "./store.ts";

/** How many lists are asked at once. */
const atOnce = 32;

type Line = { items: AsyncIterator<Item>; next: Item };

/** Items of all lines, each newest first, in descending order of `isk`, or of `sk`. Reads ahead one item of each line. */
export const newestFirst = (lines: AsyncIterable<Item>[], by: By = "isk"): AsyncGenerator<Item> =>
  merged(lines, (a, b) => String(a[by]) < String(b[by]));
/** The same where each is oldest first. */
export const oldestFirst = (lines: AsyncIterable<Item>[], by: By = "isk"): AsyncGenerator<Item> =>
  merged(lines, (a, b) => String(a[by]) > String(b[by]));

type By = "sk" | "isk";
type After = (one: Item, other: Item) => boolean;

async function* merged(lines: AsyncIterable<Item>[], isAfter: After): AsyncGenerator<Item> {
  const sorted: Line[] = [];
  for (let at = 0; at < lines.length; at += atOnce) {
    const begun = lines.slice(at, at + atOnce).map(async (line) => {
      const items = line[Symbol.asyncIterator]();
      const { value, done } = await items.next();
      return done ? undefined : { items, next: value as Item };
    });
    for (const line of await Promise.all(begun)) if (line) put(sorted, line, isAfter);
  }
  for (let line = sorted.pop(); line; line = sorted.pop()) {
    yield line.next;
    const { value, done } = await line.items.next();
    if (!done) put(sorted, { ...line, next: value as Item }, isAfter);
  }
}

/** Keeps the line whose item is next at the end. */
function put(sorted: Line[], line: Line, isAfter: After): void {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAfter((sorted[middle] as Line).next, line.next)) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, line);
}
