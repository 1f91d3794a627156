// What the stack guarantees, whoever changes it: data that can be brought back, functions that may do what they need and nothing more.
import type { Stack } from "aws-cdk-lib";
import { Match } from "aws-cdk-lib/assertions";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { describe, expect, it } from "vitest";
import { edgePaths } from "../../functions/edges/path.ts";
import { readEnvironment } from "../../functions/environment.ts";
import { metrics, namespace } from "../../functions/metric.ts";
import {
  apiSettings,
  cloudSettings,
  edgeSettings,
  liveSettings,
  mailerSettings,
  retentionSettings,
  webhookSettings,
  workerSettings,
} from "../../functions/settings.ts";
import { table } from "../../functions/store/table.ts";
import { stageOf } from "../../infra/stage.ts";
import { stageNames } from "../../infra/stage-names.ts";
import { plain, synthesize } from "./synthesize.ts";

// cdk-nag's findings would be thrown here
const from = "pbx@mail.example";
const stages = Object.fromEntries(stageNames.map((name) => [name, synthesize(name, undefined, from)] as const));
const { dev, prod } = stages as Record<"dev" | "prod", ReturnType<typeof synthesize>>;

describe("the table", () => {
  const { Properties, DeletionPolicy } = prod.one("AWS::DynamoDB::Table");

  it("can be restored to any second of the last 35 days", () => {
    expect(Properties.PointInTimeRecoverySpecification).toEqual({
      PointInTimeRecoveryEnabled: true,
      RecoveryPeriodInDays: 35,
    });
  });

  it("is the one that the store expects", () => {
    const key = (partition: string, sort: string) => [
      { AttributeName: partition, KeyType: "HASH" },
      { AttributeName: sort, KeyType: "RANGE" },
    ];
    expect(Properties).toMatchObject({
      KeySchema: key(table.keys.partition, table.keys.sort),
      GlobalSecondaryIndexes: [
        {
          IndexName: table.index.name,
          KeySchema: key(table.index.partition, table.index.sort),
          Projection: { ProjectionType: table.index.projection },
        },
      ],
      StreamSpecification: { StreamViewType: table.stream },
      TimeToLiveSpecification: { AttributeName: table.ttlAttribute, Enabled: true },
      BillingMode: "PAY_PER_REQUEST",
    });
    expect(Properties.AttributeDefinitions).toHaveLength(4);
  });

  it("is not deleted in production, not even with its stack", () => {
    expect(Properties.DeletionProtectionEnabled).toBe(true);
    expect(DeletionPolicy).toBe("Retain");
  });

  it("goes with its stack where things are tried out", () => {
    const trial = dev.one("AWS::DynamoDB::Table");
    expect(trial.Properties.DeletionProtectionEnabled).toBe(false);
    expect(trial.DeletionPolicy).toBe("Delete");
  });

  it("is encrypted with a key of our own, which rotates and outlives the stack", () => {
    expect(Properties.SSESpecification).toMatchObject({ SSEEnabled: true, SSEType: "KMS" });
    for (const name of ["DataKey", "VaultKey"]) {
      const key = prod.one("AWS::KMS::Key", name);
      expect(key.Properties.EnableKeyRotation).toBe(true);
      expect(key.DeletionPolicy).toBe("Retain");
    }
  });
});

