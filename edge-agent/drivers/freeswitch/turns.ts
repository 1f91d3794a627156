// Whose turn it is to command FreeSWITCH: one at a time in a lane, and the lanes beside one another.

export type Turns = {
  /** Runs `work` when all that was given for this lane before has ended, however it did. */
  in<T>(lane: string, work: () => Promise<T>): Promise<T>;
  /** When every lane has come to rest. */
  idle(): Promise<void>;
};

export function createTurns(): Turns {
  const lanes = new Map<string, Promise<unknown>>();
  return {
    in(lane, work) {
      const before = lanes.get(lane) ?? Promise.resolve();
      const mine = before.then(work, work);
      lanes.set(
        lane,
        mine.catch(() => undefined),
      );
      return mine;
    },
    async idle() {
      await Promise.all(lanes.values());
    },
  };
}

/** One of 32, the same for the same id. */
export const laneOf = (id: string): string => id.slice(-1);
