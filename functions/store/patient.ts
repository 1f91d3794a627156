// A store that waits its turn: transactions that met another one are tried again, since nothing of them was written and their conditions are checked anew.
import { Conflict, type Store } from "./store.ts";

const attempts = 6;

/** `transact` throws Conflict only after it met others six times, each after a longer pause. */
export function patient(store: Store): Store {
  return {
    ...store,
    async transact(operations) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await store.transact(operations);
        } catch (error) {
          if (!(error instanceof Conflict) || attempt === attempts) throw error;
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** attempt));
        }
      }
    },
  };
}
