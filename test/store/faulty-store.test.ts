// The wrapper that other tests take their conflicts from.
import { afterAll, expect, it } from "vitest";
import { openSqlite } from "../../functions/store/sqlite.ts";
import { Conflict } from "../../functions/store/store.ts";
import { faulty } from "../support/faulty-store.ts";

const store = openSqlite(":memory:");
afterAll(() => store.close());

it("refuses the given share, the same for the same seed, and writes nothing of what it refuses", async () => {
  const run = async (seed: number, pk: string) => {
    const wrapped = faulty(store, { seed, conflict: 0.3 });
    const written: number[] = [];
    for (let n = 0; n < 300; n++) {
      const put = { pk, sk: `${n}`, n };
      const error = await wrapped.transact([{ put }]).catch((reason: unknown) => reason);
      if (error === undefined) written.push(n);
      else expect(error).toBeInstanceOf(Conflict);
    }
    const there = await store.getMany(Array.from({ length: 300 }, (_, n) => ({ pk, sk: `${n}` })));
    expect(there.flatMap((item) => (item ? [item.n] : []))).toEqual(written);
    expect(wrapped.refused()).toBe(300 - written.length);
    return written;
  };
  const first = await run(1, "first");
  expect(await run(1, "again")).toEqual(first);
  expect(await run(2, "other")).not.toEqual(first);
  expect(first.length).toBeGreaterThan(180);
  expect(first.length).toBeLessThan(240);
});
