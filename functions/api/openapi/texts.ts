// What the reference says of tags, parameters and headers that many operations share.
import { all, byPlural } from "../../../core/registry.ts";
import type { JsonSchema } from "./schemas.ts";

const tags: Record<string, string> = {
  tenants: "Companies with their phone systems.",
  accounts: "The operator and its resellers, above one another; each has tenants of its own.",
  "api-keys": "What programs act by: of an account with all below it, or of a tenant.",
  members: "The people of an account or a tenant, and the role of each.",
  me: "What is one's own, as a member with an extension: its settings, calls, messages and phones.",
  identity: "Signing in, sessions, passwords and invitations: what the console's own pages ask for.",
  history: "Documents as a whole: what changed, going back, and taking over what a file says.",
  runtime: "What people set by phone, such as do not disturb, which no rollback undoes.",
  calls: "Calls that go on and calls that were, phones that are registered, and ways that calls would go.",
  sandbox: "Calls and phones of sandboxes, made by a request.",
  recordings: "Recordings of calls.",
  sync: "Which revision of a tenant is live on which edge.",
  edges: "The hosts where calls live, in pools.",
  events: "The log of what happened, of 30 days.",
  limits: "What a tenant, or all below an account, may have and do, from whom, and how much of it is used.",
  audit: "Who changed what, from where and by which request, of 400 days.",
  "webhook-endpoints": "Where events are sent to, signed.",
};

/** The tags of the document in order, each with its sentence. Throws for one that has none. */
export function tagsOf(names: readonly string[]): { name: string; description: string }[] {
  const order = [...Object.keys(tags), ...all.map(({ plural }) => plural)];
  return [...new Set(names)]
    .map((name) => ({ name, description: tags[name] ?? byPlural(name)?.about ?? "" }))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

const inPaths: Record<string, string> = {
  tenant: "The tenant's id",
  account: "The account's id",
  revision: "The number of a revision, from 1",
  device: "A SIP user name",
  message: "The message's id",
  member: "The id of a member, as the list of who is there has it",
};

/** Of a parameter in a path: `before` is the part before it. */
export function pathText(name: string, before: string): string {
  const kind = name === "id" ? byPlural(before) : undefined;
  if (kind) return `The id of the ${kind.kind.replaceAll("-", " ")}, or its ${kind.key}`;
  return inPaths[name] ?? `The id, as the list of ${before.replaceAll("-", " ")} has it`;
}

/** Of a parameter in the query, by what its sentence says. */
export function querySchema(name: string, text: string): JsonSchema {
  if (name === "limit") return { type: "integer", minimum: 1, maximum: 100, default: 20 };
  if (/^true: /.test(text)) return { type: "boolean", default: false };
  if (/\[[gl]te?\]$/.test(name) && name !== "id[gt]") return { type: "string", format: "date-time" };
  return { type: "string" };
}

const text = { type: "string" };
const header = (description: string, example: string, schema: JsonSchema = text) => ({ description, schema, example });

export const headers = {
  RequestId: header("Tell us this when something is wrong", "req_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
  RateLimit: header(
    "How many requests the key may send at once now, and after how many seconds again",
    '"key";r=5999;t=1',
  ),
  RateLimitPolicy: header("How many requests the key may send in how many seconds", '"key";q=6000;w=60'),
  RetryAfter: header("So many seconds later the same request can succeed", "1"),
  ETag: header("The version, for If-Match", '"1"'),
  Location: header("The path of what was made", "/v1/tenants/ten_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
  Replayed: header("true: this is the answer to the first request with this Idempotency-Key", "true"),
  Authenticate: header("How to authenticate (RFC 6750)", 'Bearer realm="dialplane"'),
};
