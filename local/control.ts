// The control plane in this process: the API and the console on one port, the store in SQLite, the edges' queues in fauxqs.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAdaptorServer } from "@hono/node-server";
import { pino } from "pino";
import { idOf, type Owner } from "../core/owner.ts";
import { noRateLimit, type RateLimit } from "../functions/access/rate-limit.ts";
import { bootstrap } from "../functions/accounts/bootstrap.ts";
import { dns } from "../functions/accounts/dns.ts";
import type { Domains } from "../functions/accounts/domain.ts";
import { createApp } from "../functions/api/app.ts";
import type { App } from "../functions/api/route.ts";
import type { Context } from "../functions/context.ts";
import { carryOn, sweepDeletions } from "../functions/deletion/sweep.ts";
import type { Zone } from "../functions/dns/dns.ts";
import { sweep } from "../functions/document/publish.ts";
import { published } from "../functions/document/published.ts";
import { createEdgeApp } from "../functions/edges/app.ts";
import { webSockets } from "../functions/edges/browser-phones.ts";
import { isEdgePath } from "../functions/edges/path.ts";
import { sqsQueues } from "../functions/edges/queues.ts";
import { createIdentity } from "../functions/identity/app.ts";
import { breachedAt } from "../functions/identity/breached.ts";
import { identityPath } from "../functions/identity/path.ts";
import { doSoon, sweepWork } from "../functions/jobs/handler.ts";
import * as keys from "../functions/keys.ts";
import type { Mailer } from "../functions/mail/mail.ts";
import { createSending } from "../functions/mail/send.ts";
import { Problem } from "../functions/problem.ts";
import { sweepOld } from "../functions/retention/sweep.ts";
import { patient } from "../functions/store/patient.ts";
import { openSqlite } from "../functions/store/sqlite.ts";
import type { Store } from "../functions/store/store.ts";
import { keyFile } from "../functions/vault/key-file.ts";
import { Vault } from "../functions/vault/vault.ts";
import { createTargets, type Targets } from "../functions/webhooks/address.ts";
import { tryDelivery } from "../functions/webhooks/attempt.ts";
import { createPost } from "../functions/webhooks/post.ts";
import { resolve as resolveHost } from "../functions/webhooks/resolve.ts";
import { createLanes, createWebhooks } from "../functions/webhooks/send.ts";
import { addConsole } from "./console.ts";
import { folderMailer, forgetMail } from "./mail.ts";
import { addMailbox } from "./mailbox.ts";
import { mediaAccess } from "./media-access.ts";
import { lender } from "./queue-access.ts";
import { startQueueServer } from "./queue-server.ts";
import { withReleases } from "./releases.ts";

export type ControlSettings = {
  dataDir: string;
  host: string;
  port: number;
  publicUrl?: string | undefined;
  trustedProxies?: readonly string[];
  /** Of each key; none without it. */
  rateLimit?: RateLimit;
  sipZone: string;
  logLevel: string;
  webDir?: string;
  store?: (store: Store) => Store;
  /** Reads TXT records; DNS by default. */
  domains?: Domains;
  /** Addresses and ranges (CIDR) of one's own network that webhooks may go to, by http too. */
  webhookAllow?: string[] | undefined;
  /** A range service that knows breached passwords; none without it. */
  breachedPasswords?: string | undefined;
  /** Resolves the hosts of webhooks; as this machine does by default. */
  resolve?: Targets["resolve"];
  /** The DNS zone of the hosts; without it they get no certificates. */
  zone?: Zone | undefined;
  /** Takes mail; by default it goes to the folder `mail`. */
  mailer?: Mailer;
  /** Where the edge's packages are; by default where they are built. */
  releasesDir?: string;
};
export type Control = { url: string; ctx: Context; operatorKeyFile: string; close(): Promise<void> };

