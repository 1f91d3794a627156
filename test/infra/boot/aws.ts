// AWS as the functions see it, on this machine: DynamoDB Local, fauxqs for SQS and S3, and keys, roles and mail of its own. It knows who asks by the
// credentials, refuses what their role does not allow, and keeps what was asked.
import { randomBytes } from "node:crypto";
import { Agent, createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { seal, unseal } from "../../../functions/vault/vault.ts";
import { accountId, fits, type Right, region, type Template } from "./template.ts";

/** One request: who asks for which actions on which resources. */
export type Asked = {
  /** A function's logical id, or the access key of lent credentials. */
  by: string;
  rights: { action: string; resource: string; conditions?: Record<string, string | string[]> }[];
  body: Record<string, unknown>;
};
type Answer = { status: number; headers?: Record<string, string>; body: string | Uint8Array };
export type StandIn = Awaited<ReturnType<typeof startStandIn>>;

const json = (status: number, body: unknown): Answer => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify(body),
});
/** As the JSON protocols tell errors. */
export const refusal = (type: string, message = type, status = 400): Answer => json(status, { __type: type, message });

/** DynamoDB Local, and the access key whose tables are meant. */
export type Dynamo = { url: string; accessKeyId: string };
export type StandInOptions = {
  /** Takes what SES is asked to send; throws where SES would refuse. */
  mailed?(body: Record<string, unknown>): Promise<void>;
  /** The TXT records of a name. */
  txt?(name: string): Promise<string[]>;
  /** Something was written to the table or a queue, by whomever. */
  written?(): void;
};

/** Each value that was asked with is one of the condition's, where `*` is anything. */
const holds = (asked: string | string[] | undefined, allowed: unknown): boolean =>
  asked !== undefined && [asked].flat().every((one) => [allowed].flat().some((pattern) => fits(String(pattern), one)));

/** Who has this access key may do anything. */
export const root = "root";

