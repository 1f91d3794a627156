// What differs between an installation to try things out and one that people phone with.
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { guardedStages, type StageName, stageNameOf } from "./stage-names.ts";

export type Stage = {
  name: StageName;
  /** Whether the data outlives its stack. */
  removal: RemovalPolicy;
  deletionProtection: boolean;
  logs: RetentionDays;
  restorable: Duration;
  /** Requests per second, and how many at once above that. */
  throttle: { rateLimit: number; burstLimit: number };
  /**
   * How many may watch live views by a stream at once, kept from the account's concurrent executions; 0: consoles ask every two seconds. A new AWS account
   * has so few that nothing can be kept.
   */
  watchers: number;
  /** Whether a firewall stands before CloudFront. */
  guarded: boolean;
};

const trial = { removal: RemovalPolicy.DESTROY, deletionProtection: false, logs: RetentionDays.ONE_WEEK };
const kept = { removal: RemovalPolicy.RETAIN, deletionProtection: true, logs: RetentionDays.THREE_MONTHS };

const stages: Record<StageName, Omit<Stage, "name" | "guarded">> = {
  dev: {
    ...trial,
    restorable: Duration.days(7),
    throttle: { rateLimit: 200, burstLimit: 400 },
    watchers: 0,
  },
  staging: {
    ...trial,
    restorable: Duration.days(7),
    throttle: { rateLimit: 1000, burstLimit: 2000 },
    watchers: 20,
  },
  prod: {
    ...kept,
    restorable: Duration.days(35),
    throttle: { rateLimit: 5000, burstLimit: 5000 },
    watchers: 300,
  },
};

/** The stage of that name. Throws for another. */
export function stageOf(name: unknown): Stage {
  const known = stageNameOf(name);
  return { name: known, guarded: guardedStages.includes(known), ...stages[known] };
}