const builtReleases = fileURLToPath(new URL("../dist/edge", import.meta.url));
const sweepMs = 10_000;
const retentionMs = 3_600_000;
const webhookSweepMs = 2000;

/** Starts it; with `port` 0 the system chooses one. `store` may wrap the store (tests put faults there). */
export async function startControl(settings: ControlSettings): Promise<Control> {
  const { dataDir } = settings;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
  const log = pino({ level: settings.logLevel, name: "control" });
  const sqlite = openSqlite(join(dataDir, "control.db"));
  const queue = await startQueueServer(join(dataDir, "queues"));
  const running = new Set<Promise<void>>();
  let apps: { api: App; edge: App; identity: App } | undefined;
  const appFor = ({ method, url }: Request) => {
    const { pathname } = new URL(url);
    return apps?.[pathname.startsWith(identityPath) ? "identity" : isEdgePath(method, pathname) ? "edge" : "api"];
  };
  const server = createAdaptorServer({ fetch: (request, env) => appFor(request)?.fetch(request, env) ?? notYet() });
  // longer than clients and proxies keep one they don't use: who closes first must not be who is about to be asked
  if ("keepAliveTimeout" in server) server.keepAliveTimeout = 75_000;
  server.on("clientError", (error, socket) => refuseUnread(error, socket as Socket));
  const url = await new Promise<string>((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, settings.host, () =>
      resolve(
        `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${(server.address() as AddressInfo).port}`,
      ),
    );
  });
  const publicUrl = settings.publicUrl ?? url;
  const access = lender(queue.endpoint, publicUrl);
  const { media, gate } = mediaAccess(withReleases(queue.media, settings.releasesDir ?? builtReleases), publicUrl);
  const ctx: Context = {
    store: published(patient(settings.store?.(sqlite) ?? sqlite)),
    vault: new Vault(keyFile(join(dataDir, "master.key"))),
    queues: { ...sqsQueues(async () => queue.client, "local", access.lend), send: queue.send },
    media,
    zone: settings.zone,
    log,
    publicUrl,
    consoleUrl: publicUrl,
    trustedProxies: settings.trustedProxies ?? [],
    sendsMail: true,
    breached: settings.breachedPasswords
      ? breachedAt(settings.breachedPasswords, (error) =>
          log.warn({ error: String(error) }, "breached passwords not asked"),
        )
      : async () => false,
    targets: createTargets(settings.resolve ?? resolveHost, settings.webhookAllow),
    startJob: async (id) => {
      const begun = doSoon(ctx, id).catch((error) => log.warn({ id, error: String(error) }, "work was not begun"));
      ctx.after(begun.then(() => undefined));
    },
    live: { how: "told", seconds: 600 },
    now: () => new Date(),
    after(work) {
      running.add(work);
      void work.finally(() => running.delete(work));
    },
  };
  const operatorKeyFile = join(dataDir, "operator.key");
  await bootstrap(ctx, settings.sipZone, (key) =>
    writeFileSync(operatorKeyFile, `${key}\n`, { mode: 0o600, flush: true }),
  );
  const made = await createApp(ctx, settings.domains ?? dns, settings.rateLimit ?? noRateLimit);
  made.route("/", access.gate);
  made.route("/", gate);
  const mailDir = join(dataDir, "mail");
  if (!settings.mailer) addMailbox(made, mailDir, publicUrl);
  const webDir = settings.webDir;
  if (webDir && existsSync(webDir)) addConsole(made, webDir, () => webSockets(ctx));
  apps = { api: made, edge: createEdgeApp(ctx), identity: createIdentity(ctx) };
  const mail = createSending(ctx, settings.mailer ?? folderMailer(mailDir));
  const unswept = (error: unknown) => log.warn({ error: String(error) }, "outbox not swept");
  const stopMail = sqlite.subscribe((changes) => ctx.after(mail.changed(changes).catch(unswept)));
  const sweepAll = (ageMs: number) =>
    Promise.all([sweep(ctx, ageMs), mail.sweep(), sweepWork(ctx)].map((one) => one.catch(unswept)));
  const elsewhere = (owner: Owner) => forgetMail(mailDir, idOf(owner));
  const uncarried = (error: unknown) => log.warn({ error: String(error) }, "deletions were not carried on");
  const stopDeletions = sqlite.subscribe((changes) => {
    for (const { key, after } of changes)
      if (after && key.sk === keys.deletion(key.pk as Owner).sk && after.stage === "kept")
        ctx.after(carryOn(ctx, key.pk as Owner, { elsewhere }).catch(uncarried));
  });
  const sweeping = setInterval(() => void sweepAll(sweepMs / 2), sweepMs);
  const expire = () =>
    sweepOld(ctx).catch((error: unknown) => log.warn({ error: String(error) }, "not all was deleted that is too old"));
  const clean = async (): Promise<void> => {
    await expire();
    await sweepDeletions(ctx, elsewhere).catch(uncarried);
  };
  const expiring = setInterval(() => ctx.after(clean()), retentionMs);
  ctx.after(clean());
  await sweepAll(0);
  const stopWebhooks = startWebhooks(ctx, (listener) => sqlite.subscribe(listener));
  return {
    url,
    ctx,
    operatorKeyFile,
    async close() {
      clearInterval(sweeping);
      clearInterval(expiring);
      stopMail();
      stopDeletions();
      const webhooksStopped = stopWebhooks();
      const closed = new Promise((resolve) => server.close(resolve));
      if ("closeIdleConnections" in server) server.closeIdleConnections();
      // what is being answered gets a second; a queue that an edge waits at would hold for longer
      const cut = setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), 1000);
      await closed;
      clearTimeout(cut);
      await Promise.allSettled([...running, webhooksStopped]);
      await queue.close();
      await sqlite.close();
    },
  };
}

