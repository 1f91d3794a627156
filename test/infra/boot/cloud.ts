// The synthesized template booted: its table and queues made, its own bundles loaded by their asset paths, requests routed by its own routes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, type CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { App } from "aws-cdk-lib";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { bootstrap } from "../../../functions/accounts/bootstrap.ts";
import { openDynamo } from "../../../functions/store/dynamodb.ts";
import { Vault } from "../../../functions/vault/vault.ts";
import { BackEnd } from "../../../infra/stack.ts";
import { stageOf } from "../../../infra/stage.ts";
import { startQueueServer } from "../../../local/queue-server.ts";
import { contextOn } from "../../support/context.ts";
import type { Reply } from "../../support/control.ts";
import { startDynamoLocal } from "../../support/dynamodb-local.ts";
import { gatewayEvent } from "../../support/gateway.ts";
import { built } from "../built.ts";
import { startStandIn } from "./aws.ts";
import { createLambdas } from "./lambda.ts";
import { createSources } from "./sources.ts";
import { readTemplate } from "./template.ts";

export type Booted = Awaited<ReturnType<typeof boot>>;

export async function boot() {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  const [local, fauxqs, { folder: bundles }] = await Promise.all([
    startDynamoLocal(),
    startQueueServer(join(folder, "queues")),
    built(),
  ]);
  const out = join(folder, "cdk.out");
  const app = new App({ outdir: out });
  new BackEnd(app, "dialplane-dev", { stage: stageOf("dev"), bundles, mailFrom: "pbx@mail.example", watchers: 5 });
  app.synth();
  const template = readTemplate(out, "dialplane-dev");

  const table = template.id("AWS::DynamoDB::Table", "Table");
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, StreamSpecification, BillingMode } = (template
    .resources[table]?.Properties ?? {}) as unknown as CreateTableCommandInput;
  const client = local.client();
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: table,
      ...{ KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode },
      StreamSpecification: { StreamEnabled: true, ...StreamSpecification },
    }),
  );
  const aws = await startStandIn(template, { dynamo: local.url, fauxqs: fauxqs.endpoint });
  for (const [id, { Properties }] of template.of("AWS::SQS::Queue")) {
    const { VisibilityTimeout = 30, MessageRetentionPeriod } = Properties;
    const Attributes = {
      VisibilityTimeout: String(VisibilityTimeout),
      ...(MessageRetentionPeriod !== undefined && { MessageRetentionPeriod: String(MessageRetentionPeriod) }),
    };
    await aws.sqs("CreateQueue", { QueueName: template.nameOf(id), Attributes });
  }
  const lambdas = createLambdas(template, aws.port);
  const sources = createSources(template, lambdas, aws, local.url, TableDescription?.LatestStreamArn ?? "");

  const store = openDynamo({ client, table });
  const vaultKey = template.arnOf(template.id("AWS::KMS::Key", "VaultKey"));
  const ctx = contextOn(store, { vault: new Vault(aws.wrapper(vaultKey)) });
  let key = "";
  await bootstrap(ctx, "pbx.example", (made) => {
    key = made;
  });

  type More = { key?: string | null; headers?: Record<string, string>; raw?: string | Uint8Array<ArrayBuffer> };
  /** As API Gateway would: by the template's most specific route, in payload format 2.0. */
  async function call(method: string, path: string, body?: unknown, more: More = {}): Promise<Reply> {
    const route = template.routes.find(
      (one) => ["ANY", method].includes(one.method) && one.pattern.test(path.split("?")[0] ?? ""),
    );
    if (!route) throw new Error(`API Gateway has no route for ${method} ${path}`);
    const sent = more.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const headers = {
      ...(more.key !== null && { authorization: `Bearer ${more.key ?? key}` }),
      ...(sent !== undefined && { "content-type": "application/json" }),
      ...more.headers,
    };
    const event = gatewayEvent(method, path, { headers });
    const result = (await lambdas.invoke(route.lambda, {
      ...event,
      routeKey: route.key,
      requestContext: { ...event.requestContext, routeKey: route.key },
      ...(sent !== undefined && { body: Buffer.from(sent).toString("base64"), isBase64Encoded: true }),
    })) as APIGatewayProxyStructuredResultV2;
    const answered = Buffer.from(result.body ?? "", result.isBase64Encoded ? "base64" : "utf8");
    const all = new Headers();
    for (const [name, value] of Object.entries(result.headers ?? {})) all.set(name, String(value));
    for (const cookie of result.cookies ?? []) all.append("set-cookie", cookie);
    const text = answered.toString();
    return {
      status: result.statusCode ?? 0,
      headers: all,
      text,
      body: /json/.test(all.get("content-type") ?? "") ? JSON.parse(text) : {},
    };
  }

  return {
    template,
    aws,
    lambdas,
    ...sources,
    call,
    ctx,
    key,
    async stop(): Promise<void> {
      await lambdas.stop();
      await aws.stop();
      client.destroy();
      await Promise.all([fauxqs.close(), local.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
