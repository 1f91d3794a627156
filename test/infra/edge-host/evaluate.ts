// What CloudFormation makes of the template for given parameters: conditions decided, functions worked out, what is not made left out.
import { parse } from "yaml";

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type Made = { Type: string; Properties: Record<string, never>; Metadata?: unknown; CreationPolicy?: unknown };
type Template = {
  Parameters: Record<
    string,
    { Type: string; Default?: string | number; AllowedPattern?: string; AllowedValues?: string[]; NoEcho?: boolean }
  >;
  Conditions: Record<string, Json>;
  Resources: Record<string, { Condition?: string } & Record<string, Json>>;
  Outputs: Record<string, { Condition?: string; Value: Json }>;
  Rules: Record<string, { RuleCondition?: Json; Assertions: { Assert: Json; AssertDescription: string }[] }>;
  Metadata: Record<string, never>;
};

const absent = Symbol("AWS::NoValue");
const pseudo: Record<string, string> = {
  ...{
    "AWS::StackName": "hosts",
    "AWS::Region": "eu-central-1",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
  },
  "AWS::StackId": "arn:aws:cloudformation:eu-central-1:123456789012:stack/hosts/1",
};

export function evaluate(template: Template, given: Record<string, string>) {
  const parameters = Object.fromEntries(
    Object.entries(template.Parameters).map(([name, { Default }]) => [name, given[name] ?? String(Default ?? "")]),
  );
  for (const name of Object.keys(given)) if (!(name in parameters)) throw new Error(`no parameter ${name}`);

  const holds = (name: string): boolean => work(template.Conditions[name] as Json) === true;
  const listOf = (name: string): boolean => template.Parameters[name]?.Type === "CommaDelimitedList";

  function work(value: Json): unknown {
    if (Array.isArray(value)) return value.map(work).filter((each) => each !== absent);
    if (typeof value !== "object" || value === null) return value;
    const [[key, inner] = ["", null], ...others] = Object.entries(value);
    if (others.length === 0 && (key === "Ref" || key === "Condition" || key.startsWith("Fn::")))
      return call(key, inner);
    const entries = Object.entries(value).map(([name, each]) => [name, work(each)] as const);
    return Object.fromEntries(entries.filter(([, each]) => each !== absent));
  }

  function call(name: string, inner: Json): unknown {
    if (name === "Ref") {
      if (inner === "AWS::NoValue") return absent;
      const value = pseudo[inner as string] ?? parameters[inner as string];
      return value === undefined ? `<${inner}>` : listOf(inner as string) ? value.split(",") : value;
    }
    if (name === "Condition") return holds(inner as string);
    if (name === "Fn::GetAtt") return `<${(inner as string[]).join(".")}>`;
    if (name === "Fn::GetAZs") return ["a", "b", "c"];
    if (name === "Fn::If") {
      const [condition, yes, no] = inner as [string, Json, Json];
      return work(holds(condition) ? yes : no);
    }
    if (name === "Fn::Sub") return (inner as string).replace(/\$\{([^}]+)\}/g, (_, of) => String(call("Ref", of)));
    const given = work(inner) as never;
    const known: Record<string, (argument: never) => unknown> = {
      "Fn::Join": ([by, parts]: [string, string[]]) => parts.join(by),
      "Fn::Split": ([by, text]: [string, string]) => text.split(by),
      "Fn::Select": ([index, list]: [string | number, string[]]) => list[Number(index)],
      "Fn::Base64": (text: string) => Buffer.from(text).toString("base64"),
      "Fn::Cidr": ([block, count]: [string, number]) =>
        Array.from({ length: count }, (_, index) => `${block}#${index}`),
      "Fn::Equals": ([one, other]: [unknown, unknown]) => one === other,
      "Fn::Not": ([one]: [boolean]) => !one,
      "Fn::Or": (all: boolean[]) => all.some(Boolean),
      "Fn::And": (all: boolean[]) => all.every(Boolean),
      "Fn::Contains": ([list, value]: [string[], string]) => list.includes(value),
    };
    const found = known[name];
    if (!found) throw new Error(`not understood: ${name}`);
    return found(given);
  }

  const isMade = ({ Condition }: { Condition?: string }): boolean => Condition === undefined || holds(Condition);
  const made = (all: Record<string, { Condition?: string }>) => Object.entries(all).filter(([, each]) => isMade(each));
  const resources = Object.fromEntries(
    made(template.Resources).map(([id, resource]) => [id, work(resource as Json) as Made] as const),
  );
  return {
    resources,
    outputs: Object.fromEntries(
      made(template.Outputs).map(([id, output]) => [id, work((output as { Value: Json }).Value)] as const),
    ),
    of: (type: string): [id: string, properties: Record<string, never>][] =>
      Object.entries(resources).flatMap(([id, { Type, Properties }]) => (Type === type ? [[id, Properties]] : [])),
    /** What CloudFormation refuses the parameters for. */
    refused: (): string[] => [
      ...Object.entries(template.Parameters).flatMap(([name, { Type, AllowedPattern, AllowedValues }]) => {
        const value = parameters[name] as string;
        const each = Type === "CommaDelimitedList" ? value.split(",") : [value];
        const fits = (one: string) => AllowedPattern === undefined || new RegExp(`^(?:${AllowedPattern})$`).test(one);
        return each.every(fits) && (AllowedValues?.includes(value) ?? true) ? [] : [name];
      }),
      ...Object.values(template.Rules)
        .filter(({ RuleCondition }) => RuleCondition === undefined || work(RuleCondition) === true)
        .flatMap(({ Assertions }) => Assertions)
        .flatMap(({ Assert, AssertDescription }) => (work(Assert) === true ? [] : [AssertDescription])),
    ],
  };
}

export type CloudConfig = {
  write_files: { path: string; permissions: string; encoding: "b64" | "gz+b64"; content: string }[];
  runcmd: string[][];
};

/** The user data of a fleet's hosts, as cloud-init reads it. */
export function cloudConfig(
  stack: ReturnType<typeof evaluate>,
  fleet: "Kamailio" | "Freeswitch",
): { text: string; config: CloudConfig } {
  const data = stack.resources[`${fleet}Template`]?.Properties.LaunchTemplateData as unknown as { UserData: string };
  const text = Buffer.from(data.UserData, "base64").toString();
  return { text, config: parse(text) as CloudConfig };
}
