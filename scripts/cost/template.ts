// What the stack of a stage has that costs something by itself, and how its functions are made: from the template that the CDK makes of infra/.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Guard } from "../../infra/guard.ts";
import { BackEnd } from "../../infra/stack.ts";
import { stageOf } from "../../infra/stage.ts";
import { entries } from "../build-functions.ts";
import { standing } from "./prices.ts";

const functionNames = Object.keys(entries);

type Resource = { Type: string; Properties?: Record<string, unknown> };
export type Stack = {
  /** Memory of each function by its name. */
  memoryMb: Record<string, number>;
  /** How many there are of each CloudFormation type that costs something by itself. */
  types: Record<string, number>;
  /** API Gateway's limit: requests a second, and at once above it. */
  throttle: { rate: number; burst: number };
  /** Rules of all web ACLs. */
  wafRules: number;
};

export function readStack(): Stack {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  try {
    for (const name of functionNames) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "index.mjs"), "export const handler = () => {};");
    }
    const app = new App({ outdir: join(folder, "out") });
    const props = { stage: stageOf("prod"), bundles: folder, mailFrom: "pbx@example.com" };
    const stack = new BackEnd(app, "dialplane-prod", props);
    const guard = new Guard(app, "dialplane-prod-guard", { stage: props.stage });
    const all: Record<string, Resource> = Object.assign(
      {},
      ...[stack, guard].map((one) => Template.fromStack(one).toJSON().Resources),
    );
    const types: Record<string, number> = {};
    const memoryMb: Record<string, number> = {};
    let wafRules = 0;
    let throttle = { rate: 0, burst: 0 };
    for (const [id, { Type, Properties = {} }] of Object.entries(all)) {
      if (Type in standing) types[Type] = (types[Type] ?? 0) + 1;
      const name = functionNames.find((each) => id.toLowerCase().startsWith(each));
      if (Type === "AWS::Lambda::Function" && name) memoryMb[name] = Number(Properties.MemorySize);
      if (Type === "AWS::ApiGatewayV2::Stage") {
        const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = Properties.DefaultRouteSettings as Record<
          string,
          number
        >;
        throttle = { rate: Number(rate), burst: Number(burst) };
      }
      if (Type === "AWS::WAFv2::WebACL") wafRules += (Properties.Rules as unknown[]).length;
    }
    return { memoryMb, types, throttle, wafRules };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
