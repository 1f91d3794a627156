// `npm run wire`: writes down what this release says over the wire and keeps in its table, as test/fixtures/wire/<version>. Done once for each release;
// tests then hold every later release against it (test/wire).
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { empty } from "../../core/digest.ts";
import { tenantOwner } from "../../core/owner.ts";
import { bootstrap } from "../../functions/accounts/bootstrap.ts";
import { newId } from "../../functions/id.ts";
import { toAttributes } from "../../functions/store/attributes.ts";
import { decode } from "../../functions/store/body.ts";
import { openSqlite } from "../../functions/store/sqlite.ts";
import manifest from "../../package.json" with { type: "json" };
import { openInstallation } from "./installation.ts";

/** `path` begins after the edge's own. `answer` is null where there is none. */
export type Exchange = { method: "GET" | "POST"; path: string; body: unknown; answer: unknown };
export type Release = {
  version: string;
  /** Test data: of an installation that was made for this and is nowhere. */
  wrapping: string;
  edge: { id: string; privateKey: string };
  tenant: string;
  enrolled: { body: unknown; answer: unknown };
  exchanges: Exchange[];
  /** What the edge's queue carried, in its order. */
  messages: string[];
  /** The table after all that, as DynamoDB writes items; bytes in base64. */
  items: unknown[];
};

const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
const file = join(folder, "control.db");
const wrapping = randomBytes(32);
const store = openSqlite(file);
const made = await openInstallation(store, wrapping);
let key = "";
await bootstrap(made.ctx, "sip.example.com", (minted) => {
  key = minted;
});

async function api(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await made.ask(method, path, body === undefined ? undefined : JSON.stringify(body), headers);
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body as Record<string, unknown>;
}

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const joining = await api("POST", "/v1/edges", {});
const enrolment = {
  ...{ token: joining.token, publicKey: publicKey.export({ type: "spki", format: "pem" }), name: "edge-1" },
  ...{ engine: "freeswitch", sip: { server: "192.0.2.1", port: 5060, transport: "udp" }, front: null },
};
const enrolled = await made.ask("POST", "/v1/edges/enroll", JSON.stringify(enrolment));
const { edge: id } = enrolled.body as { edge: string };
const tenant = String((await api("POST", "/v1/tenants", { name: "Acme" })).id);
const at = `/v1/tenants/${tenant}`;
const extension = await api("POST", `${at}/extensions`, { number: "1001", displayName: "Ada" });
await api("POST", `${at}/voicemail-boxes`, { number: "2001", pin: "4711" });
await api("POST", `${at}/extensions`, { number: "1002" });
await api("DELETE", `${at}/extensions/1002`);
await api("PATCH", `${at}/extensions/1001`, { displayName: "Ada L." });
await api("PATCH", `${at}/extensions/1001/runtime`, { doNotDisturb: true });

const owner = tenantOwner(tenant);
const now = () => new Date().toISOString();
const head = await store.get({ pk: owner, sk: "HEAD" });
const [epoch, revision, digest] = [Number(head?.epoch), Number(head?.revision), String(head?.digest)];
const exchanges: Exchange[] = [];
async function exchange(method: "GET" | "POST", path: string, body?: unknown): Promise<void> {
  const text = body === undefined ? "" : JSON.stringify(body);
  const answer = await made.signed(id, privateKey, method, `/v1/edges/${id}/${path}`, text);
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  exchanges.push({ method, path, body: body ?? null, answer: answer.body });
}
const party = { number: "1001", name: "Ada", extension: String(extension.id) };
const other = { number: "+15551234567", name: null, extension: null };
const call = { id: newId("cal"), tenant, direction: "outbound", from: party, to: other, startedAt: now() };
const leg = {
  ...{
    uuid: "a-leg",
    direction: "inbound",
    startedAt: now(),
    answeredAt: now(),
    endedAt: now(),
    cause: "NORMAL_CLEARING",
  },
  ...{ q850: 16, sipCallId: "call-1", extension: String(extension.id), trunk: null },
};
const record = {
  ...{ ...call, seq: 1, trunk: null, answeredAt: now(), endedAt: now(), durationSeconds: 12, billableSeconds: 10 },
  ...{
    outcome: "answered",
    hangupCause: "NORMAL_CLEARING",
    hangupBy: "caller",
    limit: null,
    legs: [leg],
    segments: [],
  },
};
const registration = {
  ...{ tenant, extension: String(extension.id), username: "1001", contact: "sip:1001@192.0.2.9:5060" },
  ...{ source: "192.0.2.9:5060", userAgent: "phone/1", expiresAt: new Date(Date.now() + 600_000).toISOString() },
};
const events = [
  { type: "call.updated", data: { ...call, state: "ringing", answeredAt: null } },
  { type: "registration.updated", data: registration },
  { type: "trunk.updated", data: { tenant: null, trunk: "trk_1", state: "up" } },
  { type: "source.banned", data: { source: "192.0.2.66", why: "scanner", userAgent: "x", until: now() } },
  { type: "call.completed", data: record },
].map((event) => ({ id: newId("evt"), at: now(), ...event }));
await exchange("POST", "heartbeat", {
  ...{ version: manifest.version, engine: { connected: true, version: "1.11.2" }, liveCalls: 0 },
  ...{ front: null, webSocket: null, roster: null },
});
await exchange("POST", "queue", {});
await exchange("GET", `changes?owner=${encodeURIComponent(owner)}&epoch=${epoch}&since=${revision - 2}`);
await exchange("GET", `snapshot?owner=${encodeURIComponent(owner)}`);
await exchange("POST", "differences", { buckets: Array(256).fill(empty) });
await exchange("GET", "runtime");
await exchange("POST", "acks", { acks: [{ owner, epoch, revision, digest, at: now(), failures: [] }] });
await exchange("POST", "events", { generation: "spool-1", batch: 1, events });
const sha256 = "0".repeat(64);
await exchange("POST", "uploads", { tenant, kind: "message", id: newId("msg"), bytes: 100, sha256 });

await store.close();
const db = new DatabaseSync(file);
const items = db
  .prepare("select body from item")
  .all()
  .map(({ body }) => toAttributes(decode(String(body))));
db.close();
rmSync(folder, { recursive: true, force: true });

const release: Release = {
  ...{ version: manifest.version, wrapping: wrapping.toString("base64"), tenant },
  edge: { id, privateKey: String(privateKey.export({ type: "pkcs8", format: "pem" })) },
  enrolled: { body: enrolment, answer: enrolled.body },
  ...{ exchanges, messages: made.messages, items },
};
const target = fileURLToPath(new URL(`../../test/fixtures/wire/${manifest.version}/`, import.meta.url));
mkdirSync(target, { recursive: true });
const bytes = (_: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && "B" in value && value.B instanceof Uint8Array
    ? { B: Buffer.from(value.B).toString("base64") }
    : value;
writeFileSync(join(target, "release.json"), `${JSON.stringify(release, bytes, 2)}\n`);
console.log(`${target}: ${exchanges.length} exchanges, ${made.messages.length} messages, ${items.length} items`);