describe("the bucket for audio", () => {
  const { Properties, DeletionPolicy } = prod.one("AWS::S3::Bucket");

  it("is private: no public access, no ACLs, TLS alone", () => {
    expect(Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(Properties.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] });
    const policy = prod.one("AWS::S3::BucketPolicy").Properties.PolicyDocument as {
      Statement: { Effect: string; Condition?: unknown }[];
    };
    expect(policy.Statement.map(({ Effect }) => Effect)).toEqual(policy.Statement.map(() => "Deny"));
    expect(policy.Statement.map(({ Condition }) => Condition)).toContainEqual({
      Bool: { "aws:SecureTransport": "false" },
    });
  });

  it("lets no function change the packages that edges install", () => {
    const { PolicyDocument } = prod.one("AWS::S3::BucketPolicy").Properties;
    const { Statement } = PolicyDocument as { Statement: { Action: unknown; Resource: unknown; Condition: unknown }[] };
    const kept = Statement.find(({ Resource }) => plain(Resource) === "Media.Arn/releases/*");
    expect(kept?.Action).toEqual(["s3:PutObject", "s3:DeleteObject"]);
    expect(JSON.stringify(kept?.Condition)).toContain(":role/dialplane-prod-*");
  });

  it("is encrypted with the key of our own, keeps what was deleted as long as the table, and outlives its stack in production", () => {
    const [rule] = (Properties.BucketEncryption as { ServerSideEncryptionConfiguration: Record<string, unknown>[] })
      .ServerSideEncryptionConfiguration;
    expect(rule).toMatchObject({ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } });
    expect(Properties.VersioningConfiguration).toEqual({ Status: "Enabled" });
    expect(Properties.LifecycleConfiguration).toMatchObject({
      Rules: [{ Status: "Enabled", NoncurrentVersionExpiration: { NoncurrentDays: 35 } }],
    });
    expect([DeletionPolicy, dev.one("AWS::S3::Bucket").DeletionPolicy]).toEqual(["Retain", "Delete"]);
  });
});

