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

async function run(outputs: string[], dev = false): Promise<Run> {
  const values = Object.fromEntries(outputs.map((name) => [name, `https://${name}.example`]));
  const program = fileURLToPath(new URL("run-sst.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify({ outputs: values, dev })]);
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

    it("does not deploy a console whose back end is not there", async () => {
      await expect(run([])).rejects.toThrow("the stack dialplane-dev has no output ApiUrl");
    });

    it("protects production, and in `sst dev` makes nothing in the cloud", async () => {
      const { app, made } = await run([], true);
      expect(app).toMatchObject({ name: "dialplane", removal: "retain", protect: true });
      expect(made.map(({ type }) => type).filter((type) => !/^(sst:|pulumi:)/.test(type))).toEqual([]);
      expect(made.filter(({ type }) => type === "sst:sst:DevCommand").map(({ name }) => name)).toEqual([
        "ControlPlane",
        "Console",
      ]);
    });
  },
);
