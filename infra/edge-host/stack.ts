// Hosts for a pool, in the account of whoever launches it: Kamailio hosts that phones and carriers reach, FreeSWITCH hosts behind them.
import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { createAddresses } from "./addresses.ts";
import { createAlarms, createTopic } from "./alarms.ts";
import { createFleet } from "./fleet.ts";
import { createNetwork } from "./network.ts";
import { createParameters, engines } from "./parameters.ts";
import { createGroups } from "./ports.ts";
import { createSecrets } from "./secrets.ts";

export class EdgeHosts extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const parameters = createParameters(this);
    const network = createNetwork(this, parameters);
    const groups = createGroups(this, parameters, network.vpc);
    const addresses = createAddresses(this, parameters);
    const topic = createTopic(this, parameters);
    const around = {
      ...{ network, groups: groups.of, secrets: createSecrets(this, parameters), topic },
      // hosts need these when they start, and until they are drained
      before: [...network.ways, ...groups.rules, ...addresses],
    };
    const fleets = engines.map((engine) => createFleet(this, parameters, engine, around));
    createAlarms(this, topic, fleets);
  }
}
