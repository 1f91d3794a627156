// The mailer as a Lambda: fed by the table's stream and by a schedule.
import { openCloud, requestHandler } from "../cloud.ts";
import { readEnvironment } from "../environment.ts";
import { s3Media } from "../media/s3.ts";
import { mailerSettings } from "../settings.ts";
import { createMailerHandler, createSending } from "./send.ts";
import { sesMailer } from "./ses.ts";

const none = (what: string) => () => Promise.reject(new Error(`the mailer has no ${what}`));

const settings = readEnvironment(mailerSettings, process.env);
const region = settings.AWS_REGION;
const { ctx } = openCloud(settings, {
  wrapper: { wrap: none("key"), unwrap: none("key") },
  lend: none("queue access"),
  media: s3Media(settings.MEDIA_BUCKET, { region, requestHandler }),
});

export const handler = createMailerHandler(
  createSending(
    ctx,
    sesMailer(settings.MAIL_FROM, settings.MAIL_CONFIGURATION_SET, {
      region,
      requestHandler: { ...requestHandler, requestTimeout: 15_000 },
    }),
  ),
);
