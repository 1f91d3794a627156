// Identity as a Lambda behind the HTTP API.
import { createHandler } from "../api/handler.ts";
import { openCloud, requestHandler } from "../cloud.ts";
import { readEnvironment } from "../environment.ts";
import { noMedia } from "../media/media.ts";
import { workerSettings } from "../settings.ts";
import { kms } from "../vault/kms.ts";
import { createIdentity } from "./app.ts";

const settings = readEnvironment(workerSettings, process.env);
const cloud = openCloud(settings, {
  wrapper: kms(settings.VAULT_KEY, { region: settings.AWS_REGION, requestHandler }),
  media: noMedia("identity"),
  lend: () => Promise.reject(new Error("identity has no queue access")),
});

export const handler = createHandler(createIdentity(cloud.ctx), cloud.settled);
