// sst.config.ts: its types against SST's own, and its program on Pulumi's mocks. Where SST's platform is not installed, both are skipped.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { checkTypes, hasPlatform } from "../../scripts/check-sst.ts";
import { needs } from "../support/skip.ts";
import { synthesize } from "./synthesize.ts";

type Run = {
  app: { name: string; removal: string; protect: boolean };
  made: { type: string; name: string; inputs: Record<string, unknown> }[];
  result: Record<string, unknown>;
};

type Asked = { stage?: string; dev?: boolean; domain?: string };

/** `outputs`: names of those that the stage's stacks have, the firewall's among them. */
async function run(outputs: string[], { stage = "dev", dev = false, domain }: Asked = {}): Promise<Run> {
  const values = Object.fromEntries(outputs.map((name) => [name, `https://${name}.example`]));
  const stacks = { [`dialplane-${stage}`]: values, [`dialplane-${stage}-guard`]: { WebAclArn: "arn:aws:wafv2:acl" } };
  const program = fileURLToPath(new URL("run-sst.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, JSON.stringify({ outputs: stacks, dev, stage })],
    { env: { ...process.env, ...(domain !== undefined && { CONSOLE_DOMAIN: domain }) }, maxBuffer: 16 * 1024 * 1024 },
  );
  return JSON.parse(stdout);
}

describe.runIf(needs("SST's platform (npm run check:sst)", hasPlatform()))(
  "sst.config.ts",
  { timeout: 120_000 },
  () => {
    it("has the types that SST wants", () => {
      expect(checkTypes).not.toThrow();
    });

    it("puts the console and the API under one address, the API's as the CDK stack says it", async () => {
      const { made, result } = await run(synthesize("dev").outputs);
      expect(result).toMatchObject({ url: "https://d111.cloudfront.example", apiUrl: "https://ApiUrl.example" });
      const names = (type: string) => made.filter((each) => each.type === type).map(({ name }) => name);
      expect(names("sst:aws:StaticSite")).toEqual(["Console"]);
      expect(names("sst:aws:RouterUrlRoute")).toContain("FrontRoute/v1");
      expect(names("sst:sst:Linkable")).toEqual(["BackEnd"]);
      const [build] = made.filter(({ type }) => type === "command:local:Command");
      expect(build?.inputs).toMatchObject({ create: "npm run build:web" });
      // the back end's resources are the CDK's alone
      for (const { type } of made) expect(type).not.toMatch(/^aws:(dynamodb|lambda|sqs|apigateway)/);
    });

    it("has the guard, the headers and the streams of the stage before the console, under the console's own name", async () => {
      const { made } = await run(synthesize("prod").outputs, { stage: "prod", domain: "pbx.example.com" });
      const of = (type: string) => made.filter((each) => each.type === type).map(({ inputs }) => inputs);
      const [cdn] = of("aws:cloudfront/distribution:Distribution");
      expect(cdn).toMatchObject({
        webAclId: "arn:aws:wafv2:acl",
        aliases: ["pbx.example.com"],
        defaultCacheBehavior: { responseHeadersPolicyId: "https://HeadersPolicyId.example" },
      });
      const before = of("aws:cloudfront/function:Function").map(({ code }) => String(code));
      expect(before.join()).toContain('"x-dialplane-viewer"');
      expect(before.join()).toContain('asked.uri = "/v1/live" + asked.uri');
      for (const code of before) expect(Buffer.byteLength(code)).toBeLessThan(10 * 1024);
      const routes = made.filter(({ type }) => type === "sst:aws:RouterUrlRoute");
      expect(routes.map(({ name }) => name)).toContain("FrontRoute/v1/live");
    });

    it("has neither guard nor streams where the stage has none", async () => {
      const { made } = await run(synthesize("dev").outputs);
      const [cdn] = made.filter(({ type }) => type === "aws:cloudfront/distribution:Distribution");
      expect(cdn?.inputs).not.toHaveProperty("webAclId");
      expect(JSON.stringify(made)).not.toContain("asked.uri =");
    });

    it("refuses a stage that the CDK does not know", async () => {
      await expect(run(synthesize("dev").outputs, { stage: "ada" })).rejects.toThrow(
        "stage must be one of dev, staging, prod, not ada",
      );
    });

    it("does not deploy a console whose back end is not there", async () => {
      await expect(run([])).rejects.toThrow(/the stack dialplane-dev has no output (ApiUrl|TableName)/);
    });

    it("protects production, and in `sst dev` makes nothing in the cloud", async () => {
      const { app, made } = await run([], { dev: true });
      expect(app).toMatchObject({ name: "dialplane", removal: "retain", protect: true });
      expect(made.map(({ type }) => type).filter((type) => !/^(sst:|pulumi:)/.test(type))).toEqual([]);
      expect(made.filter(({ type }) => type === "sst:sst:DevCommand").map(({ name }) => name)).toEqual([
        "ControlPlane",
        "Console",
      ]);
    });
  },
);
