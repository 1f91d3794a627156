// What the control plane's verbs work with: made once per process and passed in.
import type { Zone } from "./dns/dns.ts";
import type { Queues } from "./edges/queues.ts";
import type { Log } from "./log.ts";
import type { Media } from "./media/media.ts";
import type { Metric } from "./metric.ts";
import type { Store } from "./store/store.ts";
import type { Vault } from "./vault/vault.ts";
import type { Targets } from "./webhooks/address.ts";

export type Context = {
  store: Store;
  vault: Vault;
  queues: Queues;
  media: Media;
  log: Log;
  /** Tells figures of how things go; where it is missing nobody keeps them. */
  measure?(name: Metric, values: number[]): void;
  /** The address under which callers reach the API, without a slash at the end. */
  publicUrl: string;
  /** The address of the console, without a slash at the end: links in mails lead there, and sessions are taken from its pages alone. */
  consoleUrl: string;
  /** Networks of the proxies in front whose X-Forwarded-For is believed. */
  trustedProxies: readonly string[];
  /** What the installation's own front (CloudFront) proves itself by, where there is one. */
  frontSecret?: string | undefined;
  /** Whether this installation sends mail: who else but a mailer would take it from the outbox? */
  sendsMail: boolean;
  /** Whether a password was found out elsewhere, as far as a service that the installation names knows. */
  breached(password: string): Promise<boolean>;
  /** The DNS zone of the hosts; where it is missing they have no names, and get no certificates. */
  zone?: Zone | undefined;
  /** Where webhooks may go. */
  targets: Targets;
  /** Has the worker do a stored job, or tend a pool, soon; what it does not reach, the sweep finds. */
  startJob(id: string): Promise<void>;
  /**
   * How streams of what goes on are kept: this process is told of the store's changes, or asks for them, and a stream stays open for so many seconds; or it
   * ends once it has said what differs.
   */
  live: { how: "told" | "asking"; seconds: number } | { how: "once"; seconds?: never };
  now: () => Date;
  /** Work that goes on after the answer: a server lets it run, a Lambda waits for it. */
  after: (work: Promise<void>) => void;
};
