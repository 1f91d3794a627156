// The gate to local queues for edges on other hosts: a token opens the receiving end of one queue for an hour, and nothing else.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { QueueAccess } from "../../core/wire-host.ts";
import { type Control, startControl } from "../../local/control.ts";

const dataDir = mkdtempSync(join(tmpdir(), "dialplane-"));
let control: Control;
let mine: QueueAccess;
let other: QueueAccess;

beforeAll(async () => {
  const base = { dataDir, host: "127.0.0.1", port: 0, sipZone: "pbx.example", logLevel: "silent" };
  control = await startControl({ ...base, publicUrl: "https://pbx.example" });
  const lend = async (edge: string) => control.ctx.queues.access(edge, await control.ctx.queues.create(edge, 1));
  [mine, other] = [await lend("edg_mine"), await lend("edg_other")];
  await control.ctx.queues.send(mine.url, "for mine");
  await control.ctx.queues.send(other.url, "for other");
});
afterAll(async () => {
  await control.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const ask = async (action: string, body: unknown, token: string | null = mine.credentials.sessionToken) => {
  const answer = await fetch(`${control.url}/queue`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `AmazonSQS.${action}`,
      ...(token !== null && { "x-amz-security-token": token }),
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Record<string, unknown> };
};

test("an edge elsewhere gets the public address and a token for its own queue", async () => {
  expect(mine).toMatchObject({
    endpoint: "https://pbx.example/queue",
    credentials: { sessionToken: expect.any(String) },
  });
  expect(Date.parse(mine.expiresAt) - Date.now()).toBeLessThanOrEqual(3600_000);
  const received = await ask("ReceiveMessage", { QueueUrl: mine.url });
  const [message] = received.body.Messages as { Body: string; ReceiptHandle: string }[];
  expect([received.status, message?.Body]).toEqual([200, "for mine"]);
  expect((await ask("DeleteMessage", { QueueUrl: mine.url, ReceiptHandle: message?.ReceiptHandle })).status).toBe(200);
});

test("the token opens no other queue, and no other action", async () => {
  for (const [action, body] of [
    ["ReceiveMessage", { QueueUrl: other.url }],
    ["SendMessage", { QueueUrl: mine.url, MessageBody: "x" }],
    ["DeleteQueue", { QueueUrl: mine.url }],
    ["PurgeQueue", { QueueUrl: mine.url }],
    ["CreateQueue", { QueueName: "x" }],
    ["ListQueues", {}],
    ["", { QueueUrl: mine.url }],
  ] as const)
    expect([action, (await ask(action, body)).status]).toEqual([action, 401]);
});

test("a token that is bent, missing or past its hour opens nothing", async () => {
  const token = mine.credentials.sessionToken ?? "";
  const [until = "", signature = ""] = token.split(".");
  for (const bad of [
    null,
    "",
    "x",
    `${Number(until) + 1000}.${signature}`,
    `${until}.${signature.slice(1)}`,
    `${until}.`,
    `NaN.${signature}`,
    `1e99.${signature}`,
    other.credentials.sessionToken,
  ])
    expect((await ask("ReceiveMessage", { QueueUrl: mine.url }, bad)).status).toBe(401);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3600_001 });
  try {
    expect((await ask("ReceiveMessage", { QueueUrl: mine.url })).status).toBe(401);
  } finally {
    vi.useRealTimers();
  }
});

test("a body that is none gets a problem", async () => {
  for (const [body, status] of [
    ["{", 400],
    ["null", 401],
    ["[]", 401],
    ['{"QueueUrl":5}', 401],
    ['{"QueueUrl":"\\ud800"}', 400],
    ["x".repeat(300_000), 413],
  ] as const)
    expect([body.slice(0, 20), (await ask("ReceiveMessage", body)).status]).toEqual([body.slice(0, 20), status]);
});
