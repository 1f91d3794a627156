// The control plane as an edge sees it: real HTTP, a real queue (fauxqs), documents that are simple enough to trust. Faults are put in where a test asks.
import { createHash, createPublicKey, randomBytes, verify } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { buildApp } from "fauxqs";
import { bucketOf, weighStanding } from "../../core/comparison.ts";
import { empty, shift } from "../../core/digest.ts";
import type { Owner } from "../../core/owner.ts";
import * as wire from "../../core/wire.ts";
import * as happened from "../../core/wire-events.ts";
import * as host from "../../core/wire-host.ts";
import { encodeMessage, signedText } from "../../core/wire-text.ts";
import { createDocument, type Document } from "./document.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export type Request = {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  headers: Record<string, string | string[] | undefined>;
};
export type Reply = { status: number; body?: unknown };

export async function startFakeCloud({ queue: withQueue = true, pageSize = 50 } = {}) {
  const documents = new Map<Owner, Document>();
  const deleted = new Map<Owner, { epoch: number; revision: number }>();
  const acks = new Map<Owner, wire.Ack>();
  const events: happened.EdgeEvent[] = [];
  const batches: string[] = [];
  const lastBatch = new Map<string, number>();
  const runtime: { at: string; word: wire.Runtime }[] = [];
  const keys = new Map<string, string>();
  const nonces = new Set<string>();
  const requests: Request[] = [];
  const stand = {
    /** Answers instead of the cloud where it returns something; `status` 0 cuts the connection, -1 never answers. */
    fault: undefined as ((request: Request) => Reply | undefined) | undefined,
    /** The cloud's clock is ahead of the host's by so many milliseconds. */
    ahead: 0,
    token: "token-1",
    queueLifeSeconds: 3600,
    heartbeats: 0,
    /** What heartbeats are answered with, where the edge has another version. */
    roster: undefined as wire.Roster | undefined,
  };
  const now = () => new Date(Date.now() + stand.ahead);
  const queue = withQueue ? await startQueue() : undefined;

  let lent = 0;
  const access = (): host.QueueAccess => ({
    url: queue?.url ?? "http://127.0.0.1:1/none",
    endpoint: queue?.endpoint ?? "http://127.0.0.1:1",
    region: "eu-central-1",
    credentials: { accessKeyId: `key${++lent}`, secretAccessKey: "test", sessionToken: null },
    expiresAt: new Date(Date.now() + stand.queueLifeSeconds * 1000).toISOString(),
  });

  function enroll(body: string): Reply {
    const request = host.enrolment.parse(JSON.parse(body));
    const edge = `edg_${sha256(request.publicKey).slice(0, 26).toUpperCase()}`;
    if (!keys.has(edge) && request.token !== stand.token)
      return { status: 403, body: { detail: "the token is not known or was used" } };
    keys.set(edge, request.publicKey);
    stand.token = randomBytes(8).toString("hex");
    return { status: 200, body: { edge, pool: "pol_1", queue: access(), serverTime: now().toISOString() } };
  }

  function refuseUnsigned(request: Request, edge: string): Reply | undefined {
    const header = (name: string) => String(request.headers[name] ?? "");
    const key = keys.get(edge);
    if (!key || header("dp-edge") !== edge) return { status: 401, body: { detail: "no such edge" } };
    const time = header("dp-time");
    const nonce = header("dp-nonce");
    const query = request.query.size > 0 ? `?${request.query.toString()}` : "";
    const text = signedText(request.method, `${request.path}${query}`, sha256(request.body), time, nonce);
    if (!verify(null, Buffer.from(text), createPublicKey(key), Buffer.from(header("dp-signature"), "base64")))
      return { status: 401, body: { detail: "signature" } };
    if (Math.abs(Date.parse(time) - now().getTime()) > 300_000)
      return { status: 401, body: { detail: "time", serverTime: now().toISOString() } };
    if (nonces.has(nonce)) return { status: 401, body: { detail: "replay" } };
    nonces.add(nonce);
    return undefined;
  }

  function changes(query: URLSearchParams): Reply {
    const document = documents.get(query.get("owner") as Owner);
    if (!document) return { status: 404 };
    const since = Number(query.get("since"));
    if (Number(query.get("epoch")) !== document.standing.epoch)
      return { status: 200, body: { deltas: [], snapshot: true } };
    return {
      status: 200,
      body: { deltas: document.deltas.filter((delta) => delta.revision > since), snapshot: false },
    };
  }

  function snapshot(query: URLSearchParams): Reply {
    const document = documents.get(query.get("owner") as Owner);
    if (!document) return { status: 404 };
    const pages = document.pages(pageSize);
    const at = Number(query.get("after") ?? 0) / pageSize;
    return {
      status: 200,
      body: pages[at] ?? { ...document.standing, path: [], resources: [], secrets: [], next: null },
    };
  }

  function differences(body: string): Reply {
    const { buckets } = wire.comparison.parse(JSON.parse(body));
    const sums = Array<string>(256).fill(empty);
    for (const { standing } of documents.values()) {
      const bucket = bucketOf(sha256, standing.owner);
      sums[bucket] = shift(sums[bucket] ?? empty, [weighStanding(sha256, standing)]);
    }
    const differing = sums.flatMap((sum, bucket) => (sum === buckets[bucket] ? [] : [bucket]));
    const inBucket = (bucket: number) => [
      ...[...documents.values()]
        .filter(({ owner }) => bucketOf(sha256, owner) === bucket)
        .map(({ standing }) => standing),
      ...[...deleted]
        .filter(([owner]) => bucketOf(sha256, owner) === bucket)
        .map(([owner, at]) => ({ owner, ...at, digest: empty, deleted: true })),
    ];
    return { status: 200, body: { buckets: differing.map((bucket) => ({ bucket, documents: inBucket(bucket) })) } };
  }

  /** What was learnt since, two words a page. */
  function learnt(query: URLSearchParams): Reply {
    const upTo = now().toISOString();
    const found = runtime.filter(({ at }) => at >= (query.get("since") ?? ""));
    const from = Number(query.get("after") ?? 0);
    const next = from + 2 < found.length ? String(from + 2) : null;
    return { status: 200, body: { runtime: found.slice(from, from + 2).map(({ word }) => word), next, upTo } };
  }

  function takeAcks(body: string): Reply {
    for (const ack of wire.acks.parse(JSON.parse(body)).acks) acks.set(ack.owner, ack);
    return { status: 204 };
  }

  function takeEvents(body: string): Reply {
    const { generation, batch, events: inside } = happened.eventBatch.parse(JSON.parse(body));
    batches.push(body);
    if (batch > (lastBatch.get(generation) ?? 0)) {
      events.push(...inside);
      lastBatch.set(generation, batch);
    }
    return { status: 200, body: { batch } };
  }

  function reply(request: Request): Reply {
    const [, , , edge = "", what = ""] = request.path.split("/");
    if (request.path === "/v1/edges/enroll") return enroll(request.body);
    const refused = refuseUnsigned(request, edge);
    if (refused) return refused;
    if (what === "queue") return { status: 200, body: access() };
    if (what === "changes") return changes(request.query);
    if (what === "snapshot") return snapshot(request.query);
    if (what === "runtime") return learnt(request.query);
    if (what === "differences") return differences(request.body);
    if (what === "acks") return takeAcks(request.body);
    if (what === "events") return takeEvents(request.body);
    if (what !== "heartbeat") return { status: 404 };
    stand.heartbeats++;
    const { roster: version } = host.heartbeat.parse(JSON.parse(request.body));
    const news = stand.roster && stand.roster.version !== version ? { roster: stand.roster } : {};
    return { status: 200, body: { serverTime: now().toISOString(), ...news } };
  }

  const server = createServer((message, response) => void serve(message, response));
  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const url = new URL(message.url ?? "/", "http://host");
    const request = {
      method: message.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      body: Buffer.concat(chunks).toString(),
      headers: message.headers,
    };
    requests.push(request);
    const { status, body } = stand.fault?.(request) ?? reply(request);
    if (status < 0) return;
    if (status === 0) return void message.socket.destroy();
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(body === undefined ? undefined : JSON.stringify(body));
  }
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stand,
    documents,
    acks,
    events,
    batches,
    /** What the cloud knows of runtime state, and since when. */
    runtime,
    requests,
    /** The access keys that the queue was asked with. */
    keysUsed: queue?.keysUsed ?? new Set<string>(),
    add(document: Document): Document {
      documents.set(document.owner, document);
      return document;
    },
    document(owner: Owner): Document {
      const found = documents.get(owner) ?? createDocument(owner);
      documents.set(owner, found);
      return found;
    },
    delete(owner: Owner): wire.Message {
      const at = documents.get(owner)?.standing ?? { epoch: 1, revision: 0 };
      documents.delete(owner);
      const tombstone = { epoch: at.epoch, revision: at.revision + 1 };
      deleted.set(owner, tombstone);
      return { type: "deleted", owner, ...tombstone };
    },
    /** Forgets documents and what was said of them; edges stay. */
    reset(): void {
      for (const each of [documents, deleted, acks]) each.clear();
      runtime.length = 0;
      stand.fault = undefined;
    },
    send: async (message: wire.Message | string): Promise<void> =>
      queue?.send(typeof message === "string" ? message : encodeMessage(message)),
    async stop(): Promise<void> {
      await queue?.stop();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export type FakeCloud = Awaited<ReturnType<typeof startFakeCloud>>;

async function startQueue() {
  const app = buildApp({ logger: false });
  const keysUsed = new Set<string>();
  app.addHook("onRequest", (request, _, next) => {
    keysUsed.add(/Credential=([^/]+)/.exec(request.headers.authorization ?? "")?.[1] ?? "");
    next();
  });
  const endpoint = (await app.listen({ host: "127.0.0.1", port: 0 })).replace("localhost", "127.0.0.1");
  const sqs = new SQSClient({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    useQueueUrlAsEndpoint: false,
  });
  const { QueueUrl: url = "" } = await sqs.send(
    new CreateQueueCommand({ QueueName: `dp-test-${randomBytes(4).toString("hex")}` }),
  );
  return {
    url,
    endpoint,
    keysUsed,
    send: async (body: string) => void (await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }))),
    async stop() {
      sqs.destroy();
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
