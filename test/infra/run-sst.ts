// Runs the program of sst.config.ts as SST does, but on Pulumi's mocks: nothing is asked of AWS, nothing is built or uploaded. Prints, as JSON, what it
// would make and what it returns. Argument: the outputs that the CDK's stacks are to have, the stage, and whether it is `sst dev`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const { outputs, dev, stage } = JSON.parse(process.argv[2] ?? "") as {
  outputs: Record<string, Record<string, string>>;
  dev: boolean;
  stage: string;
};
const repository = fileURLToPath(new URL("../..", import.meta.url));
const platform = join(repository, ".sst/platform");
// stands for the repository, with a console that was built
const root = mkdtempSync(join(tmpdir(), "dialplane-"));
mkdirSync(join(root, "web/dist"), { recursive: true });
writeFileSync(join(root, "web/dist/index.html"), "<!doctype html>");

// what the SST program puts in front of a configuration; the platform's packages are found from where the file lies
const file = join(platform, `dialplane-${process.pid}.mjs`);
const $cli = { command: "deploy", rpc: "", paths: { home: root, root, work: root, platform }, state: { version: {} } };
const $app = { name: "dialplane", stage, removal: "remove", protect: false, providers: { aws: {} } };
await build({
  stdin: {
    resolveDir: platform,
    loader: "ts",
    contents: `
      import * as util from "@pulumi/pulumi";
      import * as aws from "@pulumi/aws";
      import * as sst from "./src/components";
      import { run } from "./src/auto/run";
      import config from ${JSON.stringify(join(repository, "sst.config.ts"))};
      Object.assign(globalThis, { aws, sst });
      export { util, run, config };`,
  },
  outfile: file,
  bundle: true,
  format: "esm",
  platform: "node",
  packages: "external",
  inject: [join(platform, "src/shim/run.js")],
  define: { $cli: JSON.stringify($cli), $app: JSON.stringify($app), $dev: String(dev) },
  banner: {
    js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);
         const __filename = import.meta.filename, __dirname = import.meta.dirname;`,
  },
  logLevel: "error",
});

type Made = { type: string; name: string; inputs: Record<string, unknown> };
const made: Made[] = [];
/** What AWS adds. */
function given(type: string, { domainName }: Record<string, unknown>): Record<string, unknown> {
  if (type.endsWith(":Distribution")) return { domainName: "d111.cloudfront.example" };
  const record = { resourceRecordName: "_a.", resourceRecordType: "CNAME", resourceRecordValue: "_b." };
  return type.endsWith(":Certificate") ? { domainValidationOptions: [{ domainName, ...record }] } : {};
}
const mocks = {
  newResource({ type, name, inputs }: Made) {
    made.push({ type, name, inputs });
    return { id: `${name}-id`, state: { ...inputs, ...given(type, inputs) } };
  },
  call({ token, inputs }: { token: string; inputs: Record<string, unknown> }) {
    if (token === "aws:cloudformation/getStack:getStack")
      return { ...inputs, outputs: outputs[String(inputs.name)] ?? {} };
    if (token === "aws:secretsmanager/getSecretVersion:getSecretVersion")
      return { ...inputs, secretString: "a1".repeat(24) };
    return inputs;
  },
};

try {
  const { util, run, config } = await import(pathToFileURL(file).href);
  await util.runtime.setMocks(mocks, "dialplane", stage, false);
  const returned = await util.runtime.runInPulumiStack(() => run(config.run));
  const result = await new Promise((resolve) => util.output(returned).apply(resolve));
  await util.runtime.disconnect();
  process.stdout.write(JSON.stringify({ app: config.app({ stage: "prod" }), made, result }));
} finally {
  rmSync(file, { force: true });
  rmSync(root, { recursive: true, force: true });
}
