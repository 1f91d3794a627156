// The control plane's context inside a Lambda: settings from its environment, the table, the edges' queues.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod/mini";
import "../core/english.ts";
import { domainForm } from "../core/network.ts";
import type { QueueAccess } from "../core/wire-host.ts";
import { networks } from "./access/address.ts";
import { perMinute } from "./access/rate-limit.ts";
import { createBackground } from "./background.ts";
import type { Context } from "./context.ts";
import { alias } from "./dns/alias.ts";
import { usualDirectory, type Zone } from "./dns/dns.ts";
import { route53Dns } from "./dns/route53.ts";
import { published } from "./document/published.ts";
import { sqsQueues } from "./edges/queues.ts";
import { createLog } from "./log.ts";
import type { Media } from "./media/media.ts";
import { createMeasure } from "./metric.ts";
import { openDynamo } from "./store/dynamodb.ts";
import { patient } from "./store/patient.ts";
import { Vault, type Wrapper } from "./vault/vault.ts";
import { createTargets } from "./webhooks/address.ts";
import { resolve } from "./webhooks/resolve.ts";

/** What infra/functions.ts gives to every function; `AWS_REGION` comes from Lambda itself. */
export const cloudSettings = z.object({
  TABLE: z.string().check(z.minLength(1)),
  /** Without a hyphen, so that `dp-dev-*` names no other stage's queues. */
  STAGE: z.string().check(z.regex(/^[a-z][a-z0-9]*$/)),
  PUBLIC_URL: z.pipe(
    z.url({ protocol: /^https$/ }),
    z.transform((url) => url.replace(/\/+$/, "")),
  ),
  /** Where the console is reached, where that is elsewhere. */
  CONSOLE_URL: z.optional(
    z.pipe(
      z.url({ protocol: /^https$/ }),
      z.transform((url) => url.replace(/\/+$/, "")),
    ),
  ),
  AWS_REGION: z.string().check(z.minLength(1)),
  /** Networks of proxies in front of API Gateway, which gives their address for the caller's. */
  TRUSTED_PROXIES: networks,
  /** What CloudFront in front of the API and the console proves itself by. */
  FRONT_SECRET: z.optional(z.string().check(z.minLength(32))),
  /** The sender of mail; without one this installation sends none. */
  MAIL_FROM: z.optional(z.email()),
  /** A range service that knows breached passwords: https://api.pwnedpasswords.com/range/. */
  BREACHED_PASSWORDS: z.optional(z.url({ protocol: /^https$/ })),
  LOG_LEVEL: z._default(z.enum(["trace", "debug", "info", "warn", "error", "silent"]), "info"),
});
type Optional = "MAIL_FROM" | "CONSOLE_URL" | "BREACHED_PASSWORDS" | "FRONT_SECRET";
export type CloudSettings = Omit<z.output<typeof cloudSettings>, Optional> & {
  [name in Optional]?: string | undefined;
};

/** The DNS zone of the hosts: its name and Route 53's id of it, both or none; and the CA. */
const zoneSettings = {
  DNS_ZONE: z.optional(z.string().check(z.maxLength(253), z.toLowerCase(), z.regex(domainForm))),
  DNS_ZONE_ID: z.optional(z.string().check(z.regex(/^Z[A-Z0-9]{1,31}$/))),
  ACME_DIRECTORY: z._default(z.url({ protocol: /^https$/ }), usualDirectory),
};

/** What the API has on top: the key that wraps tenants' keys, and where audio is kept. */
export const apiSettings = z.extend(cloudSettings, {
  ...zoneSettings,
  VAULT_KEY: z.string().check(z.minLength(1)),
  MEDIA_BUCKET: z.string().check(z.minLength(3)),
  RATE_LIMIT: perMinute,
  JOB_QUEUE: z.url({ protocol: /^https$/ }),
});

/** What the function that edges ask has on top: also the role that it lends to them. */
export const edgeSettings = z.extend(cloudSettings, {
  ...zoneSettings,
  VAULT_KEY: z.string().check(z.minLength(1)),
  LENT_ROLE: z.string().check(z.startsWith("arn:")),
  MEDIA_BUCKET: z.string().check(z.minLength(3)),
  JOB_QUEUE: z.url({ protocol: /^https$/ }),
});

/** What the mailer has on top: also what SES reports by. */
export const mailerSettings = z.extend(cloudSettings, {
  MEDIA_BUCKET: z.string().check(z.minLength(3)),
  MAIL_FROM: z.email(),
  MAIL_CONFIGURATION_SET: z.string().check(z.minLength(1)),
});

/** What the retention sweep has on top. */
export const retentionSettings = z.extend(cloudSettings, {
  ...zoneSettings,
  MEDIA_BUCKET: z.string().check(z.minLength(3)),
});

/** What the function that streams live views has on top: what its one caller proves itself by. */
export const liveSettings = z.extend(cloudSettings, {
  FRONT_SECRET: z.string().check(z.minLength(32)),
  RATE_LIMIT: perMinute,
});

/** What the worker has on top: the key to the secrets that changes bring. */
export const workerSettings = z.extend(cloudSettings, { VAULT_KEY: z.string().check(z.minLength(1)) });

/** What the sender of webhooks has on top: the key to the secrets that sign, and the queue of what is to be sent. */
export const webhookSettings = z.extend(z.omit(cloudSettings, { MAIL_FROM: true }), {
  VAULT_KEY: z.string().check(z.minLength(1)),
  WEBHOOK_QUEUE: z.url({ protocol: /^https$/ }),
});

/** Parses once at start. Throws one error that names every variable that is missing or wrong. */
export function readEnvironment<S extends z.core.$ZodType>(
  schema: S,
  environment: Record<string, unknown>,
): z.output<S> {
  const result = z.safeParse(schema, environment);
  if (result.success) return result.data;
  const flaws = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`the environment is not as infra/functions.ts sets it: ${flaws.join("; ")}`);
}

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
