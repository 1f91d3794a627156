// Examples: those of kinds, and what an answer of a schema may look like where nothing better is known. Tests send every one of them.

import { type KindName, kindOf } from "../../../core/registry.ts";
import type { Kind } from "../../../core/resources/kind.ts";
import { places } from "../../../core/resources/marks.ts";
import { type Components, type JsonSchema, resolved } from "./schemas.ts";

const ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const at = "2026-01-31T08:00:00.000Z";

const hangUp = { kind: "hangup", cause: "busy" };
const toAda = { kind: "extension", ref: "1001" };

/** What creates one of a kind, in a tenant that has those before it. */
const bodies: Record<string, Record<string, unknown>> = {
  prompt: { name: "greeting" },
  extension: { number: "1001", displayName: "Ada Lovelace" },
  "ring-group": { name: "sales", extensionNumber: "600", members: [{ extension: "1001" }, { number: "+15550123" }] },
  queue: { name: "support", extensionNumber: "610", agents: [{ extension: "1001" }], maxWaitSeconds: 600 },
  menu: { name: "main", extensionNumber: "620", greeting: "greeting", options: [{ digits: "1", destination: toAda }] },
  schedule: {
    name: "office",
    extensionNumber: "630",
    hours: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:30" }],
    holidays: [{ name: "New Year", date: "01-01" }],
    open: toAda,
    closed: hangUp,
  },
  announcement: { name: "moved", prompt: "greeting", afterwards: toAda },
  "voicemail-box": { number: "1101", label: "Sales", email: "sales@acme.example" },
  conference: { name: "board", extensionNumber: "640", pin: "274411" },
  "paging-group": { name: "warehouse", extensionNumber: "650", members: ["1001"] },
  "parking-lot": { name: "lobby", extensionNumber: "700", firstSlot: "701", slots: 5 },
  directory: { name: "staff", extensionNumber: "660" },
  "phone-number": { number: "+15550100", label: "Main line" },
  trunk: {
    name: "carrier",
    host: "sip.carrier.example",
    username: "acme",
    password: "Carrier-1",
    register: true,
    inboundAddresses: ["192.0.2.0/28"],
  },
  "outbound-route": { name: "domestic", patterns: ["+1*"], trunks: ["carrier"] },
  "rate-table": { name: "carrier", trunk: "carrier", rates: [{ prefix: "+1", perMinute: 0.01 }] },
  "block-rule": { name: "premium", direction: "outbound", patterns: ["+1900*"] },
  contact: { number: "+15550199", name: "Grace Hopper", company: "Navy" },
  "speed-dial": { number: "*01", name: "Grace", target: "+15550199" },
  "feature-code": { action: "voicemail-own", code: "*96" },
  "music-on-hold": { name: "calm", prompts: ["greeting"] },
  template: {
    name: "office",
    document: {
      extensions: [{ number: "1001" }, { number: "1002" }],
      "ring-groups": [{ name: "everybody", extensionNumber: "600", members: [{ extension: "1001" }] }],
    },
  },
  plan: { name: "Basic", extensions: 50, concurrentCalls: 20, countries: ["US", "CA"] },
};
/** A number can be only in one document. */
const inAccount: Record<string, Record<string, unknown>> = {
  "phone-number": { number: "+15550142", label: "Free" },
};

/** What creates a resource of the kind; undefined where there is no example. */
export const inputOf = (kind: Kind, sort: "tenant" | "account"): Record<string, unknown> | undefined =>
  (sort === "account" ? inAccount[kind.kind] : undefined) ?? bodies[kind.kind];

/** The resource of that example, as it is answered with; an extension's `sip` is left to its schema. */
export function outputOf(kind: Kind, sort: "tenant" | "account"): Record<string, unknown> | undefined {
  const input = inputOf(kind, sort);
  if (!input) return undefined;
  const body = kind.schema.parse(kind.prepare?.(input, undefined) ?? input) as Record<string, unknown>;
  for (const { holder, key, value, mark } of [...places(kind.schema, body)])
    if (mark.mark === "reference" && typeof value === "string")
      holder[key] = `${kindOf(mark.kind as KindName).prefix}_${ulid}`;
    else if (mark.mark === "secret" && (mark.generate || value)) holder[key] = { secret: `sec_${ulid}#1` };
  return { id: `${kind.prefix}_${ulid}`, version: 1, ...body, createdAt: at, updatedAt: at };
}

/** Texts by the names of members, where any text would be valid and few would help a reader. */
const texts: Record<string, string> = {
  id: `evt_${ulid}`,
  accountId: `acc_${ulid}`,
  account: `acc_${ulid}`,
  tenantId: `ten_${ulid}`,
  poolId: `pol_${ulid}`,
  pool: `pol_${ulid}`,
  edge: `edg_${ulid}`,
  call: `cal_${ulid}`,
  eventId: `evt_${ulid}`,
  name: "Acme",
  domain: "acme.example",
  server: "sip.acme.example",
  transport: "udp",
  username: "1001",
  from: "1001",
  to: "+15550123",
  number: "+15550123",
  extension: "1001",
  url: "https://hooks.example/dialplane",
  kind: "extension",
  key: "1001",
  field: "doNotDisturb",
  digest: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  engine: "freeswitch",
};

/** A value that fits the schema and says something to a reader. */
export function exampleOf(schema: JsonSchema, components: Components, name = ""): unknown {
  const seen = resolved(schema, components);
  const [given] = (seen.examples as unknown[] | undefined) ?? (Object.hasOwn(seen, "const") ? [seen.const] : []);
  if (given !== undefined) return given;
  if (seen.default !== undefined) return seen.default;
  if (Array.isArray(seen.enum)) return seen.enum[0];
  const options = (seen.anyOf ?? seen.oneOf) as JsonSchema[] | undefined;
  if (options) {
    const [first = {}] = options;
    // text of a certain form would have to be known; nothing is an example too
    const hard = texts[name] === undefined && (first.pattern !== undefined || first.anyOf !== undefined);
    return hard && options.some(({ type }) => type === "null") ? null : exampleOf(first, components, name);
  }
  switch (seen.type) {
    case "object": {
      const required = (seen.required as string[] | undefined) ?? [];
      const members = (seen.properties ?? {}) as Record<string, JsonSchema>;
      return Object.fromEntries(
        required.map((member) => [member, exampleOf(members[member] ?? {}, components, member)]),
      );
    }
    case "array":
      return [exampleOf((seen.items as JsonSchema | undefined) ?? {}, components, name)];
    case "integer":
    case "number":
      return Math.max(Number(seen.minimum ?? 1), 1);
    case "boolean":
      return false;
    case "string":
      return seen.format === "date-time" ? at : seen.format === "date" ? at.slice(0, 10) : (texts[name] ?? "…");
    case undefined:
      return null;
    default:
      return Array.isArray(seen.type) ? exampleOf({ ...seen, type: seen.type[0] }, components, name) : null;
  }
}
