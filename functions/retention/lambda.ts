// What is to be deleted with time, as a Lambda: every few minutes what was deleted by people, once an hour what is older than its tenant wants it kept.
import { cloudZone, openCloud, requestHandler } from "../cloud.ts";
import { sweepDeletions } from "../deletion/sweep.ts";
import { readEnvironment } from "../environment.ts";
import { s3Media } from "../media/s3.ts";
import { retentionSettings } from "../settings.ts";
import { sweepOld } from "./sweep.ts";

const none = (what: string) => () => Promise.reject(new Error(`the retention sweep has no ${what}`));

const settings = readEnvironment(retentionSettings, process.env);
const { ctx } = openCloud(settings, {
  wrapper: { wrap: none("key"), unwrap: none("key") },
  lend: none("queue access"),
  zone: cloudZone(settings, settings.AWS_REGION),
  media: s3Media(settings.MEDIA_BUCKET, { region: settings.AWS_REGION, requestHandler }),
});

/** What the schedules in infra/retention.ts send. */
export type Sweep = { sweep: "retention" | "deletions" };

export const handler = async ({ sweep }: Sweep): Promise<{ gone: number }> => ({
  gone: await (sweep === "deletions" ? sweepDeletions(ctx) : sweepOld(ctx)),
});
