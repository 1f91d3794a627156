// How long each Lambda's bundle takes to import in a fresh process, over what `node -e 0` takes in the same run, how large what it imports then is, and how
// long until a first request is answered, with what is loaded only for it: the key or host is unknown, so that is after one read of an empty table on this
// machine (without TLS), or, of the publisher, after the reads for one record of the stream.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { signatureHeaders } from "../core/wire-text.ts";
import { type Bundle, buildFunctions, type FunctionName } from "../scripts/build-functions.ts";
import { gatewayEvent } from "../test/support/gateway.ts";
import { type Line, ms, serve } from "./measure.ts";

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

const signed = {
  edge: "edg_01J00000000000000000000000",
  time: "2026-01-01T00:00:00.000Z",
  nonce: "n".repeat(24),
  signature: "s",
};
/** A first request of each that has a budget. */
const firsts: { [name in FunctionName]?: unknown } = {
  api: gatewayEvent("GET", "/v1/tenants/ten_01J00000000000000000000000/extensions", {
    headers: { authorization: `Bearer dp_live_${"a".repeat(40)}` },
  }),
  edge: gatewayEvent("POST", `/v1/edges/${signed.edge}/heartbeat`, {
    headers: Object.fromEntries(
      Object.entries(signed).map(([part, value]) => [signatureHeaders[part as "edge"], value]),
    ),
    body: {},
  }),
  publisher: {
    Records: [
      {
        eventName: "INSERT",
        dynamodb: {
          SequenceNumber: "1",
          Keys: { pk: { S: "T#ten_01J00000000000000000000000" }, sk: { S: "X#000000000001" } },
          NewImage: {
            ...{ pk: { S: "T#ten_01J00000000000000000000000" }, sk: { S: "X#000000000001" } },
            ...{ owner: { S: "T#ten_01J00000000000000000000000" }, revision: { N: "1" }, requestId: { S: "req_1" } },
          },
        },
      },
    ],
  },
};

/** Milliseconds of a process from its start to its end. */
function timed(args: string[], more: Record<string, string> = {}): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env: { ...environment, ...more } });
  if (status !== 0) throw new Error(`node ${args.join(" ")}: ${String(stderr).slice(-1000)}`);
  return performance.now() - begun;
}

export async function* run(): AsyncGenerator<Line> {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  let stop = async (): Promise<void> => {};
  try {
    const bundles = await buildFunctions(folder);
    const table = await serve<{ port: number }>("empty-table.ts", []);
    stop = table.stop;
    const reachable = {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${table.ready.port}`,
      ...{ AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" },
    };
    const answered = new Map<Bundle, number[]>();
    const bare: number[] = [];
    const times = new Map<Bundle, number[]>(bundles.map((bundle) => [bundle, []]));
    // in turns, so that a busy moment of the machine is everybody's
    for (let round = 0; round < rounds; round++) {
      bare.push(timed(["-e", "0"]));
      for (const [bundle, list] of times) {
        // what Lambda's runtime has there for functions that stream
        const code = (then: string) => `globalThis.awslambda = { streamifyResponse: (handle) => handle };
          const { handler } = await import(${JSON.stringify(pathToFileURL(bundle.file).href)});
          ${then}
          process.exit(0);`;
        list.push(timed(["--input-type=module", "-e", code("")]));
        const first = firsts[bundle.name];
        if (!first) continue;
        const then = `const answer = await handler(${JSON.stringify(first)}, {});
          if (answer.statusCode !== 401 && answer.batchItemFailures?.length !== 0) throw new Error(JSON.stringify(answer));`;
        answered.set(bundle, [
          ...(answered.get(bundle) ?? []),
          timed(["--input-type=module", "-e", code(then)], reachable),
        ]);
      }
    }
    // the least of them: others on the machine can only add to it
    const base = Math.min(...bare);
    for (const [bundle, list] of times) {
      const { name, bytes, wholeBytes } = bundle;
      const took = Math.min(...list) - base;
      const budget = budgets[name];
      const kb = Math.ceil(bytes / 1024);
      yield {
        what: `${name}: import`,
        figures: `${ms(took)} over node's own ${ms(base)}`,
        ...(budget && { ratio: took / budget.importMs, limit: { atMost: 1 } }),
      };
      const whole = answered.get(bundle);
      if (whole)
        yield { what: `${name}: import, first request`, figures: `${ms(Math.min(...whole) - base)} over node's own` };
      yield {
        what: `${name}: code at the start`,
        figures: `${kb} KB, with what comes late ${Math.ceil(wholeBytes / 1024)} KB`,
        ...(budget && { ratio: kb / budget.kb, limit: { atMost: 1 } }),
      };
    }
  } finally {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
