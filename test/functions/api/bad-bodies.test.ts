// Bodies of a hostile or broken client get a clear problem, are never a 500, and write nothing; what is allowed comes back exactly.
import fc from "fast-check";
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
const post = (raw: string, headers: Record<string, string> = {}): Promise<Reply> =>
  control.call("POST", `${tenant.path}/extensions`, undefined, {
    raw,
    headers: { "content-type": "application/json", ...headers },
  });

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const bodies: Record<string, [string, number[]]> = {
  "an empty body": ["", [400, 415]],
  "half a body": ['{"number":"2', [400]],
  "two bodies": ['{"number":"2001"}{}', [400]],
  "a string": ['"2001"', [422]],
  null: ["null", [422]],
  "a list": ['[{"number":"2001"}]', [422]],
  "an unknown field": ['{"number":"2001","colour":"red"}', [422]],
  "an unknown field that is null": ['{"number":"2001","colour":null}', [422]],
  "a number where text belongs": ['{"number":2001}', [422]],
  "a member called __proto__": ['{"number":"2001","__proto__":{"displayName":"x"}}', [400]],
  "__proto__ in disguise": ['{"number":"2001","\\u005f_proto__":{"displayName":"x"}}', [400]],
  "__proto__ deep inside": ['{"number":"2001","devices":[{"username":"2001","__proto__":{}}]}', [400]],
  "a member called constructor": ['{"number":"2001","constructor":{"prototype":{"x":1}}}', [422]],
  "a lone surrogate in a value": ['{"number":"2001","displayName":"\\ud800"}', [400]],
  "a lone surrogate in a name": ['{"number":"2001","\\udfff":1}', [400]],
  "NUL in a value": ['{"number":"2001","displayName":"a\\u0000b"}', [422]],
  "CR and LF in a value": ['{"number":"2001","displayName":"a\\r\\nb"}', [422]],
  "a bidi override in a value": ['{"number":"2001","displayName":"a\\u202eb"}', [422]],
  "a raw control character": ['{"number":"2001","displayName":"a\u0001b"}', [400]],
  "10,000 levels": [`{"number":"2001","displayName":${nested(10_000)}}`, [400]],
  "a million levels": [`{"number":"2001","displayName":${nested(1_000_000)}}`, [400]],
  "10,000 levels of objects": [`{"number":"2001","devices":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`, [400]],
  "a list of a million": [`{"number":"2001","devices":[${"1,".repeat(1_000_000)}1]}`, [413]],
  "100 lists of 9,000": [`{"number":"2001","devices":[${`[${"1,".repeat(9000)}1],`.repeat(100)}1]}`, [413]],
  "10,000 bad elements": [`{"number":"2001","devices":[${"1,".repeat(9998)}1]}`, [422]],
  "100,000 members": [`{"number":"2001",${Array.from({ length: 100_000 }, (_, i) => `"a${i}":1`).join()}}`, [413]],
  "5,000 unknown members": [`{"number":"2001",${Array.from({ length: 5000 }, (_, i) => `"a${i}":1`).join()}}`, [422]],
  "a number beyond doubles": ['{"number":"2001","ringSeconds":1e999}', [422]],
  "a number of 100,000 digits": [`{"number":"2001","ringSeconds":${"9".repeat(100_000)}}`, [422]],
  NaN: ['{"number":"2001","ringSeconds":NaN}', [400]],
  "minus zero": ['{"number":"2001","ringSeconds":-0}', [422]],
  "a fraction": ['{"number":"2001","ringSeconds":20.5}', [422]],
  "a long name": [`{"number":"2001","displayName":"${"x".repeat(100_000)}"}`, [422]],
  "a reference that is no key": ['{"number":"2001","voicemailBox":"\\ud7ff\\ue000#N#"}', [422]],
  "a reference to a key of the store": ['{"number":"2001","voicemailBox":"voicemail-box#1"}', [422]],
  "a secret of nobody": [
    '{"number":"2001","devices":[{"username":"2001","password":{"secret":"sec_01ARZ3NDEKTSV4RRFFQ69G5FAV#1"}}]}',
    [422],
  ],
  "a secret with a tail": [
    '{"number":"2001","devices":[{"username":"2001","password":{"secret":"x#1","a":1}}]}',
    [422],
  ],
};

