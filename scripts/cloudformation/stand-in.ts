// What a stand-in for AWS is asked, whichever it is: each service by its own protocol, at one address. It checks no signature.
import { XMLParser } from "fast-xml-parser";

export const region = "eu-central-1";
/** The account that such stand-ins are. */
export const account = "123456789012";

export type Answer = { [name: string]: unknown };
export type StandIn = ReturnType<typeof standInAt>;

const parser = new XMLParser({ isArray: (name) => name === "member", parseTagValue: false });

/** `endpoint` without a slash at the end. Its verbs throw what was answered where that was no success. */
export function standInAt(endpoint: string) {
  const authorization = (service: string) =>
    `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;

  async function send(service: string, path: string, init: RequestInit): Promise<string> {
    const headers = { ...init.headers, authorization: authorization(service), "x-amz-date": "20260101T000000Z" };
    const answer = await fetch(endpoint + path, { ...init, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${service} ${path}: ${answer.status} ${text.slice(0, 2000)}`);
    return text;
  }

  return {
    /** AWS's query protocol: CloudFormation, IAM, SNS. */
    async query(service: string, version: string, action: string, parameters: Record<string, string>): Promise<Answer> {
      const body = new URLSearchParams({ Action: action, Version: version, ...parameters });
      const whole = parser.parse(await send(service, "/", { method: "POST", body }));
      return whole[`${action}Response`]?.[`${action}Result`] ?? {};
    },
    /** AWS's JSON protocols: DynamoDB, SQS, SSM, EventBridge. `target` as in X-Amz-Target. */
    async json(service: string, target: string, body: object): Promise<Answer> {
      const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
      return JSON.parse((await send(service, "/", { method: "POST", headers, body: JSON.stringify(body) })) || "{}");
    },
    /** Services of paths and JSON: Lambda, API Gateway. */
    get: async (service: string, path: string): Promise<Answer> =>
      JSON.parse(await send(service, path, { method: "GET" })),
    put: (path: string, body: Uint8Array<ArrayBuffer> | string = "") => send("s3", path, { method: "PUT", body }),
  };
}