describe("least privilege", () => {
  const queues = "arn:<Partition>:sqs:<Region>:<AccountId>:dp-prod-*";

  it("the API may do exactly this", () => {
    expect(prod.allowed("ApiRole")).toEqual([
      "dynamodb:BatchGetItem on Table.Arn",
      "dynamodb:ConditionCheckItem on Table.Arn",
      "dynamodb:DeleteItem on Table.Arn",
      "dynamodb:GetItem on Table.Arn",
      "dynamodb:PutItem on Table.Arn",
      "dynamodb:Query on Table.Arn",
      "dynamodb:Query on Table.Arn/index/index",
      "kms:Decrypt on DataKey.Arn",
      "kms:Decrypt on VaultKey.Arn",
      "kms:Encrypt on VaultKey.Arn",
      "kms:GenerateDataKey on DataKey.Arn",
      "logs:CreateLogStream on ApiLogs.Arn",
      "logs:PutLogEvents on ApiLogs.Arn",
      "s3:DeleteObject on Media.Arn/*",
      "s3:GetObject on Media.Arn/*",
      "s3:ListBucket on Media.Arn",
      "s3:PutObject on Media.Arn/*",
      `sqs:DeleteQueue on ${queues}`,
      "sqs:SendMessage on JobQueue.Arn",
      `sqs:SendMessage on ${queues}`,
    ]);
  });

  it("what answers edges makes their queues and lends them, and opens secrets but seals none", () => {
    expect(prod.allowed("EdgeRole")).toEqual([
      "dynamodb:BatchGetItem on Table.Arn",
      "dynamodb:ConditionCheckItem on Table.Arn",
      "dynamodb:DeleteItem on Table.Arn",
      "dynamodb:GetItem on Table.Arn",
      "dynamodb:PutItem on Table.Arn",
      "dynamodb:Query on Table.Arn",
      "dynamodb:Query on Table.Arn/index/index",
      "kms:Decrypt on DataKey.Arn",
      "kms:Decrypt on VaultKey.Arn",
      "kms:GenerateDataKey on DataKey.Arn",
      "logs:CreateLogStream on EdgeLogs.Arn",
      "logs:PutLogEvents on EdgeLogs.Arn",
      "s3:DeleteObject on Media.Arn/*",
      "s3:GetObject on Media.Arn/*",
      "s3:ListBucket on Media.Arn",
      "s3:PutObject on Media.Arn/*",
      `sqs:CreateQueue on ${queues}`,
      `sqs:DeleteQueue on ${queues}`,
      "sqs:SendMessage on JobQueue.Arn",
      `sqs:SendMessage on ${queues}`,
      "sts:AssumeRole on LentRole.Arn",
    ]);
  });

  it("the publisher can't read a secret, write a resource or lend a queue", () => {
    expect(prod.allowed("PublisherRole")).toEqual([
      "dynamodb:BatchGetItem on Table.Arn",
      "dynamodb:DeleteItem on Table.Arn",
      "dynamodb:DescribeStream on Table.StreamArn",
      "dynamodb:GetItem on Table.Arn",
      "dynamodb:GetRecords on Table.StreamArn",
      "dynamodb:GetShardIterator on Table.StreamArn",
      "dynamodb:ListStreams on *",
      "dynamodb:Query on Table.Arn",
      "dynamodb:Query on Table.Arn/index/index",
      "kms:Decrypt on DataKey.Arn",
      "kms:DescribeKey on DataKey.Arn",
      "logs:CreateLogStream on PublisherLogs.Arn",
      "logs:PutLogEvents on PublisherLogs.Arn",
      "sqs:GetQueueAttributes on PublisherDeadLetters.Arn",
      "sqs:GetQueueUrl on PublisherDeadLetters.Arn",
      "sqs:SendMessage on PublisherDeadLetters.Arn",
      `sqs:SendMessage on ${queues}`,
    ]);
  });

  it("the sweep of what is old or was deleted lists and removes audio, and tells edges and takes them out; it reads no audio and opens no secret", () => {
    expect(prod.allowed("RetentionRole")).toEqual([
      "dynamodb:BatchGetItem on Table.Arn",
      "dynamodb:DeleteItem on Table.Arn",
      "dynamodb:GetItem on Table.Arn",
      "dynamodb:PutItem on Table.Arn",
      "dynamodb:Query on Table.Arn",
      "dynamodb:Query on Table.Arn/index/index",
      "logs:CreateLogStream on RetentionLogs.Arn",
      "logs:PutLogEvents on RetentionLogs.Arn",
      "s3:DeleteObject on Media.Arn/*",
      "s3:ListBucket on Media.Arn",
      `sqs:DeleteQueue on ${queues}`,
      `sqs:SendMessage on ${queues}`,
    ]);
    for (const [rule, rate, sweep] of [
      ["RetentionSweep", "rate(1 hour)", "retention"],
      ["DeletionSweep", "rate(5 minutes)", "deletions"],
    ]) {
      const { ScheduleExpression, Targets } = prod.one("AWS::Events::Rule", String(rule)).Properties as {
        ScheduleExpression: string;
        Targets: [{ Input: string }];
      };
      expect([ScheduleExpression, JSON.parse(Targets[0].Input)]).toEqual([rate, { sweep }]);
    }
  });

  it("the mailer alone may send mail, as its one sender; it reads audio, tells edges, and opens no secret", () => {
    const ses = "arn:<Partition>:ses:<Region>:<AccountId>";
    const sender = `${ses}:identity/MailIdentity and ${ses}:configuration-set/MailSet`;
    expect(prod.allowed("MailerRole")).toEqual([
      "dynamodb:BatchGetItem on Table.Arn",
      "dynamodb:DeleteItem on Table.Arn",
      "dynamodb:DescribeStream on Table.StreamArn",
      "dynamodb:GetItem on Table.Arn",
      "dynamodb:GetRecords on Table.StreamArn",
      "dynamodb:GetShardIterator on Table.StreamArn",
      "dynamodb:ListStreams on *",
      "dynamodb:PutItem on Table.Arn",
      "dynamodb:Query on Table.Arn",
      "dynamodb:Query on Table.Arn/index/index",
      "kms:Decrypt on DataKey.Arn",
      "kms:Decrypt on DataKey.Arn",
      "kms:DescribeKey on DataKey.Arn",
      "logs:CreateLogStream on MailerLogs.Arn",
      "logs:PutLogEvents on MailerLogs.Arn",
      "s3:GetObject on Media.Arn/*",
      "s3:ListBucket on Media.Arn",
      `ses:SendEmail on ${sender}`,
      `ses:SendRawEmail on ${sender}`,
      `sqs:SendMessage on ${queues}`,
    ]);
    const statements = Object.values(prod.resources)
      .filter(({ Type }) => Type === "AWS::IAM::Policy")
      .flatMap(
        ({ Properties }) => (Properties.PolicyDocument as { Statement: { Action: string | string[] }[] }).Statement,
      )
      .filter(({ Action }) => String(Action).includes("ses:"));
    expect(statements).toMatchObject([{ Condition: { StringEquals: { "ses:FromAddress": from } } }]);
    expect(prod.one("AWS::SES::EmailIdentity").Properties.EmailIdentity).toBe("mail.example");
  });

  it("what comes back of this stage's mail is told to the mailer, which alone decides whom nothing is sent", () => {
    expect(prod.one("AWS::SES::ConfigurationSet").Properties.SuppressionOptions).toEqual({ SuppressedReasons: [] });
    const { EventDestination, ConfigurationSetName } = prod.one(
      "AWS::SES::ConfigurationSetEventDestination",
    ).Properties;
    expect(plain(ConfigurationSetName)).toBe("MailSet");
    expect(EventDestination).toMatchObject({ Enabled: true, MatchingEventTypes: ["bounce", "complaint"] });
    expect(
      plain(
        (EventDestination as { EventBridgeDestination: { EventBusArn: unknown } }).EventBridgeDestination.EventBusArn,
      ),
    ).toBe("arn:<Partition>:events:<Region>:<AccountId>:event-bus/default");
    const { EventPattern, Targets } = prod.one("AWS::Events::Rule", "MailReturned").Properties as {
      EventPattern: { source: string[]; detail: { mail: { tags: Record<string, unknown[]> } } };
      Targets: { Arn: unknown }[];
    };
    expect(EventPattern.source).toEqual(["aws.ses"]);
    expect(EventPattern.detail.mail.tags["ses:configuration-set"]?.map(plain)).toEqual(["MailSet"]);
    expect(Targets.map(({ Arn }) => plain(Arn))).toEqual(["Mailer.Arn"]);
    for (const [name, limit] of [
      ["Bounce", 0.05],
      ["Complaint", 0.001],
    ] as const) {
      const { MetricName, Threshold } = prod.one("AWS::CloudWatch::Alarm", `Mail${name}Alarm`).Properties;
      expect(MetricName).toBe(`Reputation.${name}Rate`);
      expect(Number(Threshold)).toBeLessThan(limit);
    }
  });

  it("the sender of webhooks opens the secrets that sign, reaches its own queue, and tells no edge", () => {
    expect(prod.allowed("WebhooksRole")).toEqual([
      "dynamodb:BatchGetItem on Table.Arn",
      "dynamodb:DeleteItem on Table.Arn",
      "dynamodb:DescribeStream on Table.StreamArn",
      "dynamodb:GetItem on Table.Arn",
      "dynamodb:GetRecords on Table.StreamArn",
      "dynamodb:GetShardIterator on Table.StreamArn",
      "dynamodb:ListStreams on *",
      "dynamodb:PutItem on Table.Arn",
      "dynamodb:Query on Table.Arn",
      "dynamodb:Query on Table.Arn/index/index",
      "kms:Decrypt on DataKey.Arn",
      "kms:Decrypt on VaultKey.Arn",
      "kms:DescribeKey on DataKey.Arn",
      "logs:CreateLogStream on WebhooksLogs.Arn",
      "logs:PutLogEvents on WebhooksLogs.Arn",
      "sqs:ChangeMessageVisibility on WebhookQueue.Arn",
      "sqs:DeleteMessage on WebhookQueue.Arn",
      "sqs:GetQueueAttributes on WebhookQueue.Arn",
      "sqs:GetQueueUrl on WebhookQueue.Arn",
      "sqs:ReceiveMessage on WebhookQueue.Arn",
      "sqs:SendMessage on WebhookQueue.Arn",
    ]);
  });

  it("the worker opens and seals secrets, takes jobs from its own queue, and tells edges", () => {
    expect(prod.allowed("WorkerRole")).toEqual([
      "dynamodb:BatchGetItem on Table.Arn",
      "dynamodb:ConditionCheckItem on Table.Arn",
      "dynamodb:DeleteItem on Table.Arn",
      "dynamodb:GetItem on Table.Arn",
      "dynamodb:PutItem on Table.Arn",
      "dynamodb:Query on Table.Arn",
      "dynamodb:Query on Table.Arn/index/index",
      "kms:Decrypt on VaultKey.Arn",
      "logs:CreateLogStream on WorkerLogs.Arn",
      "logs:PutLogEvents on WorkerLogs.Arn",
      "sqs:ChangeMessageVisibility on JobQueue.Arn",
      "sqs:DeleteMessage on JobQueue.Arn",
      "sqs:GetQueueAttributes on JobQueue.Arn",
      "sqs:GetQueueUrl on JobQueue.Arn",
      "sqs:ReceiveMessage on JobQueue.Arn",
      `sqs:SendMessage on ${queues}`,
    ]);
    expect(prod.one("AWS::Events::Rule", "WorkerSweep").Properties.ScheduleExpression).toBe("rate(1 minute)");
  });

  it("webhooks go out one at a time, many at once", () => {
    const mappings = Object.values(prod.resources).filter(
      ({ Type, Properties }) =>
        Type === "AWS::Lambda::EventSourceMapping" && plain(Properties.EventSourceArn) === "WebhookQueue.Arn",
    );
    expect(mappings.map(({ Properties }) => [Properties.BatchSize, Properties.ScalingConfig])).toEqual([
      [1, { MaximumConcurrency: 50 }],
    ]);
  });

  it("identity makes the tenants of who signs up: it writes the table, seals secrets and tells edges, and reaches nothing else", () => {
    expect(prod.allowed("IdentityRole")).toEqual([
      "dynamodb:BatchGetItem on Table.Arn",
      "dynamodb:ConditionCheckItem on Table.Arn",
      "dynamodb:DeleteItem on Table.Arn",
      "dynamodb:GetItem on Table.Arn",
      "dynamodb:PutItem on Table.Arn",
      "dynamodb:Query on Table.Arn",
      "dynamodb:Query on Table.Arn/index/index",
      "kms:Decrypt on VaultKey.Arn",
      "kms:Encrypt on VaultKey.Arn",
      "logs:CreateLogStream on IdentityLogs.Arn",
      "logs:PutLogEvents on IdentityLogs.Arn",
      `sqs:SendMessage on ${queues}`,
    ]);
  });

  it("without a sender there is no mailer, and the API writes no mail down", () => {
    const bare = synthesize("dev");
    for (const [id, { Type }] of Object.entries(bare.resources)) expect(`${Type} ${id}`).not.toMatch(/mail|SES/i);
    const { Environment } = bare.one("AWS::Lambda::Function", "Api").Properties;
    expect((Environment as { Variables: object }).Variables).not.toHaveProperty("MAIL_FROM");
  });

  it("the edge role reaches only its own stage's queues, and only their receiving end", () => {
    expect(prod.allowed("LentRole")).toEqual([
      `sqs:ChangeMessageVisibility on ${queues}`,
      `sqs:DeleteMessage on ${queues}`,
      `sqs:GetQueueAttributes on ${queues}`,
      `sqs:ReceiveMessage on ${queues}`,
    ]);
  });

  it("no stage's queues bear names of another's", () => {
    for (const one of stageNames)
      for (const other of stageNames) expect(`dp-${other}-edg`.startsWith(`dp-${one}-`)).toBe(one === other);
  });

  it("only what answers edges lends the role for them, for an hour at most", () => {
    const { AssumeRolePolicyDocument, MaxSessionDuration } = prod.one("AWS::IAM::Role", "LentRole").Properties;
    const { Statement } = AssumeRolePolicyDocument as { Statement: { Principal: { AWS: unknown } }[] };
    expect(Statement.map(({ Principal }) => plain(Principal.AWS))).toEqual(["EdgeRole.Arn"]);
    expect(MaxSessionDuration).toBe(3600);
  });

  it("every role is one of these", () => {
    const roles = Object.entries(prod.resources).filter(([, { Type }]) => Type === "AWS::IAM::Role");
    expect(roles.map(([id]) => id.slice(0, -8)).sort()).toEqual([
      "ApiRole",
      "EdgeRole",
      "IdentityRole",
      "LentRole",
      "LiveRole",
      "MailerRole",
      "PublisherRole",
      "RetentionRole",
      "WebhooksRole",
      "WorkerRole",
    ]);
    for (const [, { Properties }] of roles) expect(Properties.ManagedPolicyArns).toBeUndefined();
  });

  it("the table's key serves nobody but DynamoDB and the alarms; the vault's key nobody by its own policy", () => {
    const sids = (name: string) =>
      (
        prod.one("AWS::KMS::Key", name).Properties.KeyPolicy as {
          Statement: { Sid?: string; Condition?: { StringEquals: Record<string, unknown> } }[];
        }
      ).Statement.map(({ Sid, Condition }) => [Sid, Object.keys(Condition?.StringEquals ?? {})]);
    expect(sids("DataKey")).toEqual([
      [undefined, []],
      ["ThroughDynamoDB", ["kms:CallerAccount", "kms:ViaService"]],
      ["AlarmsToTheirTopic", ["aws:SourceAccount"]],
    ]);
    // the account itself, which leaves it to identity policies
    expect(sids("VaultKey")).toEqual([[undefined, []]]);
  });
});

