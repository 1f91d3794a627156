// The receiving end of a bare SQS hop: the same library as the agent's, and a word to the parent at each message.
import { SQSClient } from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";

const [endpoint = "", queueUrl = ""] = process.argv.slice(2);
const sqs = new SQSClient({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "x", secretAccessKey: "x" },
  useQueueUrlAsEndpoint: false,
});
const consumer = Consumer.create({
  queueUrl,
  sqs,
  batchSize: 10,
  waitTimeSeconds: 20,
  strictReturn: true,
  handleMessageBatch: async (messages) => {
    for (const { MessageId } of messages) process.send?.({ received: MessageId });
    return messages;
  },
});
consumer.start();
process.send?.({ ready: true });
process.on("SIGTERM", () => process.exit(0));
