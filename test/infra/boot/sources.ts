// What feeds the functions, as the template says it: the table's stream, queues and clocks. Nothing runs by itself: `settle` brings what is there.
import type { DynamoDBRecord } from "aws-lambda";
import type { Dynamo, StandIn } from "./aws.ts";
import type { Lambdas } from "./lambda.ts";
import { region, type Template } from "./template.ts";

type Mapping = {
  lambda: string;
  stream: boolean;
  queue: string;
  batch: number;
  retries: number;
  bisect: boolean;
  deadLetters: string | undefined;
  filters: unknown[];
  /** Whether what its function says of single messages counts; else all of a batch are done where it does not throw. */
  reports: boolean;
};
type Failures = { batchItemFailures?: { itemIdentifier: string }[] } | null;

export function createSources(template: Template, lambdas: Lambdas, aws: StandIn, dynamo: Dynamo, streamArn: string) {
  const mappings = template.of("AWS::Lambda::EventSourceMapping").map(([, { Properties: at }]): Mapping => {
    const source = template.idOf(at.EventSourceArn);
    const to = (at.DestinationConfig as { OnFailure?: { Destination: unknown } } | undefined)?.OnFailure?.Destination;
    const filters = (at.FilterCriteria as { Filters: { Pattern: string }[] } | undefined)?.Filters ?? [];
    return {
      lambda: template.idOf(at.FunctionName),
      stream: template.resources[source]?.Type === "AWS::DynamoDB::Table",
      queue: template.nameOf(source),
      batch: Number(at.BatchSize ?? 10),
      retries: Number(at.MaximumRetryAttempts ?? 0),
      bisect: at.BisectBatchOnFunctionError === true,
      deadLetters: to === undefined ? undefined : template.nameOf(template.idOf(to)),
      reports: (at.FunctionResponseTypes as string[] | undefined)?.includes("ReportBatchItemFailures") === true,
      filters: filters.map(({ Pattern }) => JSON.parse(Pattern)),
    };
  });
  const feed = createReader(dynamo, streamArn);

  /** A batch until it is done or given up, as Lambda's poller does. */
  async function bring(to: Mapping, records: DynamoDBRecord[], tries = 0): Promise<void> {
    let failedAt = 0;
    let thrown = false;
    try {
      const answer = (await lambdas.invoke(to.lambda, { Records: records })) as Failures;
      const failed = failedOf(to, answer);
      failedAt = records.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? ""));
      if (failedAt < 0) return;
    } catch {
      thrown = true;
    }
    const rest = records.slice(failedAt);
    if (tries < to.retries) {
      if (!thrown || !to.bisect || rest.length < 2) return bring(to, rest, tries + 1);
      const half = Math.ceil(rest.length / 2);
      await bring(to, rest.slice(0, half), tries + 1);
      return bring(to, rest.slice(half), tries + 1);
    }
    if (to.deadLetters === undefined) return;
    const message = { QueueUrl: aws.urlOf(to.deadLetters), MessageBody: JSON.stringify({ failed: rest.length }) };
    await aws.sqs("SendMessage", message);
  }

  /** One message of a queue; false where there is none. What fails stays in flight until it is seen again. */
  async function take(from: Mapping): Promise<boolean> {
    const QueueUrl = aws.urlOf(from.queue);
    const { body } = await aws.sqs("ReceiveMessage", { QueueUrl, MaxNumberOfMessages: from.batch });
    const { Messages = [] } = JSON.parse(String(body)) as {
      Messages?: { MessageId: string; Body: string; ReceiptHandle: string }[];
    };
    if (Messages.length === 0) return false;
    const Records = Messages.map(({ MessageId, Body, ReceiptHandle }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: {},
      messageAttributes: {},
      eventSource: "aws:sqs",
      eventSourceARN: `arn:aws:sqs:${region}:123456789012:${from.queue}`,
      awsRegion: region,
    }));
    try {
      const answer = (await lambdas.invoke(from.lambda, { Records })) as Failures;
      const failed = failedOf(from, answer);
      for (const { MessageId, ReceiptHandle } of Messages)
        if (!failed.has(MessageId)) await aws.sqs("DeleteMessage", { QueueUrl, ReceiptHandle });
    } catch {
      // it will be seen again when its time is over
    }
    return true;
  }

  return {
    mappings,
    /** Brings everything that there is, and what comes of that, until nothing more does. `change` may bend the stream's records first. */
    async settle(change: (records: DynamoDBRecord[]) => DynamoDBRecord[] = (records) => records): Promise<void> {
      for (;;) {
        const records = change(await feed());
        const toAll = mappings
          .filter(({ stream }) => stream)
          .map(async (to) => {
            const wanted = records.filter(
              (record) => to.filters.length === 0 || to.filters.some((one) => fits(one, record)),
            );
            for (let at = 0; at < wanted.length; at += to.batch) await bring(to, wanted.slice(at, at + to.batch));
          });
        await Promise.all(toAll);
        let taken = false;
        const fromAll = mappings
          .filter(({ stream }) => !stream)
          .map(async (from) => {
            while (await take(from)) taken = true;
          });
        await Promise.all(fromAll);
        if (records.length === 0 && !taken) return;
      }
    },
    /** What the clock of that name sends, once; its function's answer. */
    async tick(rule: string): Promise<unknown> {
      const id = template.id("AWS::Events::Rule", rule);
      const { Properties } = template.resources[id] ?? {};
      const [target] = (Properties?.Targets ?? []) as { Arn: unknown; Input: string }[];
      const lambda = template.idOf(target?.Arn);
      template.mayCall("events", lambda, template.arnOf(id));
      return lambdas.invoke(lambda, JSON.parse(target?.Input ?? "null"));
    },
    /** What AWS's own services say, to whom the template's rules bring it; how many those were. */
    async publish(event: object): Promise<number> {
      let brought = 0;
      for (const [id, { Properties: rule }] of template.of("AWS::Events::Rule")) {
        if (!rule.EventPattern || !fits(resolved(template, rule.EventPattern), event)) continue;
        for (const { Arn } of rule.Targets as { Arn: unknown }[]) {
          const lambda = template.idOf(Arn);
          template.mayCall("events", lambda, template.arnOf(id));
          await lambdas.invoke(lambda, event);
          brought++;
        }
      }
      return brought;
    },
    /** What waits in a queue of the template, in flight or not. */
    async waiting(queue: string): Promise<number> {
      const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
      const { body } = await aws.sqs("GetQueueAttributes", { QueueUrl: aws.urlOf(queue), AttributeNames });
      const { Attributes } = JSON.parse(String(body)) as { Attributes: Record<string, string> };
      return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    },
  };
}

