// The API as a Lambda behind an HTTP API (payload format 2.0).
import { KMSClient } from "@aws-sdk/client-kms";
import { dns } from "../accounts/dns.ts";
import { apiSettings, openCloud, readEnvironment, requestHandler } from "../cloud.ts";
import { s3Media } from "../media/s3.ts";
import { kms } from "../vault/kms.ts";
import { createApp } from "./app.ts";
import { createHandler } from "./handler.ts";

const settings = readEnvironment(apiSettings, process.env);
const region = settings.AWS_REGION;
/** Loaded when the first edge asks: most functions that start answer none. */
async function lender() {
  const [{ STSClient }, { stsLender }] = await Promise.all([import("@aws-sdk/client-sts"), import("../edges/sts.ts")]);
  const role = { roleArn: settings.EDGE_ROLE, region, stage: settings.STAGE };
  return stsLender(new STSClient({ region, requestHandler }), role);
}
let lending: ReturnType<typeof lender> | undefined;

const cloud = openCloud(settings, {
  wrapper: kms(new KMSClient({ region, requestHandler }), settings.VAULT_KEY),
  jobQueue: settings.JOB_QUEUE,
  media: s3Media(settings.MEDIA_BUCKET, { region, requestHandler }),
  async lend(url, edge) {
    lending ??= lender();
    return (await lending)(url, edge);
  },
});

export const handler = createHandler(createApp(cloud.ctx, dns, settings.RATE_LIMIT), cloud.settled);