export async function startStandIn(
  template: Template,
  { dynamo, fauxqs, mailed, txt, written }: StandInOptions & { dynamo: Dynamo; fauxqs: string },
) {
  const kmsKey = randomBytes(32);
  const agent = new Agent({ keepAlive: true });
  const used = new Map<string, Set<string>>();
  const denied: string[] = [];
  const mails: Record<string, unknown>[] = [];
  /** Of the hosted zone, by type and name. */
  const records = new Map<string, string[]>();
  const hooks: { url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  const lent = new Map<string, { role: string; policy: { Action: string[]; Resource: string } }>();
  const queues = new Map<string, string>();
  const name = (url: unknown): string => String(url).split("/").at(-1) ?? "";
  const urlOf = (queue: string): string => `https://sqs.${region}.amazonaws.com/${accountId}/${queue}`;
  const queueArn = (queue: string): string => `arn:aws:sqs:${region}:${accountId}:${queue}`;

  /** The right that allows it, if any does. */
  function allowing(by: string, { action, resource, conditions = {} }: Asked["rights"][number]): Right | undefined {
    const borrowed = lent.get(by);
    const role = borrowed?.role ?? template.functions.get(by)?.role ?? "";
    const inSession =
      !borrowed || (borrowed.policy.Action.includes(action) && fits(borrowed.policy.Resource, resource));
    return inSession
      ? template
          .rights(role)
          .find(
            (right) =>
              right.action === action &&
              fits(right.resource, resource) &&
              Object.entries(right.conditions).every(([key, value]) => holds(conditions[key], value)),
          )
      : undefined;
  }

  /** Whether it is allowed; what was is kept. */
  function allows(by: string, asked: Asked["rights"][number]): boolean {
    if (by === root) return true;
    const right = allowing(by, asked);
    const role = lent.get(by)?.role ?? template.functions.get(by)?.role ?? "";
    if (right) used.set(role, (used.get(role) ?? new Set()).add(right.label));
    return right !== undefined;
  }

  const control = {
    /** Looks at each request before it is carried out; what it returns is the answer instead. */
    before: undefined as ((asked: Asked) => Answer | undefined | Promise<Answer | undefined>) | undefined,
  };

  async function sqs(verb: string, body: Record<string, unknown>): Promise<Answer> {
    const sent = body.QueueUrl === undefined ? body : { ...body, QueueUrl: queues.get(name(body.QueueUrl)) ?? "none" };
    const answer = await fetch(fauxqs, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `AmazonSQS.${verb}`,
        authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host",
      },
      body: JSON.stringify(sent),
    });
    const text = await answer.text();
    if (verb !== "CreateQueue" || !answer.ok) return json(answer.status, text === "" ? {} : JSON.parse(text));
    queues.set(String(body.QueueName), JSON.parse(text).QueueUrl);
    return json(200, { QueueUrl: urlOf(String(body.QueueName)) });
  }

  /** Without fetch, which costs as much as all the rest of it. */
  function toDynamo(incoming: IncomingMessage, bytes: Uint8Array<ArrayBuffer>): Promise<Answer> {
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      "content-length": bytes.length,
      "x-amz-target": String(incoming.headers["x-amz-target"]),
      "x-amz-date": "20260101T000000Z",
      authorization: `AWS4-HMAC-SHA256 Credential=${dynamo.accessKeyId}/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
    };
    return new Promise((resolve, reject) => {
      const asked = request(dynamo.url, { method: "POST", headers, agent }, (answer) => {
        const status = answer.statusCode ?? 500;
        const type = { "content-type": "application/x-amz-json-1.0" };
        buffer(answer).then((body) => resolve({ status, headers: type, body: new Uint8Array(body) }), reject);
      });
      asked.on("error", reject).end(bytes);
    });
  }

  async function toS3(
    request: IncomingMessage,
    bucket: string,
    bytes: Uint8Array<ArrayBuffer>,
    by: string,
  ): Promise<Answer> {
    const headers = Object.fromEntries(
      ["content-type", "range", "x-amz-checksum-sha256"].flatMap((key) => {
        const value = request.headers[key];
        return typeof value === "string" ? [[key, value]] : [];
      }),
    );
    const method = request.method ?? "GET";
    const answer = await fetch(`${fauxqs}/${bucket}${request.url}`, {
      method,
      headers: {
        ...headers,
        authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/s3/aws4_request, SignedHeaders=host",
      },
      ...(method === "PUT" && { body: bytes }),
    });
    if (answer.status === 404 && !allows(by, { action: "s3:ListBucket", resource: `arn:aws:s3:::${bucket}` }))
      return { status: 403, body: "" };
    const kept = [...answer.headers].filter(
      ([key]) => !/^(connection|keep-alive|transfer-encoding|content-encoding)$/.test(key),
    );
    return {
      status: answer.status,
      headers: Object.fromEntries(kept),
      body: new Uint8Array(await answer.arrayBuffer()),
    };
  }

  function kms(verb: string, body: Record<string, unknown>): Answer {
    const context = JSON.stringify([body.KeyId, body.EncryptionContext]);
    try {
      const [from, to, work] =
        verb === "Encrypt"
          ? (["Plaintext", "CiphertextBlob", seal] as const)
          : (["CiphertextBlob", "Plaintext", unseal] as const);
      const bytes = work(kmsKey, Buffer.from(String(body[from]), "base64"), context);
      return json(200, { KeyId: body.KeyId, [to]: Buffer.from(bytes).toString("base64") });
    } catch {
      return refusal("InvalidCiphertextException");
    }
  }

  function assume(form: URLSearchParams): Answer {
    const role =
      [...template.of("AWS::IAM::Role")].find(([id]) => template.arnOf(id) === form.get("RoleArn"))?.[0] ?? "";
    const key = `ASIA${lent.size}`;
    const { Statement } = JSON.parse(form.get("Policy") ?? "{}");
    lent.set(key, { role, policy: Statement[0] });
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    return {
      status: 200,
      headers: { "content-type": "text/xml" },
      body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expires}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    };
  }

  /** What a request to DynamoDB asks for: of a transaction, each of its parts. */
  function tableRights(verb: string, body: Record<string, unknown>): Asked["rights"] {
    const arn = (table: unknown) => `arn:aws:dynamodb:${region}:${accountId}:table/${String(table)}`;
    if (verb === "TransactWriteItems") {
      const parts = {
        Put: "PutItem",
        Delete: "DeleteItem",
        Update: "UpdateItem",
        ConditionCheck: "ConditionCheckItem",
      };
      return (body.TransactItems as Record<string, { TableName: string }>[]).flatMap((item) =>
        Object.entries(item).map(([part, { TableName }]) => ({
          action: `dynamodb:${parts[part as keyof typeof parts]}`,
          resource: arn(TableName),
        })),
      );
    }
    if (verb === "BatchGetItem")
      return Object.keys(body.RequestItems as object).map((table) => ({
        action: "dynamodb:BatchGetItem",
        resource: arn(table),
      }));
    const index = body.IndexName === undefined ? "" : `/index/${String(body.IndexName)}`;
    return [{ action: `dynamodb:${verb}`, resource: arn(body.TableName) + index }];
  }

  /** Its XML; a record that is deleted must be named as it is. */
  function toRoute53(url: string, xml: string): Work {
    const [, , kind, id] = url.split(/[/?]/);
    const all = (tag: string) =>
      [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, "g"))].map(([, text]) => text ?? "");
    const answered = (root: string): Answer => ({
      status: 200,
      headers: { "content-type": "text/xml" },
      body: `<${root} xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeInfo><Id>/change/C1</Id><Status>INSYNC</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt></ChangeInfo></${root}>`,
    });
    const arn = `arn:aws:route53:::${kind}/${id}`;
    if (kind === "change")
      return {
        rights: [{ action: "route53:GetChange", resource: arn }],
        body: {},
        carryOut: () => answered("GetChangeResponse"),
      };
    const [[action = ""], [name = ""], [type = ""]] = [all("Action"), all("Name"), all("Type")];
    const key = (what: string) => `route53:ChangeResourceRecordSets${what}`;
    const conditions = {
      [key("RecordTypes")]: [type],
      [key("Actions")]: [action],
      [key("NormalizedRecordNames")]: [name.replace(/\.$/, "")],
    };
    const values = all("Value").map((value) => value.replaceAll("&quot;", '"'));
    return {
      rights: [{ action: "route53:ChangeResourceRecordSets", resource: arn, conditions }],
      body: { action, name, type, values },
      carryOut() {
        const place = `${type} ${name.replace(/\.$/, "")}`;
        if (action === "UPSERT") records.set(place, values);
        else if (JSON.stringify(records.get(place)) === JSON.stringify(values)) records.delete(place);
        else
          return { status: 400, body: "<ErrorResponse><Error><Code>InvalidChangeBatch</Code></Error></ErrorResponse>" };
        return answered("ChangeResourceRecordSetsResponse");
      },
    };
  }

  type Work = { rights: Asked["rights"]; body: Record<string, unknown>; carryOut(): Answer | Promise<Answer> };
  function workOf(request: IncomingMessage, bytes: Buffer<ArrayBuffer>, by: string): Work {
    const host = String(request.headers.host);
    const [service, verb = ""] = String(request.headers["x-amz-target"] ?? "").split(".");
    const parsed = (): Record<string, unknown> => JSON.parse(bytes.toString() || "{}");
    if (service === "DynamoDB_20120810") {
      const body = parsed();
      return { rights: tableRights(verb, body), body, carryOut: () => toDynamo(request, bytes) };
    }
    if (service === "AmazonSQS") {
      const body = parsed();
      const resource = queueArn(name(body.QueueUrl ?? body.QueueName));
      return { rights: [{ action: `sqs:${verb}`, resource }], body, carryOut: () => sqs(verb, body) };
    }
    if (service === "TrentService") {
      const body = parsed();
      return {
        rights: [{ action: `kms:${verb}`, resource: String(body.KeyId) }],
        body,
        carryOut: () => kms(verb, body),
      };
    }
    const [bucket] = host.split(".s3.");
    if (host.includes(".s3.") && bucket) {
      const path = decodeURIComponent(String(request.url).split("?")[0] ?? "");
      const verbs: Record<string, string> = {
        GET: "GetObject",
        HEAD: "GetObject",
        PUT: "PutObject",
        DELETE: "DeleteObject",
      };
      const action = path === "/" ? "ListBucket" : verbs[request.method ?? ""];
      const resource = `arn:aws:s3:::${bucket}${path === "/" ? "" : path}`;
      return {
        rights: [{ action: `s3:${action}`, resource }],
        body: {},
        carryOut: () => toS3(request, bucket, bytes, by),
      };
    }
    if (host.startsWith("sts.")) {
      const form = new URLSearchParams(bytes.toString());
      const rights = [{ action: `sts:${form.get("Action")}`, resource: form.get("RoleArn") ?? "" }];
      return { rights, body: Object.fromEntries(form), carryOut: () => assume(form) };
    }
    if (host === "route53.amazonaws.com") return toRoute53(String(request.url), bytes.toString());
    if (host.startsWith("email.")) {
      const body = parsed();
      const from = String(body.FromEmailAddress).replace(/^.*<|>$/g, "");
      const resource = `arn:aws:ses:${region}:${accountId}:identity/${from.split("@")[1]}`;
      const conditions = { "ses:FromAddress": from };
      const carryOut = async () => {
        await mailed?.(body);
        mails.push(body);
        return json(200, { MessageId: String(mails.length) });
      };
      const set = `arn:aws:ses:${region}:${accountId}:configuration-set/${body.ConfigurationSetName}`;
      const rights = [resource, set].map((on) => ({ action: "ses:SendEmail", resource: on, conditions }));
      return { rights, body, carryOut };
    }
    throw new Error(`nothing stands in for ${host} ${request.headers["x-amz-target"]}`);
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const bytes = Buffer.from(await buffer(request));
    const host = String(request.headers.host);
    if (request.url?.startsWith("/txt?")) {
      const name = new URL(request.url, "http://localhost").searchParams.get("name") ?? "";
      return json(
        200,
        ((await txt?.(name)) ?? []).map((record) => [record]),
      );
    }
    if (host.endsWith(".example")) {
      hooks.push({ url: `https://${host}${request.url}`, headers: request.headers, body: bytes.toString() });
      return { status: 204, body: "" };
    }
    const signed = `${request.headers.authorization ?? ""} ${decodeURIComponent(request.url ?? "")}`;
    const by = /Credential=([^/\s]+)\//.exec(signed)?.[1] ?? "";
    const { rights, body, carryOut } = workOf(request, bytes, by);
    for (const right of rights) {
      if (!allows(by, right)) {
        denied.push(`${by}: ${right.action} on ${right.resource}`);
        return refusal("AccessDeniedException", `${by} may not ${right.action} on ${right.resource}`);
      }
    }
    const answered = (await control.before?.({ by, rights, body })) ?? (await carryOut());
    if (rights.some(({ action }) => /^(dynamodb:(Put|Delete|Update)Item|sqs:SendMessage)$/.test(action))) written?.();
    return answered;
  }

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, headers, body }) =>
        response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;

  return {
    port,
    control,
    sqs,
    urlOf,
    /** By role: what it was allowed and used, as stack.test.ts spells it. */
    used,
    denied,
    records,
    mails,
    hooks,
    /** A tenant's data key, as KMS wraps it. */
    wrapper: (keyId: string) => ({
      wrap: async (key: Uint8Array, owner: string) => seal(kmsKey, key, JSON.stringify([keyId, { owner }])),
      unwrap: async (key: Uint8Array, owner: string) => unseal(kmsKey, key, JSON.stringify([keyId, { owner }])),
    }),
    /** As whoever has these credentials. */
    async ask(
      accessKey: string,
      target: string,
      body: unknown,
    ): Promise<{ status: number; body: Record<string, unknown> }> {
      const reply = await fetch(`http://127.0.0.1:${port}`, {
        method: "POST",
        headers: {
          "x-amz-target": target,
          authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/20260101/${region}/any/aws4_request`,
        },
        body: JSON.stringify(body),
      });
      return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
    },
    /** With an URL that was signed for one object. */
    async fetchSigned(
      url: string,
      init: { method?: string; headers?: Record<string, string>; body?: Uint8Array<ArrayBuffer> } = {},
    ) {
      const { host, pathname, search } = new URL(url);
      return new Promise<{ status: number; headers: Record<string, string>; body: Buffer }>((resolve, reject) => {
        const asked = request(
          {
            port,
            host: "127.0.0.1",
            path: pathname + search,
            method: init.method ?? "GET",
            headers: { ...init.headers, host },
          },
          async (response) => {
            const headers = response.headers as Record<string, string>;
            resolve({ status: response.statusCode ?? 0, headers, body: Buffer.from(await buffer(response)) });
          },
        );
        asked.on("error", reject).end(init.body);
      });
    },
    async stop(): Promise<void> {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
