// The import rule itself: each thing it forbids is found, with file and line; what it allows is not.
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { check, importsOf, violations } from "../../scripts/imports.ts";

const refused: [what: string, file: string, source: string][] = [
  ["core does no I/O", "core/a.ts", 'import { readFileSync } from "node:fs";'],
  ["core takes no Node module without its prefix either", "core/a.ts", 'import { join } from "path/posix";'],
  ["core takes no package but zod and libphonenumber-js", "core/a.ts", 'import { ulid } from "ulid";'],
  [
    "core knows nothing of the control plane",
    "core/routing/a.ts",
    'import type { Store } from "../../functions/store/store.ts";',
  ],
  ["the control plane knows nothing of the agent", "functions/a.ts", 'import { x } from "../edge-agent/state.ts";'],
  ["the control plane carries no CDK", "functions/a.ts", 'import { Stack } from "aws-cdk-lib";'],
  [
    "the control plane does not depend on one machine's set-up",
    "functions/api/a.ts",
    'import "../../local/control.ts";',
  ],
  ["importers do no I/O", "importers/a.ts", 'import { readFileSync } from "node:fs";'],
  ["the agent carries no CDK", "edge-agent/a.ts", 'import * as sqs from "aws-cdk-lib/aws-sqs";'],
  [
    "the agent reaches no database of the cloud",
    "edge-agent/a.ts",
    'import { DynamoDBClient } from "@aws-sdk/client-dynamodb";',
  ],
  [
    "the agent knows nothing of the control plane",
    "edge-agent/drivers/a.ts",
    'const x = await import("../../functions/id.ts");',
  ],
  ["the console takes no code from the control plane", "web/a.tsx", 'import { newId } from "../functions/id.ts";'],
  ["an inline type still imports the file", "web/a.ts", 'import { type Head } from "../functions/document/head.ts";'],
  ["a default called type is no type", "web/a.ts", 'import type, { x } from "../functions/id.ts";'],
  ["the console runs in a browser", "web/a.ts", 'import { hash } from "node:crypto";'],
  ["infra knows nothing of the agent", "infra/a.ts", 'export { x } from "../edge-agent/state.ts";'],
  ["re-exporting everything hides where a thing lives", "local/a.ts", 'export * from "./control.ts";'],
  ["no barrels", "test/support/index.ts", '// all\nexport { a } from "./a.ts";\nexport type { B } from "./b.ts";\n'],
];
test.each(refused)("%s", (_, file, source) => {
  expect(violations(file, source)).toHaveLength(1);
});

const allowed: [what: string, file: string, source: string][] = [
  [
    "core may use its two packages",
    "core/a.ts",
    'import { z } from "zod";\nimport { parsePhoneNumber } from "libphonenumber-js/min";',
  ],
  [
    "the console may use the control plane's types",
    "web/tenant/a.ts",
    'import type { Head } from "../../functions/document/head.ts";',
  ],
  ["the console's build settings run in Node", "web/vite.config.ts", 'import { join } from "node:path";'],
  ["infra may use the table's definition", "infra/table.ts", 'import { table } from "../functions/store/table.ts";'],
  [
    "tests may use everything",
    "test/infra/a.test.ts",
    'import { App } from "aws-cdk-lib";\nimport "../../edge-agent/state.ts";',
  ],
  [
    "an index with code of its own is no barrel",
    "functions/api/index.ts",
    'export { a } from "./a.ts";\nexport const b = 1;',
  ],
  [
    "a comment is no import",
    "core/a.ts",
    '// import { x } from "node:fs";\n/**\n * import { y } from "node:net";\n */',
  ],
];
test.each(allowed)("%s", (_, file, source) => {
  expect(violations(file, source)).toEqual([]);
});

test("a violation is named with its line, over statements of several lines", () => {
  const source = '// why\nimport { z } from "zod";\n\nimport {\n  a,\n  b,\n} from "../functions/id.ts";\n';
  expect(violations("core/a.ts", source)).toEqual([
    { file: "core/a.ts", line: 4, what: "core may not import from functions: ../functions/id.ts" },
  ]);
});

test("finds static, side-effect, re-exporting and dynamic imports", () => {
  const source =
    'import a from "a";\nimport "b";\nexport { c } from "c";\nconst d = await import("d");\nexport const e = "e";\n';
  expect(importsOf(source).map(({ from, line }) => [from, line])).toEqual([
    ["a", 1],
    ["b", 2],
    ["c", 3],
    ["d", 4],
  ]);
});

test("this repository keeps the rule", () => {
  expect(check(fileURLToPath(new URL("../..", import.meta.url)))).toEqual([]);
});
