// The control plane as the cloud runs it, in this process and on a meter: the Lambdas' own handlers, fed with API Gateway's events, with the table's stream
// and by the clock, over a store, queues, keys and mail that count.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { APIGatewayProxyStructuredResultV2, DynamoDBRecord, SQSRecord } from "aws-lambda";
import { pino } from "pino";
import { signatureHeaders, signedText } from "../../core/wire-text.ts";
import { noRateLimit } from "../../functions/access/rate-limit.ts";
import { bootstrap } from "../../functions/accounts/bootstrap.ts";
import { createApp } from "../../functions/api/app.ts";
import { createHandler } from "../../functions/api/handler.ts";
import { createBackground } from "../../functions/background.ts";
import type { Context } from "../../functions/context.ts";
import { sweepDeletions } from "../../functions/deletion/sweep.ts";
import { published } from "../../functions/document/published.ts";
import { createEdgeApp } from "../../functions/edges/app.ts";
import { isEdgePath } from "../../functions/edges/path.ts";
import { createIdentity } from "../../functions/identity/app.ts";
import { identityPath } from "../../functions/identity/path.ts";
import { createWorker } from "../../functions/jobs/handler.ts";
import * as keys from "../../functions/keys.ts";
import { createMailerHandler, createSending } from "../../functions/mail/send.ts";
import type { Media } from "../../functions/media/media.ts";
import { createPublisher } from "../../functions/publisher/publisher.ts";
import { sweepRetention } from "../../functions/retention/sweep.ts";
import { toAttributes } from "../../functions/store/attributes.ts";
import { patient } from "../../functions/store/patient.ts";
import { openSqlite } from "../../functions/store/sqlite.ts";
import type { Changed } from "../../functions/store/store.ts";
import { seal, unseal, Vault } from "../../functions/vault/vault.ts";
import { createTargets } from "../../functions/webhooks/address.ts";
import { tryDelivery } from "../../functions/webhooks/attempt.ts";
import { createWebhookHandler } from "../../functions/webhooks/handler.ts";
import { gatewayEvent } from "../../test/support/gateway.ts";
import { type Heat, Meter, metered } from "./meter.ts";
import { type Counts, none } from "./prices.ts";

/** What a function's own work takes at most beside waiting, in milliseconds of its share of a processor; a password takes its own. */
const workMs = 10;
const passwordMs = 60;
/** A line of API Gateway's access log, and what Lambda writes of an invocation: bytes. */
const logBytes = { request: 350, invocation: 400 };
/** Headers of an answer, in bytes. */
const headerBytes = 600;
const gb = 1024 ** 3;

export type Answer = { status: number; text: string; body: Record<string, unknown>; headers: Record<string, string> };
export type Edge = { id: string; request(method: "GET" | "POST", what: string, body?: unknown): Promise<Answer> };
export type Clock = "publisher" | "webhooks" | "worker" | "mailer" | "retention" | "deletions";

