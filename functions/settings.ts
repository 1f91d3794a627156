// What infra/functions.ts tells every function, and what it tells some on top; `AWS_REGION` comes from Lambda itself.
import { domainForm } from "../core/network.ts";
import { networks } from "./access/address.ts";
import { perMinute } from "./access/rate-limit.ts";
import { usualDirectory } from "./dns/dns.ts";
import { changed, httpsUrl, longText, oneOf, optional, type Read, text } from "./environment.ts";
import { levels } from "./log.ts";

const origin = changed(httpsUrl, (url) => url.replace(/\/+$/, ""));
const email = text(/^[^\s@<>",;:]+@[^\s@<>",;:]+\.[^\s@<>",;:]+$/, "an e-mail address");

export const cloudSettings = {
  TABLE: longText(1),
  /** Without a hyphen, so that `dp-dev-*` names no other stage's queues. */
  STAGE: text(/^[a-z][a-z0-9]*$/, "small letters and digits, a letter first"),
  PUBLIC_URL: origin,
  /** Where the console is reached, where that is elsewhere. */
  CONSOLE_URL: optional(origin),
  AWS_REGION: longText(1),
  /** Networks of proxies in front of API Gateway, which gives their address for the caller's. */
  TRUSTED_PROXIES: networks,
  /** What CloudFront in front of the API and the console proves itself by. */
  FRONT_SECRET: optional(longText(32)),
  /** The sender of mail; without one this installation sends none. */
  MAIL_FROM: optional(email),
  /** A range service that knows breached passwords: https://api.pwnedpasswords.com/range/. */
  BREACHED_PASSWORDS: optional(httpsUrl),
  LOG_LEVEL: optional(oneOf(levels), "info"),
};
type Optional = "MAIL_FROM" | "CONSOLE_URL" | "BREACHED_PASSWORDS" | "FRONT_SECRET";
export type CloudSettings = Omit<Read<typeof cloudSettings>, Optional> & {
  [name in Optional]?: string | undefined;
};

/** The DNS zone of the hosts: its name and Route 53's id of it, both or none; and the CA. */
const zoneSettings = {
  DNS_ZONE: optional((value) => text(domainForm, "a domain name")(value?.toLowerCase())),
  DNS_ZONE_ID: optional(text(/^Z[A-Z0-9]{1,31}$/, "a hosted zone's id")),
  ACME_DIRECTORY: optional(httpsUrl, usualDirectory),
};

const vaultKey = { VAULT_KEY: longText(1) };
const mediaBucket = { MEDIA_BUCKET: longText(3) };
const jobQueue = { JOB_QUEUE: httpsUrl };

/** What the API has on top: the key that wraps tenants' keys, and where audio is kept. */
export const apiSettings = {
  ...{ ...cloudSettings, ...zoneSettings, ...vaultKey, ...mediaBucket, ...jobQueue },
  RATE_LIMIT: perMinute,
};

/** What the function that edges ask has on top: also the role that it lends to them. */
export const edgeSettings = {
  ...{ ...cloudSettings, ...zoneSettings, ...vaultKey, ...mediaBucket, ...jobQueue },
  LENT_ROLE: text(/^arn:/, "the ARN of a role"),
};

/** What the mailer has on top: also what SES reports by. */
export const mailerSettings = {
  ...{ ...cloudSettings, ...mediaBucket },
  MAIL_FROM: email,
  MAIL_CONFIGURATION_SET: longText(1),
};

/** What the retention sweep has on top. */
export const retentionSettings = { ...cloudSettings, ...zoneSettings, ...mediaBucket };

/** What the function that streams live views has on top: what its one caller proves itself by. */
export const liveSettings = { ...cloudSettings, FRONT_SECRET: longText(32), RATE_LIMIT: perMinute };

/** What the worker has on top: the key to the secrets that changes bring. */
export const workerSettings = { ...cloudSettings, ...vaultKey };

const { MAIL_FROM: _, ...withoutMail } = cloudSettings;
/** What the sender of webhooks has on top: the key to the secrets that sign, and the queue of what is to be sent. */
export const webhookSettings = { ...withoutMail, ...vaultKey, WEBHOOK_QUEUE: httpsUrl };
