// The back end of one stage, put together from its parts.
import { CfnOutput, Stack, type StackProps, Tags } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { createAlarms } from "./alarms.ts";
import { createApi, route } from "./api.ts";
import { createBudget } from "./budget.ts";
import { createDashboard } from "./dashboard.ts";
import { allowHostRecords, allowLook, zoneEnvironment } from "./dns.ts";
import { acceptEdgeQueues, createLentRole, makeEdgeQueues, removeEdgeQueues, sendToEdges } from "./edges.ts";
import { createFrontSecret, createHeaders } from "./front.ts";
import { createFunction, readTable, writeTable } from "./functions.ts";
import { createKeys } from "./keys.ts";
import { createLive } from "./live.ts";
import { allowMail, feedMailer } from "./mailer.ts";
import { allowMedia, createMediaBucket, listMedia } from "./media.ts";
import { feedPublisher } from "./publisher.ts";
import { feedRetention } from "./retention.ts";
import type { Stage } from "./stage.ts";
import { createTable } from "./table.ts";
import { saveTraceQuery } from "./tracing.ts";
import { feedWebhooks } from "./webhooks.ts";
import { feedWorker } from "./worker.ts";

export type BackEndProps = StackProps & {
  stage: Stage;
  /** Where scripts/build-functions.ts put the functions' folders. */
  bundles: string;
  /** Who is told of alarms; they must confirm by e-mail. */
  alarmEmail?: string | undefined;
  /** The sender of mail. Without one there is no mailer, and nothing is mailed. */
  mailFrom?: string | undefined;
  /** What it may cost in a month before whoever is told of alarms is told of that. */
  monthlyDollars?: number | undefined;
  /** Where people reach the console; links in mails lead there. Without it, at the API's own address. */
  consoleUrl?: string | undefined;
  /** Below it edges have their names, and tenants without a domain of their own. */
  zone?: string | undefined;
  /** Route 53's id of it: hosts get names there, and prove them to a CA; without it they get no certificates. */
  zoneId?: string | undefined;
  /** Other than the stage's. */
  watchers?: number | undefined;
  /** More of the functions' environment (functions/cloud.ts), by names of the variables. */
  settings?: Partial<Record<ApiSetting, string>> | undefined;
};

/** What functions that callers reach may be told beside what the stack itself knows. */
export const apiSettingNames = ["TRUSTED_PROXIES", "RATE_LIMIT", "BREACHED_PASSWORDS", "LOG_LEVEL"] as const;
export type ApiSetting = (typeof apiSettingNames)[number];

