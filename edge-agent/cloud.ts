// Signed requests to the control plane. The host's clock may be wrong: the offset is learnt from an answer that refuses a request for its time.
import { createHash, type KeyObject, randomBytes, sign } from "node:crypto";
import * as z from "zod/mini";
import "../core/english.ts";
import { signatureHeaders, signedText } from "../core/wire-text.ts";

/** `signal` cuts requests short. */
export type CloudOptions = { url: string; edge: string; key: KeyObject; timeoutSeconds?: number; signal?: AbortSignal };

export interface Cloud {
  /** `path` begins after `/v1/edges/<edge>/`. Answers the body's text, or throws CloudError. */
  send(method: "GET" | "POST" | "DELETE", path: string, body?: string): Promise<string>;
  /** The answer's JSON, checked. */
  get<T>(path: string, schema: z.core.$ZodType<T>): Promise<T>;
  post<T>(path: string, body: unknown, schema: z.core.$ZodType<T>): Promise<T>;
}

/** `status` is 0 where no answer came. `retry`: a later try can help. */
export class CloudError extends Error {
  readonly status: number;
  readonly retry: boolean;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
    this.retry = status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;
  }
}

export function createCloud({ url, edge, key, timeoutSeconds = 20, signal: cut }: CloudOptions): Cloud {
  let offset = 0;

  async function once(method: string, target: URL, body: string): Promise<{ status: number; text: string }> {
    const path = `${target.pathname}${target.search}`;
    const time = new Date(Date.now() + offset).toISOString();
    const nonce = randomBytes(16).toString("hex");
    const digest = createHash("sha256").update(body).digest("hex");
    const signature = sign(null, Buffer.from(signedText(method, path, digest, time, nonce)), key).toString("base64");
    const { edge: by, time: at, nonce: unique, signature: proof } = signatureHeaders;
    const headers = { "content-type": "application/json", [by]: edge, [at]: time, [unique]: nonce, [proof]: signature };
    try {
      const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
      const signal = cut ? AbortSignal.any([timeout, cut]) : timeout;
      const answer = await fetch(target, {
        method,
        headers,
        ...(method === "POST" && { body }),
        signal,
        redirect: "error",
      });
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      throw new CloudError(0, `no answer from ${target.origin}: ${reason(error)}`);
    }
  }

  async function send(method: "GET" | "POST" | "DELETE", path: string, body = ""): Promise<string> {
    const target = new URL(`${url}/v1/edges/${edge}/${path}`);
    let answer = await once(method, target, body);
    const theirs = answer.status === 401 ? serverTime(answer.text) : undefined;
    if (theirs !== undefined) {
      offset = theirs - Date.now();
      answer = await once(method, target, body);
    }
    if (answer.status < 200 || answer.status > 299)
      throw new CloudError(
        answer.status,
        `${method} ${target.pathname}: ${answer.status} ${answer.text.slice(0, 500)}`,
      );
    return answer.text;
  }

  const read = <T>(text: string, schema: z.core.$ZodType<T>): T => {
    const value = z.safeParse(schema, parseJson(text));
    if (!value.success)
      throw new CloudError(
        502,
        `an answer that can't be read: ${value.error.issues[0]?.path.join("/")}: ${value.error.issues[0]?.message}`,
      );
    return value.data;
  };

  return {
    send,
    get: async (path, schema) => read(await send("GET", path), schema),
    post: async (path, body, schema) => read(await send("POST", path, JSON.stringify(body)), schema),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function serverTime(text: string): number | undefined {
  const answer = parseJson(text);
  if (answer === null || typeof answer !== "object" || !("serverTime" in answer)) return undefined;
  const time = Date.parse(String(answer.serverTime));
  return Number.isNaN(time) ? undefined : time;
}

/** undici says "fetch failed" and hides why in the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
