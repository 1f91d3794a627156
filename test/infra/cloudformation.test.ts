// The synthesized template offered to moto, a stand-in for AWS that speaks CloudFormation: what it made is asked of each service's own API.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { table as definition } from "../../functions/store/table.ts";
import { entries } from "../../scripts/build-functions.ts";
import { motoGaps } from "../../scripts/cloudformation/concede.ts";
import { byType, type Outcome, offer } from "../../scripts/cloudformation/offer.ts";
import { type StandIn, standInAt } from "../../scripts/cloudformation/stand-in.ts";
import { freePort } from "../support/sipp.ts";
import { needs, onPath } from "../support/skip.ts";
import { stackName, synthesizeInto } from "./boot/cloud.ts";

type Mapping = { FunctionArn: string; EventSourceArn: string; BatchSize: number } & Record<string, unknown>;
type Configured = {
  FunctionName: string;
  Role: string;
  Runtime: string;
  Environment: { Variables: Record<string, string> };
};

const moto = onPath("moto_server");

describe.runIf(needs("moto", moto !== undefined))("the template, made by moto", { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  let server: ChildProcess;
  let aws: StandIn;
  let outcome: Outcome;
  beforeAll(async () => {
    for (const name of Object.keys(entries)) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "index.mjs"), `export const handler = () => "${name}";`);
    }
    const port = await freePort();
    server = spawn(String(moto), ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
    const address = `http://127.0.0.1:${port}`;
    const out = synthesizeInto(folder, folder);
    await vi.waitFor(() => fetch(`${address}/moto-api/data.json`), { timeout: 60_000, interval: 100 });
    aws = standInAt(address);
    outcome = await offer(aws, out, stackName, motoGaps);
  }, 120_000);
  afterAll(async () => {
    const ended = once(server, "exit");
    if (server.kill()) await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  /** The physical id of the only resource of that type whose logical id begins so. */
  function made(type: string, prefix = ""): string {
    const found = Object.entries(outcome.declared).filter(([id, { Type }]) => Type === type && id.startsWith(prefix));
    expect(found, `${type} ${prefix}`).toHaveLength(1);
    return outcome.made.get(found[0]?.[0] ?? "") ?? "";
  }

  it("is made whole, but for the types that moto does not know", () => {
    expect([outcome.status, outcome.reason]).toEqual(["CREATE_COMPLETE", ""]);
    const missing = byType(outcome).filter((one) => one.made < one.declared);
    expect(missing.map(({ type }) => type)).toEqual(expect.arrayContaining([...motoGaps.types]));
    // what it makes some of it makes all of; and it makes all that the rest hangs on
    expect(missing.filter((one) => one.made > 0)).toEqual([]);
    const needed = ["DynamoDB::Table", "Events::Rule", "IAM::Policy", "IAM::Role", "KMS::Key", "Lambda::Function"];
    const others = ["Lambda::EventSourceMapping", "Lambda::Permission", "Logs::LogGroup", "S3::Bucket", "SQS::Queue"];
    const left = new Set(missing.map(({ type }) => type));
    expect([...needed, ...others].filter((type) => left.has(`AWS::${type}`))).toEqual([]);
  });

  it("has the table with the keys, the index and the stream that the store counts on", async () => {
    const TableName = made("AWS::DynamoDB::Table");
    const { Table } = await aws.json("dynamodb", "DynamoDB_20120810.DescribeTable", { TableName });
    const keys = ({ partition, sort }: { partition: string; sort: string }) => [
      { AttributeName: partition, KeyType: "HASH" },
      { AttributeName: sort, KeyType: "RANGE" },
    ];
    expect(Table).toMatchObject({
      KeySchema: keys(definition.keys),
      GlobalSecondaryIndexes: [{ IndexName: definition.index.name, KeySchema: keys(definition.index) }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: definition.stream },
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
    });
  });

  it("has every function with its own role, and with the names of what was made in its environment", async () => {
    const { Functions } = await aws.get("lambda", "/2015-03-31/functions/");
    const all = Functions as unknown as Configured[];
    expect(all).toHaveLength(Object.keys(entries).length);
    expect(new Set(all.map(({ Role }) => Role)).size).toBe(all.length);
    for (const { FunctionName, Runtime, Environment } of all) {
      expect(Runtime, FunctionName).toBe("nodejs24.x");
      expect(Environment.Variables.TABLE, FunctionName).toBe(made("AWS::DynamoDB::Table"));
    }
    const api = all.find(({ FunctionName }) => FunctionName === made("AWS::Lambda::Function", "Api"));
    expect(api?.Environment.Variables).toMatchObject({
      JOB_QUEUE: made("AWS::SQS::Queue", "JobQueue"),
      MEDIA_BUCKET: made("AWS::S3::Bucket"),
      VAULT_KEY: expect.stringMatching(/^arn:aws:kms:/),
    });
  });

  it("feeds functions from the stream and the queues, and names what is given up in the dead letters", async () => {
    const { EventSourceMappings } = await aws.get("lambda", "/2015-03-31/event-source-mappings/");
    const of = (name: string) =>
      (EventSourceMappings as Mapping[]).filter(({ FunctionArn }) =>
        FunctionArn.endsWith(`:${made("AWS::Lambda::Function", name)}`),
      );
    const table = made("AWS::DynamoDB::Table");
    expect(of("Publisher")).toMatchObject([
      {
        EventSourceArn: expect.stringContaining(`table/${table}/stream/`),
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        BisectBatchOnFunctionError: true,
        DestinationConfig: {
          OnFailure: { Destination: expect.stringContaining(":dialplane-dev-PublisherDeadLetters") },
        },
      },
    ]);
    expect(of("Worker")).toMatchObject([{ EventSourceArn: expect.stringContaining("JobQueue"), BatchSize: 1 }]);
    expect(
      of("Webhooks")
        .map(({ BatchSize }) => BatchSize)
        .sort(),
    ).toEqual([1, 50]);
    expect(of("Mailer")).toMatchObject([{ EventSourceArn: expect.stringContaining(table) }]);
  });

  it("lets a message of a queue stay out of sight for as long as its function may work", async () => {
    for (const [queue, name] of [
      ["JobQueue", "Worker"],
      ["WebhookQueue", "Webhooks"],
    ] as const) {
      const AttributeNames = ["VisibilityTimeout"];
      const QueueUrl = made("AWS::SQS::Queue", queue);
      const { Attributes } = await aws.json("sqs", "AmazonSQS.GetQueueAttributes", { QueueUrl, AttributeNames });
      const { Configuration } = await aws.get("lambda", `/2015-03-31/functions/${made("AWS::Lambda::Function", name)}`);
      const { VisibilityTimeout } = Attributes as { VisibilityTimeout: string };
      expect(Number(VisibilityTimeout)).toBeGreaterThanOrEqual((Configuration as { Timeout: number }).Timeout);
    }
  });

  it("has clocks that strike functions that are there", async () => {
    const { Rules } = await aws.json("events", "AWSEvents.ListRules", {});
    const rules = Rules as { Name: string; State: string; ScheduleExpression?: string }[];
    expect(rules).toHaveLength(
      Object.values(outcome.declared).filter(({ Type }) => Type === "AWS::Events::Rule").length,
    );
    const functions = new Set(outcome.made.values());
    for (const { Name, State, ScheduleExpression } of rules) {
      expect(State, Name).toBe("ENABLED");
      const { Targets } = await aws.json("events", "AWSEvents.ListTargetsByRule", { Rule: Name });
      for (const { Arn, Input } of Targets as { Arn: string; Input: string }[]) {
        expect(functions, Arn).toContain(Arn.split(":").at(-1));
        if (ScheduleExpression) expect(JSON.parse(Input)).toHaveProperty("sweep");
      }
    }
  });
});
