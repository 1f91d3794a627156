// A process that writes to a store's file until it is killed with -9 in the middle. Run as a program, it is that process.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { openSqlite } from "../../functions/store/sqlite.ts";

const self = fileURLToPath(import.meta.url);

/** Kills the writer after `count` acknowledged transactions, each of which put two items, and returns the sort keys of all that it acknowledged. */
export async function writeUntilKilled(path: string, count: number): Promise<string[]> {
  const options = ["--disable-warning=ExperimentalWarning", self, path];
  const child = spawn(process.execPath, options, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (output.length > count * 9) child.kill("SIGKILL");
  });
  await once(child, "close");
  if (child.signalCode !== "SIGKILL") throw new Error("the writer ended by itself");
  return output.split("\n").slice(0, -1);
}

async function write(path: string): Promise<void> {
  const store = openSqlite(path);
  let last = 0;
  const writer = async (): Promise<never> => {
    for (;;) {
      const sk = String(++last).padStart(8, "0");
      await store.transact(["a", "b"].map((pk) => ({ put: { pk, sk, filler: "x".repeat(last % 500) } })));
      process.stdout.write(`${sk}\n`);
    }
  };
  await Promise.all(Array.from({ length: 5 }, writer));
}

if (process.argv[1] === self && process.argv[2]) await write(process.argv[2]);
