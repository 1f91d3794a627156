// The synthesized template, booted: its own bundles, found by their asset paths, answer true events of API Gateway, the table's stream, queues and clocks,
// on DynamoDB Local and fauxqs. What a function's role does not allow is refused.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tenantOwner } from "../../core/owner.ts";
import { kindsAt } from "../../core/registry.ts";
import type { Message } from "../../core/wire.ts";
import { frontHeaders } from "../../functions/access/front-headers.ts";
import { newId } from "../../functions/id.ts";
import * as keys from "../../functions/keys.ts";
import { allItems } from "../../functions/store/store.ts";
import { hasDynamoLocal } from "../support/dynamodb-local.ts";
import { functionUrlEvent } from "../support/gateway.ts";
import { decodeMessage } from "../support/queue.ts";
import { returned } from "../support/returned-mail.ts";
import { sampleOf } from "../support/samples.ts";
import { enrolEdge, type SignedEdge } from "../support/signed-edge.ts";
import { goodPassword } from "../support/visitor.ts";
import { sine, wavOf } from "../support/wav.ts";
import { refusal } from "./boot/aws.ts";
import { type Booted, boot } from "./boot/cloud.ts";

/** What no function's own code asks for. */
const explained = [
  // Lambda writes what a function says
  / logs:/,
  // Lambda's poller reads the stream, by the table's key, and names what it gave up
  / dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams) /,
  / kms:(Decrypt|DescribeKey|GenerateDataKey) on DataKey.Arn$/,
  / sqs:\w+ on PublisherDeadLetters.Arn$/,
  // Lambda's poller takes messages from the queues
  / sqs:(ReceiveMessage|DeleteMessage|ChangeMessageVisibility|GetQueueAttributes|GetQueueUrl) on (Job|Webhook)Queue.Arn$/,
  // SES asks for it where there is an attachment
  / ses:SendRawEmail /,
  // readers ask for the heads where they meet a change larger than a transaction that is under way (document/published.ts)
  / dynamodb:BatchGetItem /,
  // who may not list is told of an object that is not there that it is forbidden
  /^(Api|Edge|Mailer)Role: s3:ListBucket /,
  // an enrolment that another of the same agent overtook removes the queue that it made
  /^EdgeRole: sqs:DeleteQueue /,
  // a tenant that is placed anew, on condition that its document has not moved (edges/settle.ts)
  /^WorkerRole: dynamodb:ConditionCheckItem /,
  // where another instance made the tenant's key and died before there was a tenant
  /^IdentityRole: kms:Decrypt on VaultKey.Arn$/,
];

type Credentials = { url: string; credentials: { accessKeyId: string } };
type Body = Record<string, unknown>;

