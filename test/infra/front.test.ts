// What stands before the API in the cloud: CloudFront's function and headers, the firewall, and the function behind a URL that streams live views.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { frontHeaders } from "../../functions/access/front-headers.ts";
import { contentSecurityPolicy } from "../../functions/console-headers.ts";
import { readEnvironment } from "../../functions/environment.ts";
import { streamSeconds } from "../../functions/live/path.ts";
import { apiSettings, liveSettings } from "../../functions/settings.ts";
import { Guard } from "../../infra/guard.ts";
import { stageOf } from "../../infra/stage.ts";
import { livePrefix, viewerRequest } from "../../infra/viewer-request.ts";
import { plain, synthesize } from "./synthesize.ts";

const settings = {
  ...{ TRUSTED_PROXIES: "198.51.100.0/24", RATE_LIMIT: "1200", LOG_LEVEL: "warn" },
  BREACHED_PASSWORDS: "https://api.pwnedpasswords.com/range/",
};
const prod = synthesize("prod", undefined, undefined, { zone: "sip.example.com", settings });
const bare = synthesize("prod", undefined, undefined, { watchers: 0 });
const environmentOf = ({ one }: typeof prod, name: string) =>
  (one("AWS::Lambda::Function", name).Properties.Environment as { Variables: Record<string, unknown> }).Variables;
/** As a deployed function would have it: references are their names. */
const deployed = (variables: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ AWS_REGION: "eu-central-1", ...variables }).map(([name, value]) => {
      const text = typeof value === "string" ? value : plain(value);
      return [name, /URL$|QUEUE$/.test(name) && !text.startsWith("https://") ? `https://${text}.example` : text];
    }),
  );

describe("live views", () => {
  it("stream from a function of their own, whose place is kept and ends, and that the account's others do not lose", () => {
    const { Properties } = prod.one("AWS::Lambda::Function", "Live");
    expect(Properties).toMatchObject({ ReservedConcurrentExecutions: 300, MemorySize: 192 });
    expect(Properties.Timeout).toBeGreaterThan(streamSeconds);
    expect(prod.one("AWS::Lambda::Url").Properties).toMatchObject({ AuthType: "NONE", InvokeMode: "RESPONSE_STREAM" });
    expect(prod.outputs).toContain("LiveUrl");
    // nobody may run it but by that URL
    const permissions = Object.values(prod.resources).filter(
      ({ Type, Properties: { FunctionName } }) =>
        Type === "AWS::Lambda::Permission" && plain(FunctionName).startsWith("Live"),
    );
    expect(permissions.length).toBeGreaterThan(0);
    for (const { Properties: allowed } of permissions)
      expect(
        allowed.FunctionUrlAuthType === "NONE" || allowed.InvokedViaFunctionUrl === true,
        JSON.stringify(allowed),
      ).toBe(true);
  });

  it("may read the table and write when a key was used, and open no secret, tell no edge", () => {
    expect(prod.allowed("LiveRole")).toEqual([
      "dynamodb:BatchGetItem on Table.Arn",
      "dynamodb:ConditionCheckItem on Table.Arn",
      "dynamodb:GetItem on Table.Arn",
      "dynamodb:PutItem on Table.Arn",
      "dynamodb:Query on Table.Arn",
      "logs:CreateLogStream on LiveLogs.Arn",
      "logs:PutLogEvents on LiveLogs.Arn",
    ]);
  });

  it("are asked for at the HTTP API where nobody may watch by a stream, as in a stage for trying things out", () => {
    for (const { resources, outputs } of [bare, synthesize("dev")]) {
      expect(Object.values(resources).map(({ Type }) => Type)).not.toContain("AWS::Lambda::Url");
      expect(outputs).not.toContain("LiveUrl");
    }
  });
});

