// Two keys of our own: one for what lies in the table, one that wraps the tenants' data keys. Reading the table does not open a secret.
import type { Stack } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Stage } from "./stage.ts";

export type Keys = { data: Key; vault: Key };

export function createKeys(stack: Stack, { name, removal }: Stage): Keys {
  const options = { enableKeyRotation: true, removalPolicy: removal };
  const data = new Key(stack, "DataKey", {
    ...options,
    description: `Dialplane ${name}: the table, audio and the alarms`,
  });
  // As with DynamoDB's own key: whoever may use the table may use the key through DynamoDB, and in no other way. `*` in a key's policy is that key.
  data.addToResourcePolicy(
    new PolicyStatement({
      sid: "ThroughDynamoDB",
      effect: Effect.ALLOW,
      principals: [new AnyPrincipal()],
      actions: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
        "kms:DescribeKey",
        "kms:CreateGrant",
      ],
      resources: ["*"],
      conditions: {
        StringEquals: {
          "kms:CallerAccount": stack.account,
          "kms:ViaService": `dynamodb.${stack.region}.amazonaws.com`,
        },
      },
    }),
  );
  data.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsToTheirTopic",
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
    }),
  );
  const vault = new Key(stack, "VaultKey", {
    ...options,
    description: `Dialplane ${name}: wraps the tenants' data keys`,
  });
  return { data, vault };
}
