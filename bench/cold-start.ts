// How long each Lambda's bundle takes to import in a fresh process, over what `node -e 0` takes in the same run, and how large what it imports then is.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Bundle, buildFunctions, type FunctionName } from "../scripts/build-functions.ts";
import { type Line, ms } from "./measure.ts";

const rounds = 15;

/** KB of code and milliseconds of import; the others are told, and tested by size alone. */
const budgets: { [name in FunctionName]?: { kb: number; importMs: number } } = {
  api: { kb: 700, importMs: 120 },
  edge: { kb: 400, importMs: 80 },
  publisher: { kb: 400, importMs: 80 },
};

/** What infra/functions.ts would set; no network is reached for it. */
const environment = {
  TABLE: "table",
  FRONT_SECRET: "s".repeat(48),
  STAGE: "dev",
  PUBLIC_URL: "https://api.example",
  AWS_REGION: "eu-central-1",
  VAULT_KEY: "arn:aws:kms:eu-central-1:123456789012:key/1",
  MEDIA_BUCKET: "media",
  MAIL_FROM: "pbx@mail.example",
  MAIL_CONFIGURATION_SET: "dialplane-dev",
  WEBHOOK_QUEUE: "https://sqs.eu-central-1.amazonaws.com/123456789012/webhooks",
  JOB_QUEUE: "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs",
  LENT_ROLE: "arn:aws:iam::123456789012:role/edge",
};

/** Milliseconds of a process from its start to its end. */
function timed(...args: string[]): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env: environment });
  if (status !== 0) throw new Error(`node ${args.join(" ")}: ${stderr}`);
  return performance.now() - begun;
}

export async function* run(): AsyncGenerator<Line> {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  try {
    const bundles = await buildFunctions(folder);
    const bare: number[] = [];
    const times = new Map<Bundle, number[]>(bundles.map((bundle) => [bundle, []]));
    // in turns, so that a busy moment of the machine is everybody's
    for (let round = 0; round < rounds; round++) {
      bare.push(timed("-e", "0"));
      for (const [{ file }, list] of times) {
        // what Lambda's runtime has there for functions that stream
        const code = `globalThis.awslambda = { streamifyResponse: (handle) => handle };
          await import(${JSON.stringify(pathToFileURL(file).href)});
          process.exit(0);`;
        list.push(timed("--input-type=module", "-e", code));
      }
    }
    // the least of them: others on the machine can only add to it
    const base = Math.min(...bare);
    for (const [{ name, bytes, wholeBytes }, list] of times) {
      const took = Math.min(...list) - base;
      const budget = budgets[name];
      const kb = Math.ceil(bytes / 1024);
      yield {
        what: `${name}: import`,
        figures: `${ms(took)} over node's own ${ms(base)}`,
        ...(budget && { ratio: took / budget.importMs, limit: { atMost: 1 } }),
      };
      yield {
        what: `${name}: code at the start`,
        figures: `${kb} KB, with what comes late ${Math.ceil(wholeBytes / 1024)} KB`,
        ...(budget && { ratio: kb / budget.kb, limit: { atMost: 1 } }),
      };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
