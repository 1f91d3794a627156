// What the agent says of itself on its own host, in a file beside its state: for whoever installs or upgrades it and waits until it works.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const status = z.object({
  version: z.string(),
  edge: z.string(),
  pool: z.string(),
  controlUrl: z.string(),
  /** How many documents it holds. */
  documents: z.int(),
  /** When it was last found to hold what the control plane has. */
  inStepAt: z.iso.datetime(),
});
export type Status = z.output<typeof status>;

const fileOf = (dataDir: string): string => join(dataDir, "status.json");

/** At the agent's start: nothing is known of this one yet. */
export const forgetStatus = (dataDir: string): void => rmSync(fileOf(dataDir), { force: true });

/** Whole or not at all. */
export function tellStatus(dataDir: string, told: Status): void {
  writeFileSync(`${fileOf(dataDir)}.new`, `${JSON.stringify(told)}\n`, { mode: 0o600 });
  renameSync(`${fileOf(dataDir)}.new`, fileOf(dataDir));
}

/** Undefined as long as the agent that runs has not been in step. */
export function readStatus(dataDir: string): Status | undefined {
  try {
    return status.safeParse(JSON.parse(readFileSync(fileOf(dataDir), "utf8"))).data;
  } catch {
    return undefined;
  }
}
