// The bundles that are deployed: they build, load under Node without anything installed beside them, and answer.
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { type Bundle, builtins, type FunctionName } from "../../scripts/build-functions.ts";
import { built } from "./built.ts";

const environment = {
  TABLE: "table",
  STAGE: "dev",
  PUBLIC_URL: "https://api.example",
  AWS_REGION: "eu-central-1",
  VAULT_KEY: "arn:aws:kms:eu-central-1:123456789012:key/1",
  MEDIA_BUCKET: "media",
  MAIL_FROM: "pbx@mail.example",
  MAIL_CONFIGURATION_SET: "mail-set",
  WEBHOOK_QUEUE: "https://sqs.eu-central-1.amazonaws.com/123456789012/webhooks",
  JOB_QUEUE: "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs",
  FRONT_SECRET: "s".repeat(48),
  LENT_ROLE: "arn:aws:iam::123456789012:role/edge",
};

let folder: string;
let bundles: Bundle[];
beforeAll(async () => {
  ({ folder, bundles } = await built());
}, 600_000);

const bundle = (name: FunctionName): Bundle => bundles.find((each) => each.name === name) ?? expect.fail(`no ${name}`);

type Answer = { statusCode: number; headers: Record<string, string>; body: string };

async function load(name: FunctionName, paths: string[], env: Record<string, string> = environment) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [fileURLToPath(new URL("load-bundle.ts", import.meta.url)), bundle(name).file, ...paths],
    { env, maxBuffer: 32 * 1024 * 1024, cwd: folder },
  );
  return JSON.parse(stdout) as { importMs: number; schemas: number; answers: Answer[] };
}

test("the API's bundle answers an HTTP API's events without reaching any network", async () => {
  const paths = ["/healthz", "/openapi.json", "/docs", "/docs/scalar.js", "/v1/nothing-here"];
  const { importMs, answers } = await load("api", paths);
  const [health, openapi, docs, script, nothing] = answers;
  expect(health).toMatchObject({ statusCode: 200, body: '{"ok":true}' });
  expect(JSON.parse(openapi?.body ?? "")).toMatchObject({
    openapi: "3.1.0",
    servers: [{ url: environment.PUBLIC_URL }],
  });
  expect(docs?.body).toContain("/docs/scalar.js");
  expect(script?.headers["content-type"]).toContain("javascript");
  // what a Lambda may answer
  expect(Buffer.byteLength(JSON.stringify(script))).toBeLessThan(6 * 1024 * 1024);
  expect(nothing?.headers["content-type"]).toBe("application/problem+json");
  console.info(`api: ${size("api")}, imported in ${Math.round(importMs)} ms`);
}, 120_000);

test("what edges ask is answered by a bundle of its own", async () => {
  const { importMs, answers } = await load("edge", ["/v1/edges/edg_1/changes", "/v1/tenants"]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 404]);
  console.info(`edge: ${size("edge")}, imported in ${Math.round(importMs)} ms`);
}, 120_000);

test("identity's bundle answers an HTTP API's events without reaching any network", async () => {
  const { importMs, answers } = await load("identity", ["/v1/identity/session", "/v1/identity/nothing-here"]);
  const [session, nothing] = answers;
  expect(JSON.parse(session?.body ?? "")).toEqual({
    person: null,
    member: null,
    members: [],
    impersonation: null,
    needs: null,
  });
  expect(nothing).toMatchObject({ statusCode: 404, headers: { "content-type": "application/problem+json" } });
  console.info(`identity: ${size("identity")}, imported in ${Math.round(importMs)} ms`);
}, 120_000);

test("the publisher's bundle answers an empty batch", async () => {
  const { importMs, answers } = await load("publisher", [""]);
  expect(answers).toEqual([{ batchItemFailures: [] }]);
  console.info(`publisher: ${size("publisher")}, imported in ${Math.round(importMs)} ms`);
}, 120_000);

test("the mailer's bundle answers an empty batch", async () => {
  const { importMs, answers } = await load("mailer", [""]);
  expect(answers).toEqual([{ batchItemFailures: [] }]);
  console.info(`mailer: ${size("mailer")}, imported in ${Math.round(importMs)} ms`);
}, 120_000);

