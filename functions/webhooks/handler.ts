// What the Lambda does with what feeds it. Messages are hints: what is lost of them is still due in the table, and the schedule finds it.
import type { DynamoDBRecord, SQSRecord } from "aws-lambda";
import { z } from "zod";
import type { Context } from "../context.ts";
import type { Item } from "../store/store.ts";
import { changedFromStream } from "../store/table.ts";
import { createWebhooks } from "./send.ts";

export type WebhookSweep = { sweep: true };
/** What infra/webhooks.ts sends. */
export type WebhookEvent = { Records: (DynamoDBRecord | SQSRecord)[] } | WebhookSweep;

const message = z.object({ pk: z.string(), sk: z.string() });

export function createWebhookHandler(
  ctx: Context,
  out: { enqueue(endpoint: string, body: string): Promise<void>; work(delivery: Item): Promise<void> },
) {
  const webhooks = createWebhooks(ctx, ({ pk, sk, endpoint }) =>
    out.enqueue(String(endpoint), JSON.stringify({ pk, sk })),
  );
  return async (event: WebhookEvent) => {
    if ("sweep" in event) return { started: await webhooks.sweep() };
    const isMessage = (record: DynamoDBRecord | SQSRecord): record is SQSRecord => "body" in record;
    await webhooks.changed(event.Records.flatMap((record) => (isMessage(record) ? [] : [changedFromStream(record)])));
    for (const { body } of event.Records.filter(isMessage)) {
      const delivery = await ctx.store.get(message.parse(JSON.parse(body)));
      if (delivery) await out.work(delivery);
    }
    return { batchItemFailures: [] };
  };
}
