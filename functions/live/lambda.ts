// Live views as a Lambda behind a function URL that streams.
import { openCloud } from "../cloud.ts";
import { readEnvironment } from "../environment.ts";
import { noMedia } from "../media/media.ts";
import { liveSettings } from "../settings.ts";
import { createLiveApp } from "./app.ts";
import { createStreamHandler } from "./handler.ts";
import { streamSeconds } from "./path.ts";

const none = (what: string) => () => Promise.reject(new Error(`live views have no ${what}`));

const settings = readEnvironment(liveSettings, process.env);
const { ctx, settled } = openCloud(settings, {
  wrapper: { wrap: none("key"), unwrap: none("key") },
  lend: none("queue access"),
  media: noMedia("live views"),
  live: { how: "asking", seconds: streamSeconds },
});
const app = createLiveApp(ctx, settings.RATE_LIMIT);

export const handler = awslambda.streamifyResponse(
  createStreamHandler(app, { streaming: awslambda.HttpResponseStream, settled, log: ctx.log }),
);
