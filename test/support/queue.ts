// An enrolled edge as its queue sees it: what was sent to it can be read, without an agent.
import { generateKeyPairSync } from "node:crypto";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Message, message } from "../../core/wire.ts";
import { enrolled } from "../../core/wire-host.ts";
import type { TestControl } from "./control.ts";

/** What `encodeMessage` made. */
export const decodeMessage = (body: string): Message =>
  message.parse(JSON.parse(Buffer.from(body, "base64").toString("utf8")));

export type EdgeQueue = {
  edge: string;
  url: string;
  /** Takes what is there now, which may be nothing; what it is told of the pool's hosts is left out. */
  take(): Promise<Message[]>;
  close(): void;
};

/** Enrols an edge of the pool, or of the operator's default pool. */
export async function enrolQueue(control: TestControl, poolId?: string): Promise<EdgeQueue> {
  const { body: made } = await control.call("POST", "/v1/edges", poolId === undefined ? {} : { poolId });
  const publicKey = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" });
  const joining = { token: made.token, publicKey, name: "test", engine: "freeswitch", sip: null };
  const answer = await control.call("POST", "/v1/edges/enroll", joining);
  const { edge, queue } = enrolled.parse(answer.body);
  const { accessKeyId, secretAccessKey } = queue.credentials;
  const client = new SQSClient({
    region: queue.region,
    credentials: { accessKeyId, secretAccessKey },
    useQueueUrlAsEndpoint: false,
    ...(queue.endpoint !== null && { endpoint: queue.endpoint }),
  });
  return {
    edge,
    url: queue.url,
    async take() {
      const found: Message[] = [];
      for (;;) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
        );
        if (Messages.length === 0) return found;
        for (const { Body = "", ReceiptHandle } of Messages) {
          const message = decodeMessage(Body);
          if (message.type !== "roster") found.push(message);
          await client.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
        }
      }
    },
    close: () => client.destroy(),
  };
}
