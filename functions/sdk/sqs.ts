// What is used of SQS: loaded when it is first needed, from a bundle of its own (scripts/build-functions.ts).
export { CreateQueueCommand, DeleteQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
