// An edge as the control plane sees one: a key, an enrolment, signed requests. Tests may bend each part of a signature.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import type { Owner } from "../../core/owner.ts";
import { type Carried, type Snapshot, snapshot } from "../../core/wire.ts";
import { signatureHeaders, signedText } from "../../core/wire-text.ts";
import type { Reply, TestControl } from "./control.ts";

/** What to sign or send instead of what is right. */
export type Bent = {
  method?: string;
  path?: string;
  body?: string;
  time?: string;
  nonce?: string;
  signature?: string;
  edge?: string;
  key?: KeyObject;
  /** Sent although something else was signed. */
  sentBody?: string;
  sentPath?: string;
};

export const newKey = () => generateKeyPairSync("ed25519");
export const pem = (key: KeyObject): string => key.export({ type: "spki", format: "pem" }).toString();

/** What an edge needs of a control plane. */
export type Asked = Pick<TestControl, "call"> & { ctx: Pick<TestControl["ctx"], "now"> };

export async function joinToken(control: Asked, poolId?: string): Promise<string> {
  const { body, text } = await control.call("POST", "/v1/edges", poolId ? { poolId } : {});
  if (!body.token) throw new Error(text);
  return String(body.token);
}

export const enrolmentOf = (token: string, publicKey: KeyObject, more: Record<string, unknown> = {}) => ({
  token,
  publicKey: pem(publicKey),
  name: "edge",
  engine: "freeswitch",
  sip: { server: "192.0.2.1", port: 5060, transport: "udp" },
  ...more,
});

/** `more`: of its enrolment. */
export async function enrolEdge(control: Asked, poolId?: string, more: Record<string, unknown> = {}) {
  const { privateKey, publicKey } = newKey();
  const token = await joinToken(control, poolId);
  const reply = await control.call("POST", "/v1/edges/enroll", enrolmentOf(token, publicKey, more), { key: null });
  if (reply.status !== 201) throw new Error(reply.text);
  const id = String(reply.body.edge);

  const request = (method: "GET" | "POST" | "DELETE", what: string, body?: unknown, bent: Bent = {}): Promise<Reply> =>
    requestTo(control, method, what, body, bent);

  /** To another control plane that stands on the same store. */
  async function requestTo(
    to: Asked,
    method: "GET" | "POST" | "DELETE",
    what: string,
    body?: unknown,
    bent: Bent = {},
  ): Promise<Reply> {
    const path = `/v1/edges/${id}/${what}`;
    const text = body === undefined ? "" : JSON.stringify(body);
    const time = bent.time ?? to.ctx.now().toISOString();
    const nonce = bent.nonce ?? randomBytes(16).toString("hex");
    const digest = createHash("sha256")
      .update(bent.body ?? text)
      .digest("hex");
    const signed = signedText(bent.method ?? method, bent.path ?? path, digest, time, nonce);
    const headers = {
      [signatureHeaders.edge]: bent.edge ?? id,
      [signatureHeaders.time]: time,
      [signatureHeaders.nonce]: nonce,
      [signatureHeaders.signature]:
        bent.signature ?? sign(null, Buffer.from(signed), bent.key ?? privateKey).toString("base64url"),
    };
    const sent = bent.sentBody ?? text;
    return to.call(method, bent.sentPath ?? path, undefined, {
      key: null,
      headers,
      ...(method === "POST" && { raw: sent }),
    });
  }

  async function snapshotOf(owner: Owner): Promise<Omit<Snapshot, "next">> {
    const resources: Carried[] = [];
    const secrets: Snapshot["secrets"] = [];
    for (let after: string | undefined; ; ) {
      const query = `snapshot?owner=${encodeURIComponent(owner)}${after ? `&after=${encodeURIComponent(after)}` : ""}`;
      const page = snapshot.parse((await request("GET", query)).body);
      resources.push(...page.resources);
      secrets.push(...page.secrets);
      if (page.next === null) return { ...page, resources, secrets };
      after = page.next;
    }
  }

  return {
    id,
    pool: String(reply.body.pool),
    queue: reply.body.queue,
    token,
    privateKey,
    publicKey,
    request,
    requestTo,
    snapshotOf,
  };
}

export type SignedEdge = Awaited<ReturnType<typeof enrolEdge>>;
