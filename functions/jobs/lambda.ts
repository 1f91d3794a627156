// The worker as a Lambda: a queue brings jobs, and a clock what else is due: jobs, and large changes whose writers died.
import { openCloud, requestHandler } from "../cloud.ts";
import { readEnvironment } from "../environment.ts";
import { noMedia } from "../media/media.ts";
import { workerSettings } from "../settings.ts";
import { kms } from "../vault/kms.ts";
import { createWorker } from "./handler.ts";

const settings = readEnvironment(workerSettings, process.env);
const region = settings.AWS_REGION;
const { ctx, settled } = openCloud(settings, {
  wrapper: kms(settings.VAULT_KEY, { region, requestHandler }),
  lend: () => Promise.reject(new Error("the worker has no queue access")),
  media: noMedia("the worker"),
});

export const handler = createWorker(ctx, settled);
