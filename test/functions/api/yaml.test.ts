// A document in YAML: what is exported can be applied, and whatever else YAML can do is refused or is text.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseYaml, toYaml } from "../../../functions/api/yaml.ts";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";

let control: TestControl;
beforeAll(async () => {
  control = await testControl();
});
afterAll(() => control.stop());

const yaml = { "content-type": "application/yaml" };
const apply = (path: string, raw: string, query = "") =>
  control.call("POST", `${path}/apply${query}`, undefined, { raw, headers: yaml });

test("what is exported as YAML can be applied to another tenant, and a comment is no content", async () => {
  const [one, other] = [await newTenant(control), await newTenant(control)];
  const written = `# the office
extensions:
  - number: "1001"
    displayName: NO   # a name
  - {number: "1002", displayName: 2026-12-24}
ring-groups:
  - name: sales
    extensionNumber: "600"
    members: [{extension: "1001"}, {extension: "1002"}]
`;
  const made = await apply(one.path, written);
  expect([made.status, made.body.revision], made.text).toEqual([200, 1]);
  const exported = await control.call("GET", `${one.path}/export`, undefined, {
    headers: { accept: "application/yaml, application/json;q=0.5" },
  });
  expect(exported.headers.get("content-type")).toBe("application/yaml; charset=utf-8");
  expect(exported.text).toContain("displayName: NO");
  const { settings: _, ...document } = parseYaml(exported.text) as Record<string, unknown>;
  expect((await apply(other.path, toYaml(document))).status).toBe(200);
  const json = async (path: string) => {
    const { settings: __, ...rest } = (await control.call("GET", `${path}/export`)).body;
    return rest;
  };
  expect(await json(other.path)).toEqual(await json(one.path));
  expect((await apply(one.path, written)).body).toEqual({ revision: null, diff: [] });
});

test("JSON is answered to who accepts anything, and a refusal is a problem all the same", async () => {
  const { path } = await newTenant(control);
  const asked = (accept: string) => control.call("GET", `${path}/export`, undefined, { headers: { accept } });
  for (const accept of ["*/*", "application/*", "application/json, application/yaml;q=0.9", "text/html"])
    expect((await asked(accept)).headers.get("content-type")).toBe("application/json");
  const refused = await control.call("POST", `${path}/apply`, undefined, {
    raw: "extensions: [{number: 1001}]",
    headers: { ...yaml, accept: "application/yaml" },
  });
  expect([refused.status, refused.headers.get("content-type")]).toEqual([422, "application/problem+json"]);
  expect(refused.body.errors).toContainEqual(expect.objectContaining({ pointer: "/extensions/0/number" }));
});

test("what would not be JSON is refused with its line, and changes nothing", { timeout: 30_000 }, async () => {
  const { path } = await newTenant(control);
  const bomb = ["a: &a [x,x,x,x,x,x,x,x,x,x]"];
  for (const [n, name] of [..."bcdefghij"].entries())
    bomb.push(`${name}: &${name} [${Array(10).fill(`*${"abcdefghi"[n]}`).join(",")}]`);
  const hostile: Record<string, string> = {
    "a bomb of aliases": bomb.join("\n"),
    "an alias of itself": "extensions: &e [*e]",
    "a key twice": "extensions: []\nextensions: []",
    "a tag": "extensions: !!js/function 'x'",
    "a set": "extensions: !!set {a}",
    "two documents": "extensions: []\n---\nextensions: []",
    "an unknown anchor": "extensions: *nowhere",
    "a tab for indentation": "extensions:\n\t- number: x",
    __proto__: "__proto__: {polluted: true}\nextensions: []",
    "depth without end": `extensions: ${"[".repeat(50_000)}`,
    "depth with an end": `extensions: ${"[".repeat(5000)}${"]".repeat(5000)}`,
    "half a surrogate": 'extensions: ["\\uD800"]',
    "a list": "- extensions",
    "a text": "extensions",
    nothing: "",
  };
  for (const [what, body] of Object.entries(hostile)) {
    const reply = await apply(path, body);
    expect([400, 413, 422], `${what}: ${reply.text}`).toContain(reply.status);
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  const twice = await apply(path, hostile["a key twice"] ?? "");
  expect([twice.status, twice.body.code, twice.body.detail]).toEqual([
    400,
    "malformed",
    expect.stringMatching(/Map keys must be unique at line 2, column 1/),
  ]);
  expect((await apply(path, `x: ${"y".repeat(3 * 1024 * 1024)}`)).body.code).toBe("too_large");
  expect((await control.call("GET", path)).body.revision).toBe(0);
});

test("only documents are YAML", async () => {
  const { path } = await newTenant(control);
  const reply = await control.call("POST", `${path}/extensions`, undefined, { raw: 'number: "1001"', headers: yaml });
  expect([reply.status, reply.body.detail]).toEqual([415, "Send JSON with Content-Type: application/json."]);
});

test("whatever JSON says comes back from YAML as it was", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "NO",
      "1e3",
      "0611",
      "~",
      "2026-12-24",
      "- a",
      "a: b",
      "*a",
      "&a",
      "!x",
      "# c",
      " x ",
      "\t",
      "|",
      "...",
    ),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, text, fc.integer(), fc.boolean(), fc.constant(null), tie("list"), tie("object")),
    list: fc.array(tie("tree"), { maxLength: 4 }),
    object: fc.dictionary(text, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const plain = JSON.parse(JSON.stringify(value));
      expect(parseYaml(toYaml(plain))).toEqual(plain);
    }),
    { numRuns: 300 },
  );
});
