// The retention sweep as a Lambda: once an hour.
import { openCloud, readEnvironment, requestHandler, retentionSettings } from "../cloud.ts";
import { s3Media } from "../media/s3.ts";
import { sweepRetention } from "./sweep.ts";

const none = (what: string) => () => Promise.reject(new Error(`the retention sweep has no ${what}`));

const settings = readEnvironment(retentionSettings, process.env);
const { ctx } = openCloud(settings, {
  wrapper: { wrap: none("key"), unwrap: none("key") },
  lend: none("queue access"),
  media: s3Media(settings.MEDIA_BUCKET, { region: settings.AWS_REGION, requestHandler }),
});

export const handler = async (): Promise<{ gone: number }> => ({ gone: await sweepRetention(ctx) });
