// The control plane's context inside a Lambda: the table, the edges' queues, and what its settings say.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { QueueAccess } from "../core/wire-host.ts";
import { createBackground } from "./background.ts";
import type { Context } from "./context.ts";
import { alias } from "./dns/alias.ts";
import type { Zone } from "./dns/dns.ts";
import { route53Dns } from "./dns/route53.ts";
import { published } from "./document/published.ts";
import { sqsQueues } from "./edges/queues.ts";
import { createLog } from "./log.ts";
import type { Media } from "./media/media.ts";
import { createMeasure } from "./metric.ts";
import type { CloudSettings } from "./settings.ts";
import { openDynamo } from "./store/dynamodb.ts";
import { patient } from "./store/patient.ts";
import { Vault, type Wrapper } from "./vault/vault.ts";
import { createTargets } from "./webhooks/address.ts";
import { resolve } from "./webhooks/resolve.ts";

/** A connection that hangs is given up well before the function's own time is over; the SDK then tries again. */
export const requestHandler = { connectionTimeout: 1000, requestTimeout: 5000 };

type ZoneSettings = { DNS_ZONE?: string | undefined; DNS_ZONE_ID?: string | undefined; ACME_DIRECTORY: string };
/** The zone on Route 53, whose SDK is loaded with its first record; undefined where none is named. */
export const cloudZone = (
  { DNS_ZONE: name, DNS_ZONE_ID: id, ACME_DIRECTORY: directory }: ZoneSettings,
  region: string,
) => (name && id ? { name, directory, dns: route53Dns(id, { region, requestHandler }), alias } : undefined);

/** One client, made with the first message. */
export function connectSqs(region: string): () => Promise<SQSClient> {
  let made: Promise<SQSClient> | undefined;
  return () => {
    made ??= import("./sdk/sqs.ts").then(({ SQSClient }) => new SQSClient({ region, requestHandler }));
    return made;
  };
}

/** `ctx`, and `settled`: when the work that goes on after an answer is done. A Lambda that returned before would freeze it. */
export type Cloud = { ctx: Context; settled(): Promise<void> };

export type Parts = {
  wrapper: Wrapper;
  media: Media;
  zone?: Zone | undefined;
  lend(url: string, edge: string): Promise<QueueAccess>;
  /** The queue of the worker, for who makes jobs. */
  jobQueue?: string;
  /** An HTTP API hands on nothing before its end, and a run that waits costs as much as one that works: without this a live stream ends at once. */
  live?: Context["live"];
};

/** Opens no connection yet. The parts are handed in, so that a function that needs neither KMS nor STS does not load them. */
export function openCloud(
  settings: CloudSettings,
  { wrapper, lend, media, jobQueue, zone, live = { how: "once" } }: Parts,
): Cloud {
  const region = settings.AWS_REGION;
  const log = createLog(settings.LOG_LEVEL);
  const background = createBackground(log);
  const queues = sqsQueues(connectSqs(region), settings.STAGE, lend);
  const ctx: Context = {
    store: published(
      patient(openDynamo({ client: new DynamoDBClient({ region, requestHandler }), table: settings.TABLE })),
    ),
    vault: new Vault(wrapper),
    queues,
    media,
    zone,
    log,
    measure: createMeasure(settings.STAGE, log.info),
    publicUrl: settings.PUBLIC_URL,
    consoleUrl: settings.CONSOLE_URL ?? settings.PUBLIC_URL,
    trustedProxies: settings.TRUSTED_PROXIES,
    frontSecret: settings.FRONT_SECRET,
    sendsMail: settings.MAIL_FROM !== undefined,
    async breached(password) {
      if (settings.BREACHED_PASSWORDS === undefined) return false;
      const { breachedAt } = await import("./identity/breached.ts");
      const failed = (error: unknown) => log.warn({ error: String(error) }, "breached passwords not asked");
      return breachedAt(settings.BREACHED_PASSWORDS, failed)(password);
    },
    targets: createTargets(resolve),
    startJob: async (id) => {
      if (jobQueue !== undefined) await queues.send(jobQueue, id);
    },
    live,
    now: () => new Date(),
    after: background.after,
  };
  return { ctx, settled: background.settled };
}
