// The client of the API: lists to their end, tries again where that can help and never twice the same POST, refusals as errors.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient, segment } from "../../client/client.ts";
import { ApiProblem } from "../../client/problem.ts";
import { newTenant, type TestControl, testControl } from "../support/control.ts";

let control: TestControl;
let tenant: string;
beforeAll(async () => {
  control = await testControl();
  tenant = (await newTenant(control)).id;
});
afterAll(() => control.stop());

const refusalOf = (work: Promise<unknown>): Promise<ApiProblem> =>
  work.then(
    () => expect.fail("was not refused"),
    (error: unknown) => (error instanceof ApiProblem ? error : expect.fail(String(error))),
  );

describe("against the control plane", () => {
  test("a list is read to its end, page by page", async () => {
    const wanted = ["1001", "1002", "1003", "1004", "1005"];
    const operation = "POST /v1/tenants/{tenant}/extensions" as const;
    for (const number of wanted) {
      const made = await control.client.call(operation, { path: { tenant }, body: { number } });
      expect(made.sip.password).toBeTypeOf("string");
    }
    const numbers: string[] = [];
    const all = control.client.items("GET /v1/tenants/{tenant}/extensions", { path: { tenant }, query: { limit: 2 } });
    for await (const { number } of all) numbers.push(number);
    expect(numbers).toEqual(wanted);
  });

  test("a refusal says which field, whom it is used by, and whether to try again", async () => {
    const path = `/v1/tenants/${tenant}`;
    const invalid = await refusalOf(control.client.send("POST", `${path}/extensions`, { body: { number: "x" } }));
    expect(invalid).toMatchObject({ status: 422, code: "invalid", final: true, errors: [{ pointer: "/number" }] });
    await control.client.send("POST", `${path}/ring-groups`, { body: { name: "a", members: [{ extension: "1001" }] } });
    const used = await refusalOf(control.client.send("DELETE", `${path}/extensions/1001`));
    expect(used).toMatchObject({ status: 409, code: "in_use", users: [{ kind: "ring-group", key: "a" }] });
    expect((await refusalOf(control.client.send("PATCH", path, { body: { name: "b" }, version: 99 }))).status).toBe(
      412,
    );
  });
});

describe("trying again", () => {
  type Step = "lost" | [status: number, body?: object, retryAfter?: string];
  const against = (steps: Step[]) => {
    const sent: (string | null)[] = [];
    const waits: number[] = [];
    const client = createClient({
      ...{ url: "http://pbx.example", key: () => "k" },
      wait: async (ms) => void waits.push(ms),
      fetch: async (_url, init) => {
        sent.push(new Headers(init?.headers).get("idempotency-key"));
        const step = steps[sent.length - 1] ?? [200, {}];
        if (step === "lost") throw new TypeError("fetch failed");
        const [status, body = {}, retryAfter] = step;
        return Response.json(body, { status, headers: retryAfter === undefined ? {} : { "retry-after": retryAfter } });
      },
    });
    return { client, sent, waits };
  };

  test("a POST bears one key on every try, and waits as long as the server wants", async () => {
    const { client, sent, waits } = against(["lost", [429, {}, "3"], [409, { code: "busy" }, "1"], [201, { id: "x" }]]);
    expect(await client.send("POST", "/v1/tenants", { body: {} })).toEqual({ id: "x" });
    expect([sent.length, new Set(sent).size, typeof sent[0]]).toEqual([4, 1, "string"]);
    expect(waits[1]).toBeGreaterThanOrEqual(3000);
    expect(waits[1]).toBeLessThan(4000);
  });

  test("what would fail again, what may have been done, and what takes too long is not tried again", async () => {
    for (const [method, step] of [
      ["POST", [422]],
      ["POST", [500]],
      ["POST", [409, { code: "taken" }]],
      ["PATCH", "lost"],
      ["DELETE", "lost"],
      ["GET", [503, {}, "3600"]],
    ] as [string, Step][]) {
      const { client, sent } = against([step]);
      await refusalOf(client.send(method, "/v1/x", method === "GET" ? {} : { body: {} }));
      expect(sent.length, `${method} ${JSON.stringify(step)}`).toBe(1);
    }
    const { client, sent } = against(Array(9).fill([503]));
    expect((await refusalOf(client.send("GET", "/v1/me"))).status).toBe(503);
    expect(sent.length).toBe(4);
  });
});

test("no part of a path leads elsewhere", () => {
  for (const part of ["", ".", ".."]) expect(() => segment(part)).toThrow(ApiProblem);
  expect(segment("a/../b?c#d")).toBe("a%2F..%2Fb%3Fc%23d");
});