/** `memoryMb` by function, as the template has it. */
export async function openMeteredCloud(memoryMb: Record<string, number>) {
  const meter = new Meter();
  let time = Date.parse("2026-11-02T09:00:00.123Z");
  const now = () => new Date(time);
  const sqlite = openSqlite(":memory:");
  const background = createBackground(pino({ level: "silent" }));
  const wrapping = randomBytes(32);
  const mails: string[] = [];
  const objects = new Map<string, { bytes: Uint8Array; contentType: string }>();
  const ctx: Context = {
    store: published(patient(metered(sqlite, meter, () => time))),
    vault: new Vault({
      wrap: (plain, context) => kms(() => seal(wrapping, plain, context)),
      unwrap: (wrapped, context) => kms(() => unseal(wrapping, wrapped, context)),
    }),
    queues: {
      create: async (edge) => `https://sqs.us-east-1.amazonaws.com/123456789012/dp-prod-${edge}-1`,
      // sent, received and deleted
      send: (_, body) =>
        meter.wait("sqs", async () => {
          meter.sqs(body.length);
          meter.sqs(body.length);
          meter.sqs(0);
          meter.add("outGb", body.length / gb);
        }),
      remove: async () => {},
      access: (edge, url) => meter.wait("sts", async () => access(edge, url, time)),
    },
    media: countedMedia(meter, objects),
    log: pino({ level: "silent" }),
    publicUrl: "https://abc123.execute-api.us-east-1.amazonaws.com",
    consoleUrl: "https://pbx.example.com",
    trustedProxies: [],
    sendsMail: true,
    breached: async () => false,
    targets: createTargets(async () => ["8.8.8.8"]),
    startJob: async () => meter.sqs(40),
    live: { how: "once" },
    now,
    after: background.after,
  };

  function kms<T>(work: () => T): Promise<T> {
    return meter.wait("kms", async () => {
      meter.add("kmsRequests");
      return work();
    });
  }

  let key = "";
  const operator = await bootstrap(ctx, "sip.example.com", (made) => {
    key = made;
  });
  const apps = {
    api: createHandler(await createApp(ctx, async () => [], noRateLimit), background.settled),
    edge: createHandler(createEdgeApp(ctx), background.settled),
    identity: createHandler(createIdentity(ctx), background.settled),
  };
  const publisher = createPublisher(ctx);
  const sending = createSending(ctx, {
    send: (mail) =>
      meter.wait("mail", async () => {
        mails.push(mail.text);
        meter.add("mails");
        meter.add("mailGb", mail.attachments.reduce((sum, { bytes }) => sum + bytes.length, 0) / gb);
      }),
  });
  const mailer = createMailerHandler(sending);
  const worker = createWorker(ctx, background.settled);
  const deliveries: string[] = [];
  const webhooks = createWebhookHandler(ctx, {
    enqueue: (_, body) =>
      meter.wait("sqs", async () => {
        for (let request = 0; request < 3; request++) meter.sqs(body.length, "fairSqsRequests");
        deliveries.push(body);
      }),
    work: (delivery) =>
      tryDelivery(ctx, () => meter.wait("webhook", async () => ({ status: 200, error: null })), delivery),
  });

  /** One run of a Lambda. */
  async function invoke<T>(name: string, work: () => Promise<T>, ownMs = workMs): Promise<T> {
    const began = meter.waitedMs;
    const done = await work();
    const seconds = (meter.waitedMs - began + ownMs) / 1000;
    meter.add("lambdaRequests");
    meter.add("lambdaGbSeconds", ((memoryMb[name] ?? 1024) / 1024) * seconds);
    meter.add("logGb", logBytes.invocation / gb);
    return done;
  }

  const stream: Changed[] = [];
  sqlite.subscribe((changes) => void stream.push(...changes));
  const fed: [string, string, (event: { Records: DynamoDBRecord[] }) => Promise<unknown>][] = [
    ["publisher", keys.outboxes, publisher],
    ["webhooks", keys.eventsWaiting, webhooks],
    ["mailer", keys.mails, mailer],
  ];

  /** All that follows from what was done, each item by a run of its own: where there are more at once, fewer runs do. */
  async function settle(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      await background.settled();
      const change = stream.shift();
      const delivery = change ? undefined : deliveries.shift();
      if (delivery) await invoke("webhooks", () => webhooks({ Records: [{ body: delivery } as SQSRecord] }));
      if (!change && !delivery) return;
      if (!change?.after || change.before) continue;
      for (const [name, prefix, handler] of fed)
        if (change.key.sk.startsWith(prefix)) await invoke(name, () => handler({ Records: [recordOf(change)] }));
    }
  }

  async function request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: `Bearer ${key}` },
  ): Promise<Answer> {
    const pathname = path.replace(/\?.*/, "");
    const name = pathname.startsWith(identityPath) ? "identity" : isEdgePath(method, pathname) ? "edge" : "api";
    const event = gatewayEvent(method, path, { headers, body });
    const ownMs = workMs + (path.endsWith("/sign-in") ? passwordMs : 0);
    const run = () => apps[name](event) as Promise<APIGatewayProxyStructuredResultV2>;
    const answer = await invoke(name, run, ownMs);
    const text = answer.isBase64Encoded ? Buffer.from(answer.body ?? "", "base64").toString() : (answer.body ?? "");
    meter.add("apiRequests", Math.max(1, Math.ceil(text.length / (512 * 1024))));
    meter.add("logGb", logBytes.request / gb);
    meter.add("outGb", (text.length + headerBytes) / gb);
    const cookies = answer.cookies?.join("; ");
    const sent: Record<string, string> = {
      ...(answer.headers as Record<string, string>),
      ...(cookies && { "set-cookie": cookies }),
    };
    const isJson = /json/.test(String(sent["content-type"]));
    const { statusCode = 0 } = answer;
    if (statusCode >= 400) throw new Error(`${method} ${path}: ${statusCode} ${text}`);
    return { status: statusCode, text, body: isJson ? JSON.parse(text) : {}, headers: sent };
  }

  async function enrol(name: string): Promise<Edge> {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const { body: join } = await request("POST", "/v1/edges", {});
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const sip = { server: "192.0.2.1", port: 5060, transport: "udp" };
    const wanted = { token: join.token, publicKey: pem, name, engine: "freeswitch", sip };
    const { body: enrolled } = await request("POST", "/v1/edges/enroll", wanted, {});
    const id = String(enrolled.edge);
    return {
      id,
      request(method, what, body) {
        const path = `/v1/edges/${id}/${what}`;
        const digest = createHash("sha256")
          .update(body === undefined ? "" : JSON.stringify(body))
          .digest("hex");
        const [at, nonce] = [now().toISOString(), randomBytes(16).toString("hex")];
        const signed = sign(null, Buffer.from(signedText(method, path, digest, at, nonce)), privateKey);
        return request(method, path, body, {
          [signatureHeaders.edge]: id,
          [signatureHeaders.time]: at,
          [signatureHeaders.nonce]: nonce,
          [signatureHeaders.signature]: signed.toString("base64url"),
        });
      },
    };
  }

  const clocks: Record<Clock, () => Promise<unknown>> = {
    publisher: () => invoke("publisher", () => publisher({ sweep: true })),
    webhooks: () => invoke("webhooks", () => webhooks({ sweep: true })),
    worker: () => invoke("worker", () => worker({ sweep: true })),
    mailer: () => invoke("mailer", () => mailer({ sweep: true })),
    retention: () => invoke("retention", () => sweepRetention(ctx)),
    deletions: () => invoke("retention", () => sweepDeletions(ctx)),
  };

  let lastHeat: Heat = new Map();

  return {
    ctx,
    /** Which partitions the last `count` fell on. */
    heat: () => lastHeat,
    operator: operator?.owner ?? "",
    pool: operator?.pool ?? "",
    key,
    mails,
    objects,
    now,
    request,
    enrol,
    settle,
    tick: (clock: Clock) => clocks[clock](),
    /** What `work`, and all that follows from it, costs. */
    async count(work: () => Promise<unknown>): Promise<Counts> {
      await settle();
      // nothing happens in the same moment as something before, and most keys and sessions were used a moment ago
      time += 1000;
      meter.counts = none();
      meter.heat = new Map();
      await work();
      await settle();
      const { counts, heat } = meter;
      meter.counts = none();
      lastHeat = heat;
      return counts;
    },
    close: () => ctx.store.close(),
  };
}

