// `npm run raise-epochs -- --stage prod`: after the table was taken from a backup, so that hosts take what it has though what they have is newer, and by
// `--replaced` drop what it has not. It may be stopped and begun again; `--dry-run` only counts. Hosts find it by their comparison, within a minute.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { idOf } from "../core/owner.ts";
import { epochAt, raiseEpochs } from "../functions/document/epochs.ts";
import { dropLost } from "../functions/document/lost.ts";
import { openDynamo } from "../functions/store/dynamodb.ts";
import { patient } from "../functions/store/patient.ts";
import { openSqlite } from "../functions/store/sqlite.ts";
import type { Store } from "../functions/store/store.ts";
import { stageNames } from "../infra/stage-names.ts";
import { outputsFile, readOutputs, regionOf } from "./outputs.ts";

const wanted = z
  .strictObject({
    stage: z.enum(stageNames).optional(),
    /** In the place of the stage's own: the restored one. */
    table: z.string().min(3).optional(),
    /** The `DATA_DIR` of an installation on one machine, which is stopped. */
    data: z.string().optional(),
    /** The table, or the folder with the `control.db`, that was there before: what only that knows, hosts drop. */
    replaced: z.string().min(1).optional(),
    "dry-run": z.boolean().default(false),
    "per-second": z.coerce.number().positive().default(100),
    /** To go on with: as the run that was stopped said. */
    epoch: z.coerce.number().int().positive().optional(),
  })
  .refine(({ stage, data }) => (stage === undefined) !== (data === undefined), {
    path: ["stage"],
    message: "one of --stage and --data is needed",
  });
export type Wanted = z.output<typeof wanted>;

/** Throws a sentence with what is missing. */
export function parseWanted(args: string[]): Wanted {
  const text = { type: "string" } as const;
  const options = {
    stage: text,
    table: text,
    data: text,
    replaced: text,
    "per-second": text,
    epoch: text,
    "dry-run": { type: "boolean" },
  } as const;
  const result = wanted.safeParse({ ...parseArgs({ args, options }).values });
  if (result.success) return result.data;
  const flaws = result.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`);
  throw new Error(
    `npm run raise-epochs -- --stage prod [--table restored] [--replaced table] [--dry-run]: ${flaws.join("; ")}`,
  );
}

/** The store of a stage, or of a folder. */
function open({ stage, table, data }: Pick<Wanted, "stage" | "table" | "data">): Store {
  if (data !== undefined) {
    const file = join(data, "control.db");
    if (!existsSync(file)) throw new Error(`${file} is not there: it must be the DATA_DIR of an installation`);
    return patient(openSqlite(file));
  }
  const outputs = readOutputs(readFileSync(outputsFile, "utf8"), String(stage));
  const client = new DynamoDBClient({ region: regionOf(outputs) });
  return patient(openDynamo({ client, table: table ?? outputs.TableName }));
}

/** Runs it; `say` takes lines. */
export async function run(what: Wanted, say: (line: string) => void): Promise<void> {
  const { "dry-run": dryRun, "per-second": perSecond, epoch = epochAt(new Date()), replaced } = what;
  const before =
    replaced === undefined
      ? undefined
      : open(what.data === undefined ? { ...what, table: replaced } : { data: replaced });
  const store = open(what);
  try {
    say(`Epoch ${epoch}${dryRun ? ": nothing is written" : `. To go on if this is stopped: --epoch ${epoch}`}`);
    let told = performance.now();
    const done = await raiseEpochs(store, {
      ...{ epoch, dryRun, perSecond },
      told({ documents, raised }) {
        if (performance.now() - told < 2000) return;
        told = performance.now();
        say(`${documents} documents looked at, ${raised} raised`);
      },
    });
    say(
      `${done.documents} documents: ${done.raised} ${dryRun ? "to be " : ""}raised, ${done.stood} in that epoch before`,
    );
    if (before) {
      const lost = await dropLost(store, before, {
        ...{ epoch, now: new Date(), dryRun },
        told: ({ owner, pool }) => say(`${idOf(owner)} on ${pool} is not in what was restored`),
      });
      say(`${lost.lost} ${dryRun ? "to be dropped" : "dropped"} by hosts`);
      for (const pool of lost.pools) say(`${pool} is not in what was restored: join its hosts anew`);
    }
  } finally {
    await Promise.all([store.close(), before?.close()]);
  }
}

if (import.meta.main) {
  try {
    await run(parseWanted(process.argv.slice(2)), console.log);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
