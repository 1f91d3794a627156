// Items in groups, for whoever asks something of several at once.

/** Groups of as many as `size` says before each, at least one; the last may be smaller. */
export async function* inChunks<T>(items: AsyncIterable<T>, size: () => number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size()) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
