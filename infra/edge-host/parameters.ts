// What whoever launches the stack is asked, with what counts as an answer; and the conditions and rules that follow.
import {
  CfnCondition,
  CfnParameter,
  type CfnParameterProps,
  CfnRule,
  type CfnRuleAssertion,
  Fn,
  type ICfnConditionExpression,
  type ICfnRuleConditionExpression,
  type Stack,
} from "aws-cdk-lib";
import { webSocketPorts } from "./ports.ts";

/** So many networks of carriers at the most. */
export const carrierNetworks = 10;
/** So many hosts of each at the most. */
export const most = { kamailio: 4, freeswitch: 10 } as const;
export type Engine = keyof typeof most;
export const engines = Object.keys(most) as Engine[];

const yesNo = ["yes", "no"];
const numbers = (last: number): string[] => Array.from({ length: last }, (_, index) => String(index + 1));
const octet = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const network = `(${octet}\\.){3}${octet}/(3[0-2]|[12]?[0-9])`;
const secretArn = "arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+";
const instanceType = { allowedPattern: "[a-z0-9-]+\\.[a-z0-9-]+", constraintDescription: "as in c7i.large" };

type Asked = CfnParameterProps & { label: string };

/** In groups, as the console of CloudFormation shows them. */
const groups = {
  "Control plane": {
    ControlUrl: {
      label: "Address of the control plane",
      allowedPattern: "https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?",
      constraintDescription: "begins with https://",
    },
    ApiKey: {
      label: "API key",
      description:
        "Of the pool (poolId) and so for its hosts alone. It is kept in Secrets Manager. Or name a secret below.",
      default: "",
      noEcho: true,
      allowedPattern: "(dp_[A-Za-z0-9_-]+)?",
    },
    ApiKeySecretArn: {
      label: "or: ARN of a secret that holds it as its text",
      default: "",
      allowedPattern: `(${secretArn})?`,
    },
    PoolId: {
      label: "Pool",
      description: "Empty: the default pool of the key's account",
      default: "",
      allowedPattern: "(pol_[0-9A-HJKMNP-TV-Z]{26})?",
    },
  },
  "What may reach the hosts": {
    PhoneNetwork: { label: "Network of the phones (CIDR)", default: "0.0.0.0/0", allowedPattern: network },
    SipUdp: { label: "SIP over UDP, port 5060", default: "yes", allowedValues: yesNo },
    SipTcp: { label: "SIP over TCP, port 5060", default: "yes", allowedValues: yesNo },
    SipTls: { label: "SIP over TLS, port 5061", default: "yes", allowedValues: yesNo },
    SipWss: { label: "Browser phones (WSS)", default: "yes", allowedValues: yesNo },
    WssPort: { label: "Port of browser phones", default: "7443", allowedValues: [...webSocketPorts] },
    SipName: {
      label: "DNS name of the Kamailio hosts",
      description:
        "What browser phones are told; empty: each host's address. It has to lead to the addresses in the outputs.",
      default: "",
      allowedPattern: "([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+)?",
      maxLength: 253,
    },
    CarrierNetworks: {
      label: "Networks of the carriers (CIDR, with commas between)",
      type: "CommaDelimitedList",
      description: `At most ${carrierNetworks}; from there port 5080 is reached. Carriers that the hosts register with need not be named.`,
      default: "",
      allowedPattern: `(${network})?`,
    },
  },
  Network: {
    VpcId: {
      label: "An existing VPC",
      description: "Empty: one is made",
      default: "",
      allowedPattern: "(vpc-[0-9a-f]+)?",
    },
    SubnetIds: {
      label: "Public subnets of it",
      type: "CommaDelimitedList",
      description: "With a route to an internet gateway, and with public IPv4 addresses given at launch",
      default: "",
      allowedPattern: "(subnet-[0-9a-f]+)?",
    },
    VpcCidr: {
      label: "or: the new VPC's network",
      default: "10.80.0.0/16",
      allowedPattern: `(${octet}\\.){3}${octet}/1[6-9]`,
    },
  },
  Hosts: {
    KamailioHosts: { label: "Kamailio hosts", default: "2", allowedValues: numbers(most.kamailio) },
    KamailioInstanceType: { label: "Their instance type", default: "t3.medium", ...instanceType },
    FreeswitchMinimum: { label: "FreeSWITCH hosts, at least", default: "2", allowedValues: numbers(most.freeswitch) },
    FreeswitchMaximum: {
      label: "and at most",
      description: "Each may need a fixed address; a new account has five in each region, for both kinds together.",
      default: "3",
      allowedValues: numbers(most.freeswitch),
    },
    CallsPerHost: {
      label: "Calls on each of them",
      description:
        "When they have more at once on average, another host is added. Their processors are watched beside.",
      ...{ type: "Number", default: 100, minValue: 1, maxValue: 10_000 },
    },
    FreeswitchInstanceType: { label: "Their instance type", default: "c7i.large", ...instanceType },
    VolumeGigabytes: { label: "Disk of each host, in GB", type: "Number", default: 20, minValue: 10, maxValue: 1000 },
    DrainMinutes: {
      label: "How long a host that is taken away waits for its calls to end, in minutes",
      type: "Number",
      default: 120,
      minValue: 1,
      maxValue: 900,
    },
  },
  Engines: {
    EngineSetup: {
      label: "FreeSWITCH comes from",
      description:
        "image: the image below has it; signalwire: SignalWire's packages, with a token of yours. Kamailio is Debian's.",
      default: "signalwire",
      allowedValues: ["image", "signalwire"],
    },
    SignalwireToken: {
      label: "Token for SignalWire's packages",
      description: "It is kept in Secrets Manager. Or name a secret below.",
      default: "",
      noEcho: true,
      allowedPattern: "[A-Za-z0-9_-]*",
    },
    SignalwireTokenSecretArn: {
      label: "or: ARN of a secret that holds it as its text",
      default: "",
      allowedPattern: `(${secretArn})?`,
    },
    FreeswitchImageId: {
      label: "Image of the FreeSWITCH hosts",
      description: "Debian 12, for the instance type's processor. Empty: Debian's own",
      default: "",
      allowedPattern: "(ami-[0-9a-f]+)?",
    },
    FreeswitchImage: {
      label: "or: where Systems Manager has it",
      type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
      default: "/aws/service/debian/release/12/latest/amd64",
    },
    KamailioImage: {
      label: "Image of the Kamailio hosts",
      type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
      default: "/aws/service/debian/release/12/latest/amd64",
    },
  },
  Alarms: {
    AlarmEmail: {
      label: "Who is told of alarms",
      default: "",
      allowedPattern: "([A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+)?",
      maxLength: 254,
    },
  },
} satisfies Record<string, Record<string, Asked>>;

