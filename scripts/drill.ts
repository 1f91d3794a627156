// `npm run drill -- --stage staging`: a restore, tried. The table is restored beside the one that is there; what was restored is held against it and against
// its own digests; and the copy is deleted again, whatever came out.

import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  RestoreTableToPointInTimeCommand,
} from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { empty, shift, weigh } from "../core/digest.ts";
import type { Owner } from "../core/owner.ts";
import { isForEdges } from "../core/registry.ts";
import { placedOwners } from "../functions/document/epochs.ts";
import { type Head, readTombstone } from "../functions/document/head.ts";
import * as keys from "../functions/keys.ts";
import { openDynamo } from "../functions/store/dynamodb.ts";
import { allItems, type Store } from "../functions/store/store.ts";
import { stageNames } from "../infra/stage-names.ts";
import { outputsFile, readOutputs, regionOf } from "./outputs.ts";

const wanted = z.strictObject({
  stage: z.enum(stageNames),
  /** ISO 8601; the latest moment that there is where nothing is said. */
  at: z.iso.datetime().optional(),
  /** So many documents are looked at, by chance. */
  sample: z.coerce.number().int().positive().default(500),
  all: z.boolean().default(false),
  /** The copy stays, to be looked at. */
  keep: z.boolean().default(false),
});
export type Wanted = z.output<typeof wanted>;

/** Throws a sentence with what is missing. */
export function parseWanted(args: string[]): Wanted {
  const [text, flag] = [{ type: "string" }, { type: "boolean" }] as const;
  const result = wanted.safeParse({
    ...parseArgs({ args, options: { stage: text, at: text, sample: text, all: flag, keep: flag } }).values,
  });
  if (result.success) return result.data;
  const flaws = result.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`);
  throw new Error(`npm run drill -- --stage staging [--at 2026-11-27T08:00:00Z] [--all] [--keep]: ${flaws.join("; ")}`);
}

/** Documents of the copy: `same` as now, `earlier` ones of what changed since, `missing` ones that were made since. `flaws`: what a restore may not show. */
export type Report = {
  seconds: number;
  documents: number;
  same: number;
  earlier: number;
  missing: number;
  flaws: string[];
};

export type Drill = {
  client: DynamoDBClient;
  table: string;
  copy: string;
  at?: string | undefined;
  /** How many documents are looked at. */
  sample: number;
  keep?: boolean;
  say: (line: string) => void;
  pollMs?: number;
};

/** Rejects where nothing could be restored; what is wrong with what was stands in the report. */
export async function drill({
  client,
  table,
  copy,
  at,
  sample,
  keep = false,
  say,
  pollMs = 15_000,
}: Drill): Promise<Report> {
  const began = performance.now();
  const when = at === undefined ? { UseLatestRestorableTime: true } : { RestoreDateTime: new Date(at) };
  await client.send(new RestoreTableToPointInTimeCommand({ SourceTableName: table, TargetTableName: copy, ...when }));
  try {
    say(`${copy} is being restored from ${table}`);
    await untilActive(client, copy, pollMs);
    const seconds = Math.round((performance.now() - began) / 1000);
    say(`it is there after ${seconds} seconds`);
    const [now, then] = [table, copy].map((name) => openDynamo({ client, table: name })) as [Store, Store];
    return { seconds, ...(await compared(now, then, sample)) };
  } finally {
    if (!keep) {
      await untilActive(client, copy, pollMs);
      await client.send(new DeleteTableCommand({ TableName: copy }));
      say(`${copy} is deleted`);
    }
  }
}

async function untilActive(client: DynamoDBClient, TableName: string, pollMs: number): Promise<void> {
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    const indexes = Table?.GlobalSecondaryIndexes ?? [];
    if (Table?.TableStatus === "ACTIVE" && indexes.every(({ IndexStatus }) => IndexStatus === "ACTIVE")) return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function compared(now: Store, then: Store, sample: number): Promise<Omit<Report, "seconds">> {
  const so: Omit<Report, "seconds"> = { documents: 0, same: 0, earlier: 0, missing: 0, flaws: [] };
  const all: Owner[] = [];
  for await (const owner of placedOwners(now)) all.push(owner);
  for (const owner of chosen(all, sample)) {
    so.documents++;
    const [is, was] = await Promise.all([readTombstone(now, owner), readTombstone(then, owner)]);
    if (!is) continue;
    if (!was) {
      so.missing++;
      continue;
    }
    so.flaws.push(...(await flawsOf(then, was, is)));
    if (was.version === is.version) so.same++;
    else so.earlier++;
  }
  if (!(await then.get(keys.operator))) so.flaws.push("the copy has no operator");
  return so;
}

/** So many of them, each as likely as any other. */
function chosen(all: Owner[], count: number): Owner[] {
  const left = [...all];
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const [one] = left.splice(Math.floor(Math.random() * left.length), 1);
    return one as Owner;
  });
}

/** Why a restored document can't be what it was: its resources are not those of its digest, or it is later than what is there now. */
async function flawsOf(then: Store, was: Head, is: Head): Promise<string[]> {
  const { owner } = was;
  const weights: bigint[] = [];
  for await (const item of allItems((q) => then.query(q), { pk: owner, prefix: keys.resources() }))
    if (isForEdges(String(item.kind)))
      weights.push(weigh((text) => hash("sha256", text), String(item.kind), String(item.id), String(item.text)));
  const flaws = [];
  // a large change that was under way is half there, and is brought to its end or undone as it would have been
  if (shift(empty, weights) !== was.digest && was.changing === null)
    flaws.push(`${owner}: its resources are not those of revision ${was.revision}`);
  if (was.version > is.version) flaws.push(`${owner}: the copy is later than what is there now`);
  if (was.version === is.version && was.digest !== is.digest)
    flaws.push(`${owner}: another document of the same version`);
  return flaws;
}

/** What is told of a report. */
export const told = ({ seconds, documents, same, earlier, missing, flaws }: Report): string[] => [
  `restored in ${seconds} seconds; ${documents} documents looked at`,
  `${same} are as they are now, ${earlier} as they were before later changes, ${missing} were made since`,
  ...(flaws.length === 0 ? ["every digest fits"] : flaws.map((flaw) => `WRONG: ${flaw}`)),
];

if (import.meta.main) {
  try {
    const { stage, at, sample, all, keep } = parseWanted(process.argv.slice(2));
    const outputs = readOutputs(readFileSync(outputsFile, "utf8"), stage);
    const client = new DynamoDBClient({ region: regionOf(outputs) });
    const copy = `${outputs.TableName}-drill-${new Date().toISOString().replace(/\D/g, "").slice(0, 12)}`;
    const most = all ? Number.POSITIVE_INFINITY : sample;
    const report = await drill({ client, table: outputs.TableName, copy, at, sample: most, keep, say: console.log });
    for (const line of told(report)) console.log(line);
    if (report.flaws.length > 0) process.exit(2);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
