// What edges ask, as a Lambda behind the HTTP API.
import { createHandler } from "../api/handler.ts";
import { cloudZone, openCloud, requestHandler } from "../cloud.ts";
import { readEnvironment } from "../environment.ts";
import { s3Media } from "../media/s3.ts";
import { edgeSettings } from "../settings.ts";
import { kms } from "../vault/kms.ts";
import { createEdgeApp } from "./app.ts";

const settings = readEnvironment(edgeSettings, process.env);
const region = settings.AWS_REGION;
/** Loaded when the first edge asks for its queue, which each does once an hour. */
async function lender() {
  const [{ STSClient }, { stsLender }] = await Promise.all([import("../sdk/sts.ts"), import("./sts.ts")]);
  const role = { roleArn: settings.LENT_ROLE, region, stage: settings.STAGE };
  return stsLender(new STSClient({ region, requestHandler }), role);
}
let lending: ReturnType<typeof lender> | undefined;

const { ctx, settled } = openCloud(settings, {
  wrapper: kms(settings.VAULT_KEY, { region, requestHandler }),
  jobQueue: settings.JOB_QUEUE,
  zone: cloudZone(settings, region),
  media: s3Media(settings.MEDIA_BUCKET, { region, requestHandler }),
  async lend(url, edge) {
    lending ??= lender();
    return (await lending)(url, edge);
  },
});

export const handler = createHandler(createEdgeApp(ctx), settled);