test("the bundle of webhooks answers an empty batch", async () => {
  const { importMs, answers } = await load("webhooks", [""]);
  expect(answers).toEqual([{ batchItemFailures: [] }]);
  console.info(`webhooks: ${size("webhooks")}, imported in ${Math.round(importMs)} ms`);
}, 120_000);

test("the worker's bundle takes an empty batch", async () => {
  const { importMs } = await load("worker", [""]);
  console.info(`worker: ${size("worker")}, imported in ${Math.round(importMs)} ms`);
}, 120_000);

test("the bundle of live views sends away whoever does not come by the front, without reaching any network", async () => {
  const { importMs, answers } = await load("live", ["/v1/tenants/ten_1/live"]);
  expect(answers).toMatchObject([{ statusCode: 404, headers: { "content-type": "application/problem+json" } }]);
  console.info(`live: ${size("live")}, imported in ${Math.round(importMs)} ms`);
}, 120_000);

test("a function without its settings does not start, and says which it lacks", async () => {
  const { TABLE: _, LENT_ROLE: __, ...poor } = environment;
  await expect(load("edge", [], poor)).rejects.toThrow(/TABLE: .*LENT_ROLE: /);
});

test("a bundle holds no map, no path of the machine that built it, and nothing of what only one machine needs", () => {
  for (const { name, file } of bundles) {
    const code = readFileSync(file, "utf8");
    expect(code).not.toContain(fileURLToPath(new URL("../..", import.meta.url)));
    expect(code).not.toContain("node:sqlite");
    const strange = readdirSync(dirname(file)).filter((each) => !/^(index|start|late-\w+|sdk-[\w-]+)\.mjs$/.test(each));
    const others = name === "api" ? ["install.sh", "node_modules"] : [];
    expect(strange.filter((each) => each !== "numbering-plans.json")).toEqual(others);
  }
});

test("what a bundle imports at its start stays small, and what it has at all: that is the cold start", () => {
  const kb = (name: FunctionName) => Math.ceil(bundle(name).bytes / 1024);
  // a tenth above what they are; the budgets of bench/cold-start.ts are wider
  const most = {
    api: 390,
    edge: 330,
    publisher: 250,
    identity: 500,
    mailer: 550,
    retention: 485,
    webhooks: 420,
    worker: 475,
    live: 430,
  };
  for (const [name, limit] of Object.entries(most)) {
    expect(kb(name as FunctionName), name).toBeLessThanOrEqual(limit);
    // what comes late is code for few requests; the whole is fetched by Lambda all the same
    expect(bundle(name as FunctionName).wholeBytes, name).toBeLessThan(4 * 1024 * 1024);
  }
});

test("those with a budget for their start make next to no schemas at it", async () => {
  for (const [name, most] of Object.entries({ api: 15, edge: 12, publisher: 6 })) {
    const { schemas } = await load(name as FunctionName, []);
    expect(schemas, name).toBeGreaterThan(0);
    expect(schemas, name).toBeLessThanOrEqual(most);
  }
}, 120_000);

test("what Node has behind an accessor is the same in a bundle, and not asked for at its start", async () => {
  const code = `
    import { BlockList } from "node:net";
    import { PassThrough } from "node:stream";
    import { ReadStream, promises, readFileSync } from "node:fs";
    const before = process.moduleLoadList.includes("NativeModule internal/fs/streams");
    class Own extends ReadStream {}
    const [stream, own] = [new ReadStream("", { fd: 0 }), new Own("", { fd: 0 })];
    const isOne = (value) => value instanceof ReadStream;
    export const found = [
      before, isOne(stream), isOne(own), own instanceof Own, isOne(new PassThrough()), isOne(undefined), ReadStream.name,
      BlockList.isBlockList(new BlockList()), typeof promises.readFile, readFileSync.name,
    ];`;
  const { outputFiles } = await build({
    ...{ stdin: { contents: code, resolveDir: folder }, bundle: true, format: "esm", platform: "node", write: false },
    plugins: [builtins],
  });
  const script = `${outputFiles[0]?.text}\nconsole.log(JSON.stringify(found));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  const isOne = [true, true, true, false, false];
  expect(JSON.parse(stdout)).toEqual([false, ...isOne, "ReadStream", true, "function", "readFileSync"]);
});

function size(name: FunctionName): string {
  const { bytes, gzipBytes } = bundle(name);
  return `${Math.round(bytes / 1024)} KB minified, ${Math.round(gzipBytes / 1024)} KB gzipped`;
}
