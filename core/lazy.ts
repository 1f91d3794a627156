// What is made when it is first asked for: schemas are many, take long to make, and of most nobody asks in a process's life.

/** The same value each time. */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
