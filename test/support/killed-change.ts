// A process that makes a large change (large-change.ts) and is killed with -9 over it. Run as a program, it is that process, and says `step <n>`
// before the n-th transaction is written.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSqlite } from "../../functions/store/sqlite.ts";
import type { Operation, Store } from "../../functions/store/store.ts";
import { keyFile } from "../../functions/vault/key-file.ts";
import { Vault } from "../../functions/vault/vault.ts";
import { contextOn } from "./context.ts";
import { change, type Fixture } from "./large-change.ts";
import type { Death } from "./mortal-store.ts";

/** What the process finds in its folder: the store, the key of its vault, the change's fixture. */
export const files = { store: "store.db", key: "vault.key", fixture: "fixture.json" };
/** A store that this process opens again has what it acknowledged, and its secrets can be read. */
export const contextIn = (folder: string, store: Store) =>
  contextOn(store, { vault: new Vault(keyFile(join(folder, files.key))) });

/** How many transactions there were, and which of them published the change: the second that moves the head, of three. */
export type Steps = { all: number; publishing: number };

/** Dies of SIGKILL at that transaction, before or after it was written. */
function dying(store: Store, { at, applied }: Death, said: (line: string) => void): Store & { steps: () => Steps } {
  const heads: number[] = [];
  let steps = 0;
  return {
    ...store,
    steps: () => ({ all: steps, publishing: heads[1] ?? 0 }),
    async transact(operations: Operation[]) {
      const last = ++steps === at;
      if (operations.some((one) => "put" in one && one.put.sk === "HEAD")) heads.push(steps);
      said(`step ${steps}`);
      if (last && !applied) process.kill(process.pid, "SIGKILL");
      await store.transact(operations);
      if (last) process.kill(process.pid, "SIGKILL");
    },
  };
}

/** Makes the change of the folder's fixture. */
export async function changeIn(folder: string, death: Death, said: (line: string) => void = () => {}): Promise<Steps> {
  const store = dying(openSqlite(join(folder, files.store)), death, said);
  const fixture = JSON.parse(readFileSync(join(folder, files.fixture), "utf8")) as Fixture;
  await change(contextIn(folder, store), fixture);
  const steps = store.steps();
  await store.close();
  return steps;
}

const [, program, folder, death] = process.argv;
if (program === fileURLToPath(import.meta.url) && folder && death)
  await changeIn(folder, JSON.parse(death) as Death, (line) => void process.stdout.write(`${line}\n`));
