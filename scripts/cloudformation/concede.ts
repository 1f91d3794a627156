// A template without what a stand-in for AWS does not know, so that it can be asked about the rest.

type Resource = { Type: string; Properties?: Record<string, unknown>; DependsOn?: string | string[] };
export type Template = { Resources: Record<string, Resource>; [part: string]: unknown };
/** What it does not know, and which properties it takes for something else, with the reason. */
export type Gaps = { types: readonly string[]; properties: readonly { type: string; property: string; why: string }[] };

/** Moto 5.1.18, which is what Debian forky has. */
export const motoGaps: Gaps = {
  types: [
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Url",
    "AWS::Logs::QueryDefinition",
    "AWS::S3::BucketPolicy",
    "AWS::SecretsManager::Secret",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::SES::EmailIdentity",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
  ],
  properties: [{ type: "AWS::KMS::Key", property: "Tags", why: "it wants TagKey where CloudFormation says Key" }],
};

/** What refers to a resource that is left out names it in words instead. */
export function concede(template: Template, { types, properties }: Gaps): Template {
  const left = Object.entries(template.Resources).filter(([, { Type }]) => !types.includes(Type));
  const there = new Set(left.map(([id]) => id));
  const missing = (id: unknown): id is string => typeof id === "string" && id in template.Resources && !there.has(id);
  const spoken = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(spoken);
    if (typeof value !== "object" || value === null) return value;
    const { Ref, "Fn::GetAtt": attribute } = value as { Ref?: unknown; "Fn::GetAtt"?: unknown[] };
    if (missing(Ref)) return Ref;
    if (missing(attribute?.[0])) return attribute.join(".");
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, spoken(inner)]));
  };
  const Resources = Object.fromEntries(
    left.map(([id, { DependsOn, Properties, ...rest }]) => {
      const wrong = properties.filter(({ type }) => type === rest.Type).map(({ property }) => property);
      const kept = Object.entries(Properties ?? {}).filter(([name]) => !wrong.includes(name));
      const first = [DependsOn ?? []].flat().filter((one) => there.has(one));
      return [id, { ...rest, ...(first.length > 0 && { DependsOn: first }), Properties: Object.fromEntries(kept) }];
    }),
  );
  return spoken({ ...template, Resources }) as Template;
}
