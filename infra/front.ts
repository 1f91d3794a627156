// What the back end has for the CloudFront distribution in front of it, which sst.config.ts makes: the secret that it proves itself by, and the headers
// that it gives to answers.
import { CfnOutput, Duration, type Stack } from "aws-cdk-lib";
import { HeadersReferrerPolicy, ResponseHeadersPolicy } from "aws-cdk-lib/aws-cloudfront";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { contentSecurityPolicy, pageHeaders } from "../functions/console-headers.ts";
import { accept } from "./accept.ts";
import type { Stage } from "./stage.ts";

/** What functions that look at the caller's address get into their environment. */
export function createFrontSecret(stack: Stack, stage: Stage): { FRONT_SECRET: string } {
  const secret = new Secret(stack, "FrontSecret", {
    description: `Dialplane ${stage.name}: what CloudFront proves itself by to the functions`,
    generateSecretString: { passwordLength: 48, excludePunctuation: true },
    removalPolicy: stage.removal,
  });
  accept(
    secret,
    "AwsSolutions-SMG4",
    "Functions and CloudFront have to change it in one moment, which no rotation does: a deployment with another secret does, in minutes.",
  );
  new CfnOutput(stack, "FrontSecretArn", { value: secret.secretArn });
  return { FRONT_SECRET: secret.secretValue.unsafeUnwrap() };
}

/** `zone`: below it edges have their names; without it, browser phones may connect to any host. */
export function createHeaders(stack: Stack, stage: Stage, media: IBucket, zone: string | undefined): void {
  const policy = new ResponseHeadersPolicy(stack, "ConsoleHeaders", {
    responseHeadersPolicyName: `dialplane-${stage.name}-${stack.region}`,
    comment: `Dialplane ${stage.name}: what browsers must know of the console's pages`,
    securityHeadersBehavior: {
      // the API's reference has a policy of its own
      contentSecurityPolicy: {
        contentSecurityPolicy: contentSecurityPolicy({
          webSockets: [zone === undefined ? "wss:" : `wss://*.${zone}:*`],
          media: [`https://${media.bucketRegionalDomainName}`],
        }),
        override: false,
      },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(730), includeSubdomains: false, override: true },
      contentTypeOptions: { override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: false },
    },
    customHeadersBehavior: {
      customHeaders: (["Cross-Origin-Opener-Policy", "Permissions-Policy"] as const).map((header) => ({
        ...{ header, value: pageHeaders[header], override: false },
      })),
    },
  });
  new CfnOutput(stack, "HeadersPolicyId", { value: policy.responseHeadersPolicyId });
}
