// The firewall before CloudFront, in a stack of its own: AWS keeps those of CloudFront in us-east-1, wherever the back end is. The HTTP API itself can
// have none; it has the stage's throttle, and what asks it directly is hosts, which sign, and programs with API keys.
import { ArnFormat, CfnOutput, Names, Stack, type StackProps, Tags } from "aws-cdk-lib";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { CfnLoggingConfiguration, CfnWebACL } from "aws-cdk-lib/aws-wafv2";
import type { Construct } from "constructs";
import { identityPath } from "../functions/identity/path.ts";
import type { Stage } from "./stage.ts";

export const guardRegion = "us-east-1";

/** Requests of one address in five minutes: of all, and of those that try something of identity. Many people may sit behind one address. */
const mostOf = { all: 20_000, identity: 300 };

/**
 * Rules of AWS's common set that only count here, each with its reason. What they look for is what tenants may well write into their documents: it is data,
 * checked by schemas, and never becomes HTML, a path or a shell's line.
 */
const counted: Record<string, string> = {
  SizeRestrictions_BODY: "imports, documents and audio are larger than 8 KB",
  SizeRestrictions_QUERYSTRING: "cursors and filters of long lists",
  CrossSiteScripting_BODY: "names and notes may hold < and >",
  GenericLFI_BODY: "texts may hold ../",
  GenericRFI_BODY: "webhooks and SIP servers may be addresses; where they may lead the API judges",
  EC2MetaDataSSRF_BODY: "the same, with an answer that says what to do",
  NoUserAgent_HEADER: "programs need not say what they are",
};

const rateLimited = "RateLimited";

export class Guard extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: StackProps & { stage: Stage }) {
    super(scope, id, { ...props, env: { region: guardRegion } });
    Tags.of(this).add("project", "dialplane");
    Tags.of(this).add("stage", stage.name);
    const seen = (metricName: string) => ({
      ...{ cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false, metricName },
    });
    const managed = (priority: number, name: string, onlyCounted: string[] = []): CfnWebACL.RuleProperty => ({
      ...{ name, priority, overrideAction: { none: {} }, visibilityConfig: seen(name) },
      statement: {
        managedRuleGroupStatement: {
          ...{ vendorName: "AWS", name: `AWSManagedRules${name}` },
          ruleActionOverrides: onlyCounted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
        },
      },
    });
    const rate = (
      priority: number,
      name: string,
      limit: number,
      scopeDownStatement?: CfnWebACL.StatementProperty,
    ): CfnWebACL.RuleProperty => ({
      ...{ name, priority, visibilityConfig: seen(name) },
      action: {
        block: {
          customResponse: {
            ...{ responseCode: 429, customResponseBodyKey: rateLimited },
            responseHeaders: [{ name: "Retry-After", value: "60" }],
          },
        },
      },
      statement: {
        rateBasedStatement: {
          ...{ aggregateKeyType: "IP", limit, evaluationWindowSec: 300 },
          ...(scopeDownStatement && { scopeDownStatement }),
        },
      },
    });
    const is = (part: CfnWebACL.FieldToMatchProperty, how: "STARTS_WITH" | "EXACTLY", searchString: string) => ({
      byteMatchStatement: {
        ...{ fieldToMatch: part, positionalConstraint: how, searchString },
        textTransformations: [{ priority: 0, type: "NONE" }],
      },
    });
    const acl = new CfnWebACL(this, "Guard", {
      description: `Dialplane ${stage.name}: before the console and the API as browsers reach them`,
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
      visibilityConfig: seen(`dialplane-${stage.name}`),
      customResponseBodies: {
        [rateLimited]: {
          contentType: "APPLICATION_JSON",
          content: JSON.stringify({
            ...{ type: "about:blank", title: "Too many requests", status: 429, code: "rate_limited" },
            detail: "Too many requests come from your network address; try again in a few minutes.",
          }),
        },
      },
      rules: [
        managed(0, "AmazonIpReputationList"),
        rate(1, "Flood", mostOf.all),
        rate(2, "Identity", mostOf.identity, {
          andStatement: {
            statements: [
              is({ uriPath: {} }, "STARTS_WITH", identityPath),
              // a page's own question who is signed in is no try
              is({ method: {} }, "EXACTLY", "POST"),
            ],
          },
        }),
        managed(3, "KnownBadInputsRuleSet"),
        managed(4, "CommonRuleSet", Object.keys(counted)),
      ],
    });
    const logs = new LogGroup(this, "GuardLogs", {
      // WAF writes to groups of such names alone
      logGroupName: `aws-waf-logs-dialplane-${stage.name}-${Names.uniqueResourceName(this, { maxLength: 16 })}`,
      retention: stage.logs,
      removalPolicy: stage.removal,
    });
    new CfnLoggingConfiguration(this, "GuardLogging", {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        // without the `:*` that the group's own ARN ends with
        this.formatArn({
          ...{ service: "logs", resource: "log-group", resourceName: logs.logGroupName },
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      // what was let through is in the API's own log
      loggingFilter: {
        DefaultBehavior: "DROP",
        Filters: [
          {
            Behavior: "KEEP",
            Requirement: "MEETS_ANY",
            Conditions: ["BLOCK", "COUNT"].map((Action) => ({ ActionCondition: { Action } })),
          },
        ],
      },
      redactedFields: [
        { singleHeader: { Name: "authorization" } },
        { singleHeader: { Name: "cookie" } },
        { queryString: {} },
      ],
    });
    new CfnOutput(this, "WebAclArn", { value: acl.attrArn });
  }
}
