// What the documents on disk answered, kept in memory until they change: a lookup that asks what one before it asked reads and parses nothing.

/** Some 1 KB each where the answer is a resource. */
const most = 60_000;

/** By question. Whoever gets an answer changes nothing of it: the next one gets the same. */
export type Answers = Map<string, unknown>;

export interface Kept {
  /** The answer in `among`, else what `read` finds. */
  once<T>(among: Answers, question: string, read: () => T): T;
  /** `among`'s answers are no longer true, or this one is not. */
  drop(among: Answers | undefined, question?: string): void;
}

/** `forgetAll` drops all answers that were kept with this; it is called when they are too many. */
export function createKept(forgetAll: () => void, limit = most): Kept {
  let count = 0;
  return {
    once<T>(among: Answers, question: string, read: () => T): T {
      const known = among.get(question);
      if (known !== undefined || among.has(question)) return known as T;
      const found = read();
      if (count >= limit) forgetAll();
      count += 1;
      among.set(question, found);
      return found;
    },
    drop(among, question) {
      if (!among) return;
      if (question !== undefined) {
        if (among.delete(question)) count -= 1;
        return;
      }
      count -= among.size;
      among.clear();
    },
  };
}
