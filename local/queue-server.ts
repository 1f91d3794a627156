// SQS and S3 on one's own machine: fauxqs in this process, its data on disk, on loopback alone. Its own `startFauxqs` listens on every address without
// asking for credentials, so it is put together here from the same parts.
import { mkdirSync } from "node:fs";
import { SQSClient } from "@aws-sdk/client-sqs";
import { buildApp } from "fauxqs";
import type { Media } from "../functions/media/media.ts";
import { s3Media } from "../functions/media/s3.ts";

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>["stores"]>;
type QueueMessage = Parameters<NonNullable<ReturnType<Stores["sqsStore"]["getQueue"]>>["enqueue"]>[0];
type Persistence = {
  db: { exec(sql: string): void };
  load(sqs: Stores["sqsStore"], sns: Stores["snsStore"], s3: Stores["s3Store"]): void;
  close(): void;
};
type Parts = {
  "./persistence.js": { PersistenceManager: new (folder: string) => Persistence };
  "./sqs/sqsStore.js": {
    SqsStore: (new () => Stores["sqsStore"]) & { createMessage: (body: string, attributes: object) => QueueMessage };
  };
  "./sns/snsStore.js": { SnsStore: new () => Stores["snsStore"] };
  "./s3/s3Store.js": { S3Store: new () => Stores["s3Store"] };
};

/** Parts of the pinned version that its package does not name in `exports`. */
const part = async <F extends keyof Parts>(file: F): Promise<Parts[F]> =>
  (await import(new URL(file, import.meta.resolve("fauxqs")).href)) as Parts[F];

export const region = "us-east-1";
/** The stand-in checks no credentials; the SDK wants some. */
export const credentials = { accessKeyId: "local", secretAccessKey: "local" };

const bucket = "dialplane-media";

export type QueueServer = {
  endpoint: string;
  client: SQSClient;
  /** The bucket for audio. */
  media: Media;
  /** Puts a message into a queue of this very process, without the way out and in again by HTTP. */
  send(url: string, body: string): Promise<void>;
  close(): Promise<void>;
};

/** Starts it with its data in `folder`; `port` 0 lets the system choose. */
export async function startQueueServer(folder: string, port = 0): Promise<QueueServer> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [{ PersistenceManager }, { SqsStore }, { SnsStore }, { S3Store }] = await Promise.all([
    part("./persistence.js"),
    part("./sqs/sqsStore.js"),
    part("./sns/snsStore.js"),
    part("./s3/s3Store.js"),
  ]);
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const persistence = new PersistenceManager(folder);
  // a message is a hint: the write-ahead log survives a killed process, and what a power cut takes the timed comparison finds
  persistence.db.exec("pragma synchronous = normal");
  persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
  for (const store of Object.values(stores)) Object.assign(store, { persistence });
  for (const queue of stores.sqsStore.allQueues()) Object.assign(queue, { persistence });
  if (!stores.s3Store.hasBucket(bucket)) stores.s3Store.createBucket(bucket);
  const app = buildApp({ logger: false, defaultRegion: region, stores });
  app.addHook("preClose", () => persistence.close());
  const endpoint = await app.listen({ port, host: "127.0.0.1" });
  const client = new SQSClient({ endpoint, region, credentials, useQueueUrlAsEndpoint: false });
  return {
    endpoint,
    client,
    media: s3Media(bucket, { endpoint, region, credentials, forcePathStyle: true }),
    async send(url, body) {
      const queue = stores.sqsStore.getQueue(url);
      if (!queue) throw new Error(`there is no queue ${url}`);
      queue.enqueue(SqsStore.createMessage(body, {}));
    },
    async close() {
      client.destroy();
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
