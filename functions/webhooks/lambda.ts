// The sender of webhooks as a Lambda: the table's stream brings what happened, a queue what is to be sent, and a schedule whatever is still due.
import { connectSqs, openCloud, requestHandler } from "../cloud.ts";
import { readEnvironment } from "../environment.ts";
import { noMedia } from "../media/media.ts";
import { webhookSettings } from "../settings.ts";
import { kms } from "../vault/kms.ts";
import { tryDelivery } from "./attempt.ts";
import { createWebhookHandler } from "./handler.ts";
import { createPost } from "./post.ts";

const settings = readEnvironment(webhookSettings, process.env);
const region = settings.AWS_REGION;
const { ctx } = openCloud(settings, {
  wrapper: kms(settings.VAULT_KEY, { region, requestHandler }),
  lend: () => Promise.reject(new Error("the sender of webhooks has no queue access")),
  media: noMedia("the sender of webhooks"),
});
const connect = connectSqs(region);
const post = createPost(ctx.targets);

export const handler = createWebhookHandler(ctx, {
  // grouped by endpoint, so that SQS takes turns between them (fair queues)
  async enqueue(endpoint, body) {
    const message = { QueueUrl: settings.WEBHOOK_QUEUE, MessageBody: body, MessageGroupId: endpoint };
    const [{ SendMessageCommand }, queue] = await Promise.all([import("../sdk/sqs.ts"), connect()]);
    await queue.send(new SendMessageCommand(message));
  },
  work: (delivery) => tryDelivery(ctx, post, delivery),
});
