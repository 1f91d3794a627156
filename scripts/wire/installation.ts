// A control plane in this process, for what goes over the wire: its edges' requests come in as over HTTP, and what it sends to their queues is kept.
import { createHash, type KeyObject, randomBytes, sign } from "node:crypto";
import { pino } from "pino";
import { signatureHeaders, signedText } from "../../core/wire-text.ts";
import { noRateLimit } from "../../functions/access/rate-limit.ts";
import { createApp } from "../../functions/api/app.ts";
import { createBackground } from "../../functions/background.ts";
import type { Context } from "../../functions/context.ts";
import { published } from "../../functions/document/published.ts";
import { createEdgeApp } from "../../functions/edges/app.ts";
import { isEdgePath } from "../../functions/edges/path.ts";
import { noMedia } from "../../functions/media/media.ts";
import { patient } from "../../functions/store/patient.ts";
import type { Store } from "../../functions/store/store.ts";
import { seal, unseal, Vault } from "../../functions/vault/vault.ts";
import { createTargets } from "../../functions/webhooks/address.ts";

export type Answer = { status: number; body: unknown };

/** `wrapping`: the key under which the installation's data keys lie. */
export async function openInstallation(store: Store, wrapping: Uint8Array) {
  const background = createBackground(pino({ level: "silent" }));
  const messages: string[] = [];
  const ctx: Context = {
    store: published(patient(store)),
    vault: new Vault({
      wrap: async (plain, context) => seal(wrapping, plain, context),
      unwrap: async (wrapped, context) => unseal(wrapping, wrapped, context),
    }),
    queues: {
      create: async (edge) => `https://sqs.us-east-1.amazonaws.com/123456789012/dp-dev-${edge}-1`,
      send: async (_, body) => void messages.push(body),
      remove: async () => {},
      access: async (_, url) => ({
        ...{ url, endpoint: null, region: "us-east-1", expiresAt: new Date(Date.now() + 3_600_000).toISOString() },
        credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret", sessionToken: "token" },
      }),
    },
    media: {
      ...noMedia("this installation"),
      uploadUrl: async () => ({ url: "https://s3.example/object", headers: { "content-type": "audio/wav" } }),
    },
    log: pino({ level: "silent" }),
    publicUrl: "https://api.example",
    consoleUrl: "https://api.example",
    trustedProxies: [],
    sendsMail: false,
    targets: createTargets(async () => []),
    breached: async () => false,
    startJob: async () => {},
    live: { how: "once" },
    now: () => new Date(),
    after: background.after,
  };
  const edges = createEdgeApp(ctx);
  const api = await createApp(ctx, async () => [], noRateLimit);

  async function ask(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const app = isEdgePath(method, path.replace(/\?.*/, "")) ? edges : api;
    const sent = { "content-type": "application/json", ...headers };
    const answer = await app.request(path, { method, headers: sent, ...(body !== undefined && { body }) });
    const text = await answer.text();
    await background.settled();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
  }

  return {
    ctx,
    /** The bodies of what was sent to edges' queues. */
    messages,
    ask,
    /** As an edge asks, which signs. */
    signed(edge: string, key: KeyObject, method: string, path: string, body = ""): Promise<Answer> {
      const [time, nonce] = [new Date().toISOString(), randomBytes(16).toString("hex")];
      const digest = createHash("sha256").update(body).digest("hex");
      const proof = sign(null, Buffer.from(signedText(method, path, digest, time, nonce)), key).toString("base64url");
      return ask(method, path, method === "GET" ? undefined : body, {
        [signatureHeaders.edge]: edge,
        [signatureHeaders.time]: time,
        [signatureHeaders.nonce]: nonce,
        [signatureHeaders.signature]: proof,
      });
    },
  };
}
