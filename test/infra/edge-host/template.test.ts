// What the template of hosts guarantees to whoever launches it in an account of his own.
import { expect, test } from "vitest";
import { patienceSeconds } from "../../../edge-agent/spool.ts";
import { launchUrl } from "../../../infra/edge-host/launch.ts";
import { render } from "../../../infra/edge-host/render.ts";
import { hostPrices, usualStack } from "../../../scripts/cost/hosts.ts";
import { cloudConfig, evaluate, type Made } from "./evaluate.ts";

// cdk-nag's findings and those of CDK's own rules would be thrown here
const text = render();
const template = JSON.parse(text);
const key = { ControlUrl: "https://pbx.example", ApiKey: "dp_key", SignalwireToken: "PT1" };
const usual = evaluate(template, key);
const given = (more: Record<string, string>) => evaluate(template, { ...key, ...more });

type Rule = Record<"IpProtocol" | "GroupId", string> & {
  FromPort: unknown;
  ToPort: unknown;
  CidrIp?: string;
  SourceSecurityGroupId?: string;
  SourcePrefixListId?: string;
};
/** What may reach whom, as `udp 5060 of Kamailio from 0.0.0.0/0`. */
function open(stack: ReturnType<typeof evaluate>): string[] {
  const plain = (id = "") => id.replace(/^<(\w+?)(Ports)?\..*>$/, "$1");
  return stack
    .of("AWS::EC2::SecurityGroupIngress")
    .map(([, rule]) => rule as unknown as Rule)
    .map(({ IpProtocol, FromPort, ToPort, GroupId, CidrIp, SourceSecurityGroupId, SourcePrefixListId }) => {
      const port = FromPort === ToPort ? FromPort : `${FromPort}-${ToPort}`;
      return `${IpProtocol} ${port} of ${plain(GroupId)} from ${CidrIp ?? plain(SourceSecurityGroupId ?? SourcePrefixListId)}`;
    })
    .sort();
}

test("one file is the whole of it: nothing to bootstrap, no assets, no function of ours, and small enough to be fetched by CloudFormation", () => {
  expect(text).not.toMatch(/BootstrapVersion|cdk-bootstrap|AssetParameters|cdk-hnb659fds|AWS::CDK::Metadata/);
  expect(usual.of("AWS::Lambda::Function")).toEqual([]);
  expect(Buffer.byteLength(text)).toBeLessThan(100_000);
});

test("exactly these ports are open: phones' to Kamailio, media to FreeSWITCH, the pool's own between both, and none for signing in", () => {
  const own = [
    "udp 16384-32767 of Freeswitch from 0.0.0.0/0",
    "udp 5062 of Freeswitch from Kamailio",
    "udp 5062 of Kamailio from Freeswitch",
    "udp 5062 of Kamailio from Kamailio",
  ];
  expect(open(usual)).toEqual(
    [
      ...own,
      "tcp 5060 of Kamailio from 0.0.0.0/0",
      "tcp 5061 of Kamailio from 0.0.0.0/0",
      "tcp 7443 of Kamailio from 0.0.0.0/0",
      "udp 5060 of Kamailio from 0.0.0.0/0",
    ].sort(),
  );
  expect(open(given({ SipUdp: "no", SipTcp: "no", SipTls: "no", SipWss: "no" }))).toEqual(own.sort());
  expect(open(given({ WssPort: "443", PhoneNetwork: "198.51.100.0/24", SipTls: "no" }))).toEqual(
    [
      ...own,
      "tcp 443 of Kamailio from 198.51.100.0/24",
      "tcp 5060 of Kamailio from 198.51.100.0/24",
      "udp 5060 of Kamailio from 198.51.100.0/24",
    ].sort(),
  );
});

