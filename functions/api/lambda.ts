// The API as a Lambda behind an HTTP API (payload format 2.0).
import { KMSClient } from "@aws-sdk/client-kms";
import { STSClient } from "@aws-sdk/client-sts";
import { dns } from "../accounts/dns.ts";
import { apiSettings, openCloud, readEnvironment, requestHandler } from "../cloud.ts";
import { stsLender } from "../edges/sts.ts";
import { s3Media } from "../media/s3.ts";
import { kms } from "../vault/kms.ts";
import { createApp } from "./app.ts";
import { createHandler } from "./handler.ts";

const settings = readEnvironment(apiSettings, process.env);
const region = settings.AWS_REGION;
const cloud = openCloud(settings, {
  wrapper: kms(new KMSClient({ region, requestHandler }), settings.VAULT_KEY),
  jobQueue: settings.JOB_QUEUE,
  media: s3Media(settings.MEDIA_BUCKET, { region, requestHandler }),
  lend: stsLender(new STSClient({ region, requestHandler }), {
    roleArn: settings.EDGE_ROLE,
    region,
    stage: settings.STAGE,
  }),
});

export const handler = createHandler(createApp(cloud.ctx, dns, settings.RATE_LIMIT), cloud.settled);
