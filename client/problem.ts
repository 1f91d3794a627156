// What went wrong with a request, as an error.

/** A field or parameter at fault. */
export type Flaw = { pointer: string; detail: string };
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
  /** The whole document, with members that only some problems have. */
  readonly body: Record<string, unknown>;
  /** From `Retry-After`: so many seconds later the same request can succeed. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, body: Record<string, unknown>, retryAfter?: string | null) {
    super(typeof body.detail === "string" ? body.detail : `The server answered with status ${status}.`);
    this.status = status;
    this.body = body;
    this.title = typeof body.title === "string" ? body.title : "That did not work";
    this.code = typeof body.code === "string" ? body.code : "unknown";
    this.errors = Array.isArray(body.errors) ? body.errors : [];
    this.users = Array.isArray(body.users) ? body.users : [];
    this.requestId = typeof body.requestId === "string" ? body.requestId : undefined;
    this.retryAfterSeconds = retryAfter && /^\d{1,5}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  }

  /** Whether the answer is final: the same request would fail again. */
  get final(): boolean {
    return this.status >= 400 && this.status < 500;
  }
}
