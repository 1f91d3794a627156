// Hosts of one kind: how one is launched, and the group that keeps so many of them. A host counts when it is enrolled and in step, and goes when it is drained.
import { Aws, CfnOutput, type CfnResource, Fn, type Stack, Token } from "aws-cdk-lib";
import { CfnAutoScalingGroup, CfnScalingPolicy } from "aws-cdk-lib/aws-autoscaling";
import { CfnLaunchTemplate, type CfnSecurityGroup } from "aws-cdk-lib/aws-ec2";
import { fleetName, fleetTag, titleOf } from "./addresses.ts";
import type { Network } from "./network.ts";
import { condition, type Engine, isGiven, type Parameters } from "./parameters.ts";
import { createProfile, metricNamespace } from "./role.ts";
import type { Secrets } from "./secrets.ts";
import { userData } from "./user-data.ts";

/** A host has so long to enrol; what takes longer has failed. */
const enrolSeconds = 1800;
/** A host that is on its way out says so long before this is over that it needs more. */
const drainBeatSeconds = 600;
const hooks = { enrolled: "enrolled", drained: "drained" } as const;

export type Fleet = { engine: Engine; name: string; minimum: string };
export type Surroundings = {
  network: Network;
  groups: Record<Engine, CfnSecurityGroup>;
  secrets: Secrets;
  topic: string;
  /** What is there before the hosts, and goes after them. */
  before: CfnResource[];
};

export function createFleet(stack: Stack, of: Parameters, engine: Engine, around: Surroundings): Fleet {
  const { network, topic, before } = around;
  const title = titleOf(engine);
  const name = fleetName(engine);
  const tags = [
    { key: fleetTag, value: name },
    { key: "Name", value: name },
  ];
  const template = createTemplate(stack, of, engine, around, tags);
  const isFreeswitch = engine === "freeswitch";
  const minimum = (isFreeswitch ? of.FreeswitchMinimum : of.KamailioHosts).valueAsString;
  const maximum = (isFreeswitch ? of.FreeswitchMaximum : of.KamailioHosts).valueAsString;
  const group = new CfnAutoScalingGroup(stack, title, {
    autoScalingGroupName: name,
    launchTemplate: { launchTemplateId: template.ref, version: template.attrLatestVersionNumber },
    vpcZoneIdentifier: network.subnets,
    minSize: minimum,
    maxSize: maximum,
    healthCheckType: "EC2",
    healthCheckGracePeriod: 300,
    lifecycleHookSpecificationList: [
      {
        lifecycleHookName: hooks.enrolled,
        lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        heartbeatTimeout: enrolSeconds,
        defaultResult: "ABANDON",
      },
      {
        lifecycleHookName: hooks.drained,
        lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        heartbeatTimeout: drainBeatSeconds,
        defaultResult: "CONTINUE",
      },
    ],
    metricsCollection: [{ granularity: "1Minute", metrics: ["GroupInServiceInstances", "GroupDesiredCapacity"] }],
    notificationConfigurations: [
      {
        topicArn: topic,
        notificationTypes: ["LAUNCH", "LAUNCH_ERROR", "TERMINATE", "TERMINATE_ERROR"].map(
          (type) => `autoscaling:EC2_INSTANCE_${type}`,
        ),
      },
    ],
    tags: tags.map((tag) => ({ ...tag, propagateAtLaunch: true })),
  });
  // DependsOn knows no conditions
  group.addMetadata("Before", before.map(referred));
  // the stack is there when its hosts are, and fails with the reason that a host tells
  group.cfnOptions.creationPolicy = {
    resourceSignal: {
      count: Token.asNumber(Fn.ref(isFreeswitch ? "FreeswitchMinimum" : "KamailioHosts")),
      timeout: "PT45M",
    },
  };
  // it grows by whichever asks for more hosts, and shrinks where both agree
  const track = (id: string, targetTrackingConfiguration: CfnScalingPolicy.TargetTrackingConfigurationProperty) =>
    new CfnScalingPolicy(stack, id, {
      autoScalingGroupName: group.ref,
      policyType: "TargetTrackingScaling",
      estimatedInstanceWarmup: 300,
      targetTrackingConfiguration,
    });
  if (isFreeswitch) {
    track("Calls", {
      customizedMetricSpecification: {
        ...{ namespace: metricNamespace, metricName: "LiveCalls", statistic: "Average", unit: "Count" },
        dimensions: [{ name: "Fleet", value: name }],
      },
      targetValue: of.CallsPerHost.valueAsNumber,
    });
    // what calls weigh differs: recordings, conferences, codecs
    track("Load", {
      predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
      targetValue: 50,
    });
  }
  new CfnOutput(stack, `${title}Group`, { value: group.ref });
  return { engine, name: group.ref, minimum };
}

function createTemplate(
  stack: Stack,
  of: Parameters,
  engine: Engine,
  { groups, secrets }: Surroundings,
  tags: { key: string; value: string }[],
): CfnLaunchTemplate {
  const title = titleOf(engine);
  const isFreeswitch = engine === "freeswitch";
  const image = isFreeswitch ? freeswitchImage(stack, of) : of.KamailioImage.valueAsString;
  return new CfnLaunchTemplate(stack, `${title}Template`, {
    launchTemplateData: {
      imageId: image,
      instanceType: (isFreeswitch ? of.FreeswitchInstanceType : of.KamailioInstanceType).valueAsString,
      iamInstanceProfile: { arn: createProfile(stack, of, engine, secrets) },
      securityGroupIds: [groups[engine].attrGroupId],
      // the second version of the instance's own service alone, and not from a container
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            encrypted: true,
            volumeType: "gp3",
            volumeSize: of.VolumeGigabytes.valueAsNumber,
            deleteOnTermination: true,
          },
        },
      ],
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      userData: userData({
        ...{ engine, fleet: fleetName(engine), stack: Aws.STACK_ID, resource: title },
        "hook-enrolled": hooks.enrolled,
        "hook-drained": hooks.drained,
        // before the hook's own end, so that a reason is told
        "patience-seconds": String(enrolSeconds - 300),
        "pause-seconds": "10",
        // longer than an event waits for others
        "settle-seconds": "60",
        "drain-minutes": of.DrainMinutes.valueAsString,
        "control-url": of.ControlUrl.valueAsString,
        "api-key-secret": secrets.apiKey,
        pool: of.PoolId.valueAsString,
        ...(isFreeswitch
          ? {
              ...{ "engine-setup": of.EngineSetup.valueAsString, "token-secret": secrets.token },
              ...{ "metric-namespace": metricNamespace, "metric-seconds": "60" },
            }
          : {
              tls: of.SipTls.valueAsString,
              wss: of.SipWss.valueAsString,
              "wss-port": of.WssPort.valueAsString,
              "sip-name": of.SipName.valueAsString,
            }),
      }),
    },
  });
}

function freeswitchImage(stack: Stack, of: Parameters): string {
  const own = condition(stack, "OwnImage", isGiven(of.FreeswitchImageId.valueAsString));
  return Fn.conditionIf(own.logicalId, of.FreeswitchImageId.valueAsString, of.FreeswitchImage.valueAsString).toString();
}

/** What CloudFormation makes first, where it makes it at all. */
function referred(resource: CfnResource): unknown {
  const only = resource.cfnOptions.condition;
  return only ? Fn.conditionIf(only.logicalId, resource.ref, "") : resource.ref;
}
