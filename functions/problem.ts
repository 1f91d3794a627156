// The one error that a caller may see, as application/problem+json (RFC 9457). Anything else that is thrown is a 500 with a request id.

/** Every stable code: its status, title, and whether the same request can succeed later. */
export const problems = {
  malformed: [400, "The request can't be read", false],
  bad_parameter: [400, "A query parameter is not understood", false],
  bad_cursor: [400, "The cursor is not one of ours", false],
  unauthenticated: [401, "No valid API key or signature", false],
  sign_in_refused: [401, "The sign-in was refused", false],
  code_refused: [401, "The code was refused", false],
  passkey_refused: [401, "The passkey was refused", false],
  sso_refused: [401, "The single sign-on was refused", false],
  forbidden: [403, "The API key lacks a scope", false],
  blocked: [403, "The firewall refused the request", false],
  suspended: [403, "The account or tenant is suspended", false],
  impersonation_over: [401, "You no longer act for the company", false],
  sso_required: [403, "Sign in by single sign-on", false],
  proof_needed: [403, "Show again that it is you", false],
  second_factor_needed: [403, "A second factor is needed here", false],
  cross_site: [403, "The request came from another site", false],
  address_refused: [403, "The API key may not be used from this address", false],
  not_found: [404, "Nothing here", false],
  method_not_allowed: [405, "The path does not take this method", false],
  answer_too_large: [406, "The answer is too large", false],
  conflict: [409, "The state of things forbids it", false],
  taken: [409, "The value is taken", false],
  in_use: [409, "Others refer to it", false],
  busy: [409, "Somebody else is writing", true],
  idempotency_running: [409, "The first request with this key is still running", true],
  link_spent: [410, "The link is no longer good", false],
  version_mismatch: [412, "It has changed since", false],
  too_large: [413, "The request is too large", false],
  unsupported_media_type: [415, "The body is not of the type that is wanted", false],
  invalid: [422, "The content is not valid", false],
  reference_not_found: [422, "A reference leads nowhere", false],
  idempotency_mismatch: [422, "The idempotency key was used with another request", false],
  limit_reached: [422, "A limit is reached", false],
  too_many_changes: [422, "Too many changes for one revision", false],
  rate_limited: [429, "Too many requests", true],
  internal: [500, "Something broke on our side", true],
  unavailable: [503, "A part is not reachable", true],
} as const satisfies Record<string, readonly [number, string, boolean]>;

export type Code = keyof typeof problems;
export type Flaw = { pointer: string; detail: string };

export class Problem extends Error {
  readonly code: Code;
  readonly errors: Flaw[];
  readonly headers: Record<string, string>;
  readonly extra: Record<string, unknown>;

  /** `detail` is a sentence that says what to do. `extra` members are added to the problem document. */
  constructor(
    code: Code,
    detail: string,
    more: { errors?: Flaw[]; headers?: Record<string, string>; extra?: Record<string, unknown> } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
    this.extra = more.extra ?? {};
  }

  get status(): (typeof problems)[Code][0] {
    return problems[this.code][0];
  }

  /** The document to send; `base` is the installation's own address. */
  body(base: string, requestId: string): Record<string, unknown> {
    return {
      type: `${base}/problems/${this.code.replaceAll("_", "-")}`,
      code: this.code,
      title: problems[this.code][1],
      status: this.status,
      detail: this.message,
      ...(this.errors.length > 0 && { errors: this.errors }),
      ...this.extra,
      requestId,
    };
  }
}

/** Nobody who may is known to ask: `detail` says what to send. */
export const unauthenticated = (
  detail: string,
  code: "unauthenticated" | "sign_in_refused" | "code_refused" | "passkey_refused" | "sso_refused" = "unauthenticated",
): Problem => new Problem(code, detail, { headers: { "WWW-Authenticate": 'Bearer realm="dialplane"' } });

/** A stranger's thing answers exactly like one that does not exist. */
export const notFound = (what: string, id: string): Problem =>
  new Problem("not_found", `There is no ${what} ${id}; check the id and the API key's account.`);
