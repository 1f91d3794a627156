// Paths, queries and headers of a hostile or broken client get a clear problem, are never a 500, and write nothing.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newTenant, type Reply, type TestControl, testControl } from "../../support/control.ts";
import { expectProblemOf } from "../../support/problem.ts";
import { rawHttp } from "../../support/raw-http.ts";

let control: TestControl;
let tenant: { id: string; path: string };

beforeAll(async () => {
  control = await testControl();
  tenant = await newTenant(control);
  await control.call("POST", `${tenant.path}/extensions`, { number: "1001" });
});
afterAll(() => control.stop());

const revision = async (): Promise<unknown> => (await control.call("GET", tenant.path)).body.revision;

const expectProblem = (reply: Reply, statuses: number[]): void => expectProblemOf(control, reply, statuses);
describe("a path", () => {
  const segments = [
    "%00",
    "%ff",
    "%2e%2e%2f",
    "..%2f..",
    "%2F",
    "%23",
    "a%23b",
    "%E2%80%AE",
    "%ED%A0%80",
    "%",
    "%zz",
    "x".repeat(5000),
    "%F0%9F%93%9E".repeat(300),
    "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "device%23desk",
    "extension%23ext_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "constructor",
    "__proto__",
    "HEAD",
    " ",
    "*",
  ];

  test("with a hostile segment is 404", async () => {
    for (const segment of segments)
      for (const path of [
        `/v1/tenants/${segment}`,
        `/v1/accounts/${segment}/changes`,
        `${tenant.path}/extensions/${segment}`,
        `${tenant.path}/trunks/${segment}`,
        `${tenant.path}/changes/${segment}`,
        `${tenant.path}/calls/${segment}`,
        `/v1/edges/${segment}`,
        `/v1/${segment}`,
      ]) {
        const reply = await rawHttp(control.url, [
          `GET ${path.replaceAll(" ", "%20")} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${control.key}\r\n\r\n`,
        ]);
        expect([404, 400], `${path}: ${reply.body}`).toContain(reply.status);
        expect(JSON.parse(reply.body)).toMatchObject({ status: reply.status });
      }
    expectProblem(await control.call("DELETE", "/v1/api-keys/a%23b"), [404]);
    expectProblem(await control.call("DELETE", `/v1/edges/${"x".repeat(3000)}`), [404]);
  });

  test("in raw bytes, dots and absolute forms is answered", async () => {
    const lines = [
      "GET /v1/tenants/../../etc/passwd HTTP/1.1",
      "GET //v1//tenants HTTP/1.1",
      "GET http://elsewhere/v1/me HTTP/1.1",
      "GET /v1/tenants/\xff HTTP/1.1",
      "GET * HTTP/1.1",
      "OPTIONS * HTTP/1.1",
    ];
    for (const line of lines) {
      const reply = await rawHttp(control.url, [
        Buffer.from(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`, "latin1"),
      ]);
      expect(reply.status, `${line}: ${reply.body}`).toBeGreaterThanOrEqual(400);
      expect(reply.status, `${line}: ${reply.body}`).toBeLessThan(500);
    }
  });

  test("with another method is 405 and names those it takes", async () => {
    const reply = await control.call("PUT", `${tenant.path}/extensions/1001`, {});
    expectProblem(reply, [405]);
    expect(reply.headers.get("allow")).toBe("GET, PATCH, DELETE");
    expectProblem(await control.call("DELETE", "/v1/nothing"), [404]);
  });

  test("device names and other claims are no ids", async () => {
    const made = await control.call("POST", `${tenant.path}/extensions`, {
      number: "1050",
      devices: [{ username: "desk" }],
    });
    expect(made.status, made.text).toBe(201);
    expectProblem(await control.call("GET", `${tenant.path}/extensions/device%23desk`), [404]);
    expectProblem(
      await control.call("POST", `${tenant.path}/phone-numbers`, {
        number: "+15550177",
        destination: { kind: "extension", ref: "device#desk" },
      }),
      [422],
    );
  });
});

describe("a query", () => {
  test.for([
    "limit=0",
    "limit=101",
    "limit=-1",
    "limit=1e1",
    "limit=0x10",
    "limit=",
    "limit=%20",
    "limit=1&limit=2",
    "number=1&number=1",
    "colour=red",
    "__proto__=1",
    "constructor=1",
    "after",
    "after=",
    "after=!!",
    "after=%00",
    "fields=",
    "fields=colour",
    "fields=__proto__",
    "expand=number",
    "expand=",
    `after=${"A".repeat(600)}`,
    "%ff=1",
    "number[gte]=1",
  ])("%s is 400", async (query) => {
    expectProblem(await control.call("GET", `${tenant.path}/extensions?${query}`), [400]);
  });

  test("limit, field and filters that are right are taken", async () => {
    const reply = await control.call(
      "GET",
      `${tenant.path}/extensions?limit=100&fields=id,number&number=1001&enabled=true`,
    );
    expect(reply.body).toEqual({ data: [{ id: expect.stringMatching(/^ext_/), number: "1001" }], next: null });
  });
});

describe("a header", () => {
  test.for([
    ["if-match", "3"],
    ["if-match", '"x"'],
    ["if-match", '"1", "2"'],
    ["if-match", ""],
    ["if-match", `"${"9".repeat(30)}"`],
    ["if-match", '"-1"'],
    ["idempotency-key", ""],
    ["idempotency-key", "a b"],
    ["idempotency-key", "x".repeat(256)],
    ["idempotency-key", "\u00e9"],
  ] as const)("%s: %s is 400", async ([name, value]) => {
    const before = await revision();
    const method = name === "if-match" ? "PATCH" : "POST";
    const path = name === "if-match" ? `${tenant.path}/extensions/1001` : `${tenant.path}/extensions`;
    expectProblem(
      await control.call(method, path, { number: "1001", displayName: "New" }, { headers: { [name]: value } }),
      [400],
    );
    expect(await revision()).toBe(before);
  });

  test.for([
    "",
    "Bearer",
    "Bearer ",
    "Basic YTpi",
    "Bearer dp_live_x",
    `Bearer dp_live_${"0".repeat(40)}`,
    `Bearer ${"x".repeat(8000)}`,
    "Bearer dp_live_\u00e9",
    "bearer\ta",
  ])("Authorization: %s is 401", async (value) => {
    expectProblem(
      await control.call("GET", "/v1/me", undefined, { key: null, headers: { authorization: value } }),
      [401],
    );
  });

  test("too many of them are 431, and no HTTP at all is 400, both as problems", async () => {
    const long = await rawHttp(control.url, [`GET /v1/me HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(100_000)}\r\n\r\n`]);
    expect(long.status).toBe(431);
    expect(JSON.parse(long.body)).toMatchObject({ status: 431, code: "too_large" });
    const none = await rawHttp(control.url, ["\x16\x03\x01 not http\r\n\r\n"]);
    expect(none.status).toBe(400);
    expect(JSON.parse(none.body)).toMatchObject({ status: 400, code: "malformed" });
  });

  test("Host may be anything", async () => {
    for (const host of ["", "evil.example", "a b", "[::1", "x/../y", "x?y#z"]) {
      const reply = await rawHttp(control.url, [`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`]);
      expect([200, 400], `${host}: ${reply.body}`).toContain(reply.status);
    }
  });
});
