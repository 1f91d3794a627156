// A store that refuses some transactions with Conflict, as DynamoDB does when others touch the same items. Nothing of them is written.
import { Conflict, type Store } from "../../functions/store/store.ts";

export type Faults = {
  seed: number;
  /** How likely a transaction is refused, from 0 to 1. */
  conflict: number;
};

/** The same seed refuses the same transactions of the same sequence. `refused` counts them. */
export function faulty(store: Store, { seed, conflict }: Faults): Store & { refused: () => number } {
  const random = sequence(seed);
  let refused = 0;
  return {
    ...store,
    async transact(operations) {
      if (random() < conflict) {
        refused++;
        throw new Conflict("another transaction touched the same items (injected)");
      }
      return store.transact(operations);
    },
    refused: () => refused,
  };
}

/** Numbers from 0 to 1 that look random: a Weyl sequence, mixed. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
