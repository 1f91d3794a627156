// The stack of a stage as CloudFormation would get it, checked by cdk-nag on the way. The bundles are stand-ins: bundle.test.ts is about the real ones.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type Stack, Validations } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { BackEnd, type BackEndProps } from "../../infra/stack.ts";
import { stageOf } from "../../infra/stage.ts";
import type { StageName } from "../../infra/stage-names.ts";

export type Resource = { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string };
type Statement = { Effect: string; Action: string | string[]; Resource: unknown };

/** Throws where cdk-nag finds something. `add` may put more into the stack; `more`: other properties of it. */
export function synthesize(
  name: StageName,
  add: (stack: Stack) => void = () => {},
  mailFrom?: string,
  more: Partial<BackEndProps> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  try {
    for (const each of ["api", "edge", "identity", "publisher", "mailer", "retention", "webhooks", "worker", "live"]) {
      mkdirSync(join(folder, each));
      writeFileSync(join(folder, each, "index.mjs"), `export const handler = () => "${each}";`);
    }
    const app = new App({ outdir: join(folder, "out") });
    const stack = new BackEnd(app, `dialplane-${name}`, {
      stage: stageOf(name),
      bundles: folder,
      alarmEmail: "ops@example.com",
      monthlyDollars: 200,
      ...(mailFrom !== undefined && { mailFrom }),
      ...more,
    });
    add(stack);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
    const template = Template.fromStack(stack);
    const resources: Record<string, Resource> = template.toJSON().Resources;
    return {
      template,
      resources,
      outputs: Object.keys(template.toJSON().Outputs),
      /** The only resource of its type whose logical id begins so. */
      one(type: string, prefix = ""): Resource {
        const found = Object.entries(resources).filter(([id, { Type }]) => Type === type && id.startsWith(prefix));
        if (found.length !== 1 || !found[0]) throw new Error(`${found.length} resources of type ${type} ${prefix}`);
        return found[0][1];
      },
      /** What a role may do: `action on resource`, sorted. */
      allowed: (prefix: string): string[] =>
        Object.entries(resources)
          .filter(([id, { Type }]) => Type === "AWS::IAM::Policy" && id.startsWith(prefix))
          .flatMap(([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement)
          .flatMap(({ Action, Resource: on }) => [Action].flat().map((action) => `${action} on ${plain(on)}`))
          .sort(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A reference as text: `Table.Arn`, without the hash that CDK adds to logical ids. */
export function plain(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(plain).join(" and ");
  const {
    Ref,
    "Fn::GetAtt": attribute,
    "Fn::Join": join,
  } = value as {
    Ref?: string;
    "Fn::GetAtt"?: [string, string];
    "Fn::Join"?: [string, unknown[]];
  };
  const short = (id: string): string => id.replace(/[0-9A-F]{8}$/, "");
  if (Ref) return Ref.startsWith("AWS::") ? `<${Ref.slice(5)}>` : short(Ref);
  if (attribute) return `${short(attribute[0])}.${attribute[1]}`;
  if (join) return join[1].map(plain).join(join[0]);
  throw new Error(`not understood: ${JSON.stringify(value)}`);
}
