// The firewall before CloudFront, in a stack of its own: AWS keeps those of CloudFront in us-east-1, wherever the back end is. The HTTP API itself can
// have none; it has the stage's throttle, and what asks it directly is hosts, which sign, and programs with API keys.
import { ArnFormat, CfnOutput, Names, Stack, type StackProps, Tags } from "aws-cdk-lib";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { CfnLoggingConfiguration, CfnWebACL } from "aws-cdk-lib/aws-wafv2";
import type { Construct } from "constructs";
import { identityPath } from "../functions/identity/path.ts";
import { type Code, problems } from "../functions/problem.ts";
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

/**
 * Rules of AWS's groups that block, with the labels that they add. They only label here, and a rule of our own blocks by the labels: its answer can say what
 * to do, which AWS's own page does not. A rule that AWS adds to a group later blocks with that page.
 */
const labelled: Record<string, { namespace: string; rules: Record<string, string> }> = {
  AmazonIpReputationList: {
    namespace: "amazon-ip-list",
    rules: {
      AWSManagedIPReputationList: "AWSManagedIPReputationList",
      AWSManagedReconnaissanceList: "AWSManagedReconnaissanceList",
    },
  },
  KnownBadInputsRuleSet: {
    namespace: "known-bad-inputs",
    rules: {
      ...{ JavaDeserializationRCE_HEADER: "JavaDeserializationRCE_Header" },
      ...{ JavaDeserializationRCE_BODY: "JavaDeserializationRCE_Body" },
      ...{ JavaDeserializationRCE_URIPATH: "JavaDeserializationRCE_URIPath" },
      ...{ JavaDeserializationRCE_QUERYSTRING: "JavaDeserializationRCE_QueryString" },
      ...{ Host_localhost_HEADER: "Host_Localhost_Header", PROPFIND_METHOD: "Propfind_Method" },
      ...{ ExploitablePaths_URIPATH: "ExploitablePaths_URIPath" },
      ...{ Log4JRCE_HEADER: "Log4JRCE_Header", Log4JRCE_QUERYSTRING: "Log4JRCE_QueryString" },
      ...{ Log4JRCE_BODY: "Log4JRCE_Body", Log4JRCE_URIPATH: "Log4JRCE_URIPath" },
    },
  },
  CommonRuleSet: {
    namespace: "core-rule-set",
    rules: {
      ...{ UserAgent_BadBots_HEADER: "BadBots_Header" },
      ...{ SizeRestrictions_Cookie_HEADER: "SizeRestrictions_Cookie_Header" },
      ...{ SizeRestrictions_URIPATH: "SizeRestrictions_URIPath" },
      ...{ EC2MetaDataSSRF_COOKIE: "EC2MetaDataSSRF_Cookie", EC2MetaDataSSRF_URIPATH: "EC2MetaDataSSRF_URIPath" },
      ...{ EC2MetaDataSSRF_QUERYARGUMENTS: "EC2MetaDataSSRF_QueryArguments" },
      ...{ GenericLFI_QUERYARGUMENTS: "GenericLFI_QueryArguments", GenericLFI_URIPATH: "GenericLFI_URIPath" },
      ...{ RestrictedExtensions_URIPATH: "RestrictedExtensions_URIPath" },
      ...{ RestrictedExtensions_QUERYARGUMENTS: "RestrictedExtensions_QueryArguments" },
      ...{ GenericRFI_QUERYARGUMENTS: "GenericRFI_QueryArguments", GenericRFI_URIPATH: "GenericRFI_URIPath" },
      ...{ CrossSiteScripting_COOKIE: "CrossSiteScripting_Cookie" },
      ...{ CrossSiteScripting_QUERYARGUMENTS: "CrossSiteScripting_QueryArguments" },
      ...{ CrossSiteScripting_URIPATH: "CrossSiteScripting_URIPath" },
    },
  },
};

/** What is answered, as near to problem+json as the firewall gets: it knows application/json alone. */
const bodies = {
  RateLimited: ["rate_limited", "Too many requests come from your network address; try again in a few minutes."],
  BadAddress: [
    "blocked",
    "Requests come from your network address that AWS counts among its attackers; come from another network, or tell your provider.",
  ],
  BadRequest: [
    "blocked",
    "The firewall takes this request for an attack: look at its path, query, cookies and user agent for what no program should send. If it is none, tell your provider the time and the path.",
  ],
} as const satisfies Record<string, readonly [Code, string]>;
type Body = keyof typeof bodies;

const bodyOf = (name: Body): CfnWebACL.CustomResponseBodyProperty => {
  const [code, detail] = bodies[name];
  const [status, title] = problems[code];
  return {
    contentType: "APPLICATION_JSON",
    content: JSON.stringify({ type: "about:blank", title, status, code, detail }),
  };
};

const answering = (name: Body, responseHeaders?: { name: string; value: string }[]) => ({
  block: {
    customResponse: {
      ...{ responseCode: problems[bodies[name][0]][0], customResponseBodyKey: name },
      ...(responseHeaders && { responseHeaders }),
    },
  },
});

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
          ruleActionOverrides: [...Object.keys(labelled[name]?.rules ?? {}), ...onlyCounted].map((rule) => ({
            name: rule,
            actionToUse: { count: {} },
          })),
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
      action: answering("RateLimited", [{ name: "Retry-After", value: "60" }]),
      statement: {
        rateBasedStatement: {
          ...{ aggregateKeyType: "IP", limit, evaluationWindowSec: 300 },
          ...(scopeDownStatement && { scopeDownStatement }),
        },
      },
    });
    const refusing = (priority: number, name: Body, ...groups: string[]): CfnWebACL.RuleProperty => ({
      ...{ name, priority, action: answering(name), visibilityConfig: seen(name) },
      statement: {
        orStatement: {
          statements: groups.flatMap((group) => {
            const { namespace = "", rules = {} } = labelled[group] ?? {};
            return Object.values(rules).map((label) => ({
              labelMatchStatement: { scope: "LABEL", key: `awswaf:managed:aws:${namespace}:${label}` },
            }));
          }),
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
      customResponseBodies: Object.fromEntries(Object.keys(bodies).map((name) => [name, bodyOf(name as Body)])),
      rules: [
        managed(0, "AmazonIpReputationList"),
        refusing(1, "BadAddress", "AmazonIpReputationList"),
        rate(2, "Flood", mostOf.all),
        rate(3, "Identity", mostOf.identity, {
          andStatement: {
            statements: [
              is({ uriPath: {} }, "STARTS_WITH", identityPath),
              // a page's own question who is signed in is no try
              is({ method: {} }, "EXACTLY", "POST"),
            ],
          },
        }),
        managed(4, "KnownBadInputsRuleSet"),
        managed(5, "CommonRuleSet", Object.keys(counted)),
        refusing(6, "BadRequest", "KnownBadInputsRuleSet", "CommonRuleSet"),
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
