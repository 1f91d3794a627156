// Lending access to a local queue. The stand-in for SQS checks no credentials and listens on loopback; an edge on another host comes through the gate
// here, which lets a token reach one queue's receiving end and nothing else. In the cloud STS and a session policy do this.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import type { QueueAccess } from "../core/wire-host.ts";
import { parseJson, readText } from "../functions/api/body.ts";
import type { Variables } from "../functions/api/route.ts";
import { Problem } from "../functions/problem.ts";
import { credentials, region } from "./queue-server.ts";

const lentMs = 3600_000;
const wanted = z.object({ QueueUrl: z.string() });
const allowed = new Set(
  [
    "ReceiveMessage",
    "DeleteMessage",
    "DeleteMessageBatch",
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
  ].map((action) => `AmazonSQS.${action}`),
);

export function lender(
  endpoint: string,
  publicUrl: string,
): { lend(url: string): Promise<QueueAccess>; gate: Hono<{ Variables: Variables }> } {
  const secret = randomBytes(32);
  const sign = (queue: string, until: number): string =>
    createHmac("sha256", secret).update(`${queue}\n${until}`).digest("base64url");
  const isLoopback = ["127.0.0.1", "localhost", "[::1]"].includes(new URL(publicUrl).hostname);
  const gate = new Hono<{ Variables: Variables }>();
  gate.post("/queue", async (c) => {
    const [until = "", signature = ""] = (c.req.header("x-amz-security-token") ?? "").split(".");
    const text = await readText(c, 256 * 1024);
    const queue = wanted.safeParse(parseJson(text)).data?.QueueUrl ?? "";
    const expected = Buffer.from(sign(queue, Number(until)));
    const given = Buffer.from(signature);
    const valid = Number(until) > Date.now() && expected.length === given.length && timingSafeEqual(expected, given);
    if (!valid || !allowed.has(c.req.header("x-amz-target") ?? ""))
      throw new Problem("unauthenticated", "The token does not open this queue; fetch queue access again.");
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": c.req.header("x-amz-target") ?? "",
    };
    return fetch(endpoint, { method: "POST", headers, body: text, signal: c.req.raw.signal }).catch(() => {
      throw new Problem("unavailable", "The queue does not answer; try again.", { headers: { "Retry-After": "1" } });
    });
  });
  return {
    async lend(url) {
      const until = Date.now() + lentMs;
      const sessionToken = isLoopback ? null : `${until}.${sign(url, until)}`;
      return {
        url,
        region,
        endpoint: isLoopback ? endpoint : `${publicUrl}/queue`,
        credentials: { ...credentials, sessionToken },
        expiresAt: new Date(until).toISOString(),
      };
    },
    gate,
  };
}
