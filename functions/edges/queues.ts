// The edges' queues: made at enrolment, one per edge, reachable with credentials for nothing else.
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { QueueAccess } from "../../core/wire-host.ts";

export interface Queues {
  /** Makes the queue (idempotent) and returns its URL. */
  create(edge: string, generation: number): Promise<string>;
  send(url: string, body: string): Promise<void>;
  remove(url: string): Promise<void>;
  /** Credentials that can receive from and delete on that queue alone, for at most an hour. */
  access(edge: string, url: string): Promise<QueueAccess>;
}

const retentionSeconds = 3600;

/** The SDK is loaded when the first message is sent: most functions that start send none at once. */
const late = () => import("../sdk/sqs.ts");

/** Queues on SQS. `connect` gives the client, always the same. `lend` makes the credentials: STS in the cloud, fixed ones against a local stand-in. */
export function sqsQueues(
  connect: () => Promise<SQSClient>,
  stage: string,
  lend: (url: string, edge: string) => Promise<QueueAccess>,
): Queues {
  return {
    async create(edge, generation) {
      const Attributes = {
        MessageRetentionPeriod: String(retentionSeconds),
        SqsManagedSseEnabled: "true",
        VisibilityTimeout: "30",
      };
      const name = `dp-${stage}-${edge}-${generation}`.replaceAll(/[^A-Za-z0-9_-]/g, "-");
      const [{ CreateQueueCommand }, client] = await Promise.all([late(), connect()]);
      const answer = await client.send(new CreateQueueCommand({ QueueName: name, Attributes }));
      if (!answer.QueueUrl) throw new Error("SQS answered without a queue URL");
      return answer.QueueUrl;
    },
    async send(url, body) {
      const [{ SendMessageCommand }, client] = await Promise.all([late(), connect()]);
      await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
    },
    async remove(url) {
      const [{ DeleteQueueCommand }, client] = await Promise.all([late(), connect()]);
      await client.send(new DeleteQueueCommand({ QueueUrl: url }));
    },
    access: (edge, url) => lend(url, edge),
  };
}