/** Brings events to the log and sends webhooks, until it is stopped: then what is being sent is cut off, to be sent again at the next start. */
function startWebhooks(ctx: Context, subscribe: Store["subscribe"]): () => Promise<void> {
  const ending = new AbortController();
  const post = createPost(ctx.targets);
  const unsent = (error: unknown) => ctx.log.warn({ error: String(error) }, "webhooks not swept");
  const lanes = createLanes((delivery) => tryDelivery(ctx, post, delivery, ending.signal).catch(unsent));
  const webhooks = createWebhooks(ctx, lanes.start, ending.signal);
  // one after another: those who write to the same log at once would only wait for each other
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<unknown>): void => {
    last = last.then(() => (ending.signal.aborted ? undefined : work())).catch(unsent);
  };
  const unsubscribe = subscribe((changes) => {
    if (changes.some(({ key, before }) => !before && key.sk.startsWith(keys.eventsWaiting)))
      inTurn(() => webhooks.changed(changes));
  });
  const sweeping = setInterval(() => inTurn(() => webhooks.sweep()), webhookSweepMs);
  inTurn(() => webhooks.sweep(0));
  return async () => {
    clearInterval(sweeping);
    unsubscribe();
    ending.abort();
    await last;
    await lanes.stop();
  };
}

/** The port is open before the first start has made the operator, because the public address names it. */
function notYet(): Response {
  return new Response("starting\n", { status: 503, headers: { "Retry-After": "1" } });
}

/** What node's parser refuses never reaches the app: it is answered here, in the same form. */
function refuseUnread(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable) return;
  const tooLong = error.code === "HPE_HEADER_OVERFLOW";
  const problem = tooLong
    ? new Problem("too_large", "The request's headers are too long; send shorter ones.")
    : new Problem("malformed", "The request is not HTTP/1.1; mend the client.");
  const status = tooLong ? "431 Request Header Fields Too Large" : "400 Bad Request";
  const body = JSON.stringify({ ...problem.body("", "none"), status: Number(status.slice(0, 3)) });
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
