// Lending a queue, by the real SDK against a stand-in for STS that keeps what it was asked.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queueAccess } from "../../../core/wire-host.ts";
import { queueArn, sessionPolicy, stsLender } from "../../../functions/edges/sts.ts";

const lending = { roleArn: "arn:aws:iam::123456789012:role/edge", region: "eu-central-1", stage: "prod" };
const url = "https://sqs.eu-central-1.amazonaws.com/123456789012/dp-prod-edg_01-1";
const expires = "2026-12-24T20:00:00Z";

let server: Server;
let client: STSClient;
let asked: URLSearchParams[];

beforeAll(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    asked.push(new URLSearchParams(await text(request)));
    response.setHeader("content-type", "text/xml");
    response.end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
      <Expiration>${expires}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new STSClient({
    region: lending.region,
    endpoint,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
});
afterAll(() => {
  client.destroy();
  server.close();
});

test("an edge gets credentials of one hour, under its own name, for its own queue", async () => {
  const access = await stsLender(client, lending)(url, "edg_01");
  const [request] = asked;
  expect(Object.fromEntries(request ?? [])).toMatchObject({
    Action: "AssumeRole",
    RoleArn: lending.roleArn,
    RoleSessionName: "edg_01",
    DurationSeconds: "3600",
    Policy: sessionPolicy("arn:aws:sqs:eu-central-1:123456789012:dp-prod-edg_01-1"),
  });
  expect(queueAccess.parse(access)).toEqual({
    url,
    endpoint: null,
    region: "eu-central-1",
    credentials: { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "secret", sessionToken: "token" },
    expiresAt: new Date(expires).toISOString(),
  });
});

test("the session can receive from that queue and delete from it, and nothing else anywhere", () => {
  expect(JSON.parse(sessionPolicy("arn:aws:sqs:eu-central-1:123456789012:dp-prod-edg_01-1"))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
        Resource: "arn:aws:sqs:eu-central-1:123456789012:dp-prod-edg_01-1",
      },
    ],
  });
});

test("the partition is that of the role", () => {
  const china = { ...lending, roleArn: "arn:aws-cn:iam::123456789012:role/edge", region: "cn-north-1" };
  const queue = "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/dp-prod-edg_01-1";
  expect(queueArn(queue, china)).toBe("arn:aws-cn:sqs:cn-north-1:123456789012:dp-prod-edg_01-1");
});

test.each([
  ["another stage's queue", url.replace("dp-prod-", "dp-dev-")],
  ["a queue that is none of ours", url.replace("dp-prod-edg_01-1", "payroll")],
  ["a name that would be a pattern", url.replace("edg_01-1", "*")],
  ["a path with more", `${url}/more`],
  ["a path with less", "https://sqs.eu-central-1.amazonaws.com/dp-prod-edg_01-1"],
])("%s is lent to nobody", async (_, other) => {
  const before = asked.length;
  await expect(stsLender(client, lending)(other, "edg_01")).rejects.toThrow("no queue of the stage prod");
  expect(asked).toHaveLength(before);
});
