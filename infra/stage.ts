// What differs between an installation to try things out and one that people phone with.
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";

export const stageNames = ["dev", "staging", "prod"] as const;
export type StageName = (typeof stageNames)[number];

export type Stage = {
  name: StageName;
  /** Whether the data outlives its stack. */
  removal: RemovalPolicy;
  deletionProtection: boolean;
  logs: RetentionDays;
  restorable: Duration;
  /** Requests per second, and how many at once above that. */
  throttle: { rateLimit: number; burstLimit: number };
};

const trial = { removal: RemovalPolicy.DESTROY, deletionProtection: false, logs: RetentionDays.ONE_WEEK };
const kept = { removal: RemovalPolicy.RETAIN, deletionProtection: true, logs: RetentionDays.THREE_MONTHS };

const stages: Record<StageName, Omit<Stage, "name">> = {
  dev: { ...trial, restorable: Duration.days(7), throttle: { rateLimit: 200, burstLimit: 400 } },
  staging: { ...trial, restorable: Duration.days(7), throttle: { rateLimit: 1000, burstLimit: 2000 } },
  prod: { ...kept, restorable: Duration.days(35), throttle: { rateLimit: 5000, burstLimit: 5000 } },
};

/** The stage of that name. Throws for another, so that a slip of the pen makes no fourth one. */
export function stageOf(name: unknown): Stage {
  const known = stageNames.find((each) => each === name);
  if (!known) throw new Error(`stage must be one of ${stageNames.join(", ")}: cdk deploy -c stage=dev`);
  return { name: known, ...stages[known] };
}