describe("a body", () => {
  test.for(Object.entries(bodies))("%s", async ([, [raw, statuses]]) => {
    const before = await revision();
    expectProblem(await post(raw), statuses);
    expect(await revision()).toBe(before);
  });

  test("of another content type is 415", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/jsonx",
      "",
      "json",
    ])
      expectProblem(await post('{"number":"2001"}', { "content-type": type }), [415]);
  });

  test("of 10 MB is 413 at once, announced or not", async () => {
    const head = `POST ${tenant.path}/extensions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${control.key}\r\nContent-Type: application/json\r\n`;
    const announced = await rawHttp(control.url, [`${head}Content-Length: 10485760\r\n\r\n{"number":"2001"`]);
    expect(announced.status).toBe(413);
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const chunks = Array.from({ length: 10 }, () => [`${chunk.length.toString(16)}\r\n`, chunk, "\r\n"]).flat();
    const streamed = await rawHttp(control.url, [`${head}Transfer-Encoding: chunked\r\n\r\n`, ...chunks, "0\r\n\r\n"]);
    expect(streamed.status).toBe(413);
    expectProblem(await post(" ".repeat(10 * 1024 * 1024)), [413]);
  });

  test("that is not UTF-8 is 400", async () => {
    const sent = Buffer.concat([
      Buffer.from('{"number":"2001","displayName":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    const reply = await rawHttp(control.url, [
      `POST ${tenant.path}/extensions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${control.key}\r\nContent-Type: application/json\r\nContent-Length: ${sent.length}\r\n\r\n`,
      sent,
    ]);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body)).toMatchObject({ code: "malformed" });
  });

  test("where none belongs is 400", async () => {
    expectProblem(await control.call("DELETE", `${tenant.path}/extensions/1001`, { a: 1 }), [400]);
  });

  test("of any JSON value is refused or accepted, never broken", async () => {
    const routes = ["/v1/tenants", "/v1/accounts", "/v1/api-keys", "/v1/pools", "/v1/edges", "/v1/edges/enroll"].concat(
      ["extensions", "phone-numbers", "trunks", "voicemail-boxes", "apply?dryRun=true", "simulate", "rollback"].map(
        (name) => `${tenant.path}/${name}`,
      ),
    );
    const names = fc.constantFrom(
      "number",
      "name",
      "devices",
      "extensions",
      "settings",
      "id",
      "from",
      "to",
      "assume",
      "revision",
      "destination",
      "constructor",
      "toString",
      "poolId",
      "accountId",
      "scopes",
      "token",
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: "small" }, fc.string({ unit: "binary" }), fc.jsonValue(), tie("list"), tie("object")),
      list: fc.array(tie("any"), { maxLength: 3 }),
      object: fc.dictionary(fc.oneof(names, fc.string()), tie("any"), { maxKeys: 4, noNullPrototype: true }),
    })).object;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), value, async (path, body) => {
        const reply = await control.call("POST", path, body);
        expect(reply.status, reply.text).toBeLessThan(500);
        if (reply.status >= 400) expectProblem(reply, [reply.status]);
      }),
      { numRuns: 400 },
    );
  });
});

describe("what is allowed round-trips exactly", () => {
  const hostile = [
    "<&\"'>",
    `\${system rm -rf /}`,
    `$\${domain}`,
    '<X-PRE-PROCESS cmd="exec"/>',
    "x-pre-process",
    "مكتب ١٢٣",
    "שלום",
    "👩‍👩‍👧‍👦",
    "e\u0301",
    "a\\b",
    "--",
    "'; DROP TABLE item; --",
    "{{7*7}}",
    "%s%n",
    "..",
    "constructor",
    "__proto__",
    "null",
    " x ",
    "\u{10FFFD}",
  ];

  test("in names", async () => {
    for (const name of hostile) {
      const made = await control.call("POST", `${tenant.path}/trunks`, { name, host: "carrier.example" });
      expect(made.status, made.text).toBe(201);
      expect(made.body.name).toBe(name);
      const byName = await control.call("GET", `${tenant.path}/trunks/${encodeURIComponent(name)}`);
      if (name !== "..") expect(byName.body, byName.text).toMatchObject({ id: made.body.id, name });
      const listed = await control.call("GET", `${tenant.path}/trunks?name=${encodeURIComponent(name)}`);
      expect(listed.body.data).toEqual([expect.objectContaining({ id: made.body.id, name })]);
      expect(
        (await control.call("PATCH", `${tenant.path}/trunks/${made.body.id}`, { name: `${name}!` })).body.name,
      ).toBe(`${name}!`);
      expect((await control.call("DELETE", `${tenant.path}/trunks/${made.body.id}`)).status).toBe(204);
    }
  });

  test("in any line of text", async () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((value) => value.length <= 64);
    await fc.assert(
      fc.asyncProperty(text, async (displayName) => {
        const reply = await control.call("PATCH", `${tenant.path}/extensions/1001`, { displayName });
        if (reply.status === 422) return;
        expect(reply.body.displayName, reply.text).toBe(displayName);
        expect((await control.call("GET", `${tenant.path}/extensions/1001`)).body.displayName).toBe(displayName);
      }),
      { numRuns: 60 },
    );
  });
});
