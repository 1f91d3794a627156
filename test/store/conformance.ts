// Every guarantee of the store's port, for each adapter.
import { afterAll, beforeAll, describe } from "vitest";
import type { Store } from "../../functions/store/store.ts";
import { concurrency } from "./concurrency.ts";
import { conditions } from "./conditions.ts";
import { limitsAreKept } from "./limits.ts";
import { queries } from "./queries.ts";
import { reading } from "./reading.ts";

/** How the guarantees get at the store: it is opened before the first test. */
export type Subject = { store: () => Store; pk: () => string };

/** Runs the suite on what `open` returns. Each test works in a partition of its own. */
export function conforms(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let opened: Store | undefined;
    let partitions = 0;
    const subject: Subject = {
      store: () => {
        if (!opened) throw new Error("the store is not open");
        return opened;
      },
      pk: () => `T#${++partitions}`,
    };
    beforeAll(async () => {
      opened = await open();
    }, 90_000);
    afterAll(() => opened?.close());
    reading(subject);
    conditions(subject);
    queries(subject);
    limitsAreKept(subject);
    concurrency(subject);
  });
}
