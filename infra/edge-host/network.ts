// A VPC of its own, with a public subnet in each of two availability zones; or one that is there.

import type { CfnResource } from "aws-cdk-lib";
import { Aws, Fn, type Stack, Tags, Token } from "aws-cdk-lib";
import {
  CfnFlowLog,
  CfnInternetGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCCidrBlock,
  CfnVPCGatewayAttachment,
} from "aws-cdk-lib/aws-ec2";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { condition, type Parameters } from "./parameters.ts";

/** Its id, a list of subnets' ids, and what leads outside. */
export type Network = { vpc: string; subnets: string[]; ways: CfnResource[] };

const zones = 2;

export function createNetwork(stack: Stack, of: Parameters): Network {
  const isNew = condition(stack, "NewVpc", Fn.conditionEquals(of.VpcId.valueAsString, ""));
  const made = <R extends CfnResource>(resource: R): R => {
    resource.cfnOptions.condition = isNew;
    return resource;
  };
  const named = <R extends CfnResource>(resource: R): R => {
    Tags.of(resource).add("Name", `${Aws.STACK_NAME}: ${resource.node.id}`);
    return made(resource);
  };
  const vpc = named(
    new CfnVPC(stack, "Vpc", { cidrBlock: of.VpcCidr.valueAsString, enableDnsHostnames: true, enableDnsSupport: true }),
  );
  const six = made(new CfnVPCCidrBlock(stack, "Ipv6", { vpcId: vpc.attrVpcId, amazonProvidedIpv6CidrBlock: true }));
  const gateway = named(new CfnInternetGateway(stack, "Gateway", {}));
  const attached = made(
    new CfnVPCGatewayAttachment(stack, "Attachment", {
      vpcId: vpc.attrVpcId,
      internetGatewayId: gateway.attrInternetGatewayId,
    }),
  );
  const routes = named(new CfnRouteTable(stack, "Routes", { vpcId: vpc.attrVpcId }));
  const outside = { routeTableId: routes.attrRouteTableId, gatewayId: gateway.attrInternetGatewayId };
  const ways: CfnResource[] = [
    made(new CfnRoute(stack, "Route", { ...outside, destinationCidrBlock: "0.0.0.0/0" })),
    made(new CfnRoute(stack, "RouteIpv6", { ...outside, destinationIpv6CidrBlock: "::/0" })),
  ];
  for (const way of ways) way.addResourceDependency(attached);
  const subnets = Array.from({ length: zones }, (_, index) => {
    const subnet = named(
      new CfnSubnet(stack, `Subnet${index + 1}`, {
        vpcId: vpc.attrVpcId,
        availabilityZone: Fn.select(index, Fn.getAzs()),
        cidrBlock: Fn.select(index, Fn.cidr(vpc.attrCidrBlock, zones, "12")),
        ipv6CidrBlock: Fn.select(index, Fn.cidr(Fn.select(0, vpc.attrIpv6CidrBlocks), zones, "64")),
        assignIpv6AddressOnCreation: true,
        // until a host has taken its fixed one
        mapPublicIpOnLaunch: true,
      }),
    );
    subnet.addResourceDependency(six);
    ways.push(
      made(
        new CfnSubnetRouteTableAssociation(stack, `Subnet${index + 1}Routes`, {
          subnetId: subnet.attrSubnetId,
          routeTableId: routes.attrRouteTableId,
        }),
      ),
    );
    return subnet.attrSubnetId;
  });
  logRefused(stack, vpc, made);
  return {
    vpc: Fn.conditionIf(isNew.logicalId, vpc.attrVpcId, of.VpcId.valueAsString).toString(),
    subnets: Token.asList(Fn.conditionIf(isNew.logicalId, subnets, of.SubnetIds.valueAsList)),
    ways,
  };
}

/** What was refused, not each packet of a call. */
function logRefused(stack: Stack, vpc: CfnVPC, made: <R extends CfnResource>(resource: R) => R): void {
  const group = made(new CfnLogGroup(stack, "RefusedLogs", { retentionInDays: 30 }));
  const role = made(
    new CfnRole(stack, "RefusedLogsRole", {
      assumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
          },
        ],
      },
      policies: [
        {
          policyName: "logs",
          policyDocument: {
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                Resource: group.attrArn,
              },
            ],
          },
        },
      ],
    }),
  );
  made(
    new CfnFlowLog(stack, "Refused", {
      resourceId: vpc.attrVpcId,
      resourceType: "VPC",
      trafficType: "REJECT",
      logGroupName: group.ref,
      deliverLogsPermissionArn: role.attrArn,
    }),
  );
}
