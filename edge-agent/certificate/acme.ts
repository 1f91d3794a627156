// An ACME client (RFC 8555) for one flow: an account, an order, dns-01, a certificate. On node:https, so that a CA of one's own is trusted here and nowhere else.
import type { KeyObject } from "node:crypto";
import { request } from "node:https";
import { z } from "zod";
import { pause } from "../backoff.ts";
import { bound, dnsAnswer, publicJwk, signed } from "./jws.ts";

export type AcmeOptions = {
  /** The CA's directory, https. */
  directory: string;
  /** P-256; the account's. */
  key: KeyObject;
  email?: string | undefined;
  /** The CA's customer to whom the account belongs, where the CA wants to know. */
  binding?: { kid: string; hmacKey: string } | undefined;
  /** PEM of who vouches for the CA's own server, beside those whom Node trusts. */
  trusted?: string[] | undefined;
  signal?: AbortSignal | undefined;
};

const status = z.enum(["pending", "ready", "processing", "valid", "invalid", "deactivated", "expired", "revoked"]);
const identified = z.object({ identifier: z.object({ value: z.string() }).optional() });
const told = z.object({
  type: z.string().default("about:blank"),
  detail: z.string().default(""),
  /** Of which names it is about (RFC 8555, 6.7.1). */
  subproblems: z.array(identified).catch([]),
});
const directoryOf = z.object({ newNonce: z.url(), newAccount: z.url(), newOrder: z.url() });
const orderOf = z.object({
  status,
  identifiers: z.array(z.object({ value: z.string() })),
  authorizations: z.array(z.url()),
  finalize: z.url(),
  certificate: z.url().optional(),
  error: told.optional(),
});
const authorizationOf = z.object({
  status,
  identifier: z.object({ value: z.string() }),
  wildcard: z.boolean().default(false),
  challenges: z.array(
    z.object({ type: z.string(), url: z.url(), status, token: z.string().optional(), error: told.optional() }),
  ),
});
type Order = z.output<typeof orderOf>;

/** What the CA wants to find in DNS, at `_acme-challenge.` before `name` (without its `*.`). */
export type DnsChallenge = { name: string; value: string };

export interface Acme {
  /** Makes an order; resolves with its URL, by which it can be gone on with later, also after a restart. */
  order(names: readonly string[]): Promise<string>;
  /**
   * Goes on with an order to its end, from wherever it stands. `prove` puts all of the challenges into DNS and resolves when they can be seen; `request` is
   * DER. Resolves with the chain in PEM. Throws AcmeError, and what `prove` throws.
   */
  finish(order: string, prove: (challenges: DnsChallenge[]) => Promise<void>, request: Buffer): Promise<string>;
}

/**
 * The CA refused, or can't be asked. `type` is the last part of its URN; `retryAfterMs`: it said when to come again; `names`: those that it named as the cause,
 * without a `*.` before them.
 */
export class AcmeError extends Error {
  readonly type: string;
  readonly status: number;
  readonly retryAfterMs: number | null;
  readonly names: readonly string[];
  constructor(
    message: string,
    { type = "none", status = 0, retryAfterMs = null as number | null, names = [] as readonly string[] } = {},
  ) {
    super(message);
    this.type = type;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.names = names;
  }
}

type Answer = { status: number; header(name: string): string | undefined; text: string };

const timeoutMs = 30_000;
const mostBytes = 1024 * 1024;
/** A nonce that is refused is a matter of chance and of the CA's restarts. */
const mostNonces = 20;
/** A validation or an issuance that takes longer is gone on with at the next try. */
const patienceMs = 300_000;

