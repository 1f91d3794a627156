// Fixed addresses, as many as there may be hosts: each host takes a free one of its fleet when it starts, and gives it back by its end.
import { Aws, CfnCondition, CfnOutput, type CfnResource, Fn, type Stack } from "aws-cdk-lib";
import { CfnEIP } from "aws-cdk-lib/aws-ec2";
import { type Engine, engines, most, type Parameters } from "./parameters.ts";

/** By which a fleet's addresses, hosts and network interfaces are known. */
export const fleetTag = "dialplane:fleet";
export const fleetName = (engine: Engine): string => `${Aws.STACK_NAME}-${engine}`;
export const titleOf = (engine: Engine): string => `${engine[0]?.toUpperCase()}${engine.slice(1)}`;

export function createAddresses(stack: Stack, of: Parameters): CfnResource[] {
  const made: CfnResource[] = [];
  for (const engine of engines) {
    const size = engine === "kamailio" ? of.KamailioHosts : of.FreeswitchMaximum;
    const title = titleOf(engine);
    for (let number = 1; number <= most[engine]; number++) {
      const address = new CfnEIP(stack, `${title}Address${number}`, {
        domain: "vpc",
        tags: [
          { key: fleetTag, value: fleetName(engine) },
          { key: "Name", value: `${fleetName(engine)}-${number}` },
        ],
      });
      made.push(address);
      const output = new CfnOutput(stack, `${title}Address${number}Is`, { value: address.attrPublicIp });
      if (number === 1) continue;
      const fewer = Array.from({ length: number - 1 }, (_, index) =>
        Fn.conditionEquals(size.valueAsString, String(index + 1)),
      );
      const [only] = fewer;
      const there = new CfnCondition(stack, `${title}${number}`, {
        expression: Fn.conditionNot(fewer.length === 1 && only ? only : Fn.conditionOr(...fewer)),
      });
      address.cfnOptions.condition = there;
      output.condition = there;
    }
  }
  return made;
}
