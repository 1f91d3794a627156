// Requests to the API, and its problems as errors.
import type { Flaw } from "../../functions/problem.ts";
import { apiKey, end } from "../session/session.ts";
import { setReachable } from "./reachable.ts";

/** What others refer to, as the problem `in_use` lists it. */
export type User = { kind: string; id: string; key: string; pointer: string };

/** An application/problem+json answer, or (status 0) no answer at all. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly errors: Flaw[];
  readonly users: User[];
  readonly requestId: string | undefined;

  constructor(status: number, body: Record<string, unknown>) {
    super(typeof body.detail === "string" ? body.detail : `The server answered with status ${status}.`);
    this.status = status;
    this.title = typeof body.title === "string" ? body.title : "That did not work";
    this.code = typeof body.code === "string" ? body.code : "unknown";
    this.errors = Array.isArray(body.errors) ? body.errors : [];
    this.users = Array.isArray(body.users) ? body.users : [];
    this.requestId = typeof body.requestId === "string" ? body.requestId : undefined;
  }

  /** Whether the answer is final: the same request would fail again. */
  get final(): boolean {
    return this.status >= 400 && this.status < 500;
  }
}

type Options = { body?: unknown; version?: number; key?: string; signal?: AbortSignal };

/** Sends a request; resolves with the answer's JSON, which is `undefined` for 204. Throws ApiProblem. */
export async function send<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const text = options.body === undefined ? undefined : JSON.stringify(options.body);
  const attempt = method === "POST" ? `${path} ${text}` : undefined;
  const key = options.key ?? apiKey();
  const answer = await fetch(path, {
    method,
    cache: "no-store",
    credentials: "omit",
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(text !== undefined && { "content-type": "application/json" }),
      ...(options.version !== undefined && { "if-match": `"${options.version}"` }),
      ...(attempt !== undefined && { "idempotency-key": keyFor(attempt) }),
    },
    ...(text !== undefined && { body: text }),
    ...(options.signal && { signal: options.signal }),
  }).catch((error: unknown) => {
    if (options.signal?.aborted) throw error;
    setReachable(false);
    throw new ApiProblem(0, {
      title: "No answer",
      detail: "The control plane did not answer; check that it runs and that this device is online, then try again.",
    });
  });
  setReachable(true);
  const body = answer.status === 204 ? undefined : await answer.json().catch(() => ({}));
  if (answer.status < 500 && body?.code !== "idempotency_running") unanswered.delete(attempt ?? "");
  if (answer.ok) return body as T;
  if (answer.status === 401 && options.key === undefined && key === apiKey())
    end("The API key was refused: it may have been revoked. Sign in again.");
  throw new ApiProblem(answer.status, body ?? {});
}

/**
 * Idempotency keys of POSTs whose answer never came: pressing the button again must not make a second extension, and still shows the first one's
 * password.
 */
const unanswered = new Map<string, string>();

function keyFor(attempt: string): string {
  const key = unanswered.get(attempt) ?? randomText(24);
  unanswered.set(attempt, key);
  return key;
}

const alphabet = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";

/** Unpredictable letters and digits, none easily mistaken for another. `crypto.randomUUID` is missing on plain http, this is not. */
export function randomText(length: number): string {
  let text = "";
  while (text.length < length)
    // every character equally likely: bytes beyond the last full round are dropped
    for (const byte of crypto.getRandomValues(new Uint8Array(length)))
      if (byte < 224 && text.length < length) text += alphabet[byte % alphabet.length];
  return text;
}
