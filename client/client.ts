// The client of the API, for browsers and Node alike: requests typed by client/operations.ts, tried again where that can help, lists page by page.
import type { Operations } from "./operations.ts";
import { ApiProblem } from "./problem.ts";

export type Settings = {
  /** Where the control plane is: `https://pbx.example`; empty in a browser that got its page from there. */
  url: string;
  /** The API key; null: none is sent. */
  key(): string | null;
  /** Whether the browser's cookie goes along where there is no key: a session of the console. */
  cookies?: boolean;
  /** How often a request is sent at the most; 4 by default. */
  tries?: number;
  fetch?: typeof fetch;
  /** Waits so many milliseconds. */
  wait?(ms: number): Promise<void>;
};

export type Options = {
  body?: unknown;
  /** A file in the place of a JSON body. */
  raw?: { type: string; content: BodyInit };
  query?: Record<string, string | number | boolean | undefined>;
  /** Only if the resource is still at this version (If-Match). */
  version?: number;
  /** Of a POST; made up where it is left out, so that a second try can't do it twice. */
  idempotencyKey?: string;
  /** Instead of the client's own. */
  key?: string;
  signal?: AbortSignal;
};

type Empty = Record<string, never>;
type Named<O extends keyof Operations> = {
  query?: Operations[O]["query"];
  version?: number;
  idempotencyKey?: string;
  signal?: AbortSignal;
} & (keyof Operations[O]["path"] extends never ? { path?: Empty } : { path: Operations[O]["path"] }) &
  (Operations[O]["body"] extends undefined ? { body?: undefined } : { body: Operations[O]["body"] });
type Lists = {
  [O in keyof Operations]: Operations[O]["answer"] extends { data: unknown[]; next: string | null } ? O : never;
}[keyof Operations];

export type Client = {
  /** `call("GET /v1/tenants/{tenant}", { path: { tenant } })`; resolves with the answer's body. Throws ApiProblem. */
  call<O extends keyof Operations>(operation: O, options: Named<O>): Promise<Operations[O]["answer"]>;
  /** Every item of a list, page after page. Throws ApiProblem. */
  items<O extends Lists>(operation: O, options: Named<O>): AsyncGenerator<Operations[O]["answer"]["data"][number]>;
  /** A request whose path is known only when it is made. Throws ApiProblem. */
  send(method: string, path: string, options?: Options): Promise<unknown>;
};

/** A part of a path. A name of dots alone would lead to another place: throws ApiProblem. */
export function segment(value: string): string {
  if (value === "" || value === "." || value === "..")
    throw new ApiProblem(404, {
      code: "not_found",
      title: "Nothing here",
      detail: `${JSON.stringify(value)} can't stand in a path; use the id.`,
    });
  return encodeURIComponent(value);
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const longestWaitMs = 60_000;

export function createClient(settings: Settings): Client {
  const { tries = 4, wait = sleep } = settings;

  async function once(method: string, path: string, options: Options): Promise<unknown> {
    const key = options.key ?? settings.key();
    const text = options.body === undefined ? undefined : JSON.stringify(options.body);
    const answer = await (settings.fetch ?? fetch)(`${settings.url}${path}${searchOf(options.query)}`, {
      method,
      cache: "no-store",
      credentials: settings.cookies === true && key === null ? "same-origin" : "omit",
      // the key goes to nobody else
      redirect: "error",
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(text !== undefined && { "content-type": "application/json" }),
        ...(options.raw && { "content-type": options.raw.type }),
        ...(options.version !== undefined && { "if-match": `"${options.version}"` }),
        ...(options.idempotencyKey !== undefined && { "idempotency-key": options.idempotencyKey }),
      },
      ...(text !== undefined && { body: text }),
      ...(options.raw && { body: options.raw.content }),
      ...(options.signal && { signal: options.signal }),
    }).catch((error: unknown) => {
      if (options.signal?.aborted) throw error;
      throw new ApiProblem(0, {
        title: "No answer",
        detail: "The control plane did not answer; check that it runs and that this device is online, then try again.",
      });
    });
    const isText = answer.headers.get("content-type")?.startsWith("text/csv") === true;
    const body =
      answer.status === 204 ? undefined : isText ? await answer.text() : await answer.json().catch(() => ({}));
    if (answer.ok) return body;
    throw new ApiProblem(answer.status, body ?? {}, answer.headers.get("retry-after"));
  }

  async function send(method: string, path: string, options: Options = {}): Promise<unknown> {
    const idempotencyKey = options.idempotencyKey ?? (method === "POST" ? randomKey() : undefined);
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(method, path, { ...options, ...(idempotencyKey !== undefined && { idempotencyKey }) });
      } catch (error) {
        if (!(error instanceof ApiProblem) || attempt >= tries || !canHelp(error, method)) throw error;
        const pause = error.retryAfterSeconds === undefined ? 250 * 2 ** attempt : error.retryAfterSeconds * 1000;
        if (pause > longestWaitMs) throw error;
        await wait(pause * (1 + Math.random() / 4));
        options.signal?.throwIfAborted();
      }
    }
  }

  const at = (operation: string, path: Record<string, string> = {}): [string, string] => {
    const [method = "", template = ""] = operation.split(" ");
    return [method, template.replaceAll(/\{(\w+)\}/g, (_, name: string) => segment(path[name] ?? ""))];
  };
  return {
    send,
    async call(operation, options) {
      const { path, ...rest } = options;
      return (await send(...at(operation, path), rest as Options)) as never;
    },
    async *items(operation, options) {
      const { path, query, ...rest } = options;
      for (let after: string | null | undefined; after !== null; ) {
        const asked = { ...(query as Options["query"]), ...(after !== undefined && { after }) };
        const page = (await send(...at(operation, path), { ...(rest as Options), query: asked })) as {
          data: never[];
          next: string | null;
        };
        yield* page.data;
        after = page.next;
      }
    },
  };
}

/** Whether the same request may succeed a moment later, and can do no harm twice: a POST bears a key, a GET changes nothing. */
function canHelp({ status, code, retryAfterSeconds }: ApiProblem, method: string): boolean {
  if (status === 429 || status === 503 || code === "busy" || code === "idempotency_running") return true;
  return status === 0 ? method === "GET" || method === "POST" : status >= 500 && retryAfterSeconds !== undefined;
}

function searchOf(query: Options["query"] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** `crypto.randomUUID` is missing on plain http, this is not. */
const randomKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
