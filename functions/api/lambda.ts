// The API as a Lambda behind an HTTP API (payload format 2.0).
import { dns } from "../accounts/dns.ts";
import { cloudZone, openCloud, requestHandler } from "../cloud.ts";
import { readEnvironment } from "../environment.ts";
import { s3Media } from "../media/s3.ts";
import { apiSettings } from "../settings.ts";
import { kms } from "../vault/kms.ts";
import { createApp } from "./app.ts";
import { createHandler } from "./handler.ts";
import { knownRoutes } from "./known-routes.ts";

const settings = readEnvironment(apiSettings, process.env);
const region = settings.AWS_REGION;
const cloud = openCloud(settings, {
  wrapper: kms(settings.VAULT_KEY, { region, requestHandler }),
  jobQueue: settings.JOB_QUEUE,
  zone: cloudZone(settings, region),
  media: s3Media(settings.MEDIA_BUCKET, { region, requestHandler }),
  lend: () => Promise.reject(new Error("the API has no queue access")),
});

const app = await createApp(cloud.ctx, dns, settings.RATE_LIMIT, knownRoutes);
export const handler = createHandler(app, cloud.settled);