export class BackEnd extends Stack {
  constructor(
    scope: Construct,
    id: string,
    {
      stage,
      bundles,
      alarmEmail,
      monthlyDollars,
      mailFrom,
      consoleUrl,
      zone,
      zoneId,
      settings = {},
      ...more
    }: BackEndProps,
  ) {
    const { watchers = stage.watchers, ...props } = more;
    const hosted = zone !== undefined && zoneId !== undefined ? { name: zone, id: zoneId } : undefined;
    super(scope, id, { ...props, terminationProtection: stage.deletionProtection });
    Tags.of(this).add("project", "dialplane");
    Tags.of(this).add("stage", stage.name);
    const keys = createKeys(this, stage);
    const table = createTable(this, stage, keys.data);
    const media = createMediaBucket(this, stage, keys.data);
    const api = createApi(this, stage);
    const named = (...names: ApiSetting[]) =>
      Object.fromEntries(names.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])));
    const shared = {
      TABLE: table.tableName,
      PUBLIC_URL: api.apiEndpoint,
      ...(consoleUrl !== undefined && { CONSOLE_URL: consoleUrl }),
      ...named("LOG_LEVEL"),
    };
    const mail = mailFrom === undefined ? undefined : { MAIL_FROM: mailFrom };
    // of functions that callers reach
    const reached = { ...shared, ...named("TRUSTED_PROXIES", "BREACHED_PASSWORDS"), ...createFrontSecret(this, stage) };
    const asked = { ...reached, ...named("RATE_LIMIT") };
    createHeaders(this, stage, media, zone);

    const { lambda: apiFunction, role: apiRole } = createFunction(this, stage, {
      name: "api",
      folder: `${bundles}/api`,
      description: "Dialplane: the API",
      environment: {
        ...{ ...asked, VAULT_KEY: keys.vault.keyArn, MEDIA_BUCKET: media.bucketName, ...mail },
        ...zoneEnvironment(hosted),
      },
      memoryMb: 1024,
      // an HTTP API waits 30 seconds at most
      timeoutSeconds: 29,
    });
    for (const statement of [
      ...readTable(table),
      writeTable(table, "PutItem", "DeleteItem", "ConditionCheckItem"),
      new PolicyStatement({ actions: ["kms:Encrypt", "kms:Decrypt"], resources: [keys.vault.keyArn] }),
      removeEdgeQueues(this, stage),
      sendToEdges(this, stage),
    ])
      apiRole.addToPolicy(statement);
    acceptEdgeQueues(apiRole, stage);
    allowMedia(this, apiRole, media, keys.data, "GetObject", "PutObject", "DeleteObject");

    const edge = createFunction(this, stage, {
      name: "edge",
      folder: `${bundles}/edge`,
      description: "Dialplane: what edges ask and report",
      environment: {
        ...{ ...reached, VAULT_KEY: keys.vault.keyArn, MEDIA_BUCKET: media.bucketName, ...mail },
        ...zoneEnvironment(hosted),
      },
      memoryMb: 1024,
      timeoutSeconds: 29,
    });
    const lentRole = createLentRole(this, stage, edge.role);
    edge.lambda.addEnvironment("LENT_ROLE", lentRole.roleArn);
    for (const statement of [
      ...readTable(table),
      writeTable(table, "PutItem", "DeleteItem", "ConditionCheckItem"),
      new PolicyStatement({ actions: ["kms:Decrypt"], resources: [keys.vault.keyArn] }),
      new PolicyStatement({ actions: ["sts:AssumeRole"], resources: [lentRole.roleArn] }),
      makeEdgeQueues(this, stage),
      sendToEdges(this, stage),
    ])
      edge.role.addToPolicy(statement);
    acceptEdgeQueues(edge.role, stage);
    allowHostRecords(this, edge.role, hosted);
    allowLook(this, edge.role, hosted);
    // by URLs that it signs, hosts fetch sounds and put recordings; what they say is deleted goes
    allowMedia(this, edge.role, media, keys.data, "GetObject", "PutObject", "DeleteObject");

    const identity = createFunction(this, stage, {
      name: "identity",
      folder: `${bundles}/identity`,
      description: "Dialplane: signing in, for everybody",
      environment: { ...reached, VAULT_KEY: keys.vault.keyArn, ...mail },
      // a password costs 19 MB and the work of one processor, of which there is one from here on
      memoryMb: 1769,
      timeoutSeconds: 29,
    });
    for (const statement of [
      ...readTable(table),
      writeTable(table, "PutItem", "DeleteItem", "ConditionCheckItem"),
      // of tenants that sign up
      new PolicyStatement({ actions: ["kms:Encrypt", "kms:Decrypt"], resources: [keys.vault.keyArn] }),
      sendToEdges(this, stage),
    ])
      identity.role.addToPolicy(statement);
    acceptEdgeQueues(identity.role, stage);
    route(api, { api: apiFunction, edge: edge.lambda, identity: identity.lambda });

    const publisher = createFunction(this, stage, {
      name: "publisher",
      folder: `${bundles}/publisher`,
      description: "Dialplane: tells the edges what the API's own message did not",
      environment: shared,
      memoryMb: 512,
      // below the minute after which the next sweep begins
      timeoutSeconds: 50,
    });
    for (const statement of [...readTable(table), writeTable(table, "DeleteItem"), sendToEdges(this, stage)])
      publisher.role.addToPolicy(statement);
    acceptEdgeQueues(publisher.role, stage);
    const deadLetters = feedPublisher(this, table, publisher);

    const retention = createFunction(this, stage, {
      name: "retention",
      folder: `${bundles}/retention`,
      description: "Dialplane: deletes what is too old, and the traces of what was deleted",
      environment: { ...shared, MEDIA_BUCKET: media.bucketName, ...zoneEnvironment(hosted) },
      memoryMb: 256,
      // what is not done within it is the next hour's
      timeoutSeconds: 900,
    });
    for (const statement of [
      ...readTable(table),
      writeTable(table, "PutItem", "DeleteItem"),
      sendToEdges(this, stage),
      removeEdgeQueues(this, stage),
      listMedia(media),
    ])
      retention.role.addToPolicy(statement);
    acceptEdgeQueues(retention.role, stage);
    allowMedia(this, retention.role, media, keys.data, "DeleteObject");
    allowHostRecords(this, retention.role, hosted);
    feedRetention(this, retention);

    const mailer =
      mail &&
      createFunction(this, stage, {
        name: "mailer",
        folder: `${bundles}/mailer`,
        description: "Dialplane: sends mail",
        environment: { ...shared, ...mail, MEDIA_BUCKET: media.bucketName },
        // the audio of a message is in it several times over
        memoryMb: 512,
        timeoutSeconds: 50,
      });
    if (mailer && mail) {
      for (const statement of [
        ...readTable(table),
        writeTable(table, "PutItem", "DeleteItem"),
        sendToEdges(this, stage),
      ])
        mailer.role.addToPolicy(statement);
      acceptEdgeQueues(mailer.role, stage);
      allowMedia(this, mailer.role, media, keys.data, "GetObject");
      allowMail(this, mailer, mail.MAIL_FROM);
      feedMailer(this, table, mailer);
    }

    const webhooks = createFunction(this, stage, {
      name: "webhooks",
      folder: `${bundles}/webhooks`,
      description: "Dialplane: the log of events, and webhooks",
      environment: { ...shared, VAULT_KEY: keys.vault.keyArn },
      memoryMb: 512,
      timeoutSeconds: 50,
    });
    for (const statement of [
      ...readTable(table),
      writeTable(table, "PutItem", "DeleteItem"),
      // the secrets that sign
      new PolicyStatement({ actions: ["kms:Decrypt"], resources: [keys.vault.keyArn] }),
    ])
      webhooks.role.addToPolicy(statement);
    feedWebhooks(this, table, webhooks);

    const worker = createFunction(this, stage, {
      name: "worker",
      folder: `${bundles}/worker`,
      description: "Dialplane: changes that are larger than a transaction",
      environment: { ...shared, VAULT_KEY: keys.vault.keyArn },
      // a large document is in it several times over
      memoryMb: 1024,
      timeoutSeconds: 900,
    });
    for (const statement of [
      ...readTable(table),
      writeTable(table, "PutItem", "DeleteItem", "ConditionCheckItem"),
      new PolicyStatement({ actions: ["kms:Decrypt"], resources: [keys.vault.keyArn] }),
      sendToEdges(this, stage),
    ])
      worker.role.addToPolicy(statement);
    acceptEdgeQueues(worker.role, stage);
    feedWorker(this, worker, { lambda: apiFunction, role: apiRole }, edge);

    const live =
      watchers > 0
        ? createLive(this, stage, { folder: `${bundles}/live`, environment: asked, table, watchers })
        : undefined;

    const watched = {
      publisher: publisher.lambda,
      mailer: mailer?.lambda,
      webhooks: webhooks.lambda,
      worker: worker.lambda,
    };
    const functions = {
      ...{ api: apiFunction, edge: edge.lambda, identity: identity.lambda, publisher: publisher.lambda },
      ...{ retention: retention.lambda, webhooks: webhooks.lambda, worker: worker.lambda },
      ...(mailer && { mailer: mailer.lambda }),
    };
    createAlarms(this, stage, { api, functions, ...watched, deadLetters, key: keys.data, email: alarmEmail });
    // watchers beyond its limit are refused on purpose
    const shown = { ...functions, ...(live && { live: live.lambda }) };
    createDashboard(this, stage, { api, functions: shown, deadLetters });
    saveTraceQuery(this, stage, shown);
    if (monthlyDollars !== undefined && alarmEmail) createBudget(this, stage, monthlyDollars, alarmEmail);

    new CfnOutput(this, "TableName", { value: table.tableName });
    new CfnOutput(this, "VaultKeyArn", { value: keys.vault.keyArn });
    new CfnOutput(this, "Stage", { value: stage.name });
  }
}