describe("telling the edges", () => {
  it("what the stream can't deliver holds up little, is not lost and raises an alarm", () => {
    expect(prod.one("AWS::Lambda::EventSourceMapping", "Publisher").Properties).toMatchObject({
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 300,
      StartingPosition: "TRIM_HORIZON",
    });
    const to = prod.one("AWS::Lambda::EventSourceMapping", "Publisher").Properties.DestinationConfig as {
      OnFailure: { Destination: unknown };
    };
    expect(plain(to.OnFailure.Destination)).toBe("PublisherDeadLetters.Arn");
    const { MetricName, Namespace, Dimensions, AlarmActions } = prod.one(
      "AWS::CloudWatch::Alarm",
      "DeadLetters",
    ).Properties;
    expect([Namespace, MetricName]).toEqual(["AWS/SQS", "ApproximateNumberOfMessagesVisible"]);
    expect((Dimensions as { Value: unknown }[]).map(({ Value }) => plain(Value))).toEqual([
      "PublisherDeadLetters.QueueName",
    ]);
    expect((AlarmActions as unknown[]).map(plain)).toEqual(["Alarms"]);
  });

  it.each([
    ["Publisher", "X#"],
    ["Mailer", "MAIL#"],
    ["WebhooksDynamo", "EVENT#"],
  ])("the stream wakes the %s for new items of its outbox alone", (name, prefix) => {
    const { FilterCriteria } = prod.one("AWS::Lambda::EventSourceMapping", name).Properties;
    const [filter] = (FilterCriteria as { Filters: { Pattern: string }[] }).Filters;
    expect(JSON.parse(filter?.Pattern ?? "")).toEqual({
      eventName: ["INSERT"],
      dynamodb: { Keys: { sk: { S: [{ prefix }] } } },
    });
  });

  it.each([
    ["Sweep", "Publisher"],
    ["MailSweep", "Mailer"],
    ["WebhookSweep", "Webhooks"],
  ])("%s runs each minute, and ends before the next begins", (rule, name) => {
    const { ScheduleExpression, Targets } = prod.one("AWS::Events::Rule", rule).Properties;
    expect(ScheduleExpression).toBe("rate(1 minute)");
    const [target] = Targets as { Arn: unknown; Input: string }[];
    expect(plain(target?.Arn)).toBe(`${name}.Arn`);
    expect(JSON.parse(target?.Input ?? "")).toEqual({ sweep: true });
    expect(prod.one("AWS::Lambda::Function", name).Properties.Timeout).toBeLessThan(60);
  });
});