describe("the environment", () => {
  it("has what was asked for, as the functions read it", () => {
    const api = readEnvironment(apiSettings, deployed(environmentOf(prod, "Api")));
    expect(api).toMatchObject({
      TRUSTED_PROXIES: ["198.51.100.0/24"],
      RATE_LIMIT: { quota: 1200 },
      LOG_LEVEL: "warn",
      BREACHED_PASSWORDS: settings.BREACHED_PASSWORDS,
    });
    const live = readEnvironment(liveSettings, deployed(environmentOf(prod, "Live")));
    for (const name of ["Api", "Edge", "Identity", "Live"])
      expect(plain(environmentOf(prod, name).FRONT_SECRET), name).toMatch(
        /^\{\{resolve:secretsmanager:FrontSecret:SecretString:::?\}\}$/,
      );
    expect(live.RATE_LIMIT.quota).toBe(1200);
    expect(environmentOf(bare, "Api")).not.toHaveProperty("RATE_LIMIT");
    expect(environmentOf(prod, "Publisher")).not.toHaveProperty("FRONT_SECRET");
  });

  it("has the front's secret from where it is made, long and of letters and digits, and nowhere in the template", () => {
    expect(prod.one("AWS::SecretsManager::Secret").Properties.GenerateSecretString).toEqual({
      ExcludePunctuation: true,
      PasswordLength: 48,
    });
    expect(prod.outputs).toContain("FrontSecretArn");
  });
});

describe("headers of the console's pages", () => {
  type Config = {
    SecurityHeadersConfig: Record<string, { ContentSecurityPolicy: unknown; Override: boolean }>;
    CustomHeadersConfig: { Items: { Header: string; Value: string }[] };
  };
  const configOf = ({ one }: typeof prod) =>
    one("AWS::CloudFront::ResponseHeadersPolicy").Properties.ResponseHeadersPolicyConfig as Config;

  it("are those that the control plane itself gives, with the edges' hosts and the bucket let through", () => {
    const { SecurityHeadersConfig, CustomHeadersConfig } = configOf(prod);
    expect(SecurityHeadersConfig).toMatchObject({
      ContentTypeOptions: { Override: true },
      ReferrerPolicy: { ReferrerPolicy: "no-referrer" },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, Override: true },
      // the API's reference brings its own
      ContentSecurityPolicy: { Override: false },
    });
    expect(plain(SecurityHeadersConfig.ContentSecurityPolicy?.ContentSecurityPolicy)).toBe(
      contentSecurityPolicy({
        webSockets: ["wss://*.sip.example.com:*"],
        media: ["https://Media.RegionalDomainName"],
      }),
    );
    expect(CustomHeadersConfig.Items.map(({ Header, Value }) => [Header, Value])).toEqual([
      ["Cross-Origin-Opener-Policy", "same-origin"],
      ["Permissions-Policy", expect.stringContaining("microphone=(self)")],
    ]);
  });

  it("let browser phones connect to any host where nobody said where the hosts are", () => {
    const policy = plain(configOf(bare).SecurityHeadersConfig.ContentSecurityPolicy?.ContentSecurityPolicy);
    expect(policy).toContain("connect-src 'self' wss:;");
  });
});

describe("CloudFront's function before the router's", () => {
  type Asked = { uri: string; headers: Record<string, { value: string }> };
  const secret = "a1".repeat(24);
  function pass(uri: string, headers: Record<string, string> = {}, streams = true): Asked {
    const request = {
      uri,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }])),
    };
    const event = { request, viewer: { ip: "2001:db8::7" } };
    new Function("event", viewerRequest(secret, streams))(event);
    return request;
  }
  const live = "/v1/tenants/ten_01ARZ3NDEKTSV4RRFFQ69G5FAV/live";
  const stream = { accept: "text/event-stream" };

  it("says who called and that it is itself, whatever the caller writes there", () => {
    const forged = { [frontHeaders.viewer]: "192.0.2.1", [frontHeaders.secret]: "mine" };
    const { headers, uri } = pass("/v1/me", forged);
    expect(uri).toBe("/v1/me");
    expect(headers).toEqual({
      [frontHeaders.viewer]: { value: "2001:db8::7" },
      [frontHeaders.secret]: { value: secret },
    });
  });

  it("passes on who wants a stream of a live view to the function that streams, and nobody else", () => {
    expect(pass(live, stream).uri).toBe(livePrefix + live);
    expect(pass(live, { accept: "application/json, text/event-stream;q=0.5" }).uri).toBe(livePrefix + live);
    expect(pass(live).uri).toBe(live);
    expect(pass(live, { accept: "application/json" }).uri).toBe(live);
    expect(pass(live, stream, false).uri).toBe(live);
    for (const other of ["/v1/tenants/live", `${live}/`, `/x${live}`, "/v1/tenants/a/b/live", "/live"])
      expect(pass(other, stream).uri).toBe(other);
  });

  it("takes no secret that could be more than a text in it", () => {
    for (const bad of ["short", `${secret}"};evil();//`]) expect(() => viewerRequest(bad, true)).toThrow("secret");
  });
});

