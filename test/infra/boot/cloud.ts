// The synthesized template booted: its table and queues made, its own bundles loaded by their asset paths, requests routed by its own routes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { App } from "aws-cdk-lib";
import { bootstrap } from "../../../functions/accounts/bootstrap.ts";
import { openDynamo } from "../../../functions/store/dynamodb.ts";
import { Vault } from "../../../functions/vault/vault.ts";
import { BackEnd } from "../../../infra/stack.ts";
import { stageOf } from "../../../infra/stage.ts";
import { startQueueServer } from "../../../local/queue-server.ts";
import { contextOn } from "../../support/context.ts";
import type { Reply } from "../../support/control.ts";
import { startDynamoLocal } from "../../support/dynamodb-local.ts";
import { built } from "../built.ts";
import { type StandInOptions, startStandIn } from "./aws.ts";
import { createGateway } from "./gateway.ts";
import { createLambdas, type LambdaOptions } from "./lambda.ts";
import { createSources } from "./sources.ts";
import { readTemplate, region } from "./template.ts";

export type Booted = Awaited<ReturnType<typeof boot>>;

/** What several may share: the synthesized template with its bundles, and DynamoDB Local. */
export type Ground = { out: string; dynamo: string };

const zone = { zone: "sip.example.com", zoneId: "Z0123456789" };
export const stackName = "dialplane-dev";

/** Synthesizes the stack, with its own bundles, into `folder`. Returns cdk.out. */
export function synthesizeInto(folder: string, bundles: string): string {
  const out = join(folder, "cdk.out");
  const app = new App({ outdir: out });
  new BackEnd(app, stackName, { stage: stageOf("dev"), bundles, mailFrom: "pbx@mail.example", watchers: 5, ...zone });
  app.synth();
  return out;
}

async function ownGround(folder: string): Promise<Ground & { stop(): Promise<void> }> {
  const [local, { folder: bundles }] = await Promise.all([startDynamoLocal(), built()]);
  return { out: synthesizeInto(folder, bundles), dynamo: local.url, stop: local.stop };
}

let booted = 0;

/** On `ground`, or on one of its own. */
export async function boot(options: LambdaOptions & StandInOptions & { ground?: Ground; sourceIp?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  const [ground, fauxqs] = await Promise.all([
    options.ground ?? ownGround(folder),
    startQueueServer(join(folder, "queues")),
  ]);
  const template = readTemplate(ground.out, stackName);

  const table = template.id("AWS::DynamoDB::Table", "Table");
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, StreamSpecification, BillingMode } = (template
    .resources[table]?.Properties ?? {}) as unknown as CreateTableCommandInput;
  // DynamoDB Local keeps the tables of each access key apart
  const accessKeyId = `local${process.pid}x${++booted}`;
  const credentials = { accessKeyId, secretAccessKey: "local" };
  const client = new DynamoDBClient({ endpoint: ground.dynamo, region, credentials });
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: table,
      ...{ KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode },
      StreamSpecification: { StreamEnabled: true, ...StreamSpecification },
    }),
  );
  const dynamo = { url: ground.dynamo, accessKeyId };
  const aws = await startStandIn(template, { dynamo, fauxqs: fauxqs.endpoint, ...options });
  for (const [id, { Properties }] of template.of("AWS::SQS::Queue")) {
    const { VisibilityTimeout = 30, MessageRetentionPeriod } = Properties;
    const Attributes = {
      VisibilityTimeout: String(VisibilityTimeout),
      ...(MessageRetentionPeriod !== undefined && { MessageRetentionPeriod: String(MessageRetentionPeriod) }),
    };
    await aws.sqs("CreateQueue", { QueueName: template.nameOf(id), Attributes });
  }
  const lambdas = createLambdas(template, aws.port, options);
  const sources = createSources(template, lambdas, aws, dynamo, TableDescription?.LatestStreamArn ?? "");
  const ask = createGateway(template, lambdas, options.sourceIp);

  const store = openDynamo({ client, table });
  const vaultKey = template.arnOf(template.id("AWS::KMS::Key", "VaultKey"));
  const ctx = contextOn(store, { vault: new Vault(aws.wrapper(vaultKey)) });
  let key = "";
  await bootstrap(ctx, "pbx.example", (made) => {
    key = made;
  });

  type More = { key?: string | null; headers?: Record<string, string>; raw?: string | Uint8Array<ArrayBuffer> };
  async function call(method: string, path: string, body?: unknown, more: More = {}): Promise<Reply> {
    const sent = more.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const headers = new Headers({
      ...(more.key !== null && { authorization: `Bearer ${more.key ?? key}` }),
      ...(sent !== undefined && { "content-type": "application/json" }),
      ...more.headers,
    });
    const answer = await ask(method, path, headers, sent);
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: /json/.test(answer.headers.get("content-type") ?? "") ? JSON.parse(text) : {},
    };
  }

  return {
    template,
    aws,
    lambdas,
    ...sources,
    ask,
    call,
    ctx,
    key,
    async stop(): Promise<void> {
      await lambdas.stop();
      await aws.stop();
      if (options.ground) await client.send(new DeleteTableCommand({ TableName: table }));
      client.destroy();
      await Promise.all([fauxqs.close(), "stop" in ground && ground.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
