// Requests to the API by the session or the key of who is signed in.
import { createClient } from "../../client/client.ts";
import { ApiProblem } from "../../client/problem.ts";
import { t } from "../i18n/t.ts";
import { apiKey, currentSession, end, needSecondFactor } from "../session/session.ts";
import { setReachable } from "./reachable.ts";

// a page asks again by itself
const client = createClient({ url: "", key: apiKey, cookies: true, tries: 1 });

/** An event of the window: who acted for a company does so no more. */
export const impersonationOver = "dialplane:impersonation-over";

type Options = {
  body?: unknown;
  /** A file; `attempt` tells it from others, so that sent again it counts once. */
  raw?: { type: string; content: BodyInit; attempt: string };
  version?: number;
  key?: string;
  signal?: AbortSignal;
};

/** Sends a request; resolves with the answer's JSON, which is `undefined` for 204. Throws ApiProblem. */
export async function send<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const attempt = method === "POST" ? `${path} ${options.raw?.attempt ?? JSON.stringify(options.body)}` : undefined;
  const key = options.key ?? apiKey();
  try {
    const idempotencyKey = attempt === undefined ? {} : { idempotencyKey: keyFor(attempt) };
    const body = await client.send(method, path, { ...options, ...idempotencyKey });
    setReachable(true);
    unanswered.delete(attempt ?? "");
    return body as T;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    setReachable(error.status !== 0);
    if (error.final && error.code !== "idempotency_running") unanswered.delete(attempt ?? "");
    if (error.code === "impersonation_over") dispatchEvent(new Event(impersonationOver));
    if (error.code === "second_factor_needed" && key === null) needSecondFactor();
    if (error.code === "unauthenticated" && options.key === undefined && key === apiKey() && currentSession())
      end(
        key === null
          ? t("Your session is over. Sign in again.")
          : t("The API key was refused: it may have been revoked. Sign in again."),
      );
    throw error;
  }
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