describe("functions", () => {
  it.each([
    ["Api", apiSettings],
    ["Edge", edgeSettings],
    ["Identity", workerSettings],
    ["Publisher", cloudSettings],
    ["Mailer", mailerSettings],
    ["Retention", retentionSettings],
    ["Webhooks", webhookSettings],
    ["Worker", workerSettings],
    ["Live", liveSettings],
  ] as const)("%s finds all settings in its environment that it reads, and no others", (name, readers) => {
    const { Environment } = prod.one("AWS::Lambda::Function", name).Properties;
    const { Variables } = Environment as { Variables: Record<string, unknown> };
    const known = {
      PUBLIC_URL: "https://api.example",
      LENT_ROLE: "arn:aws:iam::1:role/edge",
      MAIL_FROM: from,
      MAIL_CONFIGURATION_SET: "set",
      WEBHOOK_QUEUE: "https://sqs.example/1/q",
      JOB_QUEUE: "https://sqs.example/1/j",
      FRONT_SECRET: "s".repeat(48),
    };
    const sample: Record<string, string> = known;
    const values = Object.keys(Variables).map((key) => [key, sample[key] ?? "sample"]);
    expect(() => readEnvironment(readers, { AWS_REGION: "eu-central-1", ...Object.fromEntries(values) })).not.toThrow();
    expect(Object.keys(readers)).toEqual(expect.arrayContaining(Object.keys(Variables)));
    expect(Variables.STAGE).toBe("prod");
  });

  it.each(["Api", "Edge", "Identity", "Publisher", "Mailer", "Retention", "Webhooks", "Worker", "Live"])(
    "%s runs on Node 24 on arm64, logs to a group of its own",
    (name) => {
      const { Runtime, Architectures, LoggingConfig } = prod.one("AWS::Lambda::Function", name).Properties;
      expect(Runtime).toBe("nodejs24.x");
      expect(Architectures).toEqual(["arm64"]);
      expect(plain((LoggingConfig as { LogGroup: unknown }).LogGroup)).toBe(`${name}Logs`);
    },
  );

  it.each(["Api", "Edge", "Identity"])("%s gives up before API Gateway does", (name) => {
    expect(prod.one("AWS::Lambda::Function", name).Properties.Timeout).toBeLessThan(30);
  });

  it("every path goes to the API, edges' and identity's to functions of their own, and failures raise an alarm", () => {
    const of = (type: string) => Object.values(prod.resources).filter(({ Type }) => Type === type);
    const targets = of("AWS::ApiGatewayV2::Integration").map(({ Properties }) => [
      plain(Properties.IntegrationUri),
      Properties.PayloadFormatVersion,
    ]);
    expect(targets).toEqual([
      ["Api.Arn", "2.0"],
      ["Edge.Arn", "2.0"],
      ["Identity.Arn", "2.0"],
    ]);
    const paths = of("AWS::ApiGatewayV2::Route").map(({ Properties }) => Properties.RouteKey);
    const asked = edgePaths.map(([method, path]) => `${method} ${path}`);
    expect(paths).toEqual(["ANY /{proxy+}", ...asked, "ANY /v1/identity/{proxy+}"]);
    prod.template.hasResourceProperties("AWS::CloudWatch::Alarm", { Namespace: "AWS/ApiGateway", MetricName: "5xx" });
  });

  it("the access log keeps neither query strings nor credentials", () => {
    const { AccessLogSettings } = prod.one("AWS::ApiGatewayV2::Stage").Properties;
    const { Format } = AccessLogSettings as { Format: string };
    expect(Object.keys(JSON.parse(Format))).toContain("requestId");
    expect(Format).not.toMatch(/querystring|header|authorizer/i);
  });

  it("every alarm reaches the topic, and the topic whoever is named", () => {
    const alarms = Object.values(prod.resources).filter(({ Type }) => Type === "AWS::CloudWatch::Alarm");
    expect(alarms).toHaveLength(16);
    for (const { Properties } of alarms) expect((Properties.AlarmActions as unknown[]).map(plain)).toEqual(["Alarms"]);
    prod.template.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "ops@example.com" });
    prod.template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Allow",
            Action: "sns:Publish",
            Principal: { Service: "cloudwatch.amazonaws.com" },
          }),
        ]),
      }),
    });
  });

  it("what functions tell of how things go is shown on one page, and raises alarms under the names that they write", () => {
    const { DashboardBody, DashboardName } = prod.one("AWS::CloudWatch::Dashboard").Properties;
    expect(DashboardName).toBe("dialplane-prod");
    const body = plain(DashboardBody);
    for (const name of Object.keys(metrics)) expect(body).toContain(`"${namespace}","${name}","Stage","prod"`);
    const watched = Object.values(prod.resources).flatMap(({ Type, Properties }) =>
      Type === "AWS::CloudWatch::Alarm" && Properties.Namespace === namespace ? [Properties] : [],
    );
    expect(watched.map(({ MetricName }) => MetricName).sort()).toEqual(
      ["Propagation", "Refused", "Behind", "EventAge", "EdgesDown", "CertificatesEnding"].sort(),
    );
    for (const { Dimensions } of watched) expect(Dimensions).toEqual([{ Name: "Stage", Value: "prod" }]);
  });

  it("one request is looked for in the logs of every function at once", () => {
    const { LogGroupNames, QueryString } = prod.one("AWS::Logs::QueryDefinition").Properties;
    const functions = Object.values(prod.resources).filter(({ Type }) => Type === "AWS::Lambda::Function");
    expect(LogGroupNames).toHaveLength(functions.length);
    expect(QueryString).toContain("filter requestId =");
  });

  it("a limit of what a month may cost is told before it is reached", () => {
    expect(prod.one("AWS::Budgets::Budget").Properties).toMatchObject({
      Budget: {
        BudgetLimit: { Amount: 200, Unit: "USD" },
        CostFilters: { TagKeyValue: ["user:stage$prod"] },
      },
      NotificationsWithSubscribers: [
        { Notification: { NotificationType: "ACTUAL", Threshold: 80 } },
        { Notification: { NotificationType: "FORECASTED", Threshold: 100 } },
      ],
    });
  });

  it("no log is kept for ever", () => {
    prod.template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: Match.anyValue() });
    prod.template.resourceCountIs("AWS::Logs::LogGroup", 10);
  });
});

describe("the whole", () => {
  it("is not synthesized with a finding of cdk-nag that nobody accepted", () => {
    const bare = (scope: Stack) => void new Queue(scope, "Bare");
    expect(() => synthesize("dev", bare)).toThrow("AwsSolutions-SQS4");
  });

  it("says where it is", () => {
    const dkim = ["MailDkim1", "MailDkim2", "MailDkim3"];
    const front = ["FrontSecretArn", "HeadersPolicyId", "LiveUrl"];
    const rest = ["MediaBucket", "Stage", "TableName", "VaultKeyArn"];
    expect(prod.outputs.sort()).toEqual(["ApiUrl", ...front, ...dkim, ...rest]);
  });

  it("its costs can be told apart by stage", () => {
    for (const [id, { Type, Properties }] of Object.entries(prod.resources)) {
      if (!["AWS::DynamoDB::Table", "AWS::Lambda::Function", "AWS::SQS::Queue", "AWS::Logs::LogGroup"].includes(Type))
        continue;
      expect(Properties.Tags, id).toEqual(expect.arrayContaining([{ Key: "stage", Value: "prod" }]));
    }
  });

  it("a stage that is none is refused", () => {
    expect(() => stageOf("production")).toThrow("dev, staging, prod");
  });
});