export type MeteredCloud = Awaited<ReturnType<typeof openMeteredCloud>>;

function recordOf({ key, before, after }: Changed): DynamoDBRecord {
  return {
    eventName: before ? (after ? "MODIFY" : "REMOVE") : "INSERT",
    dynamodb: {
      Keys: toAttributes(key),
      ...(after && { NewImage: toAttributes(after) }),
      SequenceNumber: "1",
    },
  } as DynamoDBRecord;
}

const access = (edge: string, url: string, time: number) => ({
  ...{ url, endpoint: null, region: "us-east-1" },
  credentials: { accessKeyId: "A".repeat(20), secretAccessKey: "s".repeat(40), sessionToken: `${edge}`.padEnd(1000) },
  expiresAt: new Date(time + 3_600_000).toISOString(),
});

function countedMedia(meter: Meter, objects: Map<string, { bytes: Uint8Array; contentType: string }>): Media {
  const signed = async () => "https://s3.us-east-1.amazonaws.com/object?signed";
  return {
    put: (key, bytes, contentType) =>
      meter.wait("s3", async () => {
        meter.add("s3Writes");
        objects.set(key, { bytes, contentType });
      }),
    get: (key, most) =>
      meter.wait("s3", async () => {
        meter.add("s3Reads");
        return objects.get(key)?.bytes.slice(0, most);
      }),
    head: (key) =>
      meter.wait("s3", async () => {
        meter.add("s3Reads");
        const found = objects.get(key);
        return found && { bytes: found.bytes.length, contentType: found.contentType };
      }),
    remove: (key) => meter.wait("s3", async () => void objects.delete(key)),
    list: () => {
      meter.add("s3Writes");
      return (async function* (): AsyncGenerator<string> {
        yield* [];
      })();
    },
    downloadUrl: signed,
    // whoever has the URL puts it there
    uploadUrl: async () => {
      meter.add("s3Writes");
      return { url: await signed(), headers: {} };
    },
  };
}