type Group = (typeof groups)[keyof typeof groups];
export type ParameterName = Group extends infer Each ? (Each extends unknown ? keyof Each : never) : never;
export type Parameters = Record<ParameterName, CfnParameter>;

export function createParameters(stack: Stack): Parameters {
  const made: Record<string, CfnParameter> = {};
  const labels: Record<string, { default: string }> = {};
  for (const parameters of Object.values(groups))
    for (const [name, { label, ...props }] of Object.entries<Asked>(parameters)) {
      made[name] = new CfnParameter(stack, name, { type: "String", ...props });
      labels[name] = { default: label };
    }
  stack.addMetadata("AWS::CloudFormation::Interface", {
    ParameterGroups: Object.entries(groups).map(([label, parameters]) => ({
      Label: { default: label },
      Parameters: Object.keys(parameters),
    })),
    ParameterLabels: labels,
  });
  const parameters = made as Parameters;
  createRules(stack, parameters);
  return parameters;
}

const isEmpty = (text: string): ICfnRuleConditionExpression => Fn.conditionEquals(text, "");

const oneOf = (one: string, other: string, assertDescription: string): CfnRuleAssertion[] => [
  { assert: Fn.conditionNot(Fn.conditionAnd(isEmpty(one), isEmpty(other))), assertDescription },
  { assert: Fn.conditionOr(isEmpty(one), isEmpty(other)), assertDescription },
];

/** What is refused before anything is made. */
function createRules(stack: Stack, of: Parameters): void {
  const rule = (id: string, props: ConstructorParameters<typeof CfnRule>[2]) => new CfnRule(stack, id, props);
  const value = (name: ParameterName): string => of[name].valueAsString;
  rule("OneApiKey", {
    assertions: oneOf(
      value("ApiKey"),
      value("ApiKeySecretArn"),
      "Give an API key, or the ARN of a secret that holds one; not both.",
    ),
  });
  rule("OneToken", {
    ruleCondition: Fn.conditionEquals(value("EngineSetup"), "signalwire"),
    assertions: oneOf(
      value("SignalwireToken"),
      value("SignalwireTokenSecretArn"),
      "SignalWire's packages need a token: give it, or the ARN of a secret that holds it; not both.",
    ),
  });
  rule("NamedSubnets", {
    ruleCondition: Fn.conditionNot(isEmpty(value("VpcId"))),
    assertions: [
      {
        assert: Fn.conditionNot(Fn.conditionContains(of.SubnetIds.valueAsList, "")),
        assertDescription: "Name public subnets of that VPC with SubnetIds.",
      },
    ],
  });
  rule("NamedImage", {
    ruleCondition: Fn.conditionEquals(value("EngineSetup"), "image"),
    assertions: [
      {
        assert: Fn.conditionNot(isEmpty(value("FreeswitchImageId"))),
        assertDescription: "Name the image that has FreeSWITCH with FreeswitchImageId.",
      },
    ],
  });
  numbers(most.freeswitch).forEach((last, index) => {
    if (index + 1 < most.freeswitch)
      rule(`AtMost${last}`, {
        ruleCondition: Fn.conditionEquals(value("FreeswitchMaximum"), last),
        assertions: [
          {
            assert: Fn.conditionContains(numbers(index + 1), value("FreeswitchMinimum")),
            assertDescription: "FreeswitchMinimum must not be above FreeswitchMaximum.",
          },
        ],
      });
  });
}

/** A condition by this name. */
export const condition = (stack: Stack, id: string, expression: ICfnConditionExpression): CfnCondition =>
  new CfnCondition(stack, id, { expression });

export const isGiven = (text: string): ICfnConditionExpression => Fn.conditionNot(Fn.conditionEquals(text, ""));
