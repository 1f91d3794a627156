// The bucket for audio: prompts, messages, recordings of calls. Nobody reaches it but through URLs that the API signs.
import { Aws, CfnOutput, Duration, type Stack } from "aws-cdk-lib";
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  HttpMethods,
  type IBucket,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { accept } from "./accept.ts";
import type { Stage } from "./stage.ts";

export function createMediaBucket(stack: Stack, stage: Stage, key: IKey): IBucket {
  const bucket = new Bucket(stack, "Media", {
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    // one request to KMS for many objects
    bucketKeyEnabled: true,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    // what was deleted by mistake can be brought back as long as the table can
    versioned: true,
    lifecycleRules: [
      {
        id: "deleted",
        noncurrentVersionExpiration: stage.restorable,
        expiredObjectDeleteMarker: true,
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    // the console uploads and plays by signed URLs
    cors: [
      {
        allowedMethods: [HttpMethods.GET, HttpMethods.PUT],
        allowedOrigins: ["*"],
        allowedHeaders: ["*"],
        maxAge: 3600,
      },
    ],
    removalPolicy: stage.removal,
  });
  accept(
    bucket,
    "AwsSolutions-S1",
    "Every URL is given out by the API, whose log has the request; the bucket's own access log would be a second copy of callers' habits.",
  );
  keepReleases(stack, bucket);
  new CfnOutput(stack, "MediaBucket", { value: bucket.bucketName });
  // CDK's own types disagree under exactOptionalPropertyTypes
  return bucket as IBucket;
}

/** The packages that edges install: whoever deploys brings them, and no function of this stack changes one. */
function keepReleases(stack: Stack, bucket: Bucket): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ["s3:PutObject", "s3:DeleteObject"],
      resources: [bucket.arnForObjects("releases/*")],
      conditions: {
        ArnLike: {
          "aws:PrincipalArn": `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${stack.stackName}-*`,
        },
      },
    }),
  );
}

/** Listing what there is, which the table knows but for what was uploaded in vain. */
export const listMedia = (bucket: IBucket): PolicyStatement =>
  new PolicyStatement({ actions: ["s3:ListBucket"], resources: [bucket.bucketArn] });

/** These actions on objects, and the key for that through S3 alone. Who may not list is told of what is not there that it is forbidden. */
export function allowMedia(
  stack: Stack,
  role: IRole,
  bucket: IBucket,
  key: IKey,
  ...actions: ("GetObject" | "PutObject" | "DeleteObject")[]
): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: actions.map((action) => `s3:${action}`),
      resources: [bucket.arnForObjects("*")],
    }),
  );
  if (actions.includes("GetObject")) role.addToPrincipalPolicy(listMedia(bucket));
  // who only deletes needs no key
  if (actions.some((action) => action !== "DeleteObject"))
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ["kms:Decrypt", ...(actions.includes("PutObject") ? ["kms:GenerateDataKey"] : [])],
        resources: [key.keyArn],
        conditions: { StringEquals: { "kms:ViaService": `s3.${stack.region}.amazonaws.com` } },
      }),
    );
  const id = stack.getLogicalId(bucket.node.defaultChild as CfnBucket);
  accept(
    role,
    `AwsSolutions-IAM5[Resource::<${id}.Arn>/*]`,
    "Objects are named by their owner's id, which whoever asks for one checks.",
  );
}