describe.runIf(hasDynamoLocal())("the booted template", { timeout: 120_000 }, () => {
  let cloud: Booted;
  let edge: SignedEdge;
  let tenant: { id: string; path: string };
  let other: { id: string; path: string };
  beforeAll(async () => {
    cloud = await boot();
    edge = await enrolEdge(cloud);
    tenant = await newTenant();
    other = await newTenant({ name: "Other" });
    await cloud.settle();
    await taken();
  }, 600_000);
  afterAll(() => cloud?.stop());

  async function made(path: string, body: unknown, more = {}): Promise<Body> {
    const reply = await cloud.call("POST", path, body, more);
    if (reply.status >= 300) throw new Error(`${path}: ${reply.text}`);
    return reply.body;
  }
  async function newTenant(settings: Body = {}, more = {}) {
    const { id } = await made("/v1/tenants", { name: "Acme", ...settings }, more);
    return { id: String(id), path: `/v1/tenants/${id}` };
  }

  /** What the edge finds in its queue, with the credentials that it was lent. */
  async function taken(): Promise<Message[]> {
    const { url, credentials } = edge.queue as unknown as Credentials;
    const found: Message[] = [];
    for (;;) {
      const ask = { QueueUrl: url, MaxNumberOfMessages: 10 };
      const { body } = await cloud.aws.ask(credentials.accessKeyId, "AmazonSQS.ReceiveMessage", ask);
      const { Messages = [] } = body as { Messages?: { Body: string; ReceiptHandle: string }[] };
      if (Messages.length === 0) return found.filter(({ type }) => type !== "roster");
      for (const { Body, ReceiptHandle } of Messages) {
        found.push(decodeMessage(Body));
        const done = { QueueUrl: url, ReceiptHandle };
        await cloud.aws.ask(credentials.accessKeyId, "AmazonSQS.DeleteMessage", done);
      }
    }
  }
  const revisionOf = async (path: string): Promise<number> =>
    Number((await cloud.call("GET", path)).body.revision ?? (await cloud.call("GET", `${path}/sync`)).body.revision);
  const standing = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const item of allItems((q) => cloud.ctx.store.query(q), {
      pk: tenantOwner(tenant.id),
      prefix: keys.outboxes,
    }))
      found.push(item.sk);
    return found;
  };
  /** The function's next instance lives ten minutes later, until `now`. */
  async function later(name: string, aheadMs = 600_000): Promise<void> {
    cloud.lambdas.clock.aheadMs = aheadMs;
    await cloud.lambdas.kill(cloud.template.id("AWS::Lambda::Function", name));
  }
  const now = (name: string): Promise<void> => later(name, 0);
  const told = (messages: Message[]) =>
    messages.flatMap((one) => ("revision" in one && one.owner === tenantOwner(tenant.id) ? [one.revision] : []));

  it("takes a tenant from an API call to its edge and back: delta, snapshot, acknowledgement, call record", async () => {
    await made(`${tenant.path}/extensions`, { number: "1001", devices: [{ username: "1001" }] });
    const [delta] = (await taken()).filter(({ type }) => type === "delta");
    expect(delta).toMatchObject({ owner: tenantOwner(tenant.id), upserts: [{ kind: "extension" }] });
    const { owner, epoch, revision, digest, secrets } = delta as Extract<Message, { type: "delta" }>;
    expect(secrets.length).toBeGreaterThan(0);

    const whole = await edge.snapshotOf(tenantOwner(tenant.id));
    expect(whole).toMatchObject({ owner, epoch, revision, digest });
    expect(whole.secrets).toEqual(expect.arrayContaining(secrets));
    const changes = await edge.request(
      "GET",
      `changes?owner=${encodeURIComponent(owner)}&epoch=${epoch}&since=${revision - 1}`,
    );
    expect(changes.body).toMatchObject({ snapshot: false, deltas: [{ revision }] });

    const ack = { owner, epoch, revision, digest, at: new Date().toISOString(), failures: [] };
    expect((await edge.request("POST", "acks", { acks: [ack] })).status).toBe(204);
    const { body } = await cloud.call("GET", `${tenant.path}/sync`);
    expect(body.edges).toMatchObject([{ id: edge.id, inStep: true }]);
  });

  it("streams a live view from the function behind its URL, to whom the front passes on", async () => {
    const call = { id: "cal_live", tenant: tenant.id, direction: "internal", state: "ringing", answeredAt: null };
    const party = { number: "1001", name: null, extension: null };
    const at = new Date().toISOString();
    const data = { ...call, from: party, to: party, startedAt: at };
    const events = [{ id: newId("evt"), type: "call.updated", at, data }];
    const reply = await edge.request("POST", "events", { generation: "g-live", batch: 1, events });
    expect(reply.status, reply.text).toBeLessThan(300);
    const lambda = cloud.template.id("AWS::Lambda::Function", "Live");
    const { FRONT_SECRET = "" } = cloud.template.functions.get(lambda)?.environment ?? {};
    const watch = (secret: string) =>
      cloud.lambdas.invoke(lambda, {
        ...functionUrlEvent(`${tenant.path}/live`, {
          ...{ authorization: `Bearer ${cloud.key}`, accept: "text/event-stream" },
          ...{ [frontHeaders.secret]: secret, [frontHeaders.viewer]: "203.0.113.7" },
        }),
        until: "event: snapshot",
      });
    expect(await watch(FRONT_SECRET)).toMatchObject({ statusCode: 200, body: expect.stringContaining("cal_live") });
    expect(await watch("guessed")).toMatchObject({ statusCode: 404 });
  });

  it("lends an edge its own queue, and no other's", async () => {
    const other = await enrolEdge(cloud, undefined, { name: "other" });
    const mine = edge.queue as unknown as Credentials;
    const theirs = other.queue as unknown as Credentials;
    const ask = (url: string) =>
      cloud.aws.ask(mine.credentials.accessKeyId, "AmazonSQS.ReceiveMessage", { QueueUrl: url });
    expect((await ask(mine.url)).status).toBe(200);
    expect(await ask(theirs.url)).toMatchObject({ status: 400, body: { __type: "AccessDeniedException" } });
    cloud.aws.denied.length = 0;
    expect((await cloud.call("DELETE", `/v1/edges/${other.id}`)).status).toBe(204);
    expect((await cloud.aws.ask("any", "AmazonSQS.ReceiveMessage", { QueueUrl: theirs.url })).status).toBe(400);
    cloud.aws.denied.length = 0;
  });

  it("what the API could not send is sent once by the stream, and a record that comes twice sends nothing more", async () => {
    await taken();
    cloud.aws.control.before = ({ by, rights }) =>
      by.startsWith("Api") && rights[0]?.action === "sqs:SendMessage" ? refusal("ThrottlingException") : undefined;
    const { headers } = await cloud.call("POST", `${tenant.path}/extensions`, { number: "1002" });
    cloud.aws.control.before = undefined;
    expect(await taken()).toEqual([]);
    expect(await standing()).toHaveLength(1);
    await cloud.settle((records) => [...records, ...records]);
    const messages = await taken();
    expect(new Set(told(messages)).size).toBe(1);
    expect(await standing()).toEqual([]);
    await cloud.tick("Sweep");
    expect(await taken()).toEqual([]);
    // the way of it, by the one id that the caller was given
    const requestId = headers.get("x-request-id");
    const [message] = messages.filter((one) => one.type === "pointer" && one.owner === tenantOwner(tenant.id));
    expect(message).toMatchObject({ requestId });
    const { type: _, ...standingThere } = message as Extract<Message, { type: "pointer" }>;
    const ack = { ...standingThere, at: new Date().toISOString(), failures: [] };
    expect((await edge.request("POST", "acks", { acks: [ack] })).status).toBe(204);
    const lines = () =>
      cloud.lambdas.said
        .filter((line) => line.requestId === requestId)
        .map(({ by, message: said }) => `${String(by).replace(/[0-9A-F]{8}$/, "")}: ${said}`);
    // the publisher's two records may go at once
    const way = () => [...new Set(lines())];
    await expect
      .poll(way)
      .toEqual([
        "Api: answered",
        "Api: edges not told; the outbox will try again",
        "Publisher: edges told",
        "Edge: in place on an edge",
      ]);
    expect(cloud.lambdas.said.find((line) => line.requestId === requestId)?.gatewayId).toMatch(/^gateway-/);
  });

  it("of a batch of which one edge can't be told, the others are; the failed one is tried again, then named to the dead letters, and still not lost", async () => {
    const second = await newTenant({ name: "Second" });
    await cloud.settle();
    await taken();
    const fails = ({ by, rights, body }: { by: string; rights: { action: string }[]; body: Body }) => {
      if (rights[0]?.action !== "sqs:SendMessage" || !String(body.QueueUrl).includes("/dp-")) return undefined;
      if (by.startsWith("Api")) return refusal("ThrottlingException");
      const message = decodeMessage(String(body.MessageBody));
      return "owner" in message && message.owner === tenantOwner(tenant.id) ? refusal("InvalidAddress") : undefined;
    };
    cloud.aws.control.before = fails;
    await made(`${tenant.path}/extensions`, { number: "1003" });
    await made(`${second.path}/extensions`, { number: "1003" });
    await cloud.settle();
    const messages = await taken();
    expect(messages.map((one) => "owner" in one && one.owner)).toContain(tenantOwner(second.id));
    expect(told(messages)).toEqual([]);
    expect(
      await cloud.waiting(cloud.template.nameOf(cloud.template.id("AWS::SQS::Queue", "PublisherDeadLetters"))),
    ).toBe(1);
    expect(await standing()).toHaveLength(1);
    cloud.aws.control.before = undefined;
    expect((await edge.request("POST", "differences", { buckets: Array(256).fill("1".repeat(32)) })).text).toContain(
      tenant.id,
    );
    // half a minute later the clock finds it
    await later("Publisher");
    expect(await cloud.tick("Sweep")).toEqual({ told: 1 });
    expect(new Set(told(await taken())).size).toBe(1);
    expect(await standing()).toEqual([]);
    await now("Publisher");
  });

  it("a throttled table is waited for: the write succeeds once, and is there once", async () => {
    let refused = 0;
    cloud.aws.control.before = ({ rights }) =>
      rights[0]?.action.startsWith("dynamodb:") && rights.length > 1 && refused++ < 2
        ? refusal("ProvisionedThroughputExceededException")
        : undefined;
    const headers = { "idempotency-key": "throttled" };
    const reply = await cloud.call("POST", `${tenant.path}/extensions`, { number: "1010" }, { headers });
    cloud.aws.control.before = undefined;
    expect([reply.status, refused > 1]).toEqual([201, true]);
    const again = await cloud.call("POST", `${tenant.path}/extensions`, { number: "1010" }, { headers });
    expect([again.status, again.body.id]).toEqual([201, reply.body.id]);
  });

  it("a large change whose worker is killed half-way is done once, by the clock's next worker", async () => {
    // the first secret of its tenant is among them
    const large = await newTenant({ name: "Large" });
    const secret = { number: "2999", devices: [{ username: "2999" }] };
    const extensions = [secret, ...Array.from({ length: 520 }, (_, index) => ({ number: String(3000 + index) }))];
    const before = await revisionOf(large.path);
    const job = await made(`${large.path}/apply`, { extensions });
    const worker = cloud.template.id("AWS::Lambda::Function", "Worker");
    let writes = 0;
    cloud.aws.control.before = async ({ by, rights }) => {
      if (by === worker && rights.some(({ action }) => action === "dynamodb:PutItem") && ++writes === 4) {
        cloud.aws.control.before = undefined;
        await cloud.lambdas.kill(worker);
        return refusal("InternalServerError", "too late", 500);
      }
      return undefined;
    };
    await cloud.settle();
    expect(writes).toBe(4);
    const state = async () => (await cloud.call("GET", `/v1/jobs/${job.id}`)).body.state;
    expect(await state()).not.toBe("succeeded");
    await later("Worker");
    for (let ticks = 0; ticks < 5 && (await state()) !== "succeeded"; ticks++) await cloud.tick("WorkerSweep");
    expect(await state()).toBe("succeeded");
    await now("Worker");
    expect(await revisionOf(large.path)).toBe(before + 1);
    const page = await cloud.call("GET", `${large.path}/extensions?q=3519&limit=10`);
    expect(page.body.data).toHaveLength(1);
    await cloud.settle();
  });

  it("poison in a queue fails alone, and what is due is found by the clock", async () => {
    const queue = cloud.template.nameOf(cloud.template.id("AWS::SQS::Queue", "WebhookQueue"));
    await made(`${tenant.path}/webhook-endpoints`, { url: "https://hooks.example/in", events: ["*"] });
    await cloud.aws.sqs("SendMessage", { QueueUrl: cloud.aws.urlOf(queue), MessageBody: "no JSON" });
    await made(`${tenant.path}/extensions`, { number: "1020" });
    await cloud.settle();
    await cloud.tick("WebhookSweep");
    await cloud.settle();
    const types = cloud.aws.hooks.map(({ body }) => JSON.parse(body).id);
    expect(types.length).toBeGreaterThan(0);
    expect(new Set(types).size).toBe(types.length);
    expect(cloud.aws.hooks[0]?.headers["webhook-signature"]).toMatch(/^v1,/);
    expect(await cloud.waiting(queue)).toBe(1);
  });

  it("a message left by phone comes up by a signed URL and goes out by mail, once", async () => {
    const wav = wavOf(1, sine(440));
    const box = await made(`${tenant.path}/voicemail-boxes`, {
      number: "1050",
      email: "ada@example.com",
      keepAfterEmail: false,
    });
    const id = "msg_01ARZ3NDEKTSV4RRFFQ69G5FA1";
    const sha256 = createHash("sha256").update(wav).digest("hex");
    const wanted = { tenant: tenant.id, kind: "message", id, bytes: wav.length, sha256 };
    const upload = (await edge.request("POST", "uploads", wanted)).body as unknown as {
      url: string;
      headers: Record<string, string>;
    };
    const put = await cloud.aws.fetchSigned(upload.url, {
      method: "PUT",
      headers: upload.headers,
      body: new Uint8Array(wav),
    });
    expect(put.status).toBe(200);
    const data = {
      ...{ tenant: tenant.id, box: box.id, id, from: { number: "+15550123", name: "Grace" } },
      ...{ receivedAt: new Date().toISOString(), seconds: 1, bytes: wav.length, read: false },
    };
    const event = { id: "evt_1", at: new Date().toISOString(), type: "voicemail.received", data };
    const batch = { generation: "g", batch: 1, events: [event] };
    for (let times = 0; times < 2; times++) expect((await edge.request("POST", "events", batch)).status).toBe(200);
    await cloud.settle((records) => [...records, ...records]);
    await cloud.tick("MailSweep");
    expect(cloud.aws.mails).toHaveLength(1);
    expect(cloud.aws.mails[0]).toMatchObject({ Destination: { ToAddresses: ["ada@example.com"] } });
    const report = returned("ada@example.com", { owner: [tenant.id], mail: [`voicemail-${id}`] });
    expect(await cloud.publish(report("another-stage"))).toBe(0);
    expect(await cloud.publish(report(String((cloud.aws.mails[0] as Body).ConfigurationSetName)))).toBe(1);
    const invited = { name: "Ada", email: "ada@example.com", role: "admin", tenantId: tenant.id };
    expect((await made("/v1/members", invited)).mailReturned).toMatchObject({ reason: "bounce" });
    const messages = `${tenant.path}/voicemail-boxes/${box.id}/messages`;
    const heard = await cloud.call("GET", `${messages}/${id}/audio`);
    expect([200, 302, 303, 307]).toContain(heard.status);
    const removed = { id: "evt_2", at: new Date().toISOString(), type: "voicemail.deleted" };
    const word = { ...removed, data: { tenant: tenant.id, box: box.id, id } };
    expect((await edge.request("POST", "events", { generation: "g", batch: 2, events: [word] })).status).toBe(200);
    expect((await cloud.aws.fetchSigned(upload.url)).status).toBeGreaterThanOrEqual(400);
    cloud.aws.denied.length = 0;
  });

  it("a host gets its name and its challenge into DNS, and what it forgot is taken out by the clock", async () => {
    const name = `${edge.id.slice(4).toLowerCase()}.hosts.sip.example.com`;
    const asked = await edge.request("POST", "names", { addresses: ["198.51.100.7"] });
    expect(asked.body, asked.text).toMatchObject({ names: [{ name }, { name: "*.sip.example.com" }] });
    const challenge = { name: `_acme-challenge.${name}`, value: "v".repeat(43) };
    const put = await edge.request("POST", "challenges", challenge);
    expect([put.status, put.body], put.text).toEqual([200, { visible: true }]);
    expect([...cloud.aws.records]).toEqual([
      [`A ${name}`, ["198.51.100.7"]],
      [`TXT ${challenge.name}`, [`"${challenge.value}"`]],
    ]);
    await later("Retention", 2 * 3_600_000);
    expect(await cloud.tick("RetentionSweep")).toEqual({ gone: 1 });
    await now("Retention");
    expect([...cloud.aws.records.keys()]).toEqual([`A ${name}`]);
  });

  it("what is deleted with its account goes by the clock when its time is over: items, audio, the edge's queue", async () => {
    const { id: account } = await made("/v1/accounts", { name: "Leaving" });
    const { key } = await made("/v1/api-keys", { name: "k", scopes: ["*"], accountId: account });
    const { id: poolId } = await made("/v1/pools", { name: "theirs" }, { key });
    const call: Booted["call"] = (method, path, body, more) =>
      cloud.call(method, path, body, { key: String(key), ...more });
    const theirs = await enrolEdge({ call, ctx: cloud.ctx }, String(poolId), { name: "theirs" });
    const gone = await newTenant({ name: "Gone", accountId: account, poolId }, { key });
    const prompt = await made(`${gone.path}/prompts`, { name: "welcome" });
    const audio = { raw: new Uint8Array(wavOf(0.1, sine(440))), headers: { "content-type": "audio/wav" } };
    await cloud.call("PUT", `${gone.path}/prompts/${prompt.id}/audio`, undefined, audio);
    expect((await cloud.call("POST", `${gone.path}/clone?dryRun=true`, { name: "Twin" })).status).toBeLessThan(300);
    const deleted = await cloud.call("DELETE", `/v1/accounts/${account}?cascade=true`);
    expect(deleted.status, deleted.text).toBeLessThan(300);
    await cloud.settle();
    await cloud.tick("DeletionSweep");
    await later("Retention", 100 * 86_400_000);
    for (let ticks = 0; ticks < 3; ticks++)
      expect(await cloud.tick("DeletionSweep")).toEqual({ gone: expect.any(Number) });
    expect(await cloud.tick("RetentionSweep")).toEqual({ gone: expect.any(Number) });
    await now("Retention");
    expect((await cloud.call("GET", gone.path)).status).toBe(404);
    expect((await theirs.request("POST", "queue")).status).toBeGreaterThanOrEqual(400);
  });

  it("who signs up gets a tenant, with its secrets, and not before the address is proven", async () => {
    const { id: account } = await made("/v1/accounts", { name: "Voice" });
    const document = { extensions: [{ number: "1001", devices: [{ username: "1001" }] }] };
    await made(`/v1/accounts/${account}/templates`, { name: "Office", document });
    const settings = { name: "Voice", domain: "voice.example", signUp: { templates: ["Office"] } };
    const brand = await cloud.call("PUT", `/v1/accounts/${account}/brand`, settings);
    expect(brand.status, brand.text).toBe(200);
    const headers = { host: "voice.example", "sec-fetch-site": "same-origin" };
    const ask = (path: string, body: Body) => cloud.call("POST", `/v1/identity/${path}`, body, { key: null, headers });
    const who = { email: "grace@example.com", password: goodPassword, name: "Grace", company: "Hopper" };
    expect((await ask("sign-up", who)).status).toBe(204);
    const tenants = async () => (await cloud.call("GET", `/v1/accounts/${account}/tenants`)).body.data;
    expect(await tenants()).toEqual([]);
    await cloud.settle();
    const mail = cloud.aws.mails.find(({ Destination }) => JSON.stringify(Destination).includes(who.email));
    const [, token] = /#([\w.-]+)/.exec(JSON.stringify(mail)) ?? [];
    const verified = await ask("sign-up/verify", { token });
    expect(verified.status, verified.text).toBe(200);
    expect(await tenants()).toMatchObject([{ name: "Hopper" }]);
    expect((await ask("sign-in", { email: who.email, password: who.password })).status).toBeLessThan(300);
  });

  it("a resource of each kind is made, read, changed and deleted", async () => {
    const of: Record<string, string> = {};
    const made: [string, string][] = [];
    const kinds = kindsAt("tenant").map(({ plural }) => plural);
    for (const plural of ["prompts", "trunks", ...kinds.filter((one) => !["prompts", "trunks"].includes(one))]) {
      const body = sampleOf(plural, of);
      const reply = await cloud.call("POST", `${other.path}/${plural}`, body);
      expect(reply.status, `${plural}: ${reply.text}`).toBe(201);
      of[plural.replace(/s$/, "")] = String(reply.body.id);
      made.push([plural, String(reply.body.id)]);
    }
    expect(made.length).toBeGreaterThan(15);
    for (const [plural, id] of made.reverse()) {
      const path = `${other.path}/${plural}/${id}`;
      expect((await cloud.call("GET", path)).status, path).toBe(200);
      expect((await cloud.call("PATCH", path, {})).status, path).toBe(200);
      expect((await cloud.call("DELETE", path)).status, path).toBe(204);
    }
  });

  it("an edge's own words come in once: records, heartbeats, runtime state, and a sound goes down by a signed URL", async () => {
    const prompt = await made(`${tenant.path}/prompts`, { name: "welcome" });
    const wav = new Uint8Array(wavOf(1, sine(440)));
    const put = await cloud.call("PUT", `${tenant.path}/prompts/${prompt.id}/audio`, undefined, {
      raw: wav,
      headers: { "content-type": "audio/wav" },
    });
    expect(put.status, put.text).toBe(200);
    const { sha256 } = (put.body.audio ?? {}) as { sha256?: string };
    const wanted = await edge.request("POST", "audio", { owner: tenantOwner(tenant.id), sha256 });
    expect(wanted.status, wanted.text).toBe(200);
    const sound = await cloud.aws.fetchSigned(String(wanted.body.url));
    expect([sound.status, sound.body.length]).toEqual([200, wav.length]);
    expect(
      (await edge.request("POST", "audio", { owner: tenantOwner(tenant.id), sha256: "0".repeat(64) })).status,
    ).toBe(404);
    expect((await edge.request("GET", "runtime")).status).toBe(200);
    // a new instance knows no tenant's key yet
    await now("Api");
    const secrets = await cloud.call("GET", `${tenant.path}/export?secrets=true`);
    expect(secrets.status, secrets.text).toBe(200);
    expect((await edge.request("POST", "queue")).status).toBe(200);
  });

  it("no function asked AWS for what its role does not allow, and each uses all that its role allows", () => {
    expect(cloud.aws.denied).toEqual([]);
    const unused = [...cloud.template.functions.values()].flatMap(({ role }) =>
      cloud.template
        .rights(role)
        .map(({ label }) => label)
        .filter((label) => !cloud.aws.used.get(role)?.has(label))
        .map((label) => `${role.slice(0, -8)}: ${label}`),
    );
    expect(unused.filter((one) => !explained.some((pattern) => pattern.test(one)))).toEqual([]);
  });
});