test("carriers' networks reach the carriers' port, and where none is named nobody does", () => {
  const networks = Array.from({ length: 10 }, (_, index) => `203.0.113.${index}/32`);
  for (const count of [1, 3, 10]) {
    const some = given({ CarrierNetworks: networks.slice(0, count).join(",") });
    const [[, list] = [], ...others] = some.of("AWS::EC2::PrefixList");
    expect(others).toEqual([]);
    expect(list?.Entries).toEqual(networks.slice(0, count).map((Cidr) => ({ Cidr })));
    expect(open(some).filter((each) => each.includes(" 5080 "))).toEqual([
      "tcp 5080 of Freeswitch from Carriers",
      "tcp 5080 of Kamailio from Carriers",
      "udp 5080 of Freeswitch from Carriers",
      "udp 5080 of Kamailio from Carriers",
    ]);
  }
  expect(usual.of("AWS::EC2::PrefixList")).toEqual([]);
});

test("hosts have encrypted disks, the second version of the metadata service alone, no key pair, and a way in by Session Manager only", () => {
  for (const [, { LaunchTemplateData: data }] of usual.of("AWS::EC2::LaunchTemplate")) {
    expect(data).toMatchObject({
      MetadataOptions: { HttpEndpoint: "enabled", HttpTokens: "required", HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ Ebs: { Encrypted: true, VolumeType: "gp3", DeleteOnTermination: true } }],
    });
    expect(Object.keys(data ?? {})).not.toContain("KeyName");
  }
  expect(usual.of("AWS::EC2::LaunchTemplate")).toHaveLength(2);
});

const lifecycle = (fleet: string) => [
  `autoscaling:CompleteLifecycleAction on arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:*:autoScalingGroupName/hosts-${fleet}`,
  `autoscaling:RecordLifecycleActionHeartbeat on arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:*:autoScalingGroupName/hosts-${fleet}`,
];
const address = (fleet: string) =>
  ["elastic-ip", "instance", "network-interface"].map(
    (each) =>
      `ec2:AssociateAddress on arn:aws:ec2:eu-central-1:123456789012:${each}/* where aws:ResourceTag/dialplane:fleet is hosts-${fleet}`,
  );
const everywhere = [
  "cloudformation:SignalResource on arn:aws:cloudformation:eu-central-1:123456789012:stack/hosts/1",
  "ec2:DescribeAddresses on *",
];
const figures = "cloudwatch:PutMetricData on * where cloudwatch:namespace is Dialplane/Hosts";
const session = [
  "ssm:UpdateInstanceInformation on *",
  "ssmmessages:CreateControlChannel on *",
  "ssmmessages:CreateDataChannel on *",
  "ssmmessages:OpenControlChannel on *",
  "ssmmessages:OpenDataChannel on *",
];

test("a host may do exactly this in the account", () => {
  const allowed = (stack: ReturnType<typeof evaluate>, fleet: string): string[] => {
    const role = stack.resources[`${fleet}Role`] as Made;
    const [policy, ...others] = role.Properties.Policies as unknown as {
      PolicyDocument: { Statement: Record<string, never>[] };
    }[];
    expect([others, role.Properties.ManagedPolicyArns]).toEqual([[], undefined]);
    return (policy?.PolicyDocument.Statement ?? [])
      .flatMap(({ Effect, Action, Resource, Condition }) => {
        expect(Effect).toBe("Allow");
        const where = Object.entries((Condition as { StringEquals: object } | undefined)?.StringEquals ?? {});
        const only = where.map(([name, value]) => ` where ${name} is ${value}`).join("");
        return [Action].flat().flatMap((action) => [Resource].flat().map((on) => `${action} on ${on}${only}`));
      })
      .sort();
  };
  expect(allowed(usual, "Kamailio")).toEqual(
    [
      ...lifecycle("kamailio"),
      ...everywhere,
      ...address("kamailio"),
      "secretsmanager:GetSecretValue on <KeyOfApi>",
      ...session,
    ].sort(),
  );
  const tokens = ["<KeyOfApi>", "<TokenOfSignalwire>"].map((id) => `secretsmanager:GetSecretValue on ${id}`);
  expect(allowed(usual, "Freeswitch")).toEqual(
    [...lifecycle("freeswitch"), ...everywhere, ...address("freeswitch"), ...tokens, figures, ...session].sort(),
  );
  const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf";
  const elsewhere = given({
    ApiKey: "",
    ApiKeySecretArn: arn,
    SignalwireToken: "",
    EngineSetup: "image",
    FreeswitchImageId: "ami-1",
  });
  expect(allowed(elsewhere, "Freeswitch")).toEqual(
    [
      ...lifecycle("freeswitch"),
      ...everywhere,
      ...address("freeswitch"),
      `secretsmanager:GetSecretValue on ${arn}`,
      figures,
      ...session,
    ].sort(),
  );
  expect(elsewhere.of("AWS::SecretsManager::Secret")).toEqual([]);
});

