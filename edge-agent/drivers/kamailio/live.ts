// Rows in Kamailio's memory: set or deleted, and read back before anybody is told that they are in place.

import { within } from "./binrpc/codec.ts";
import type { Rpc } from "./binrpc/connection.ts";
import { Fault } from "./binrpc/connection.ts";
import type { Row, Table } from "./rows.ts";
import { type Tables, tableNames } from "./tables.ts";

type Caller = Pick<Rpc, "call">;

/** So many calls at most are under way: between two helpings other changes get their turn. */
const helping = 500;

/** Makes the rows live, pipelined. Resolves with those that are not in place, and why. Rejects where the connection is lost. */
export async function put<R extends Row>(rpc: Caller, rows: readonly R[]): Promise<{ row: R; reason: string }[]> {
  const failed: { row: R; reason: string }[] = [];
  for (let start = 0; start < rows.length; start += helping) {
    const some = rows.slice(start, start + helping);
    for (const row of some) void write(rpc, row).catch(() => {});
    const found = await Promise.all(some.map((row) => read(rpc, row.table, row.key)));
    some.forEach((row, index) => {
      if (found[index] !== row.value) failed.push({ row, reason: `Kamailio's table ${row.table} did not take it` });
    });
  }
  return failed;
}

const write = (rpc: Caller, { table, key, value }: Row): Promise<unknown> =>
  value === undefined ? rpc.call("htable.delete", table, key) : rpc.call("htable.sets", table, key, value);

/** What Kamailio has under the key; undefined: nothing. */
async function read(rpc: Caller, table: Table, key: string): Promise<string | undefined> {
  try {
    const [item] = within((await rpc.call("htable.get", table, key))[0], "item", "value");
    return item === undefined ? undefined : String(item);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/**
 * Compares everything that Kamailio has with the tables and mends what differs. What it has beyond them goes by reading the whole table anew: deltas wait
 * for that a moment, so it is done for nothing else. Resolves with how many rows were mended.
 */
export async function compare(rpc: Caller, tables: Pick<Tables, "page" | "count" | "get">): Promise<number> {
  let mended = 0;
  for (const table of tableNames) {
    for (let after: string | undefined = ""; after !== undefined; ) {
      const page = tables.page(table, after, helping);
      const found = await Promise.all(page.map(({ key }) => read(rpc, table, key)));
      // a change may have overtaken the question
      const differing = page.filter(
        ({ key, value }, index) => found[index] !== value && tables.get(table, key) === value,
      );
      if (differing.length > 0)
        await put(
          rpc,
          differing.map((row) => ({ table, ...row })),
        );
      mended += differing.length;
      after = page.length === helping ? page.at(-1)?.key : undefined;
    }
    const [count, there] = [tables.count(table), countOf(rpc, table)];
    if ((await there) > count) {
      await rpc.call("htable.reload", table);
      mended += 1;
    }
  }
  return mended;
}

async function countOf(rpc: Caller, table: Table): Promise<number> {
  const stats = await rpc.call("htable.stats");
  for (const one of stats) if (within(one, "name")[0] === table) return Number(within(one, "all")[0]);
  return 0;
}
