// Offers a synthesized stack to a stand-in for AWS that speaks CloudFormation, and tells what it made of it.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { concede, type Gaps, type Template } from "./concede.ts";
import { account, region, type StandIn } from "./stand-in.ts";
import { zip } from "./zip.ts";

/** `declared`: the template as it is; `made`: the physical ids by logical id. */
export type Outcome = {
  status: string;
  reason: string;
  declared: Template["Resources"];
  made: Map<string, string>;
  outputs: Map<string, string>;
};

const version = "2010-05-15";
const bootstrapBucket = `cdk-hnb659fds-assets-${account}-${region}`;
const withinMs = 120_000;

/** `out` is cdk.out. Throws where the stand-in refuses the template, without what is in `gaps`. */
export async function offer(standIn: StandIn, out: string, stack: string, gaps: Gaps): Promise<Outcome> {
  const template: Template = JSON.parse(readFileSync(join(out, `${stack}.template.json`), "utf8"));
  await bootstrap(standIn, out, stack, JSON.stringify(concede(template, gaps)));
  const ask = (action: string, parameters: Record<string, string> = {}) =>
    standIn.query("cloudformation", version, action, { StackName: stack, ...parameters });
  await ask("CreateStack", {
    TemplateURL: `https://s3.${region}.amazonaws.com/${bootstrapBucket}/${stack}.json`,
    "Capabilities.member.1": "CAPABILITY_IAM",
    "Capabilities.member.2": "CAPABILITY_NAMED_IAM",
  });
  for (const deadline = Date.now() + withinMs; ; ) {
    const [one] = membersOf(await ask("DescribeStacks"), "Stacks");
    const status = String(one?.StackStatus);
    if (status.endsWith("_IN_PROGRESS") && Date.now() < deadline) {
      await pause(200);
      continue;
    }
    const made = membersOf(await ask("DescribeStackResources"), "StackResources");
    return {
      status,
      reason: String(one?.StackStatusReason ?? ""),
      declared: template.Resources,
      made: new Map(made.map((each) => [String(each.LogicalResourceId), String(each.PhysicalResourceId)])),
      outputs: new Map(membersOf(one, "Outputs").map((each) => [String(each.OutputKey), String(each.OutputValue)])),
    };
  }
}

/** How many of each type were declared and made; in the order of their names. */
export function byType({ declared, made }: Outcome): { type: string; declared: number; made: number }[] {
  const types = Map.groupBy(Object.entries(declared), ([, { Type }]) => Type);
  return [...types]
    .map(([type, all]) => ({ type, declared: all.length, made: all.filter(([id]) => made.has(id)).length }))
    .sort((a, b) => a.type.localeCompare(b.type));
}

/** What `cdk bootstrap` and the upload of assets leave behind. */
async function bootstrap(standIn: StandIn, out: string, stack: string, template: string): Promise<void> {
  const { files } = JSON.parse(readFileSync(join(out, `${stack}.assets.json`), "utf8")) as {
    files: Record<string, { source: { path: string; packaging: string } }>;
  };
  await standIn.json("ssm", "AmazonSSM.PutParameter", {
    ...{ Name: "/cdk-bootstrap/hnb659fds/version", Value: "28", Type: "String", Overwrite: true },
  });
  const location = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
  await standIn.put(`/${bootstrapBucket}`, location);
  for (const [hash, { source }] of Object.entries(files))
    if (source.packaging === "zip")
      await standIn.put(`/${bootstrapBucket}/${hash}.zip`, zip(resolve(out, source.path)));
  await standIn.put(`/${bootstrapBucket}/${stack}.json`, template);
}

/** The members of a list in an answer of the query protocol. */
function membersOf(answer: unknown, list: string): Record<string, unknown>[] {
  const { member = [] } = ((answer as Record<string, unknown>)?.[list] || {}) as { member?: Record<string, unknown>[] };
  return member;
}