/** What of a batch is not done, as the function answered. */
const failedOf = ({ reports }: Mapping, answer: Failures): Set<string> =>
  new Set(reports ? answer?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier) : []);

/** A pattern with names in the place of references. */
const resolved = (template: Template, pattern: unknown): unknown =>
  Array.isArray(pattern)
    ? pattern.map((one) => template.resolve(one))
    : Object.fromEntries(Object.entries(pattern as object).map(([key, inner]) => [key, resolved(template, inner)]));

/** Event filters of Lambda and EventBridge: every member fits, a list names what may be there. */
function fits(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern) && Array.isArray(value)) return value.some((one) => fits(pattern, one));
  if (Array.isArray(pattern))
    return pattern.some((one) =>
      typeof one === "object" && one !== null && "prefix" in one
        ? typeof value === "string" && value.startsWith(String(one.prefix))
        : one === value,
    );
  return Object.entries(pattern as object).every(([key, inner]) =>
    fits(inner, (value as Record<string, unknown>)?.[key]),
  );
}

/** Reads the stream from where it was: asked without the SDK, which would make bytes of base64. */
function createReader(dynamo: Dynamo, StreamArn: string): () => Promise<DynamoDBRecord[]> {
  const ask = async (verb: string, body: object) => {
    const answer = await fetch(dynamo.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `DynamoDBStreams_20120810.${verb}`,
        "x-amz-date": "20260101T000000Z",
        authorization: `AWS4-HMAC-SHA256 Credential=${dynamo.accessKeyId}/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${verb}: ${await answer.text()}`);
    return answer.json();
  };
  let next: string | undefined;
  return async () => {
    if (next === undefined) {
      const { StreamDescription } = await ask("DescribeStream", { StreamArn });
      const ShardId = StreamDescription.Shards[0].ShardId;
      next = (await ask("GetShardIterator", { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" })).ShardIterator;
    }
    const answer = await ask("GetRecords", { ShardIterator: next });
    next = answer.NextShardIterator;
    return answer.Records;
  };
}
