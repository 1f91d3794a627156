// The publisher as a Lambda: fed by the table's stream and by a schedule.
import { openCloud } from "../cloud.ts";
import { readEnvironment } from "../environment.ts";
import { noMedia } from "../media/media.ts";
import { cloudSettings } from "../settings.ts";
import { createPublisher } from "./publisher.ts";

const none = (what: string) => () => Promise.reject(new Error(`the publisher has no ${what}`));

// It sends pointers, which carry no secret: it has neither the key to them nor the right to lend a queue.
const { ctx } = openCloud(readEnvironment(cloudSettings, process.env), {
  wrapper: { wrap: none("key"), unwrap: none("key") },
  lend: none("queue access"),
  media: noMedia("the publisher"),
});

export const handler = createPublisher(ctx);
