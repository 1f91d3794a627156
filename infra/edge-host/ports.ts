// What may reach the hosts, and from where. Nothing else does; nobody signs in over the network: Session Manager needs no port.

import { Aws, type CfnCondition, type CfnResource, Fn, type Stack, Tags } from "aws-cdk-lib";
import { CfnPrefixList, CfnSecurityGroup, CfnSecurityGroupIngress } from "aws-cdk-lib/aws-ec2";
import { accept } from "../accept.ts";
import { carrierNetworks, condition, type Engine, type Parameters } from "./parameters.ts";

export const ports = {
  phones: 5060,
  tls: 5061,
  front: 5062,
  carriers: 5080,
  rtp: { first: 16384, last: 32767 },
} as const;
/** Of which one is for browser phones. */
export const webSocketPorts = ["443", "7443"] as const;

export type Groups = { of: Record<Engine, CfnSecurityGroup>; rules: CfnResource[] };

export function createGroups(stack: Stack, of: Parameters, vpc: string): Groups {
  const group = (id: string, groupDescription: string): CfnSecurityGroup => {
    const made = new CfnSecurityGroup(stack, id, {
      groupDescription,
      vpcId: vpc,
      // carriers, packages, the control plane: anywhere
      securityGroupEgress: [
        { ipProtocol: "-1", cidrIp: "0.0.0.0/0" },
        { ipProtocol: "-1", cidrIpv6: "::/0" },
      ],
    });
    Tags.of(made).add("Name", `${Aws.STACK_NAME}: ${id}`);
    return made;
  };
  const kamailio = group("KamailioPorts", "Dialplane: what phones and carriers reach");
  const freeswitch = group("FreeswitchPorts", "Dialplane: media, carriers, and Kamailio hosts of the pool");
  const phones = of.PhoneNetwork.valueAsString;

  const rules: CfnResource[] = [];
  type From = { cidrIp: string } | { sourceSecurityGroupId: string } | { sourcePrefixListId: string };
  const open = (
    id: string,
    to: CfnSecurityGroup,
    ipProtocol: string,
    fromPort: number,
    from: From,
    toPort = fromPort,
  ) => {
    const made = new CfnSecurityGroupIngress(stack, id, {
      groupId: to.attrGroupId,
      ipProtocol,
      fromPort,
      toPort,
      ...from,
    });
    rules.push(made);
    if ("cidrIp" in from)
      accept(made, "AwsSolutions-EC23", "Phones are where people are, and Kamailio and FreeSWITCH shield themselves.");
    return made;
  };
  const where = (made: CfnSecurityGroupIngress, only: CfnCondition): void => {
    made.cfnOptions.condition = only;
  };
  const wanted = (name: "SipUdp" | "SipTcp" | "SipTls" | "SipWss") =>
    condition(stack, `${name}Wanted`, Fn.conditionEquals(of[name].valueAsString, "yes"));
  where(open("PhonesUdp", kamailio, "udp", ports.phones, { cidrIp: phones }), wanted("SipUdp"));
  where(open("PhonesTcp", kamailio, "tcp", ports.phones, { cidrIp: phones }), wanted("SipTcp"));
  where(open("PhonesTls", kamailio, "tcp", ports.tls, { cidrIp: phones }), wanted("SipTls"));
  const browsers = open("Browsers", kamailio, "tcp", 0, { cidrIp: phones });
  browsers.addPropertyOverride("FromPort", of.WssPort.valueAsString);
  browsers.addPropertyOverride("ToPort", of.WssPort.valueAsString);
  where(browsers, wanted("SipWss"));
  // carriers' media too come from addresses that nobody knows before
  const media = open("Media", freeswitch, "udp", ports.rtp.first, { cidrIp: "0.0.0.0/0" }, ports.rtp.last);
  accept(media, "CloudFormation-Validate::W2508", "UDP, where FreeSWITCH alone listens, and no database.");

  open("FrontToFreeswitch", freeswitch, "udp", ports.front, { sourceSecurityGroupId: kamailio.attrGroupId });
  open("FrontToKamailio", kamailio, "udp", ports.front, { sourceSecurityGroupId: freeswitch.attrGroupId });
  open("FrontBetween", kamailio, "udp", ports.front, { sourceSecurityGroupId: kamailio.attrGroupId });

  const { list, given } = carriers(stack, of);
  for (const [id, to] of [
    ["Kamailio", kamailio],
    ["Freeswitch", freeswitch],
  ] as const)
    for (const protocol of ["udp", "tcp"])
      where(
        open(`CarriersTo${id}${protocol === "udp" ? "Udp" : "Tcp"}`, to, protocol, ports.carriers, {
          sourcePrefixListId: list.attrPrefixListId,
        }),
        given,
      );
  return { of: { kamailio, freeswitch }, rules };
}

/** A list of networks, of which CloudFormation can count none: it is filled up with nothing, and what is nothing is left out. */
function carriers(stack: Stack, of: Parameters): { list: CfnPrefixList; given: CfnCondition } {
  const all = Fn.split(",", Fn.join("", [Fn.join(",", of.CarrierNetworks.valueAsList), ",".repeat(carrierNetworks)]));
  const nth = (index: number): string => Fn.select(index, all);
  const isThere = (index: number) =>
    condition(stack, `Carrier${index + 1}`, Fn.conditionNot(Fn.conditionEquals(nth(index), "")));
  const each = Array.from({ length: carrierNetworks }, (_, index) => isThere(index));
  const [given] = each as [CfnCondition];
  const list = new CfnPrefixList(stack, "Carriers", {
    prefixListName: `${Aws.STACK_NAME}-carriers`,
    addressFamily: "IPv4",
    maxEntries: carrierNetworks,
    entries: each.map((there, index) => Fn.conditionIf(there.logicalId, { Cidr: nth(index) }, { Ref: "AWS::NoValue" })),
  });
  list.cfnOptions.condition = given;
  accept(list, "CloudFormation-Validate::W1028", "The first of them is always there where there is a list.");
  return { list, given };
}