/** Rules of AWS's that look for what documents and their texts hold. */
const onlyCounted = new Set([
  ...["SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "EC2MetaDataSSRF_BODY"],
  ...["SizeRestrictions_QUERYSTRING", "NoUserAgent_HEADER"],
]);

describe("the firewall", () => {
  const folder = mkdtempSync(join(tmpdir(), "dialplane-"));
  const app = new App({ outdir: folder });
  const stack = new Guard(app, "dialplane-prod-guard", { stage: stageOf("prod") });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  // cdk-nag's findings would be thrown here
  app.synth();
  const template = Template.fromStack(stack);
  rmSync(folder, { recursive: true, force: true });
  type Rule = {
    Name: string;
    Priority: number;
    Action?: { Block: { CustomResponse: { ResponseCode: number; CustomResponseBodyKey: string } } };
    OverrideAction?: object;
    Statement: {
      ManagedRuleGroupStatement?: { RuleActionOverrides: { Name: string; ActionToUse: object }[] };
      OrStatement?: { Statements: { LabelMatchStatement: { Scope: string; Key: string } }[] };
      RateBasedStatement?: { Limit: number; ScopeDownStatement?: unknown };
    };
  };
  const [acl] = Object.values(template.findResources("AWS::WAFv2::WebACL"));
  const rules: Rule[] = acl?.Properties.Rules;

  it("is CloudFront's, where CloudFront looks for it, and lets through what no rule is against", () => {
    expect(stack.region).toBe("us-east-1");
    expect(acl?.Properties).toMatchObject({ Scope: "CLOUDFRONT", DefaultAction: { Allow: {} } });
    expect(Object.keys(template.toJSON().Outputs)).toEqual(["WebAclArn"]);
  });

  it("lets documents, imports and audio through: what looks into bodies only counts", () => {
    const groups = rules.filter(({ Statement }) => Statement.ManagedRuleGroupStatement);
    expect(groups.map(({ Name }) => Name)).toEqual([
      "AmazonIpReputationList",
      "KnownBadInputsRuleSet",
      "CommonRuleSet",
    ]);
    for (const { OverrideAction } of groups) expect(OverrideAction).toEqual({ None: {} });
    const { RuleActionOverrides } = groups[2]?.Statement.ManagedRuleGroupStatement ?? { RuleActionOverrides: [] };
    const names = RuleActionOverrides.map(({ Name, ActionToUse }) => {
      expect(ActionToUse).toEqual({ Count: {} });
      return Name;
    });
    for (const looked of ["SizeRestrictions", "CrossSiteScripting", "GenericLFI", "GenericRFI", "EC2MetaDataSSRF"])
      expect(names).toContain(`${looked}_BODY`);
  });

  it("bounds what one address may try: 429 with what to do, of identity much less than of all", () => {
    const rates = rules.filter(({ Statement }) => Statement.RateBasedStatement);
    const limits = Object.fromEntries(
      rates.map(({ Name, Statement }) => [Name, Statement.RateBasedStatement?.Limit] as const),
    );
    expect(limits.Identity).toBeLessThan(Number(limits.Flood) / 10);
    for (const { Action } of rates)
      expect(Action?.Block.CustomResponse).toMatchObject({
        ResponseCode: 429,
        ResponseHeaders: [{ Name: "Retry-After" }],
      });
    const identity = JSON.stringify(rates.find(({ Name }) => Name === "Identity")?.Statement);
    for (const part of ["/v1/identity/", "POST"]) expect(identity).toContain(part);
    for (const { Content } of Object.values<{ Content: string }>(acl?.Properties.CustomResponseBodies))
      expect(Content.length).toBeLessThan(4096);
    expect(JSON.parse(acl?.Properties.CustomResponseBodies.RateLimited.Content)).toMatchObject({
      ...{ code: "rate_limited", status: 429 },
    });
  });

  const actionsOf = (group: string): Record<string, object> =>
    Object.fromEntries(
      (rules.find(({ Name }) => Name === group)?.Statement.ManagedRuleGroupStatement?.RuleActionOverrides ?? []).map(
        ({ Name, ActionToUse }) => [Name, ActionToUse],
      ),
    );
  /** The first of our rules that ends a request with these labels. */
  const ended = (...labels: string[]) =>
    rules.find(({ Action, Statement: { OrStatement } }) =>
      OrStatement?.Statements.some(
        ({ LabelMatchStatement: { Scope, Key } }) =>
          Action && Scope === "LABEL" && labels.some((label) => Key === `awswaf:managed:aws:${label}`),
      ),
    )?.Action?.Block.CustomResponse;
  const answered = (...labels: string[]) => {
    const response = ended(...labels);
    const body = acl?.Properties.CustomResponseBodies[response?.CustomResponseBodyKey ?? ""];
    return body && { responseCode: response?.ResponseCode, ...JSON.parse(body.Content) };
  };

  it("answers what AWS's rules find with a problem that says what to do, after the rule that found it", () => {
    for (const [group, rule, label, says] of [
      [
        "AmazonIpReputationList",
        "AWSManagedReconnaissanceList",
        "amazon-ip-list:AWSManagedReconnaissanceList",
        "network",
      ],
      ["KnownBadInputsRuleSet", "Log4JRCE_HEADER", "known-bad-inputs:Log4JRCE_Header", "path, query, cookies"],
      ["CommonRuleSet", "GenericLFI_URIPATH", "core-rule-set:GenericLFI_URIPath", "path, query, cookies"],
    ] as const) {
      expect(actionsOf(group)[rule]).toEqual({ Count: {} });
      const answer = answered(label);
      expect(answer).toMatchObject({ responseCode: 403, status: 403, code: "blocked" });
      expect(answer.detail).toContain(says);
      const [found, refused] = [group, label.startsWith("amazon") ? "BadAddress" : "BadRequest"].map(
        (name) => rules.find(({ Name }) => Name === name)?.Priority ?? -1,
      );
      expect(refused).toBeGreaterThan(Number(found));
    }
    expect(new Set(rules.map(({ Priority }) => Priority)).size).toBe(rules.length);
  });

  it("ends no request for what only counts, and every one that has a label of a rule that blocks beside it", () => {
    expect(answered("core-rule-set:GenericLFI_Body")).toBeUndefined();
    expect(answered("amazon-ip-list:AWSManagedIPDDoSList")).toBeUndefined();
    expect(answered("core-rule-set:GenericLFI_Body", "core-rule-set:CrossSiteScripting_URIPath")).toBeDefined();
    for (const group of ["AmazonIpReputationList", "KnownBadInputsRuleSet", "CommonRuleSet"]) {
      const loud = Object.keys(actionsOf(group)).filter((rule) => !onlyCounted.has(rule));
      for (const rule of loud) {
        // how AWS makes a label of a rule's name
        const label = rule.replace("UserAgent_BadBots", "BadBots").toLowerCase();
        const keys = rules.flatMap(({ Statement }) =>
          (Statement.OrStatement?.Statements ?? []).map(({ LabelMatchStatement }) => LabelMatchStatement.Key),
        );
        expect(
          keys.map((key) => key.split(":").at(-1)?.toLowerCase()),
          rule,
        ).toContain(label);
      }
      expect(loud.length).toBeGreaterThan(1);
    }
  });

  it("logs what it blocked or counted, without keys, cookies and numbers that queries hold", () => {
    const [logging] = Object.values(template.findResources("AWS::WAFv2::LoggingConfiguration"));
    expect(logging?.Properties.RedactedFields).toEqual([
      { SingleHeader: { Name: "authorization" } },
      { SingleHeader: { Name: "cookie" } },
      { QueryString: {} },
    ]);
    const [group] = Object.values(template.findResources("AWS::Logs::LogGroup"));
    expect(group?.Properties.LogGroupName).toMatch(/^aws-waf-logs-dialplane-prod/);
  });
});
