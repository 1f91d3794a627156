// A synthesized stack as CloudFormation would make it: names and addresses for its resources, read from cdk.out alone.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { plain, type Resource } from "../synthesize.ts";

export const region = "eu-central-1";
export const accountId = "123456789012";

/** What a role may do, one action on one resource each; `label` as stack.test.ts spells it. */
export type Right = {
  action: string;
  resource: string;
  label: string;
  conditions: Record<string, unknown>;
};
export type Template = ReturnType<typeof readTemplate>;

/** `folder` is cdk.out, `stack` the stack's name. */
export function readTemplate(folder: string, stack: string) {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));
  const resources: Record<string, Resource> = read(`${stack}.template.json`).Resources;
  const assets: Record<string, { source: { path: string } }> = read(`${stack}.assets.json`).files;

  const typeOf = (id: string): string => resources[id]?.Type ?? "";
  const nameOf = (id: string): string => {
    const { Properties } = resources[id] ?? {};
    if (typeOf(id) === "AWS::SecretsManager::Secret") return `secret:${id}`;
    const given = Properties?.BucketName ?? Properties?.EmailIdentity ?? Properties?.Name;
    return typeof given === "string" ? given : typeOf(id) === "AWS::S3::Bucket" ? "dialplane-media" : id;
  };
  const arnOf = (id: string): string => {
    const arn = (service: string, what: string) => `arn:aws:${service}:${region}:${accountId}:${what}`;
    switch (typeOf(id)) {
      case "AWS::DynamoDB::Table":
        return arn("dynamodb", `table/${nameOf(id)}`);
      case "AWS::SQS::Queue":
        return arn("sqs", nameOf(id));
      case "AWS::S3::Bucket":
        return `arn:aws:s3:::${nameOf(id)}`;
      case "AWS::IAM::Role":
        return `arn:aws:iam::${accountId}:role/${nameOf(id)}`;
      case "AWS::KMS::Key":
        return arn("kms", `key/${nameOf(id)}`);
      default:
        return arn("any", nameOf(id));
    }
  };
  const pseudo: Record<string, string> = {
    "AWS::Region": region,
    "AWS::AccountId": accountId,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": "",
  };

  /** A value of the template as the deployed resource would have it. */
  function resolve(value: unknown): string {
    if (typeof value === "string") return value;
    const it = value as { Ref?: string; "Fn::GetAtt"?: [string, string]; "Fn::Join"?: [string, unknown[]] };
    if (it.Ref !== undefined) {
      const known = pseudo[it.Ref];
      if (known !== undefined) return known;
      if (typeOf(it.Ref) === "AWS::SQS::Queue")
        return `https://sqs.${region}.amazonaws.com/${accountId}/${nameOf(it.Ref)}`;
      return nameOf(it.Ref);
    }
    if (it["Fn::GetAtt"]) {
      const [id, attribute] = it["Fn::GetAtt"];
      if (attribute === "Arn") return arnOf(id);
      if (attribute === "StreamArn") return `${arnOf(id)}/stream/latest`;
      if (attribute === "ApiEndpoint") return `https://${nameOf(id)}.execute-api.${region}.amazonaws.com`;
      if (attribute === "QueueName") return nameOf(id);
    }
    if (it["Fn::Join"]) return it["Fn::Join"][1].map(resolve).join(it["Fn::Join"][0]);
    throw new Error(`not understood: ${JSON.stringify(value)}`);
  }

  const of = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
  const idOf = (value: unknown): string => {
    const { Ref, "Fn::GetAtt": attribute } = value as { Ref?: string; "Fn::GetAtt"?: [string, string] };
    return Ref ?? attribute?.[0] ?? "";
  };

  type Statement = {
    Effect: string;
    Action: string | string[];
    Resource: unknown;
    Condition?: Record<string, Record<string, unknown>>;
  };
  const rights = new Map<string, Right[]>();
  for (const [, { Properties }] of of("AWS::IAM::Policy")) {
    const { Statement } = Properties.PolicyDocument as { Statement: Statement[] };
    const all = Statement.flatMap(({ Action, Resource: on, Condition }) =>
      [on].flat().flatMap((resource) =>
        [Action].flat().map((action) => ({
          action,
          resource: resolve(resource),
          label: `${action} on ${plain(resource)}`,
          conditions: Object.assign({}, ...Object.values(Condition ?? {})),
        })),
      ),
    );
    for (const role of Properties.Roles as unknown[])
      rights.set(idOf(role), [...(rights.get(idOf(role)) ?? []), ...all]);
  }

  const functions = new Map(
    of("AWS::Lambda::Function").map(([id, { Properties }]) => {
      const { S3Key } = Properties.Code as { S3Key: string };
      const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
      const folderOf = assets[S3Key.replace(/\.zip$/, "")]?.source.path ?? "";
      const [file, exported] = String(Properties.Handler).split(".");
      return [
        id,
        {
          id,
          role: idOf(Properties.Role),
          module: join(folder, folderOf, `${file}.mjs`),
          exported: exported ?? "",
          environment: Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, resolve(value)])),
        },
      ] as const;
    }),
  );

  const permissions = of("AWS::Lambda::Permission").map(([, { Properties }]) => ({
    principal: String(Properties.Principal),
    lambda: idOf(Properties.FunctionName),
    source: resolve(Properties.SourceArn ?? ""),
  }));

  const integrations = new Map(
    of("AWS::ApiGatewayV2::Integration").map(([id, { Properties }]) => {
      if (Properties.PayloadFormatVersion !== "2.0") throw new Error(`${id} hands on events of another format`);
      return [id, idOf(Properties.IntegrationUri)];
    }),
  );
  const routes = of("AWS::ApiGatewayV2::Route").map(([, { Properties }]) => {
    const [method = "", path = ""] = String(Properties.RouteKey).split(" ");
    const target = (Properties.Target as { "Fn::Join": [string, unknown[]] })["Fn::Join"][1].at(-1);
    const pattern = path.replace(/\{\w+\+\}/g, ".+").replace(/\{\w+\}/g, "[^/]+");
    return {
      method,
      path,
      key: String(Properties.RouteKey),
      pattern: new RegExp(`^${pattern}$`),
      lambda: integrations.get(idOf(target)) ?? "",
    };
  });
  // the most specific first: without a greedy variable, then by method, then the longest
  const rank = ({ path, method }: (typeof routes)[number]): number =>
    (path.includes("+}") ? 0 : 10_000) + (method === "ANY" ? 0 : 5000) + path.length;
  routes.sort((a, b) => rank(b) - rank(a));

  return {
    resources,
    of,
    idOf,
    nameOf,
    arnOf,
    resolve,
    functions,
    /** The role's rights. */
    rights: (role: string): Right[] => rights.get(role) ?? [],
    routes,
    /** Throws where the service may not call the function for what has an ARN that ends so. */
    mayCall(service: string, lambda: string, source: string): void {
      const isGiven = permissions.some(
        (one) => one.principal === `${service}.amazonaws.com` && one.lambda === lambda && one.source.endsWith(source),
      );
      if (!isGiven) throw new Error(`${service} may not call ${lambda} for ${source}`);
    },
    /** The only one whose logical id begins so. */
    id(type: string, prefix: string): string {
      const found = of(type).filter(([id]) => id.startsWith(prefix));
      if (found.length !== 1 || !found[0]) throw new Error(`${found.length} of ${type} ${prefix}`);
      return found[0][0];
    },
  };
}

/** IAM's wildcards: `*` is anything. */
export function fits(pattern: string, text: string): boolean {
  const known =
    patterns.get(pattern) ?? new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
  patterns.set(pattern, known);
  return known.test(text);
}
const patterns = new Map<string, RegExp>();