export function createAcme({ directory, key, email, binding, trusted, signal }: AcmeOptions): Acme {
  let paths: Promise<z.output<typeof directoryOf>> | undefined;
  let account: Promise<string> | undefined;
  const nonces: string[] = [];

  function ask(method: "GET" | "HEAD" | "POST", url: string, body?: string): Promise<Answer> {
    const asked = Promise.withResolvers<Answer>();
    const fail = (error: Error) => asked.reject(new AcmeError(`no answer from ${new URL(url).host}: ${error.message}`));
    const sent = request(
      url,
      {
        method,
        headers: {
          "user-agent": "dialplane-edge",
          ...(body !== undefined && { "content-type": "application/jose+json" }),
        },
        ...(trusted && { ca: trusted }),
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > mostBytes) answer.destroy(new Error("the answer is too long"));
          chunks.push(chunk);
        });
        answer.on("error", fail);
        answer.on("end", () => {
          const header = (name: string) => [answer.headers[name]].flat()[0];
          const nonce = header("replay-nonce");
          if (nonce !== undefined) nonces.push(nonce);
          asked.resolve({ status: answer.statusCode ?? 0, header, text: Buffer.concat(chunks).toString() });
        });
      },
    );
    sent.on("error", fail);
    sent.end(body);
    return asked.promise;
  }

  async function open(): Promise<z.output<typeof directoryOf>> {
    paths ??= ask("GET", directory).then((answer) => read(answer, directoryOf));
    return paths.catch((error: unknown) => {
      paths = undefined;
      throw error;
    });
  }

  async function nonce(): Promise<string> {
    const known = nonces.pop();
    if (known !== undefined) return known;
    const answer = await ask("HEAD", (await open()).newNonce);
    const fresh = nonces.pop();
    if (fresh === undefined) throw refusal(answer);
    return fresh;
  }

  async function post(url: string, who: object, payload?: unknown): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      const body = signed(key, { nonce: await nonce(), url, ...who }, payload);
      const answer = await ask("POST", url, JSON.stringify(body));
      if (answer.status < 400) return answer;
      const why = refusal(answer);
      if (why.type !== "badNonce" || tries === mostNonces) throw why;
    }
  }

  /** The account's URL; made where there is none with this key. */
  async function register(): Promise<string> {
    const url = (await open()).newAccount;
    const answer = await post(
      url,
      { jwk: publicJwk(key) },
      {
        termsOfServiceAgreed: true,
        ...(email !== undefined && { contact: [`mailto:${email}`] }),
        ...(binding && { externalAccountBinding: bound(key, binding, url) }),
      },
    );
    const location = answer.header("location");
    if (location === undefined) throw new AcmeError("the CA made an account and did not say where");
    return location;
  }

  async function asAccount(url: string, payload?: unknown): Promise<Answer> {
    account ??= register();
    const kid = await account.catch((error: unknown) => {
      account = undefined;
      throw error;
    });
    return post(url, { kid }, payload);
  }

  /** Asks until it is none of `unsettled`, as often as the CA wants it. */
  async function settled<T extends { status: z.output<typeof status> }>(
    url: string,
    schema: z.core.$ZodType<T>,
    ...unsettled: T["status"][]
  ): Promise<T> {
    const until = Date.now() + patienceMs;
    for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 10_000)) {
      const answer = await asAccount(url);
      const found = read(answer, schema);
      if (!unsettled.includes(found.status)) return found;
      if (Date.now() > until) throw new AcmeError(`${url} is ${found.status} for too long`);
      await pause(retryAfter(answer) ?? waitMs, signal);
      signal?.throwIfAborted();
    }
  }

  async function authorize(order: Order, prove: (challenges: DnsChallenge[]) => Promise<void>): Promise<void> {
    const wanted: { url: string; challenge: string; isPending: boolean; dns: DnsChallenge }[] = [];
    for (const url of order.authorizations) {
      const { status: now, identifier, wildcard, challenges } = read(await asAccount(url), authorizationOf);
      if (now === "valid") continue;
      const name = wildcard ? `*.${identifier.value}` : identifier.value;
      const challenge = challenges.find(({ type }) => type === "dns-01");
      if (challenge?.token === undefined) throw new AcmeError(`the CA does not take DNS as a proof of ${name}`);
      const dns = { name, value: dnsAnswer(key, challenge.token) };
      wanted.push({ url, challenge: challenge.url, isPending: challenge.status === "pending", dns });
    }
    if (wanted.length === 0) return;
    await prove(wanted.map(({ dns }) => dns));
    for (const { challenge, isPending } of wanted) if (isPending) await asAccount(challenge, {});
    const refused: { name: string; text: string; why: z.output<typeof told> | undefined }[] = [];
    for (const { url, dns } of wanted) {
      const { status: now, identifier, challenges } = await settled(url, authorizationOf, "pending", "processing");
      const why = challenges.find(({ error }) => error)?.error;
      const text = `${dns.name} is ${now}: ${why?.detail ?? "no reason given"}`;
      if (now !== "valid") refused.push({ name: identifier.value, text, why });
    }
    const [first] = refused;
    if (first)
      throw new AcmeError(refused.map(({ text }) => text).join("; "), {
        ...kindOf(first.why),
        status: 403,
        names: refused.map(({ name }) => name),
      });
  }

  return {
    async order(names) {
      const identifiers = names.map((value) => ({ type: "dns", value }));
      const answer = await asAccount((await open()).newOrder, { identifiers });
      const location = answer.header("location");
      if (location === undefined) throw new AcmeError("the CA made an order and did not say where");
      return location;
    },
    async finish(url, prove, csr) {
      const first = read(await asAccount(url), orderOf);
      if (first.status === "pending") await authorize(first, prove);
      const open = first.status === "pending" ? await settled(url, orderOf, "pending") : first;
      if (open.status === "ready") await asAccount(open.finalize, { csr: csr.toString("base64url") });
      const order = await settled(url, orderOf, "processing", "ready");
      if (order.status !== "valid" || order.certificate === undefined)
        throw new AcmeError(`the order is ${order.status}: ${order.error?.detail ?? "no reason given"}`, {
          ...kindOf(order.error),
          status: 403,
        });
      return (await asAccount(order.certificate)).text;
    },
  };
}

function read<T>({ status: code, text, ...rest }: Answer, schema: z.core.$ZodType<T>): T {
  if (code >= 400) throw refusal({ status: code, text, ...rest });
  const found = z.safeParse(schema, parsed(text));
  if (found.success) return found.data;
  const issue = found.error.issues[0];
  throw new AcmeError(`the CA's answer can't be read: ${issue?.path.join("/")}: ${issue?.message}`, { status: code });
}

function refusal(answer: Answer): AcmeError {
  const problem = told.safeParse(parsed(answer.text)).data;
  return new AcmeError(`the CA answered ${answer.status} ${problem?.detail ?? answer.text.slice(0, 200)}`, {
    ...kindOf(problem),
    status: answer.status,
    retryAfterMs: retryAfter(answer),
  });
}

const kindOf = (problem: z.output<typeof told> | undefined): { type?: string; names?: string[] } =>
  problem
    ? {
        type: problem.type.replace(/^urn:ietf:params:acme:error:/, ""),
        names: problem.subproblems.flatMap(({ identifier }) => identifier?.value ?? []),
      }
    : {};

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from now. */
function retryAfter({ header }: Answer): number | null {
  const said = header("retry-after");
  if (said === undefined) return null;
  const ms = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
