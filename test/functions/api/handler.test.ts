// The API as API Gateway calls it, on a real store and real queues.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../../../functions/api/app.ts";
import { createHandler, type Handler } from "../../../functions/api/handler.ts";
import { createBackground } from "../../../functions/background.ts";
import { type TestControl, testControl } from "../../support/control.ts";
import { type GatewayRequest, gatewayEvent } from "../../support/gateway.ts";
import { type EdgeQueue, enrolQueue } from "../../support/queue.ts";

let control: TestControl;
let queue: EdgeQueue;
let handler: Handler;

beforeAll(async () => {
  control = await testControl();
  queue = await enrolQueue(control);
  const background = createBackground(control.ctx.log);
  // slow enough that a handler that does not wait for it is found out
  const queues = {
    ...control.ctx.queues,
    async send(url: string, body: string) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await control.ctx.queues.send(url, body);
    },
  };
  const ctx = { ...control.ctx, queues, after: background.after };
  handler = createHandler(await createApp(ctx, async () => []), background.settled);
});
afterAll(async () => {
  queue.close();
  await control.stop();
});

async function ask(method: string, path: string, request: GatewayRequest = {}) {
  const headers = { authorization: `Bearer ${control.key}`, ...request.headers };
  const answer = await handler(gatewayEvent(method, path, { ...request, headers }));
  return { ...answer, json: JSON.parse(answer.body || "null") };
}

test("when the answer is there, the edges have been told: Lambda freezes whatever goes on after it", async () => {
  const made = await ask("POST", "/v1/tenants", { body: { name: "Acme", domain: "acme.example" } });
  expect(made).toMatchObject({ statusCode: 201, json: { domain: "acme.example" } });
  await queue.take();
  const path = `/v1/tenants/${made.json.id}/extensions`;
  const extension = await ask("POST", path, { body: { number: "1001", displayName: "Zoë 🎉" } });
  expect(extension.statusCode).toBe(201);
  expect(await queue.take()).toMatchObject([{ type: "delta", owner: `T#${made.json.id}` }]);
  const [listed] = (await ask("GET", `${path}?limit=1`)).json.data;
  expect(listed).toMatchObject({ number: "1001", displayName: "Zoë 🎉" });
});

test("a refusal is a problem with its status, its type and a request id", async () => {
  const { statusCode, headers, json } = await ask("GET", "/v1/tenants/ten_00000000000000000000000000");
  expect(statusCode).toBe(404);
  expect(headers).toMatchObject({ "content-type": "application/problem+json", "x-request-id": json.requestId });
});

test("the change names the caller's address as API Gateway gives it", async () => {
  const made = await ask("POST", "/v1/tenants", { body: { name: "Globex" }, sourceIp: "198.51.100.9" });
  const { json } = await ask("GET", `/v1/tenants/${made.json.id}/changes`);
  expect(JSON.stringify(json)).toContain("198.51.100.9");
});

test("a table that begins with the mark of UTF-8 comes with it", async () => {
  const { json } = await ask("POST", "/v1/tenants", { body: { name: "Initech" } });
  const answer = await handler(
    gatewayEvent("GET", `/v1/tenants/${json.id}/extensions/export?bom=true`, {
      headers: { authorization: `Bearer ${control.key}` },
    }),
  );
  const bytes = Buffer.from(answer.body ?? "", answer.isBase64Encoded ? "base64" : "utf8");
  expect([answer.statusCode, bytes.subarray(0, 4).toString("hex")]).toEqual([200, "efbbbf6e"]);
});

test("a header that is there and empty is refused, not left out", async () => {
  const { json } = await ask("POST", "/v1/tenants", { body: { name: "Hooli" } });
  for (const name of ["if-match", "idempotency-key"]) {
    const headers = { [name]: "" };
    const method = name === "if-match" ? "PATCH" : "POST";
    const path = name === "if-match" ? `/v1/tenants/${json.id}` : `/v1/tenants/${json.id}/extensions`;
    expect((await ask(method, path, { body: { number: "1001" }, headers })).statusCode, name).toBe(400);
  }
});
