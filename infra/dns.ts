// The hosted zone in which hosts get names and prove them to a CA: of it, the records of hosts and no others.
import type { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { accept } from "./accept.ts";
import type { Made } from "./functions.ts";

/** `name` without a dot at its end; `id` is Route 53's. */
export type HostedZone = { name: string; id: string };

/** What functions/cloud.ts reads; nothing without a zone. */
export const zoneEnvironment = (zone: HostedZone | undefined): Record<string, string> =>
  zone ? { DNS_ZONE: zone.name, DNS_ZONE_ID: zone.id } : {};

/** Lets a function write hosts' addresses, and the answers to challenges of their names. */
export function allowHostRecords(stack: Stack, role: Made["role"], zone: HostedZone | undefined): void {
  if (!zone) return;
  const hosted = stack.formatArn({
    service: "route53",
    region: "",
    account: "",
    resource: "hostedzone",
    resourceName: zone.id,
  });
  const hosts = `*.hosts.${zone.name}`;
  const write = (types: string[], names: string[]) =>
    new PolicyStatement({
      actions: ["route53:ChangeResourceRecordSets"],
      resources: [hosted],
      conditions: {
        "ForAllValues:StringEquals": {
          "route53:ChangeResourceRecordSetsRecordTypes": types,
          "route53:ChangeResourceRecordSetsActions": ["UPSERT", "DELETE"],
        },
        "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": names },
      },
    });
  role.addToPolicy(write(["A", "AAAA"], [hosts]));
  const challenges = [
    `_acme-challenge.${zone.name}`,
    `_acme-challenge.${hosts}`,
    `_acme-challenge.*.pools.${zone.name}`,
    `_acme-challenge.*.tenants.${zone.name}`,
  ];
  role.addToPolicy(write(["TXT"], challenges));
}

/** Lets a function ask whether what it wrote can be seen. */
export function allowLook(stack: Stack, role: Made["role"], zone: HostedZone | undefined): void {
  if (!zone) return;
  const change = stack.formatArn({
    service: "route53",
    region: "",
    account: "",
    resource: "change",
    resourceName: "*",
  });
  role.addToPolicy(new PolicyStatement({ actions: ["route53:GetChange"], resources: [change] }));
  accept(
    role,
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:route53:::change/*]",
    "A change gets its id when it is made; what it tells is whether it is in step.",
  );
}