test("there is a fixed address for each host that there may be, known by its fleet, and each is told", () => {
  const addresses = (stack: ReturnType<typeof evaluate>, fleet: string): number =>
    stack
      .of("AWS::EC2::EIP")
      .filter(([, { Tags }]) => JSON.stringify(Tags).includes(`"dialplane:fleet","Value":"hosts-${fleet}"`)).length;
  for (const [kamailio, freeswitch] of [
    [1, 1],
    [2, 3],
    [4, 10],
  ] as const) {
    const stack = given({
      KamailioHosts: String(kamailio),
      FreeswitchMinimum: "1",
      FreeswitchMaximum: String(freeswitch),
    });
    expect([addresses(stack, "kamailio"), addresses(stack, "freeswitch")]).toEqual([kamailio, freeswitch]);
    expect(Object.keys(stack.outputs).filter((name) => name.includes("Address"))).toHaveLength(kamailio + freeswitch);
  }
});

test("a host is in service when it said that it is in step, and goes when it is drained; what it needs for both is there before it and goes after it", () => {
  for (const [id, group] of usual.of("AWS::AutoScaling::AutoScalingGroup")) {
    expect(group.LifecycleHookSpecificationList).toMatchObject([
      { LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", DefaultResult: "ABANDON" },
      { LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", DefaultResult: "CONTINUE" },
    ]);
    expect(usual.resources[id]?.CreationPolicy).toEqual({ ResourceSignal: { Count: "2", Timeout: "PT45M" } });
    const before = usual.resources[id]?.Metadata as { Before: string[] };
    for (const needed of ["Route", "Subnet1Routes", "FreeswitchAddress3", "Media"])
      expect(before.Before).toContain(`<${needed}>`);
  }
});

test("FreeSWITCH hosts are as many as their calls need, or their processors; Kamailio hosts are as many as was said", () => {
  const policies = usual.of("AWS::AutoScaling::ScalingPolicy").map(([, each]) => each);
  expect(policies).toMatchObject([
    {
      TargetTrackingConfiguration: {
        CustomizedMetricSpecification: {
          ...{ Namespace: "Dialplane/Hosts", MetricName: "LiveCalls", Statistic: "Average", Unit: "Count" },
          Dimensions: [{ Name: "Fleet", Value: "hosts-freeswitch" }],
        },
      },
    },
    { TargetTrackingConfiguration: { PredefinedMetricSpecification: {}, TargetValue: 50 } },
  ]);
  for (const { AutoScalingGroupName } of policies) expect(AutoScalingGroupName).toBe("<Freeswitch>");
});

test("a host that goes waits for what its agent lets wait for others", () => {
  const { config } = cloudConfig(usual, "Kamailio");
  const settle = config.write_files.find(({ path }) => path.endsWith("/settle-seconds"))?.content ?? "";
  expect(Number(Buffer.from(settle, "base64").toString())).toBeGreaterThan(patienceSeconds);
});

test("in a VPC that is there nothing of a network is made", () => {
  const there = given({ VpcId: "vpc-1", SubnetIds: "subnet-1,subnet-2" });
  const network = Object.values(there.resources).filter(({ Type }) => /VPC|Subnet|Route|Gateway|FlowLog/.test(Type));
  expect(network).toEqual([]);
  expect(there.resources.Kamailio?.Properties).toMatchObject({ VPCZoneIdentifier: ["subnet-1", "subnet-2"] });
  expect(there.resources.KamailioPorts?.Properties).toMatchObject({ VpcId: "vpc-1" });
  expect(usual.of("AWS::EC2::Subnet")).toHaveLength(2);
});

test("what can't be meant is refused before anything is made, with a sentence", () => {
  expect(usual.refused()).toEqual([]);
  expect(given({ ApiKey: "" }).refused()).toEqual([expect.stringContaining("Give an API key")]);
  expect(given({ SignalwireToken: "" }).refused()).toEqual([expect.stringContaining("need a token")]);
  expect(given({ EngineSetup: "image" }).refused()).toEqual([expect.stringContaining("FreeswitchImageId")]);
  expect(given({ FreeswitchMinimum: "4", FreeswitchMaximum: "3" }).refused()).toEqual([
    expect.stringContaining("above"),
  ]);
  expect(given({ VpcId: "vpc-1" }).refused()).toEqual([expect.stringContaining("SubnetIds")]);
  for (const [name, value] of Object.entries({
    ControlUrl: "http://pbx.example",
    PoolId: "pol_1; reboot",
    SipName: "$(reboot).example",
    CarrierNetworks: "203.0.113.0/24,10.0.0.0/33",
    ApiKey: "dp_a b",
    KamailioInstanceType: "large",
  }))
    expect(given({ [name]: value }).refused(), name).toEqual([name]);
});

test("secrets are not shown, and no user data holds one; its size leaves room", () => {
  for (const name of ["ApiKey", "SignalwireToken"]) expect(template.Parameters[name].NoEcho).toBe(true);
  for (const fleet of ["Kamailio", "Freeswitch"] as const) {
    const { text: data, config } = cloudConfig(usual, fleet);
    expect(data.startsWith("#cloud-config\n")).toBe(true);
    expect(Buffer.byteLength(data)).toBeLessThan(16_384 - 4096);
    const values = config.write_files.map(({ content }) => Buffer.from(content, "base64").toString());
    expect(values).not.toContain(key.ApiKey);
    expect(values).not.toContain(key.SignalwireToken);
  }
});

test("every parameter is in a group, with a label", () => {
  const shown = template.Metadata["AWS::CloudFormation::Interface"];
  const all = Object.keys(template.Parameters).sort();
  expect(shown.ParameterGroups.flatMap((group: { Parameters: string[] }) => group.Parameters).sort()).toEqual(all);
  expect(Object.keys(shown.ParameterLabels).sort()).toEqual(all);
});

test("what the page of costs assumes is what the template has by default", () => {
  const count = (type: string): number => usual.of(type).length;
  expect({
    kamailio: Number(template.Parameters.KamailioHosts.Default),
    freeswitch: Number(template.Parameters.FreeswitchMinimum.Default),
    kamailioType: template.Parameters.KamailioInstanceType.Default,
    freeswitchType: template.Parameters.FreeswitchInstanceType.Default,
    diskGb: template.Parameters.VolumeGigabytes.Default,
    addresses: count("AWS::EC2::EIP"),
    alarms: count("AWS::CloudWatch::Alarm"),
    secrets: count("AWS::SecretsManager::Secret"),
  }).toEqual(usualStack);
  for (const engine of ["kamailio", "freeswitch"] as const)
    expect(hostPrices[engine].of).toContain(usualStack[`${engine}Type`]);
});

test("the link that launches it fills in what is known, whatever is in it, and names no parameter that there is not", () => {
  const parameters = { ControlUrl: "https://pbx.example/a?b=c&d", PoolId: "pol_1" };
  const link = launchUrl({ templateUrl: "https://b.s3.amazonaws.com/t.json", region: "eu-central-1", parameters });
  const [page, query] = link.split("#/stacks/quickcreate?");
  expect(page).toBe("https://eu-central-1.console.aws.amazon.com/cloudformation/home?region=eu-central-1");
  expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
    ...{ templateURL: "https://b.s3.amazonaws.com/t.json", stackName: "dialplane-hosts" },
    ...{ param_ControlUrl: parameters.ControlUrl, param_PoolId: "pol_1" },
  });
  for (const name of Object.keys(parameters)) expect(Object.keys(template.Parameters)).toContain(name);
});
